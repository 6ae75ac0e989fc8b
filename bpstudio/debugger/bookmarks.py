"""Marked steps, by address: a mark outlives the trace it was set in."""

from __future__ import annotations

from collections.abc import Iterable


class Bookmarks:
    """Addresses in the order in which they were marked."""

    def __init__(self) -> None:
        self._all: dict[str, None] = {}

    @property
    def all(self) -> tuple[str, ...]:
        """Every marked address."""
        return tuple(self._all)

    def recall(self, addresses: Iterable[str]) -> None:
        """Have these marks."""
        self._all = dict.fromkeys(addresses)

    def toggle(self, address: str) -> bool:
        """Mark an address or take its mark away; whether it is marked now."""
        if address in self._all:
            del self._all[address]
            return False
        self._all[address] = None
        return True
