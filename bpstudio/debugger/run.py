"""A training run: one worker thread that trains, and snapshots that others look at."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from functools import partial
from time import perf_counter

import numpy as np

from bpstudio.core.background import background_thread, window_first
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.training import (
    Halt,
    Stretch,
    Training,
    advance,
    prepared,
    why_done,
)
from bpstudio.core.wanted import NoLongerWantedError, while_wanted
from bpstudio.debugger.history import Curves
from bpstudio.debugger.layer_series import LayerSeries
from bpstudio.debugger.pace import Pace, Speed
from bpstudio.debugger.run_values import RunLeft, RunSnapshot, RunStand, RunState
from bpstudio.debugger.tape import Tape
from bpstudio.debugger.training_stops import StopWatch, TrainingHit, TrainingStop

_AT_ONCE = 2000  # updates between two checkpoints at most: some 10 ms to replay
_ON_ITS_WAY = ("preparing", "running", "paused")
_PUBLISH_SECONDS = 1 / 60  # at least, between two snapshots


class TrainingRun:
    """One run from its start to its end, in a worker thread of its own.

    Verbs return at once, but for `stop` and `wait_until_still`, which wait for the batch in hand
    (`stop` also for the loading of the compiled loop). The worker calls nobody: look at
    `snapshot` when you like.
    """

    def __init__(
        self,
        training: Training,
        epochs: int | None = None,
        batches_per_second: float | None = None,
        after: TrainingRun | None = None,
        tape: Tape | None = None,
        stops: tuple[TrainingStop, ...] = (),
    ) -> None:
        """``epochs`` to train for, and a speed limit; None for no end and full speed.

        The run goes on where ``after`` ended, which is stopped: its epochs and curves are
        counted on, with the network and settings of ``training``. With a ``tape`` every update is
        recorded; one that begins in the past says from which state. ``stops`` pause it before an
        update at which one of them holds.
        """
        self._training = training
        self._tape = tape
        self._curves = Curves(training)
        self._state, self._steps = training.start(), 0
        if after is not None:
            self._take_over(after)
        if tape is not None and tape.start is not None:
            self._state, self._steps = training.fitted(tape.start), tape.recording.length
            self._curves.cut(self._steps, self._state.epoch)
        self._first = self._steps  # T of its first update
        self._recalled = False  # as it was left, paused or over: `resume` starts it
        self._watch = StopWatch(training, stops, layers=True)
        if after is not None and (tape is None or tape.start is None):
            self._watch.go_on_from(after._watch)
        self._hit: TrainingHit | None = None
        self._passed_over = -1  # the update at which it stopped: it steps off first
        self._counts: dict[int, int] = {}
        self._epochs = epochs
        self._end = None if epochs is None else self._state.epoch + epochs
        self._changed = threading.Condition()
        self._flag = np.zeros(1, dtype=np.uint8)  # tells the loop to return
        self._paused = self._stopping = self._working = False
        self._pace = Pace(batches_per_second, perf_counter())
        self._speed = Speed()
        self._published = 0.0
        self._going: RunState = "preparing"  # what it is when it is not paused
        self._snapshot = self._look("preparing", training.network)
        self._thread = background_thread(self._work, "bpstudio training")

    def start(self) -> None:
        """Begin; once in a run."""
        self._thread.start()

    def pause(self) -> None:
        """Hold before the next batch."""
        with self._changed:
            self._paused = True
            self._flag[0] = 1
            self._show_pause()

    def resume(self) -> None:
        """Go on after `pause`."""
        with self._changed:
            self._paused, self._hit = False, None
            self._flag[0] = int(self._stopping)
            self._pace.restart(perf_counter())
            self._show_pause()
        if self._recalled and self._thread.ident is None:
            self.start()

    def wait_until_still(self) -> None:
        """After `pause`: until the batch in hand is done and the snapshot shows it."""
        window_first.end()
        with self._changed:
            self._changed.wait_for(lambda: not self._working)

    def stop(self) -> None:
        """End the run for good and wait for its thread."""
        with self._changed:
            self._stopping = True
            self._flag[0] = 1
            window_first.end()
            self._changed.notify_all()
            if self._recalled and self._thread.ident is None and self._paused:
                self._show_stopped()
        if self._thread.ident is not None:
            self._thread.join()

    def limit_speed(self, batches_per_second: float | None) -> None:
        """At most so many batches a second from now on; None for full speed."""
        pace = Pace(batches_per_second, perf_counter())
        with self._changed:
            self._pace = pace
            self._changed.notify_all()

    def use_stops(self, stops: tuple[TrainingStop, ...]) -> None:
        """Other stop conditions from the next stretch on. InputError where one does not fit."""
        watch = StopWatch(self._training, stops, layers=True)
        with self._changed:
            watch.go_on_from(self._watch)
            self._watch = watch
            kept = {stop.id for stop in stops}
            self._counts = {n: count for n, count in self._counts.items() if n in kept}
            self._show_pause()

    def snapshot(self) -> RunSnapshot:
        """The run as it stands; always the same object until there is something new."""
        return self._snapshot

    @property
    def training(self) -> Training:
        """What it trains, from the network that it began with."""
        return self._training

    def left(self) -> RunLeft:
        """The run as it was at its last snapshot, to be recalled. It copies no numbers."""
        now = self._snapshot
        T, state = now.steps_done, now.training_state
        begins = self._tape if self._first >= T else None
        return RunLeft(
            self._stand(now),
            state,
            T,
            now.series,
            {layer.l: (layer.grad_norms, layer.update_ratios) for layer in now.layers},
            now.seen if now.is_training else self._watch.seen(T),
            None if begins is None else begins.segment(self._training, T, state),
        )

    def _stand(self, now: RunSnapshot) -> RunStand:
        return RunStand(
            now.state if now.state == "finished" or now.state == "failed" else "paused",
            self._epochs,
            self._end,
            now.why,
            now.halt,
            now.error,
            now.hit,
            self._passed_over if now.hit is None else now.hit.T,
            now.stop_counts,
        )

    def recall(self, left: RunLeft) -> None:
        """Stand as another run was left, no thread started; `resume` goes on if it was paused."""
        stand = left.stand
        self._curves.recall(left.series, left.layers)
        self._recalled = self._paused = True
        self._state, self._steps = self._training.fitted(left.state), left.steps
        self._end = None if self._epochs is None else stand.end
        self._watch.recall(left.seen)
        self._hit, self._passed_over = stand.hit, stand.passed_over
        self._counts = dict(stand.stop_counts)
        network = self._training.network_at(self._state)
        self._snapshot = self._look(stand.state, network, stand.why, stand.halt, stand.error)

    def _take_over(self, after: TrainingRun) -> None:
        after.stop()
        self._state = self._training.start_after(after._state, after._training)
        self._steps = after._steps
        self._curves.go_on_from(after._curves)

    def _show_pause(self) -> None:
        """Publish that it is paused or not; the worker does that itself when it works."""
        state: RunState = "paused" if self._paused else self._going
        if not (self._working or self._stopping) and self._snapshot.state in _ON_ITS_WAY:
            self._snapshot = self._look(state)
        self._changed.notify_all()

    def _show_stopped(self) -> None:
        """Of a run that was left and never went on: what its thread would have published."""
        if self._snapshot.state == "paused":
            why = str(Halt("interrupted", self._state.epoch, self._state.batch))
            self._snapshot = self._look("finished", why=why)

    # The worker ------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            training = self._prepared()
            why, halt = self._train(training)
            last = partial(self._look, "finished", why=why, halt=halt)
        except Exception as error:  # noqa: BLE001 - whatever it is, the window must hear of it
            text = str(error) if isinstance(error, InputError) else repr(error)
            last = partial(self._look, "failed", error=text)
        with self._changed:
            self._curves.settle()
            self._snapshot = last()
            self._working = False
            self._changed.notify_all()

    def _prepared(self) -> Training:
        try:
            with while_wanted(lambda: not self._stopping):
                return prepared(self._training, lambda: self._stopping)
        except NoLongerWantedError:  # it is stopped, and makes no update
            return self._training

    def _train(self, training: Training) -> tuple[str, Halt | None]:
        """Train to the end; → why it ended."""
        with self._changed:
            self._going = "running"
        if self._tape is not None:
            self._tape.begin(training, self._state)
        while (left := self._updates_left()) > 0:
            updates = self._wait_for_turn()
            if updates == 0:
                return str(Halt("interrupted", self._state.epoch, self._state.batch)), None
            halt = self._step(training, min(updates, left, _AT_ONCE))
            if halt is not None and halt.kind != "interrupted":
                return str(halt), halt
        assert self._epochs is not None, "a run without an end goes on"
        return why_done(self._epochs), None

    def _updates_left(self) -> int:
        if self._end is None:
            return sys.maxsize
        per_epoch = self._training.batches_per_epoch
        return (self._end - self._state.epoch) * per_epoch - self._state.batch

    def _wait_for_turn(self) -> int:
        """How many updates to make now, as soon as some are due; 0 when the run is stopped."""
        with self._changed:
            self._working = False
            if self._paused:
                self._speed.restart()
                self._snapshot = self._look("paused")
            self._changed.notify_all()
            while not self._stopping:
                updates, delay = self._pace.due(perf_counter())
                if updates > 0 and not self._paused:
                    self._working = True
                    return updates
                self._changed.wait(None if self._paused else delay)
            return 0

    def _step(self, training: Training, updates: int) -> Halt | None:
        started = perf_counter()
        stretch, hit = self._watched(training, updates)
        now, done = perf_counter(), len(stretch.batch_losses)
        window_first.let_pass()
        self._state, self._steps = stretch.state, self._steps + done
        self._curves.append(stretch)
        if self._tape is not None:
            self._tape.recording.append(stretch.state, done)
        self._speed.count(done, started, now)
        with self._changed:
            self._pace.made(done, updates, now - started)
            if hit is not None:
                self._hold(hit)
            if now - self._published >= _PUBLISH_SECONDS or self._snapshot.state != "running":
                self._published = now
                self._snapshot = self._look("running")
        return stretch.halt

    def _watched(self, training: Training, updates: int) -> tuple[Stretch, TrainingHit | None]:
        """A stretch of updates, cut short before the one at which a stop condition holds."""
        watch, before, T = self._watch, self._state, self._steps
        stretch = advance(training, before, updates, self._flag, watch.probes)
        look = watch.look(before, T, stretch, self._passed_over)
        if self._watch is not watch:  # another one came meanwhile, and has not seen this stretch
            self._watch.go_on_from(watch)
        for number, count in look.counts.items():
            self._counts[number] = self._counts.get(number, 0) + count
        if look.hit is None:
            return stretch, None
        cut = advance(training, before, look.updates)
        assert stretch.records is not None, "a condition reads what was recorded"
        return replace(cut, records=stretch.records.first(look.updates)), look.hit

    def _hold(self, hit: TrainingHit) -> None:
        """Pause before the update of a hit."""
        self._hit, self._passed_over = hit, hit.T
        self._paused = True
        self._flag[0] = 1

    def _look(
        self,
        state: RunState,
        network: Network | None = None,
        why: str | None = None,
        halt: Halt | None = None,
        error: str | None = None,
    ) -> RunSnapshot:
        if network is None:
            network = self._network()
        counts = (self._steps, self._speed.per_second())
        curves = self._curves.series()
        return RunSnapshot(
            *(state, network, self._state, *curves, *counts),
            why,
            halt,
            error,
            self._hit,
            dict(self._counts),
            tuple(LayerSeries(l, *pair) for l, pair in self._curves.layers().items()),
            self._watch.seen(self._steps),
        )

    def _network(self) -> Network:
        """The same object as long as nothing was trained."""
        if self._snapshot.training_state is self._state:
            return self._snapshot.network
        return self._training.network_at(self._state)
