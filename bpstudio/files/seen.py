"""The numbers of a file as they come in, batch by batch, and what is counted of them meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from arro3.core import Array, RecordBatch
from numpy.typing import NDArray

from bpstudio.core.column_statistics import BLOCK
from bpstudio.files.columns import LARGEST, Counts
from bpstudio.files.layout import Layout, mark_name, number_name
from bpstudio.files.reading import tell
from bpstudio.files.rows import Integers
from bpstudio.files.staging import cell_name

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

ODD = "odd"
SPREAD = 1 << 16  # rows moved at a time, with as much memory again


class NotPlainError(Exception):
    """There is more in the file than lines of numbers."""


class TooManyOddError(NotPlainError):
    """Too many rows have something else in the place of a number."""


class Seen:
    """The numbers of the batches so far. Odd rows have no number where one should be."""

    def __init__(self, n: int, layout: Layout, marked: Sequence[int], gaps: bool) -> None:
        self.values = np.empty((n, layout.width))
        self.texts: list[RecordBatch] = []
        self.kept = np.arange(n)  # the rows that were in a batch
        self._layout, self._marked, self._gaps = layout, marked, gaps
        self._at = 0
        self._odd: list[Integers] = []
        self._low = dict.fromkeys(layout.numbers, np.inf)
        self._high = dict.fromkeys(layout.numbers, -np.inf)
        self._filled = dict.fromkeys(layout.numbers, 0)
        self._whole = set(layout.whole)  # and still without a fraction

    def take(self, batch: RecordBatch) -> None:
        """The rows of one batch."""
        n, at = batch.num_rows, self._at
        tell("straight", at / max(1, len(self.values)))
        if at + n > len(self.values):
            raise NotPlainError
        columns = [_plain(batch.column(number_name(k))) for k in self._layout.numbers]
        ranges = [(float(each.min()), float(each.max())) for each in columns]
        good = self._good(batch, columns, ranges)
        for k, column, found in zip(self._layout.numbers, columns, ranges, strict=True):
            self._measure(k, column if good is None else column[good], found)
        for k in self._whole & set(self._marked):
            marks = _plain(batch.column(mark_name(k)))
            if (marks if good is None else marks[good]).any():
                self._whole.discard(k)
        _put(self.values[at : at + n], self._layout, columns)
        if self._layout.texts:
            self.texts.append(batch.select(list(map(cell_name, self._layout.texts))))
        self._at += n

    def _good(
        self,
        batch: RecordBatch,
        columns: Sequence[Floats],
        ranges: list[tuple[float, float]],
    ) -> Truths | None:
        """Which rows of a batch are not odd; None: all. Ranges with odd rows become (NaN, NaN)."""
        odd = np.zeros(batch.num_rows, dtype=np.bool_)
        if self._gaps:
            odd |= _plain(batch.column(ODD))
        for place, (column, (low, high)) in enumerate(zip(columns, ranges, strict=True)):
            if -LARGEST <= low <= high <= LARGEST:
                continue
            odd |= np.abs(column) > LARGEST
            if not self._gaps:
                odd |= np.isnan(column)
            ranges[place] = (np.nan, np.nan)
        if not odd.any():
            return None
        self._odd.append(np.flatnonzero(odd) + self._at)
        return ~odd

    def _measure(self, k: int, column: Floats, found: tuple[float, float]) -> None:
        low, high = found
        if np.isnan(low):
            column = column[~np.isnan(column)]
            low, high = float(column.min(initial=np.inf)), float(column.max(initial=-np.inf))
        self._filled[k] += column.size
        self._low[k], self._high[k] = min(self._low[k], low), max(self._high[k], high)
        if k in self._whole and (np.trunc(column) != column).any():
            self._whole.discard(k)

    def odd_rows(self, rejected: Integers, most: int) -> Integers:
        """All odd rows, where these of the file were in no batch; there is room for them then."""
        n, found = len(self.values), [rejected]
        if self._at + rejected.size != n:
            raise TooManyOddError if rejected.size >= most else NotPlainError
        if rejected.size:
            self.kept = np.delete(self.kept, rejected)
            _spread(self.values, rejected)
        found += [self.kept[each] for each in self._odd]
        odd = np.sort(np.concatenate(found))
        if odd.size > most:
            raise TooManyOddError
        return odd

    def counts(self) -> dict[int, Counts]:
        """What was counted in the columns of numbers, in the rows that are not odd."""
        return {
            k: Counts(n, n, int(k not in self._whole), *self._range(k))
            for k, n in self._filled.items()
        }

    def _range(self, k: int) -> tuple[float, float] | tuple[None, None]:
        return (self._low[k], self._high[k]) if self._filled[k] else (None, None)


def _plain(column: Array) -> NDArray[Any]:
    if column.null_count:
        raise NotPlainError
    return column.to_numpy()


def _put(values: Floats, layout: Layout, columns: Sequence[Floats]) -> None:
    """Columns of numbers into rows, a few at a time, for which there is room nearby."""
    step = max(1, BLOCK // values.shape[1])
    for at in range(0, len(values), step):
        rows = values[at : at + step]
        rows[:, layout.texts] = 0.0
        for k, column in zip(layout.numbers, columns, strict=True):
            rows[:, k] = column[at : at + step]


def _spread(values: Floats, left_out: Integers) -> None:
    """Move rows that stand one after the other to their places, in which some are left out."""
    end = len(values)
    for back in range(left_out.size, 0, -1):
        start = int(left_out[back - 1]) + 1
        for at in range(end, start, -SPREAD):  # from the last on, else they are written over
            first = max(start, at - SPREAD)
            values[first:at] = values[first - back : at - back].copy()
        end = start - 1
        values[end] = 0.0
