"""Where a search goes: to a place or to an end, through one pass or all of a recorded run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from bpstudio.core.address import Address
from bpstudio.debugger.position import Position, resolved
from bpstudio.debugger.scope import Facts
from bpstudio.debugger.searching import Leg, Point
from bpstudio.debugger.stops import Why


class Way(NamedTuple):
    """From the cursor to a step of the pass of update T, or to that pass's end.

    ``why``: what the search says where no breakpoint is met.
    """

    T: int
    target: int | None
    forward: bool
    why: Why


def way_of(here: Position, forward: bool, to: int | str | Address | None) -> Way:
    """The way to a place; without one to the end of all passes, or backwards to their start."""
    if to is not None:
        target, into = resolved(here, to)
        T = here.T if into is None else into.visit.T
        return Way(T, target, (T, target) >= (here.T, here.cursor), "place")
    T = here.T
    if here.passes is not None and here.recorded is not None:
        T = here.passes.last if forward else 0
    return Way(T, None, forward, "end" if forward else "start")


def distance(here: Position, way: Way) -> int:
    """Steps on the whole way, as if every pass had as many as this one."""
    return (abs(way.T - here.T) + 1) * len(here.trace)


def legs(here: Position, way: Way, active: Callable[[Facts], tuple[Point, ...]]) -> Iterator[Leg]:
    """The passes on the way, in order; ``active`` are the breakpoints in one of them."""
    T, facts, origin = here.T, here.facts, here.cursor
    while True:
        last = len(facts.trace) - 1
        end = way.target if T == way.T and way.target is not None else last if way.forward else 0
        yield Leg(T, facts, active(facts) if end != origin else (), origin, end)
        if way.T == T:
            return
        T += 1 if way.forward else -1
        assert here.passes is not None, "there are other passes in a recorded run only"
        facts = Facts(here.passes.at(T).trace)
        origin = -1 if way.forward else len(facts.trace)
