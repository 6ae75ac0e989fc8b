"""The numbers of a ledger's entries, and what they come to, kept up while they are written.

A run of a minute has millions of entries: nothing that looks at all of them is left for the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.debugger.ledger_shares import largest_places

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_LISTED = 1000  # entries of a list


class Columns(NamedTuple):
    """The numbers of entries in order, one array each, as of `Entry`."""

    T: Integers
    before: Floats
    after: Floats
    gradient: Floats

    @classmethod
    def of(cls, T: int, before: float, after: float) -> Columns:
        """One entry that is no update."""
        return cls(*map(np.array, ([T], [before], [after], [np.nan])))

    @classmethod
    def empty(cls, room: int) -> Columns:
        """Room for so many entries."""
        return cls(np.empty(room, dtype=np.int64), *(np.empty(room) for _ in range(3)))

    @classmethod
    def joined(cls, parts: Sequence[Columns]) -> Columns:
        """One after the other."""
        return cls(*map(np.concatenate, zip(*parts, strict=True)))

    def first(self, n: int) -> Columns:
        """The first n entries."""
        T, before, after, gradient = self
        return Columns(T[:n], before[:n], after[:n], gradient[:n])

    def at(self, places: Integers) -> Columns:
        """The entries at these places."""
        T, before, after, gradient = self
        return Columns(T[places], before[places], after[places], gradient[places])

    def put(self, at: int, part: Columns) -> None:
        """Write these from place ``at`` on."""
        for column, values in zip(self, part, strict=True):
            column[at : at + len(values)] = values


class Digest(NamedTuple):
    """What the entries of ``columns`` come to, from ``start`` on.

    ``end``: the value after the last; ``unbroken``: each begins with the very bits that the one
    before it ended with; ``float_sum``: start + changes, added in order as floating-point
    numbers; ``largest``: places of the `MOST_LISTED` largest changes, the largest first.
    """

    columns: Columns
    start: float
    end: float
    unbroken: bool
    float_sum: float
    largest: Integers

    @classmethod
    def of(cls, columns: Columns, start: float) -> Digest:
        """Of entries that are there already."""
        tally = Tally(start)
        tally.add(columns)
        return tally.digest(columns)


class Tally:
    """A digest while its entries are written."""

    def __init__(self, start: float) -> None:
        self._start = self._end = self._float_sum = start
        self._count, self._unbroken = 0, True
        self._places, self._changes = np.empty(0, dtype=np.int64), np.empty(0)
        self._least = -1.0  # a change must be larger to be listed

    def add(self, part: Columns) -> None:
        """The next entries."""
        if len(part.T) == 0:
            return
        change = part.after - part.before
        begins = np.concatenate(([self._end], part.after[:-1]))
        self._unbroken &= same_bits(begins, part.before)
        self._end = float(part.after[-1])
        sums = np.add.accumulate(np.concatenate(([self._float_sum], change)))
        self._float_sum = float(sums[-1])
        self._list(change)
        self._count += len(change)

    def _list(self, change: Floats) -> None:
        """Keep those that may be among the largest; of equal ones the first is listed."""
        found = np.flatnonzero(np.abs(change) > self._least)
        self._places = np.concatenate((self._places, self._count + found))
        self._changes = np.concatenate((self._changes, change[found]))
        if len(self._places) > 2 * MOST_LISTED:
            self._thin()

    def _thin(self) -> None:
        kept = largest_places(self._changes, MOST_LISTED)
        if len(kept) == MOST_LISTED:
            self._least = float(np.abs(self._changes[kept[-1]]))
        kept.sort()  # in the order in which they were made
        self._places, self._changes = self._places[kept], self._changes[kept]

    def digest(self, columns: Columns) -> Digest:
        """Of all entries added, which are those of ``columns``."""
        largest = self._places[largest_places(self._changes, MOST_LISTED)]
        return Digest(columns, self._start, self._end, self._unbroken, self._float_sum, largest)


def same_bits(one: Floats, other: Floats) -> bool:
    """Whether two arrays of one length are the same numbers to the last bit."""
    return bool((one.view(np.int64) == other.view(np.int64)).all())
