"""Early stopping: when the loss has not become better for a while, more training only over-fits."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """The rule and what it has seen of a run: epochs 0 … ``epochs`` − 1.

    A loss is better when it is more than ``min_delta`` below the best before it. Training stops
    after ``patience`` epochs in a row that were not; a loss that is no number is none.
    """

    patience: int = 10
    min_delta: float = 0.0
    epochs: int = 0
    best: float = math.inf
    best_epoch: int | None = None

    def __post_init__(self) -> None:
        whole = hasattr(self.patience, "__index__")
        if not (whole and operator.index(self.patience) >= 1):
            raise InputError(
                f"the patience is {self.patience!r}; it must be a whole number of epochs from 1"
            )
        if not (math.isfinite(self.min_delta) and self.min_delta >= 0):
            raise InputError(f"the least gain is {self.min_delta!r}; it must be a number from 0")

    def after(self, loss: float) -> EarlyStopping:
        """The same rule after one more epoch with this loss."""
        if loss < self.best - self.min_delta:
            return replace(self, epochs=self.epochs + 1, best=loss, best_epoch=self.epochs)
        return replace(self, epochs=self.epochs + 1)

    def after_each(self, losses: Floats) -> tuple[EarlyStopping, Integers]:
        """The rule after epochs with these losses, and how long it had `waited` after each."""
        if len(losses) == 0:
            return self, np.empty(0, dtype=np.int64)
        better = self._better(losses)
        numbers = self.epochs + np.arange(len(losses))
        best = np.full(len(losses), -1 if self.best_epoch is None else self.best_epoch)
        best[better] = numbers[better]
        waited = numbers - np.maximum.accumulate(best)
        changes: dict[str, Any] = {"epochs": self.epochs + len(losses)}
        if len(better):
            last = better[-1]
            changes |= {"best": float(losses[last]), "best_epoch": int(numbers[last])}
        return replace(self, **changes), waited

    def _better(self, losses: Floats) -> Integers:
        """Which of these losses are better; only one that is below all before it can be."""
        lowest = np.fmin.accumulate(np.concatenate(([self.best], losses)))
        lower = np.flatnonzero(losses < lowest[:-1])
        if self.min_delta == 0.0:
            return lower
        best, better = self.best, []
        for place, loss in zip(lower.tolist(), losses[lower].tolist(), strict=True):
            if loss < best - self.min_delta:
                best = loss
                better.append(place)
        return np.array(better, dtype=np.int64)

    @property
    def waited(self) -> int:
        """Epochs since the best one."""
        return self.epochs if self.best_epoch is None else self.epochs - 1 - self.best_epoch

    @property
    def stops(self) -> bool:
        """Whether training stops now."""
        return self.waited >= self.patience
