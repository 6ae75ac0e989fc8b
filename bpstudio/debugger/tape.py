"""What a training run records into."""

from __future__ import annotations

from dataclasses import dataclass

from bpstudio.core.dataset import Dataset
from bpstudio.core.training import Training, TrainingState
from bpstudio.debugger.recording import Recording, Segment


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

    def segment(self, training: Training, T: int, state: TrainingState) -> Segment | None:
        """The one that beginning at update T adds to the recording; None where it has it."""
        return None if self.begun else Segment(T, state, training, self.data, self.why)
