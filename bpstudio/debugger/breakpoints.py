"""Breakpoints as values: where, when, how often, and what they do there."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from bpstudio.core.address import KINDS, PHASES
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.selection import Selection, selected, wrong_index
from bpstudio.core.sequence import StepSequence
from bpstudio.core.updates import UpdateTerms
from bpstudio.debugger.expressions import check, parse
from bpstudio.debugger.expressions.template import parse_template

PLACE = ("phase", "row", "l", "j", "k", "i", "m")
ALL_KINDS = tuple(kind for kinds in KINDS.values() for kind in kinds)


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """A stop on a kind of term, a place and a condition; what is None or "" is any.

    ``hits``: it acts from that match of the pass on. With a ``log`` line it writes that instead of
    stopping. Without kind and condition it is met at the first step of its place; without kind
    and place, where a number that the condition reads is computed.
    """

    id: int
    kind: str | None = None
    phase: str | None = None
    row: int | None = None
    l: int | None = None
    j: int | None = None
    k: int | None = None
    i: int | None = None
    m: int | None = None
    when: str = ""
    hits: int = 1
    log: str = ""
    enabled: bool = True

    @property
    def has_place(self) -> bool:
        """Whether anything is said of where."""
        return any(getattr(self, name) is not None for name in PLACE)

    @property
    def selection(self) -> Selection:
        """Kind and place as a choice of steps."""
        place = (self.row, self.l, self.j, self.k, self.i, self.m)
        return Selection(0, None, *place, self.kind, self.phase)

    @property
    def place(self) -> str:
        """Kind and place as the language writes them: dC_dw, l=3, j=2, k=2."""
        parts = [self.kind] if self.kind is not None else []
        given = ((name, getattr(self, name)) for name in PLACE)
        return ", ".join([*parts, *(f"{n}={value}" for n, value in given if value is not None)])

    def __str__(self) -> str:
        text = self.place or "any term"
        return f"{text}, when {self.when}" if self.when else text


def breakpoint_of(number: int, settings: dict[str, Any]) -> Breakpoint:
    """A breakpoint of these settings. InputError where one of them is none."""
    known = {field.name for field in fields(Breakpoint)} - {"id"}
    for name in settings:
        if name not in known:
            raise InputError(f"a breakpoint has no {name!r}; it has {', '.join(sorted(known))}")
    return _checked(Breakpoint(number, **settings))


def changed(point: Breakpoint, settings: dict[str, Any]) -> Breakpoint:
    """The same breakpoint with other settings."""
    merged = {field.name: getattr(point, field.name) for field in fields(Breakpoint)}
    del merged["id"]
    return breakpoint_of(point.id, {**merged, **settings})


def _checked(point: Breakpoint) -> Breakpoint:
    if point.kind is not None and point.kind not in ALL_KINDS:
        raise InputError(f"there is no kind {point.kind!r}; it is one of {', '.join(ALL_KINDS)}")
    if point.phase is not None and point.phase not in PHASES:
        raise InputError(f"there is no phase {point.phase!r}; it is one of {', '.join(PHASES)}")
    for name in (*PLACE[1:], "hits"):
        _require_whole(name, getattr(point, name))
    if point.kind is None and not point.has_place and not point.when.strip():
        raise InputError("a breakpoint needs a kind of term, a place or a condition")
    if point.when:
        parse(point.when)
    if point.log:
        parse_template(point.log)
    return replace(point, when=point.when.strip())


def _require_whole(name: str, value: Any) -> None:
    if name == "hits" and (type(value) is not int or value < 1):
        raise InputError(f"hits counts from 1, given: {value!r}")
    if value is not None and (type(value) is not int or value < 0):
        raise InputError(f"{name} is a whole number from 0, given: {value!r}")


def require_fit(point: Breakpoint, sequence: StepSequence) -> None:
    """Refuse a place, or a condition on one, that no pass of this network has.

    Which rows there are, and whether means and updates, comes and goes with what is traced, so
    that is not looked at; a row of what is no row's is refused.
    """
    given = sequence.sizes, sequence.biases, sequence.softmax
    probe = StepSequence(*given, (0, 1), UpdateTerms.every())
    chosen = replace(point.selection, s=None if point.row is None else 0)
    try:
        next(selected(probe, chosen))
    except InputError:
        several = f"no step has {point.place}; leave out one of the conditions"
        raise InputError(wrong_index(probe, chosen) or several) from None
    if point.when:
        check(parse(point.when), sequence.sizes, sequence.softmax, sequence.biases)


def require_row(point: Breakpoint, data: Dataset) -> None:
    """Refuse a row that the data does not have."""
    if point.row is not None:
        data.position(point.row)
