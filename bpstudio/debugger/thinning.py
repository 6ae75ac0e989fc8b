"""Leaving out every second of many entries, so that no other thread waits meanwhile."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from bpstudio.core.background import window_first

Entry = TypeVar("Entry")

_AT_ONCE = 500  # entries of a piece of work: a fraction of a millisecond


def odd_places(numbers: Sequence[int], staying: Iterable[int]) -> list[int]:
    """Odd places of ascending ``numbers`` that are kept: of the ``staying`` ones and the last.

    Where these are all, the first of them is not, so that it comes to fewer each time.
    """
    last = len(numbers) - 1
    places = ((bisect_left(numbers, number), number) for number in staying)
    found = {n for n, number in places if n <= last and numbers[n] == number}
    kept = sorted(n for n in {*found, last} if n % 2)
    return kept[1:] if len(kept) == len(numbers) // 2 else kept


def thinned(entries: Sequence[Entry], odd: Sequence[int]) -> list[Entry]:
    """Those at even places and at these odd ones, in order. A hundred thousand take 1 ms."""
    kept = list(entries[::2])
    for place in reversed(odd):
        kept.insert((place + 1) // 2, entries[place])
    return kept


def total(entries: Sequence[Entry], size: Callable[[Entry], int]) -> int:
    """The sizes of all together, some at a time."""
    found = 0
    for start in range(0, len(entries), _AT_ONCE):
        found += sum(map(size, entries[start : start + _AT_ONCE]))
        window_first.let_pass()
    return found


def let_go(entries: list[Any]) -> None:
    """Empty a list, some at a time: freed all at once, its entries would hold up all threads."""
    while entries:
        del entries[-_AT_ONCE:]
        window_first.let_pass()
