"""Marked steps, by address: a mark outlives the trace it was set in."""

from __future__ import annotations

from bisect import bisect_right

from bpstudio.core.errors import InputError
from bpstudio.core.sequence import StepSequence


class Bookmarks:
    """Addresses in the order in which they were marked."""

    def __init__(self) -> None:
        self._all: dict[str, None] = {}

    @property
    def all(self) -> tuple[str, ...]:
        """Every marked address."""
        return tuple(self._all)

    def toggle(self, address: str) -> bool:
        """Mark an address or take its mark away; whether it is marked now."""
        if address in self._all:
            del self._all[address]
            return False
        self._all[address] = None
        return True

    def following(self, sequence: StepSequence, n: int) -> int | None:
        """The next marked step after step n, or the first; None where no step is marked."""
        numbers = sorted(_numbers(sequence, self._all))
        if not numbers:
            return None
        return numbers[bisect_right(numbers, n) % len(numbers)]


def _numbers(sequence: StepSequence, addresses: dict[str, None]) -> list[int]:
    """Those that this pass has."""
    found = []
    for address in addresses:
        try:
            found.append(sequence.index(address))
        except InputError:  # of a row, or a network, that is not traced now
            continue
    return found
