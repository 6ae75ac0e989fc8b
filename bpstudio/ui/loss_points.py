"""Where the points of a run's curves lie over its updates."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.debugger.history import Series
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.run_values import RunSnapshot

_TOLD_APART = 1000  # groups of points, about one a pixel
_PER_GROUP = 2  # points that a group becomes

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points of one curve: x counts updates, ascending."""

    x: Floats
    y: Floats

    def at(self, x: float) -> float:
        """The value of the point nearest to x; NaN where there is none."""
        if len(self.x) == 0:
            return math.nan
        after = min(int(np.searchsorted(self.x, x)), len(self.x) - 1)
        before = max(after - 1, 0)
        nearer = before if x - self.x[before] <= self.x[after] - x else after
        return float(self.y[nearer])

    def known_at(self, x: float) -> float:
        """The value of the last point up to x; NaN before the first one."""
        at = int(np.searchsorted(self.x, x, side="right")) - 1
        return float(self.y[at]) if at >= 0 else math.nan

    def since(self, x: float) -> Curve:
        """The points from x on."""
        first = int(np.searchsorted(self.x, x))
        return Curve(self.x[first:], self.y[first:])

    def outline(self) -> Curve:
        """No more points than can be told apart: the least and the greatest of neighbours."""
        together = len(self.x) // _TOLD_APART
        if together < 2 * _PER_GROUP:
            return self
        whole = len(self.x) // together * together
        y = self.y[:whole].reshape(-1, together)
        extremes = np.stack((np.fmin.reduce(y, axis=1), np.fmax.reduce(y, axis=1)), axis=1)
        x = self.x[:whole].reshape(-1, together)[:, [0, together // 2]]
        return Curve(
            np.concatenate((x.ravel(), self.x[whole:])),
            np.concatenate((extremes.ravel(), self.y[whole:])),
        )


@dataclass(frozen=True, slots=True, eq=False)
class RunCurves:
    """The curves of a run: each batch, the means of epochs, the validation after epochs."""

    batches: Curve
    training: Curve
    validation: Curve
    accuracy: Curve

    @classmethod
    def of(cls, snapshot: RunSnapshot, recording: Recording) -> RunCurves:
        """Those of a run as it was last looked at."""
        batches = snapshot.batch_losses
        return cls(
            Curve(batches.positions(), _finite(batches.values)),
            _of_epochs(snapshot.epoch_losses, recording),
            _of_epochs(snapshot.validation_losses, recording),
            _of_epochs(snapshot.validation_accuracies, recording),
        )

    def mean_at(self, x: float) -> float:
        """C of the last whole epoch before update x, of a batch where no epoch was whole yet."""
        return self.training.known_at(x) if len(self.training.x) else self.batches.at(x)

    @property
    def smooth(self) -> Curve:
        """The means of epochs, or the batches of a run that is shorter than that."""
        return self.training if len(self.training.x) else self.batches


def _of_epochs(series: Series, recording: Recording) -> Curve:
    return Curve(epoch_ends(series.positions(), recording), _finite(series.values))


def epoch_ends(epochs: Floats, recording: Recording) -> Floats:
    """The update after the last one of each epoch; segments may have other batches."""
    ends = np.zeros(len(epochs))
    for segment in recording.segments:
        per_epoch = segment.training.batches_per_epoch
        here = segment.first + (epochs + 1.0) * per_epoch - segment.origin
        ends = np.where((here > segment.first) | (segment.first == 0), here, ends)
    return ends


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)
