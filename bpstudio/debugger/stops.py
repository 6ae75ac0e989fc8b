"""Why a run through the pass stopped, in parts and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bpstudio.core.notation import Notation, format_count, format_number, plain
from bpstudio.core.terms import Term
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.expressions import Reading, parse
from bpstudio.debugger.expressions.places import written
from bpstudio.debugger.matching import value_at
from bpstudio.debugger.scope import Facts

Why = Literal["breakpoint", "place", "end", "start", "interrupted"]


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the cursor stands after a run, and why there.

    ``hit``: the how-manieth match of the breakpoint in the pass it is, None where that was not
    counted. ``seen``: how many steps were looked at.
    """

    why: Why
    index: int
    address: str
    value: float
    text: str
    breakpoint: Breakpoint | None = None
    hit: int | None = None
    seen: int = 0

    def __str__(self) -> str:
        return f"{self.address}: {self.text}"


_REASONS: dict[Why, str] = {
    "place": "the place to run to",
    "end": "the end of the {}; no breakpoint on the way",
    "start": "the start of the {}; no breakpoint on the way",
    "interrupted": "interrupted; the cursor stays where it was",
}


def stop_at(
    why: Why,
    facts: Facts,
    n: int,
    prefix: str,
    point: Breakpoint | None,
    hit: int | None,
    seen: int,
) -> Stop:
    """A stop at step n, and its reason; ``prefix`` is what addresses begin with in this pass."""
    term = facts.trace[n]
    searched = "run" if prefix else "pass"  # in a recorded run it goes from update to update
    text = _REASONS[why].format(searched) if point is None else reason(facts, term, point, hit)
    return Stop(why, n, prefix + term.address, term.value, text, point, hit, seen)


def reason(facts: Facts, term: Term, point: Breakpoint, hit: int | None) -> str:
    """What a breakpoint found: its condition with the numbers it read, or the term's value."""
    text = _condition(facts, term, point) if point.when else _value(term)
    return f"{text}, {ordinal(hit)} hit" if hit is not None else text


def _value(term: Term) -> str:
    name = term.statement(Notation(term.trace.L))[0]
    return f"{plain(f'${name}$')} = {format_number(term.value)}"


def _condition(facts: Facts, term: Term, point: Breakpoint) -> str:
    parts = [f"{written(reading)} = {_number(facts, reading, term)}" for reading in _reads(point)]
    return f"{point.when}, where {', '.join(parts)}" if parts else point.when


def _reads(point: Breakpoint) -> tuple[Reading, ...]:
    return tuple(reading for reading in parse(point.when).reads if reading.name != "L")


def _number(facts: Facts, reading: Reading, term: Term) -> str:
    whole = reading.layer is not None and not reading.indices
    text = written(reading)
    if whole and reading.name not in ("grad_norm", "dead", "saturated"):
        text = f"norm({text})"
    value = value_at(facts, parse(text), term.index)
    return "pending" if value is None else format_number(float(value))


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th …"""
    if n % 100 in (11, 12, 13):
        return f"{format_count(n)}th"
    return f"{format_count(n)}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th') }"
