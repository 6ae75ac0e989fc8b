"""Continuing, forwards and backwards: an interruptible search for the next step to stop at."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from functools import partial
from operator import add
from time import perf_counter
from typing import TypeAlias

import numpy as np

from bpstudio.core.blocks import portions
from bpstudio.core.pieces import told_as
from bpstudio.core.trace import Trace
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.log import LogLine, log_line
from bpstudio.debugger.matching import Matcher, Numbers
from bpstudio.debugger.scope import Facts
from bpstudio.debugger.stops import Stop

MOST_LOGGED = 10_000  # lines of one search that are kept: the last ones


class MatchCounter:
    """How often a breakpoint is met up to a step; counts on from where it counted last."""

    def __init__(self, trace: Trace, matcher: Matcher) -> None:
        self._trace, self._matcher = trace, matcher
        self._stop, self._count = 0, 0  # matches among steps 0 … stop − 1

    def distance(self, stop: int) -> int:
        """Steps that have to be looked at to count those before ``stop``."""
        return min(abs(stop - self._stop), stop)

    def count(self, stop: int) -> int:
        """Matches among steps 0 … stop − 1."""
        for _ in self.counting(stop):
            pass
        return self._count

    def counting(self, stop: int) -> Generator[int, None, int]:
        """The same with pauses; yields the steps looked at so far."""
        if stop < self._stop - stop:
            self._stop, self._count = 0, 0
        low, high = sorted((self._stop, stop))
        count = 0
        for portion in portions(self._trace.sequence, low, high):
            count += len(between(self._matcher.numbers(portion), low, high))
            yield min(portion.stop, high) - low
        self._count += count if stop >= self._stop else -count
        self._stop = stop
        return self._count


@dataclass(frozen=True, slots=True)
class Point:
    """A breakpoint with what finds it in the trace at hand."""

    breakpoint: Breakpoint
    matcher: Matcher
    counter: MatchCounter


@dataclass(frozen=True, slots=True)
class Found:
    """Where a search ended: the breakpoint that was met, None at the last step of the way.

    ``logged`` are the log points passed on the way, in the order in which they were passed;
    ``left_out`` how many more there were before them, ``lines`` what they write where a search
    goes through `Leg`s. ``T``: the update whose pass it ended in, −1 for a pass of its own.
    """

    index: int
    point: Breakpoint | None
    logged: tuple[tuple[int, Breakpoint], ...]
    left_out: int = 0
    seen: int = 0
    T: int = -1
    lines: tuple[LogLine, ...] = ()


Searching: TypeAlias = Generator[int, None, Found]


def searching(trace: Trace, points: Iterable[Point], origin: int, target: int) -> Searching:
    """From the step after ``origin`` to ``target``, which may lie before it.

    Yields the number of steps looked at, about every 2^18.
    """
    points = tuple(points)
    forward = target > origin
    low, high = (origin + 1, target + 1) if forward else (target, origin)
    seen = 0
    bases: dict[int, int] = {}
    for point in points:
        if point.breakpoint.hits > 1:
            bases[point.breakpoint.id] = yield from _counted(point, low if forward else high)
    logged: list[tuple[int, Breakpoint]] = []
    left_out = 0
    for portion in portions(trace.sequence, low, high, reverse=not forward):
        met = {p.breakpoint.id: between(p.matcher.numbers(portion), low, high) for p in points}
        acting = {
            p.breakpoint.id: _acting(p.breakpoint, met[p.breakpoint.id], bases, forward)
            for p in points
        }
        stop = _first_stop(points, acting, forward)
        lines = _passed(points, acting, stop, forward)
        left_out += max(0, len(logged) + len(lines) - MOST_LOGGED)
        logged = [*logged, *lines][-MOST_LOGGED:]
        if stop is not None:
            seen = abs(stop[0] - origin)
            return Found(stop[0], stop[1], tuple(logged), left_out, seen)
        seen += min(portion.stop, high) - max(portion.start, low)
        yield seen
    return Found(target, None, tuple(logged), left_out, abs(target - origin))


@dataclass(frozen=True, slots=True)
class Leg:
    """A pass that a search goes through: its trace, the breakpoints in it, and where it starts.

    ``origin`` and ``target`` as in `searching`; the pass is left where nothing was found.
    """

    T: int
    facts: Facts
    points: tuple[Point, ...]
    origin: int
    target: int


def searching_legs(legs: Iterable[Leg]) -> Searching:
    """One pass after the other until a breakpoint is met, or to the last step of the last pass."""
    seen, left_out = 0, 0
    lines: list[LogLine] = []
    found: Found | None = None
    for leg in legs:
        steps = searching(leg.facts.trace, leg.points, leg.origin, leg.target)
        found = yield from told_as(steps, partial(add, seen))
        lines += [log_line(leg.facts, index, point) for index, point in found.logged]
        left_out += found.left_out + max(0, len(lines) - MOST_LOGGED)
        lines = lines[-MOST_LOGGED:]
        seen += found.seen
        found = replace(found, T=leg.T, seen=seen, left_out=left_out, lines=tuple(lines))
        if found.point is not None:
            break
        yield seen
    assert found is not None, "a search goes through one pass at least"
    return found


def _counted(point: Point, stop: int) -> Generator[int, None, int]:
    """Matches before ``stop``; the pauses tell of no progress on the way itself."""
    for _ in point.counter.counting(stop):
        yield 0
    return point.counter.count(stop)


def between(numbers: Numbers, low: int, high: int) -> Numbers:
    """Those of ascending numbers that lie in low … high − 1."""
    if len(numbers) == 0 or (low <= numbers[0] and numbers[-1] < high):
        return numbers
    first, last = np.searchsorted(numbers, (low, high))
    return numbers[first:last]


def _acting(point: Breakpoint, met: Numbers, bases: dict[int, int], forward: bool) -> Numbers:
    """The matches from the ``hits``-th of the pass on."""
    if point.hits == 1:
        return met
    base = bases[point.id]  # matches before this portion, or, backwards, up to its end
    bases[point.id] = base + len(met) if forward else base - len(met)
    before = base if forward else base - len(met)
    return met[max(0, point.hits - 1 - before) :]


def _first_stop(
    points: tuple[Point, ...], acting: dict[int, Numbers], forward: bool
) -> tuple[int, Breakpoint] | None:
    """The stop that comes first on the way; of several at one step the first breakpoint's."""
    best: tuple[int, Breakpoint] | None = None
    for point in points:
        numbers = acting[point.breakpoint.id]
        if point.breakpoint.log or len(numbers) == 0:
            continue
        n = int(numbers[0] if forward else numbers[-1])
        if best is None or (n < best[0] if forward else n > best[0]):
            best = (n, point.breakpoint)
    return best


def _passed(
    points: tuple[Point, ...],
    acting: dict[int, Numbers],
    stop: tuple[int, Breakpoint] | None,
    forward: bool,
) -> list[tuple[int, Breakpoint]]:
    """Log points on the way, the step of the stop included; the last ones where there are many."""
    lines: list[tuple[int, Breakpoint]] = []
    for point in points:
        if point.breakpoint.log:
            numbers = _up_to(acting[point.breakpoint.id], stop, forward)
            lines += [(n, point.breakpoint) for n in numbers.tolist()]
    return sorted(lines, key=lambda line: line[0] if forward else -line[0])


def _up_to(numbers: Numbers, stop: tuple[int, Breakpoint] | None, forward: bool) -> Numbers:
    if stop is None:
        return numbers
    return numbers[numbers <= stop[0]] if forward else numbers[numbers >= stop[0]]


class Search:
    """A search that is done in pieces, as the window's time allows; nothing moves before its end.

    A verb that comes in between ends it.
    """

    def __init__(
        self, steps: Searching, distance: int, finish: Callable[[Search, Found | None], Stop]
    ) -> None:
        """``distance``: steps on the whole way. ``finish`` carries out what was found."""
        self._steps, self._distance, self._finish = steps, max(distance, 1), finish
        self.seen = 0
        self.stop: Stop | None = None

    @property
    def progress(self) -> float:
        """The part of the way that is looked at, 0 … 1."""
        return 1.0 if self.stop is not None else min(self.seen / self._distance, 1.0)

    def advance(self, seconds: float) -> Stop | None:
        """Search for about so long; how it ended, once it has."""
        end = perf_counter() + seconds
        while self.stop is None:
            try:
                self.seen = next(self._steps)
            except StopIteration as done:
                found: Found = done.value
                self.seen = found.seen
                self.stop = self._finish(self, found)
            if perf_counter() > end:
                break
        return self.stop

    def cancel(self) -> Stop:
        """End it; the cursor stays where it is."""
        if self.stop is None:
            self._steps.close()
            self.stop = self._finish(self, None)
        return self.stop


def finished(search: Search) -> Stop:
    """Search to the end at once; → how it ended."""
    while (stop := search.advance(1.0)) is None:
        pass
    return stop
