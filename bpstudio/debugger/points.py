"""The breakpoints of a debugger, and what finds them in the trace at hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.sequence import StepSequence
from bpstudio.debugger.breakpoints import (
    Breakpoint,
    breakpoint_of,
    changed,
    require_fit,
    require_row,
)
from bpstudio.debugger.matching import matcher
from bpstudio.debugger.scope import Facts
from bpstudio.debugger.searching import MatchCounter, Point

MOST_COUNTED = 1 << 22  # steps that are looked at to tell a hit's number; a tenth of a second


class Points:
    """Breakpoints in the order in which they were set; numbers are never given twice."""

    def __init__(self) -> None:
        self._all: dict[int, Breakpoint] = {}
        self._next = 1
        self._facts: Facts | None = None
        self._made: dict[int, tuple[Breakpoint, Point | None]] = {}

    @property
    def all(self) -> tuple[Breakpoint, ...]:
        """Every breakpoint."""
        return tuple(self._all.values())

    def find(self, number: int) -> Breakpoint:
        """The breakpoint of that number."""
        if number not in self._all:
            known = ", ".join(map(str, self._all)) or "none"
            raise InputError(f"there is no breakpoint {number}; there are: {known}")
        return self._all[number]

    def add(self, sequence: StepSequence, data: Dataset, settings: dict[str, Any]) -> Breakpoint:
        """Set one; InputError where the network has no such place or the data no such row."""
        made = breakpoint_of(self._next, settings)
        require_fit(made, sequence)
        require_row(made, data)
        self._next += 1
        self._all[made.id] = made
        return made

    def change(
        self, sequence: StepSequence, data: Dataset, number: int, settings: dict[str, Any]
    ) -> Breakpoint:
        """Other settings for one; InputError as for a new one."""
        made = changed(self.find(number), settings)
        if settings.keys() != {"enabled"}:
            require_fit(made, sequence)
            require_row(made, data)
        self._all[number] = made
        return made

    def remove(self, number: int) -> None:
        """Take one away."""
        del self._all[self.find(number).id]

    def clear(self) -> None:
        """Take all away."""
        self._all.clear()

    def recall(self, points: Iterable[Breakpoint], following: int) -> None:
        """Have these, and give the next one that number."""
        self._all, self._next = {point.id: point for point in points}, following

    @property
    def following(self) -> int:
        """The number of the next one."""
        return self._next

    def active(self, facts: Facts) -> tuple[Point, ...]:
        """Those that are on and can be met in this trace."""
        found = (self._point(facts, point) for point in self._all.values() if point.enabled)
        return tuple(point for point in found if point is not None)

    def hits(self, facts: Facts, number: int, cursor: int) -> int | None:
        """Matches up to the cursor; None where too many steps would have to be looked at."""
        point = self._point(facts, self.find(number))
        if point is None:
            return 0
        far = point.counter.distance(cursor + 1) > MOST_COUNTED
        return None if far else point.counter.count(cursor + 1)

    def _point(self, facts: Facts, breakpoint: Breakpoint) -> Point | None:
        if facts is not self._facts:
            self._facts, self._made = facts, {}
        known = self._made.get(breakpoint.id)
        if known is None or known[0] is not breakpoint:
            known = (breakpoint, _made(facts, breakpoint))
            self._made[breakpoint.id] = known
        return known[1]


def _made(facts: Facts, breakpoint: Breakpoint) -> Point | None:
    found = matcher(facts, breakpoint)
    if found is None:
        return None
    return Point(breakpoint, found, MatchCounter(facts.trace, found))
