"""Looking for the next step at which one breakpoint is met, whatever the others say."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from bpstudio.core.pieces import told_as
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.matching import matcher
from bpstudio.debugger.scope import Facts
from bpstudio.debugger.searching import MatchCounter, Point, searching


def next_match(
    facts: Facts, breakpoint: Breakpoint, cursor: int, forward: bool = True
) -> Generator[float, None, int | None]:
    """The nearest step after (or before) the cursor where it is met; None where there is none.

    Hit counts and log lines do not matter here. Yields the share of the way that is looked at.
    """
    trace = facts.trace
    target = len(trace) - 1 if forward else 0
    sought = replace(breakpoint, hits=1, log="", enabled=True)
    found = matcher(facts, sought)
    if found is None or target == cursor:
        return None
    point = Point(sought, found, MatchCounter(trace, found))
    way = abs(target - cursor)
    end = yield from told_as(searching(trace, (point,), cursor, target), lambda seen: seen / way)
    return end.index if end.point is not None else None
