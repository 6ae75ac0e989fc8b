"""A recorded run as a file holds it: plain values, of which nothing ever changes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.training_values import Training, TrainingState


@dataclass(frozen=True, slots=True, eq=False)
class RunSegment:
    """Updates under the same settings: from ``first`` on, up to that of the next segment.

    ``states`` are those that were kept, each with the number T of the update it comes before,
    ascending; the first is the one that the segment starts from. ``why`` says how it came to be.
    """

    first: int
    training: Training
    data: Dataset
    states: tuple[tuple[int, TrainingState], ...]
    why: str = ""

    def place(self, T: int) -> tuple[int, int]:
        """e and b of update T."""
        per_epoch = self.training.batches_per_epoch
        start = self.states[0][1]
        return divmod(start.epoch * per_epoch + start.batch + T - self.first, per_epoch)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A curve of ``count`` numbers: each point is the mean of ``stride`` of them, in order.

    ``waiting`` are the last few, of the point that is not complete yet, ``last`` is the newest;
    a file of a run has neither.
    """

    values: NDArray[np.float64]
    stride: int
    count: int
    waiting: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    last: float = math.nan


@dataclass(frozen=True, slots=True)
class DataSource:
    """The data file that a run was made from, for those who have it too.

    ``sha256`` is that of the whole file, in hexadecimal digits; the rest is how it was loaded.
    """

    path: str
    sha256: str
    target: tuple[str, ...] = ()
    task: str | None = None
    scale: str = "standard"
    validation: float = 0.0
    seed: int = 0
    group: str | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RecordedRun:
    """A run of ``length`` updates: its segments in order, its curves by name, how it ended.

    ``experiment`` are the settings of the application that it was made with, as JSON has them.
    """

    name: str
    length: int
    segments: tuple[RunSegment, ...]
    curves: Mapping[str, Curve] = field(default_factory=dict)
    why: str = ""
    experiment: Mapping[str, Any] = field(default_factory=dict)
    source: DataSource | None = None

    def place(self, T: int) -> tuple[int, int]:
        """e and b of update T."""
        return [s for s in self.segments if s.first <= T][-1].place(T)
