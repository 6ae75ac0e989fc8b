"""Addresses in their thousands as sequences that make each one when it is asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, overload


class Stretch(NamedTuple):
    """``length`` addresses, the n-th of them ``at(n)``."""

    length: int
    at: Callable[[int], str]


class Addresses(Sequence[str]):
    """Addresses, stretch after stretch; each is made when it is asked for."""

    def __init__(self, stretches: Sequence[Stretch] = ()) -> None:
        self._stretches = tuple(stretch for stretch in stretches if stretch.length)
        counts = (stretch.length for stretch in self._stretches)
        self._starts = list(accumulate(counts, initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, n: int) -> str: ...
    @overload
    def __getitem__(self, n: slice) -> tuple[str, ...]: ...
    def __getitem__(self, n: int | slice) -> str | tuple[str, ...]:
        if isinstance(n, slice):
            return tuple(self[i] for i in range(*n.indices(len(self))))
        n = n + len(self) if n < 0 else n
        if not 0 <= n < len(self):
            raise IndexError(f"use {n} does not exist; there are {len(self)}")
        which = bisect_right(self._starts, n) - 1
        return self._stretches[which].at(n - self._starts[which])

    def __iter__(self) -> Iterator[str]:
        return (stretch.at(n) for stretch in self._stretches for n in range(stretch.length))
