"""Scaling of the columns of a data set: x = (raw − shift) / scale.

A column may be scaled in a way of its own; the others follow one choice for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.column_statistics import (
    Floats,
    Integers,
    blocks,
    extremes,
    mean_and_deviation,
)
from bpstudio.core.errors import InputError

ScalingKind = Literal["standard", "minmax", "none"]
SCALINGS: tuple[ScalingKind, ...] = get_args(ScalingKind)
OwnKinds = tuple[ScalingKind | None, ...]

# Squares of numbers above this overflow, so such a column is divided by its largest value first.
LARGEST_SAFE_TO_SQUARE = 1e140


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """One shift and one scale a column, shapes (m,): x = (raw − shift) / scale.

    `standard` shifts by the mean and divides by the population standard deviation (Σ/n),
    `minmax` maps the smallest value to 0 and the largest to 1, `none` leaves numbers alone.
    A constant column has scale 1, so that it becomes 0 (with `none` it stays as it is).
    ``own`` has a column's own kind, None for one that follows ``kind``; () where all do.
    """

    kind: ScalingKind
    shift: NDArray[np.float64]
    scale: NDArray[np.float64]
    own: OwnKinds = ()

    def kind_of(self, k: int) -> ScalingKind:
        """How column k is scaled."""
        return (self.own[k] if self.own else None) or self.kind

    def apply(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """The scaled numbers of raw ones, shape (n, m)."""
        if raw.ndim != 2 or not raw.flags.c_contiguous:
            scaled: Floats = (raw - self.shift) / self.scale
            return scaled
        made = np.empty(raw.shape)
        for rows, out in zip(blocks(raw), blocks(made), strict=True):
            np.subtract(rows, self.shift, out=out)
            np.divide(out, self.scale, out=out)
        return made

    def undo(self, scaled: NDArray[np.float64]) -> NDArray[np.float64]:
        """The raw numbers of scaled ones, shape (n, m)."""
        return scaled * self.scale + self.shift


def scaling_kind(name: str) -> ScalingKind:
    """The kind of scaling with this name; InputError listing the names otherwise."""
    for kind in SCALINGS:
        if kind == name:
            return kind
    raise InputError(f"there is no scaling {name!r}; choose {', '.join(SCALINGS)}")


def fit_scaling(
    kind: str, raw: Floats, own: Sequence[str | None] = (), rows: Integers | None = None
) -> Scaling:
    """Scaling of this kind for the columns of raw numbers, shape (n, m) with n ≥ 1.

    ``own``, if not empty, has the kind of each column that is scaled in another way. With
    ``rows``, it is fitted on the numbers in these. InputError for an unknown kind, or another
    number of columns.
    """
    known, kinds = scaling_kind(kind), own_kinds(own, raw.shape[1])
    shift, scale = _fitted(known, raw, rows)
    for other in {each for each in kinds if each is not None and each != known}:
        chosen = np.array([each == other for each in kinds])
        # on all columns: on some alone, numpy would add in another order, and take a copy
        fitted = _fitted(other, raw, rows)
        shift[chosen], scale[chosen] = (each[chosen] for each in fitted)
    return _frozen(known, shift, scale, kinds)


def own_kinds(own: Sequence[str | None], columns: int) -> OwnKinds:
    """The kinds of so many columns; () where none has one of its own. InputError if impossible."""
    if own and len(own) != columns:
        raise InputError(f"{len(own)} scalings are given for {columns} columns")
    kinds = tuple(None if each is None else scaling_kind(each) for each in own)
    return kinds if any(kinds) else ()


def no_scaling(columns: int) -> Scaling:
    """The scaling that leaves every number as it is."""
    return _frozen("none", np.zeros(columns), np.ones(columns))


def _fitted(kind: ScalingKind, raw: Floats, rows: Integers | None = None) -> tuple[Floats, Floats]:
    if kind == "standard":
        return _standard(raw, rows)
    if kind == "minmax":
        return _minmax(raw, rows)
    return np.zeros(raw.shape[1]), np.ones(raw.shape[1])


def _standard(raw: Floats, rows: Integers | None) -> tuple[Floats, Floats]:
    low, high = extremes(raw, rows)
    largest = np.maximum(np.abs(low), np.abs(high))
    unit = np.where(largest > LARGEST_SAFE_TO_SQUARE, largest, 1.0)
    mean, deviation = mean_and_deviation(raw, unit, rows)
    # A mean of equal numbers may differ from them in its last bit: take the number itself.
    shift = np.where(low == high, low, mean * unit)
    return shift, _usable(np.where(low == high, 1.0, deviation * unit))


def _minmax(raw: Floats, rows: Integers | None) -> tuple[Floats, Floats]:
    low, high = extremes(raw, rows)
    return low, _usable(high - low)


def _usable(scale: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(scale > 0, scale, 1.0)


def _frozen(
    kind: ScalingKind,
    shift: NDArray[np.float64],
    scale: NDArray[np.float64],
    own: OwnKinds = (),
) -> Scaling:
    shift.setflags(write=False)
    scale.setflags(write=False)
    return Scaling(kind, shift, scale, own)
