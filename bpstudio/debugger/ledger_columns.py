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
    """The numbers of entries in order, one array each, as of `Entry`.

    Where each entry begins with what the one before it ended with, ``before`` and ``after`` may
    be two views of one array.
    """

    T: Integers
    before: Floats
    after: Floats

    @classmethod
    def of(cls, T: int, before: float, after: float) -> Columns:
        """One entry that is no update."""
        return cls(np.array([T]), np.array([before]), np.array([after]))

    @classmethod
    def walk(cls, room: int) -> Columns:
        """Room for so many entries that lead from value to value without a gap."""
        values = np.empty(room + 1)
        return cls(np.empty(room, dtype=np.int64), values[:-1], values[1:])

    def apart(self) -> Columns:
        """The same with room for gaps."""
        if np.may_share_memory(self.before, self.after):
            return self._replace(before=self.before.copy())
        return self

    @classmethod
    def joined(cls, parts: Sequence[Columns]) -> Columns:
        """One after the other."""
        return cls(*map(np.concatenate, zip(*parts, strict=True)))

    def first(self, n: int) -> Columns:
        """The first n entries."""
        return Columns(self.T[:n], self.before[:n], self.after[:n])

    def at(self, places: Integers) -> Columns:
        """The entries at these places."""
        return Columns(self.T[places], self.before[places], self.after[places])

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

    @property
    def end(self) -> float:
        """The value after the last entry."""
        return self._end

    @property
    def unbroken(self) -> bool:
        """Whether each entry begins with what the one before it ended with."""
        return self._unbroken

    def digest(self, columns: Columns) -> Digest:
        """Of all entries added, which are those of ``columns``."""
        largest = self._places[largest_places(self._changes, MOST_LISTED)]
        return Digest(columns, self._start, self._end, self._unbroken, self._float_sum, largest)


class Writing:
    """Entries while they are written, and what they come to.

    A run of a minute has ten million: what an entry begins with is kept only where it is not what
    the one before it ended with.
    """

    def __init__(self, start: float, room: int) -> None:
        self._tally = Tally(start)
        self._columns, self.count = Columns.walk(room), 0

    @property
    def end(self) -> float:
        """The value after the last entry."""
        return self._tally.end

    def write(self, part: Columns) -> None:
        """These come next."""
        self._tally.add(part)
        if not self._tally.unbroken:
            self._columns = self._columns.apart()
        self._columns.put(self.count, part)
        self.count += len(part.T)

    def digest(self) -> Digest:
        """All entries, and what they come to."""
        return self._tally.digest(self._columns.first(self.count))


def same_bits(one: Floats, other: Floats) -> bool:
    """Whether two arrays of one length are the same numbers to the last bit."""
    return bool((one.view(np.int64) == other.view(np.int64)).all())
