"""The training runs of a session: the one that trains, or did last, and their recordings."""

from __future__ import annotations

from collections.abc import Iterable

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings, UpdateState
from bpstudio.core.training import Training, TrainingState
from bpstudio.core.updates import Update
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.run import TrainingRun
from bpstudio.debugger.run_book import RunBook
from bpstudio.debugger.run_values import RunSnapshot
from bpstudio.debugger.setting_words import changed_settings
from bpstudio.debugger.tape import Tape


class Runs:
    """One run trains at a time, in the current recording of the book.

    Each recording keeps the last run that went on in it, to be gone on from.
    """

    def __init__(self) -> None:
        self.book = RunBook()
        self._run: TrainingRun | None = None
        self._data: Dataset | None = None  # what it trains on
        self._snapshot: RunSnapshot | None = None
        self._last: dict[int, TrainingRun] = {}  # by the recording's id

    # ---- what there is --------------------------------------------------------------------

    @property
    def snapshot(self) -> RunSnapshot | None:
        """The run as it was last looked at; None before the first."""
        return self._snapshot

    @property
    def is_training(self) -> bool:
        """Whether it was on its way (not paused, not finished) when last looked at."""
        return self._snapshot is not None and self._snapshot.is_training

    @property
    def has_news(self) -> bool:
        """Whether the run is further than it was when last looked at."""
        return self._run is not None and self._run.snapshot() is not self._snapshot

    @property
    def kept(self) -> tuple[tuple[Recording, TrainingRun], ...]:
        """The recordings, each with the last run in it; one that has none is left out."""
        known = ((recording, self.last_in(recording)) for recording in self.book.recordings)
        return tuple((recording, run) for recording, run in known if run is not None)

    def last_in(self, recording: Recording) -> TrainingRun | None:
        """The last run that went on in a recording; None where it is no longer there."""
        return self._last.get(id(recording))

    def seen_of(self, recording: Recording) -> RunSnapshot | None:
        """The last run in a recording as it was last looked at; None where it is not there."""
        run = self.last_in(recording)
        if run is None:
            return None
        return self._snapshot if run is self._run and self._snapshot else run.snapshot()

    def length_of(self, recording: Recording) -> int:
        """The updates of a recording when the run was last looked at; it may be further by now."""
        if self._snapshot is None or not self.is_training or recording is not self.book.current:
            return recording.length
        return min(recording.length, self._snapshot.batch_losses.count)

    def goes_on_with(self, network: Network, data: Dataset) -> bool:
        """Whether the run is paused and still has these weights and this data."""
        if self._run is None:
            return False
        now = self._run.snapshot()
        return now.state == "paused" and now.network is network and self._data is data

    def next_update(self, network: Network, settings: UpdateSettings) -> Update:
        """What an update after a pass is, with what the optimiser remembers now."""
        state = UpdateState.start(settings, network.n_weights + network.n_biases)
        trained = None if self._snapshot is None else self._snapshot.training_state
        same = trained is not None and trained.remembers == settings.slots
        if trained is not None and same and trained.slots.shape == state.slots.shape:
            state = trained.update_state
        return Update(settings, state)

    # ---- verbs ----------------------------------------------------------------------------

    def look(self) -> None:
        """Take in how the run stands."""
        if self._run is not None:
            self._snapshot = self._run.snapshot()

    def start(
        self,
        training: Training,
        data: Dataset,
        epochs: int | None,
        batches_per_second: float | None,
        why: str = "",
        state: TrainingState | None = None,
    ) -> None:
        """A new run in the current recording; iterations and curves go on from the one before.

        ``why`` says what the recording changes with it, besides settings; ``state`` is one in the
        past that it begins from.
        """
        recording, stops = self.book.running(), self.book.fitting(training)
        tape = Tape(recording, data, _why(recording, training, why), state)
        run = TrainingRun(training, epochs, batches_per_second, self._run, tape, stops)
        kept = {id(each) for each in self.book.recordings}
        self._last = {key: last for key, last in self._last.items() if key in kept}
        self._run, self._data = run, data
        self._last[id(recording)] = run
        run.start()
        self.look()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._run is not None:
            self._run.resume()

    def pause(self) -> None:
        """Pause, and wait until the batch in hand is done."""
        if self._run is not None:
            self._run.pause()
            self._run.wait_until_still()

    def hold(self) -> bool:
        """Pause what trains; False where it stopped by itself before that was looked at."""
        self.pause()
        self.look()
        now = self.snapshot
        return now is not None and now.state == "paused" and now.hit is None

    def close(self) -> None:
        """End the training thread for good."""
        if self._run is not None:
            self._run.stop()

    def limit_speed(self, batches_per_second: float | None) -> None:
        """Train no faster than that; None for as fast as it goes."""
        if self._run is not None:
            self._run.limit_speed(batches_per_second)

    def use_stops(self, training: Training) -> None:
        """Let the conditions that fit this training stop the run from now on, and each run that
        is gone on from later those that fit its own."""
        for _, run in self.kept:
            fits = training if run is self._run else run.training
            run.use_stops(self.book.fitting(fits))
        self.look()

    def choose(self, recording: Recording) -> Dataset:
        """Make another recording, and the last run in it, the current one; → its data."""
        self.book.choose(recording)
        self.close()
        self._show(recording)
        return recording.segments[-1].data

    def forget(self) -> None:
        """Another experiment: the runs and what was recorded of them are over."""
        self._run = self._snapshot = None
        self.book.clear()
        self._last.clear()

    def recall(
        self, kept: Iterable[tuple[Recording, TrainingRun]], current: int | None, begun: int
    ) -> None:
        """Have these recordings and runs, see `kept`; `RunBook.recall` says the rest."""
        pairs = list(kept)
        self._last = {id(recording): run for recording, run in pairs}
        self.book.recall((recording for recording, _ in pairs), current, begun)
        if self.book.current is not None:
            self._show(self.book.current)

    def _show(self, recording: Recording) -> None:
        self._run, self._data = self._last[id(recording)], recording.segments[-1].data
        self.look()


def _why(recording: Recording, training: Training, why: str) -> str:
    """What a new segment of a recording changes, in words."""
    if not recording.segments:
        return why or "start"
    if recording.length == 0:  # nothing was trained yet: it begins with these settings instead
        return why or recording.segments[0].why
    words = changed_settings(recording.segments[-1].training.settings, training.settings)
    return ", ".join(word for word in (why, words) if word) or "trained on"
