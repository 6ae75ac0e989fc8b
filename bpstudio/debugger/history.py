"""Curves that grow while training runs: bounded in memory, handed out as values."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError
from bpstudio.core.training import Stretch, Training

Floats = NDArray[np.float64]

LAYER_CAPACITY = 2**14  # points of each curve of a layer, of which there are many
CAPACITY = 2**18  # points: 100,000 epochs one by one, in 2 MB


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A curve as it stood at one moment.

    Point i is the mean of numbers i·stride … (i + 1)·stride − 1 of the ``count`` there have
    been; the last few, ``waiting``, wait until their point is complete. ``last`` is the newest.
    """

    values: Floats
    stride: int
    count: int
    last: float
    waiting: Floats = field(default_factory=lambda: np.empty(0))

    def positions(self) -> Floats:
        """Where the points lie among the numbers: the middle of what each stands for."""
        first = (self.stride - 1) / 2
        return first + self.stride * np.arange(len(self.values), dtype=np.float64)

    def value_of(self, number: int) -> float:
        """The point that number i is in; NaN where there is none."""
        place = number // self.stride
        return float(self.values[place]) if 0 <= place < len(self.values) else math.nan


class History:
    """A growing curve. Points that were handed out never change."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """``capacity`` is even; whenever that many points are full, two become one."""
        self._capacity = capacity
        self._points = np.empty(min(capacity, 1024))
        self._n_points, self._stride, self._count = 0, 1, 0
        self._waiting = np.empty(0)
        self._last = math.nan

    def append(self, numbers: Floats) -> None:
        """The next numbers of the curve."""
        if len(numbers) == 0:
            return
        self._count += len(numbers)
        self._last = float(numbers[-1])
        waiting = np.concatenate((self._waiting, numbers)) if len(self._waiting) else numbers
        while len(waiting) >= self._stride:
            waiting = waiting[self._add_points(waiting) :]
            if self._n_points == self._capacity:
                self._halve()
        self._waiting = waiting.copy()

    def series(self) -> Series:
        """The curve so far."""
        values = self._points[: self._n_points]
        values.flags.writeable = False
        return Series(values, self._stride, self._count, self._last, self._waiting)

    def recall(self, series: Series) -> None:
        """Go on from a curve as it stood. InputError where it has more points than this holds."""
        if len(series.values) >= self._capacity:
            raise InputError(f"a curve has {len(series.values)} points, too many to go on from")
        self._n_points, self._stride, self._count = len(series.values), series.stride, series.count
        self._replace_points(series.values, max(len(series.values), len(self._points)))
        self._waiting, self._last = series.waiting, series.last

    def cut(self, count: int) -> None:
        """Forget all but the first ``count`` numbers, as far as they are not one point by now."""
        if count >= self._count:
            return
        points = count // self._stride
        kept = self._points[:points]
        self._n_points, self._count = points, points * self._stride
        self._replace_points(kept, len(self._points))
        self._waiting = np.empty(0)
        self._last = float(kept[-1]) if points else math.nan

    def settle(self) -> None:
        """Take no more memory than the points need; it may grow again."""
        if self._n_points < len(self._points):
            self._replace_points(self._points[: self._n_points], self._n_points)

    def _add_points(self, numbers: Floats) -> int:
        """As many complete points as there is room for; → the numbers they took."""
        n = min(len(numbers) // self._stride, self._capacity - self._n_points)
        self._make_room(self._n_points + n)
        taken = n * self._stride
        self._points[self._n_points : self._n_points + n] = _means(numbers[:taken], self._stride)
        self._n_points += n
        return taken

    def _make_room(self, n_points: int) -> None:
        if n_points > len(self._points):
            size = min(self._capacity, max(n_points, 2 * len(self._points)))
            self._replace_points(self._points[: self._n_points], size)

    def _halve(self) -> None:
        points = _means(self._points[: self._n_points], 2)
        self._n_points //= 2
        self._stride *= 2
        self._replace_points(points, self._capacity)

    def _replace_points(self, points: Floats, size: int) -> None:
        """In new memory: what was handed out lies in the old."""
        self._points = np.empty(size)
        self._points[: len(points)] = points


def _means(numbers: Floats, count: int) -> Floats:
    """Of each ``count`` numbers in a row, with the bits of `numpy.mean` but not its checks."""
    if count == 1:
        return numbers
    return np.asarray(np.add.reduce(numbers.reshape(-1, count), axis=1) / count)


class Curves:
    """The curves of a run: the loss of batches, then loss and accuracy of epochs, then the same
    of the validation samples. Those that there are not stay empty.
    """

    def __init__(self, training: Training) -> None:
        self._batches = History()
        self._epochs = [History() for _ in range(4)]
        validation, classes = training.samples.n_validation > 0, training.classification
        self._filled = (True, classes, validation, validation and classes)
        layers = range(2, training.network.L + 1)
        self._layers = {l: (History(LAYER_CAPACITY), History(LAYER_CAPACITY)) for l in layers}

    def go_on_from(self, other: Curves) -> None:
        """Start with a copy of other curves."""
        self._batches, self._epochs = copy.deepcopy((other._batches, other._epochs))
        if other._layers.keys() == self._layers.keys():
            self._layers = copy.deepcopy(other._layers)

    def recall(self, series: Sequence[Series], layers: Mapping[int, tuple[Series, Series]]) -> None:
        """Go on from curves as they stood, in the order of `series`; layers as in `layers`."""
        for history, known in zip((self._batches, *self._epochs), series, strict=True):
            history.recall(known)
        for l, pair in layers.items():
            for history, known in zip(self._layers[l], pair, strict=True):
                history.recall(known)

    def cut(self, batches: int, epochs: int) -> None:
        """Go back to what was known after so many updates and whole epochs."""
        self._batches.cut(batches)
        for history in self._epochs:
            history.cut(epochs)
        for pair in self._layers.values():
            for history in pair:
                history.cut(batches)

    def settle(self) -> None:
        """Take no more memory than they need: there are many runs that are over."""
        for history in (self._batches, *self._epochs):
            history.settle()
        for pair in self._layers.values():
            for history in pair:
                history.settle()

    def append(self, stretch: Stretch) -> None:
        self._batches.append(stretch.batch_losses)
        columns = zip(self._epochs, stretch.epochs.T, self._filled, strict=True)
        for history, numbers, filled in columns:
            if filled:
                history.append(numbers)
        if stretch.records is not None:
            for l, (norms, ratios) in self._layers.items():
                norms.append(stretch.records.grad_norm(l))
                ratios.append(stretch.records.update_ratio(l))

    def layers(self) -> dict[int, tuple[Series, Series]]:
        """Norm of the gradient and update ratio of each layer, update by update."""
        return {l: (norms.series(), ratios.series()) for l, (norms, ratios) in self._layers.items()}

    def series(self) -> tuple[Series, Series, Series, Series, Series]:
        loss, accuracy, validation_loss, validation_accuracy = (h.series() for h in self._epochs)
        return self._batches.series(), loss, accuracy, validation_loss, validation_accuracy
