"""What a training run hands out: how it stands, and all that it takes to go on from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bpstudio.core.network import Network
from bpstudio.core.training import Halt, TrainingState
from bpstudio.debugger.history import Series
from bpstudio.debugger.layer_series import LayerSeries
from bpstudio.debugger.recording import Segment
from bpstudio.debugger.training_stops import Seen, TrainingHit

RunState = Literal["preparing", "running", "paused", "finished", "failed"]


@dataclass(frozen=True, slots=True, eq=False)
class RunSnapshot:
    """A run as it stood at one moment; immutable.

    The next update is that of batch ``epoch``/``batch``; ``network`` has the parameters before
    it. ``why`` says how a finished run ended (``halt`` says it in parts where a number was not
    finite), ``error`` what made it fail. ``hit``: the stop condition that paused it;
    ``stop_counts``: how often each held.
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

    @property
    def is_training(self) -> bool:
        """Whether it trains, or is about to: not paused, and not over."""
        return self.state in ("preparing", "running")

    @property
    def series(self) -> tuple[Series, ...]:
        """Its curves, in the order of `Curves.series`."""
        validation = (self.validation_losses, self.validation_accuracies)
        return (self.batch_losses, self.epoch_losses, self.epoch_accuracies, *validation)


@dataclass(frozen=True, slots=True)
class RunStand:
    """How a run was left. ``end`` is the epoch at which it is over, None for no end.

    One that was on its way is paused. ``epochs``: how many it was to add; ``passed_over``: the
    update at whose condition it stopped last, −1 for none. The rest as in `RunSnapshot`.
    """

    state: Literal["paused", "finished", "failed"]
    epochs: int | None = None
    end: int | None = None
    why: str | None = None
    halt: Halt | None = None
    error: str | None = None
    hit: TrainingHit | None = None
    passed_over: int = -1
    stop_counts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class RunLeft:
    """A run as it was left, with all it takes to go on: what it reached, after so many updates.

    ``series`` and ``layers`` are its curves, see `Curves`; ``seen`` is what its conditions look
    back at. ``coming``: the segment that it begins, which its recording has perhaps not yet.
    """

    stand: RunStand
    state: TrainingState
    steps: int
    series: tuple[Series, ...]
    layers: Mapping[int, tuple[Series, Series]]
    seen: Seen
    coming: Segment | None = None
