"""Sums of what each of many did to a parameter over a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Doing:
    """What one did: in ``count`` updates it changed the parameter by ``change``, most in ``T``."""

    name: str
    count: int
    change: float
    T: int

    @classmethod
    def of(cls, name: str, first: int, changes: Floats) -> Doing:
        """``changes`` by updates ``first`` … in order."""
        largest = int(np.abs(changes).argmax()) if len(changes) else 0
        count = int(np.count_nonzero(changes))
        return cls(name, count, float(changes.sum()), first + largest)


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """What each of ``keys`` did, ascending: its sum, in how many updates, in which it did most."""

    keys: Integers
    change: Floats
    count: Integers
    T: Integers

    def __len__(self) -> int:
        return len(self.keys)

    def largest(self, most: int) -> Integers:
        """Places of the ``most`` largest sums, the largest first."""
        return largest_places(self.change, most)


def largest_places(values: Floats, most: int) -> Integers:
    """Places of the ``most`` values of largest size, the largest first, of equal ones the first.

    Only those are sorted.
    """
    sizes = np.abs(values)
    found = np.arange(len(values))
    if len(values) > most:
        least = np.partition(sizes, len(values) - most)[len(values) - most]
        larger = np.flatnonzero(sizes > least)
        equal = np.flatnonzero(sizes == least)[: most - len(larger)]
        found = np.concatenate((larger, equal))
    return found[np.lexsort((found, -sizes[found]))]


def shares_of(key: Integers, T: Integers, part: Floats) -> Shares:
    """Sum ``part`` of update ``T`` by ``key`` (from 0); arrays of one length, T ascending."""
    counts = np.bincount(key)
    keys = np.flatnonzero(counts)
    sums = np.bincount(key, part).astype(np.float64)  # of no samples it counts whole numbers
    size = np.abs(part)
    largest = np.zeros(len(counts))
    np.maximum.at(largest, key, size)
    first = np.flatnonzero(size == largest[key])[::-1]  # the first one is written last
    places = np.zeros(len(counts), dtype=np.int64)
    places[key[first]] = T[first]
    return Shares(keys, sums[keys], counts[keys], places[keys])
