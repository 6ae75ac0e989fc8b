"""A training run: one worker thread that trains, and snapshots that others look at."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter
from typing import Literal

import numpy as np

from bpstudio.core import kernels
from bpstudio.core.background import background_thread, window_first
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.training import (
    Halt,
    Stretch,
    Training,
    TrainingState,
    advance,
    prepared,
)
from bpstudio.debugger.history import Curves, Series
from bpstudio.debugger.layer_series import LayerSeries
from bpstudio.debugger.pace import Pace, Speed
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.training_stops import Seen, StopWatch, TrainingHit, TrainingStop

RunState = Literal["preparing", "running", "paused", "finished", "failed"]

_AT_ONCE = 2000  # updates between two checkpoints at most: some 10 ms to replay
_ON_ITS_WAY = ("preparing", "running", "paused")
_PUBLISH_SECONDS = 1 / 60  # at least, between two snapshots


@dataclass(frozen=True, slots=True, eq=False)
class RunSnapshot:
    """A run as it stood at one moment; immutable.

    The next update is that of batch ``epoch``/``batch``; ``network`` has the parameters before
    it. ``why`` says how a finished run ended (``halt`` says it in parts where a number was not
    finite), ``error`` what made it fail. ``hit``: the stop
    condition that paused it; ``stop_counts``: how often each held.
    """

    state: RunState
    network: Network
    training_state: TrainingState
    batch_losses: Series
    epoch_losses: Series
    epoch_accuracies: Series
    validation_losses: Series
    validation_accuracies: Series
    steps_done: int = 0
    steps_per_second: float = 0.0
    why: str | None = None
    halt: Halt | None = None
    error: str | None = None
    hit: TrainingHit | None = None
    stop_counts: Mapping[int, int] = field(default_factory=dict)
    layers: tuple[LayerSeries, ...] = ()
    seen: Seen = field(default_factory=Seen)

    @property
    def epoch(self) -> int:
        """e of the next update."""
        return self.training_state.epoch

    @property
    def batch(self) -> int:
        """b of the next update."""
        return self.training_state.batch


@dataclass(frozen=True, slots=True)
class Tape:
    """What a run records into; ``start``: the state in the past that it begins from, None for on.

    ``why`` says what the recording changes with it. ``begun``: the recording has it already, of a
    run that was left and goes on.
    """

    recording: Recording
    data: Dataset
    why: str = ""
    start: TrainingState | None = None
    begun: bool = False

    def begin(self, training: Training, state: TrainingState) -> None:
        """The run is about to make its first update."""
        if not self.begun:
            self.recording.begin(training, state, self.data, self.why)


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
            training = prepared(self._training, lambda: self._stopping)
            why, halt = self._train(training)
            last = partial(self._look, "finished", why=why, halt=halt)
        except Exception as error:  # noqa: BLE001 - whatever it is, the window must hear of it
            text = str(error) if isinstance(error, InputError) else repr(error)
            last = partial(self._look, "failed", error=text)
        with self._changed:
            self._snapshot = last()
            self._working = False
            self._changed.notify_all()

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
        return f"all {self._epochs} epochs are done", None

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


def warm_up() -> Callable[[], None]:
    """Get the compiled loop ready in a thread, so that training starts at once.

    → a function that ends it, if it is still at work, and waits for the thread.
    """
    cancelled = threading.Event()
    prepare = partial(kernels.prepare, "compiled", cancelled.is_set)
    thread = background_thread(prepare, "bpstudio warm-up")
    thread.start()

    def end() -> None:
        cancelled.set()
        thread.join()

    return end
