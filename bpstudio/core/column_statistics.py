"""Statistics of the columns of a long table, a few rows at a time and without copying it.

They are the numbers that numpy gives over all rows at once, to the bit: the rows of a table in
memory row by row are added one after the other, whether in one go or in several.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.wanted import require_wanted

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BLOCK = 1 << 16  # numbers at a time, which fit into a processor's own memory


def blocks(values: Floats, rows: Integers | None = None) -> Iterator[Floats]:
    """The rows of a table (n, m), or those of ``rows`` in this order, some at a time."""
    n, step = len(values) if rows is None else len(rows), max(1, BLOCK // max(1, values.shape[1]))
    for at in range(0, n, step):
        require_wanted()
        yield values[at : at + step] if rows is None else values[rows[at : at + step]]


def extremes(values: Floats, rows: Integers | None = None) -> tuple[Floats, Floats]:
    """The smallest and the largest number of each column of (n, m), n ≥ 1; shapes (m,)."""
    parts = [(block.min(axis=0), block.max(axis=0)) for block in blocks(values, rows)]
    low, high = (np.array(each) for each in zip(*parts, strict=True))
    return low.min(axis=0), high.max(axis=0)


def mean_and_deviation(
    values: Floats, unit: Floats, rows: Integers | None = None
) -> tuple[Floats, Floats]:
    """Mean and population standard deviation of the columns of values / unit, shapes (m,)."""
    if not _adds_row_by_row(values):
        reduced = (values if rows is None else values[rows]) / unit
        return reduced.mean(axis=0), reduced.std(axis=0)
    n = len(values) if rows is None else len(rows)
    mean = _total(block / unit for block in blocks(values, rows)) / n
    squares = ((block / unit - mean) ** 2 for block in blocks(values, rows))
    return mean, np.sqrt(_total(squares) / n)


def mean_of(values: Floats, rows: Integers) -> Floats:
    """The mean of the columns over these rows, shape (m,)."""
    if not _adds_row_by_row(values):
        found: Floats = values[rows].mean(axis=0)
        return found
    return _total(blocks(values, rows)) / len(rows)


def has_nan(values: Floats) -> NDArray[np.bool_]:
    """Which rows of (n, m) lack a number, shape (n,)."""
    parts = [np.isnan(block).any(axis=1) for block in blocks(values)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.bool_)


def _adds_row_by_row(values: Floats) -> bool:
    """Whether numpy sums its columns in the order of the rows."""
    return values.shape[1] > 1 and values.flags.c_contiguous


def _total(parts: Iterator[Floats]) -> Floats:
    """The sum of all rows, added one after the other."""
    total: Floats = next(parts).sum(axis=0)
    for part in parts:
        total = np.concatenate((total[np.newaxis], part)).sum(axis=0)
    return total
