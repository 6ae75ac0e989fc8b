"""What looks at a run on its way: the condition that stops it, and the recording of it."""

from __future__ import annotations

from dataclasses import replace

from bpstudio.core.dataset import Dataset
from bpstudio.core.training import Probes, Stretch, Training, TrainingState, advance
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.history import Curves
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.training_stops import StopWatch, TrainingHit, TrainingStop
from bpstudio.files.run_values import DataSource, RecordedRun
from bpstudio.sessions.recorded import recorded_run


class Recorder:
    """Watches one run; see `training.Watcher`. A state is kept after each stretch, about 30 ms."""

    def __init__(
        self, training: Training, data: Dataset, stop_when: str | None, record: bool
    ) -> None:
        """InputError where the condition is none, or does not fit the network."""
        stops = () if stop_when is None else (TrainingStop(0, stop_when),)
        self._watch = StopWatch(training, stops)
        self._training, self._data = training, data
        self._recording = Recording() if record else None
        self._curves = Curves(training)
        self._T = 0
        self.hit: TrainingHit | None = None

    @property
    def probes(self) -> Probes | None:
        """What the condition reads."""
        return self._watch.probes

    def begin(self, training: Training) -> Training:
        """The run begins, with its engine ready; → the same training."""
        self._training = training
        if self._recording is not None:
            self._recording.begin(training, training.start(), self._data)
        return training

    def watched(self, before: TrainingState, stretch: Stretch) -> tuple[Stretch, str]:
        """The updates that stand, up to the one at which the condition holds, and why they end."""
        look = self._watch.look(before, self._T, stretch)
        if look.hit is not None:
            self.hit = look.hit
            stretch = advance(self._training, before, look.updates)
        done = len(stretch.batch_losses)
        self._T += done
        if self._recording is not None:
            self._recording.append(stretch.state, done)
            self._curves.append(replace(stretch, records=None))  # those of layers are not kept
        return stretch, "" if self.hit is None else str(self.hit)

    def run(self, experiment: Experiment, source: DataSource | None, why: str) -> RecordedRun:
        """What was recorded, as a file holds it."""
        assert self._recording is not None
        return recorded_run(self._recording, self._curves, experiment, source, why)
