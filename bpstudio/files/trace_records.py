"""What a file says about one step: the columns of every format."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import UNSET, UnsetType

from bpstudio.core.terms import Term
from bpstudio.core.trace import Trace

_AT_ONCE = 4096  # steps whose numbers are looked up together
_STEP = re.compile(r"(s\d+/(fwd|loss|back)|mean|update)/")  # else it is a leaf of an origin


class Record(msgspec.Struct, frozen=True):
    """One step. Index keys that its kind does not have are absent."""

    index: int
    address: str
    kind: str
    row: int | UnsetType
    l: int | UnsetType
    j: int | UnsetType
    k: int | UnsetType
    i: int | UnsetType
    m: int | UnsetType
    value: float | str
    symbol: str
    substitution: str
    operands: tuple[str, ...]


COLUMNS: tuple[str, ...] = Record.__struct_fields__


def written(x: float) -> float | str:
    """x, or the word for what JSON has no number for: NaN, Infinity, -Infinity."""
    if math.isfinite(x):
        return x
    return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"


def records(trace: Trace, ranges: Iterable[range], prefix: str = "") -> Iterator[Record]:
    """The steps of these ranges, in order; memory does not grow with their number.

    ``prefix`` is what addresses of steps begin with: the iteration e3/b4/ of a recorded run.
    """
    for steps in ranges:
        for at in range(0, len(steps), _AT_ONCE):
            part = steps[at : at + _AT_ONCE]
            values = trace.values(part[0], part[-1] + 1)[:: part.step].tolist()
            for n, value in zip(part, values, strict=True):
                yield _record(trace[n], value, prefix)


def _record(term: Term, value: float, prefix: str) -> Record:
    symbol, substitution = term.written()
    return Record(
        index=term.index,
        address=prefix + term.address,
        kind=term.kind,
        row=_or_absent(term.row),
        l=_or_absent(term.l),
        j=_or_absent(term.j),
        k=_or_absent(term.k),
        i=_or_absent(term.i),
        m=_or_absent(term.m),
        value=written(value),
        symbol=symbol,
        substitution=substitution,
        operands=tuple(prefixed(operand, prefix) for operand in term.operands),
    )


def prefixed(address: str, prefix: str) -> str:
    """The address of a step in that iteration; a leaf has none but its own."""
    return prefix + address if prefix and _STEP.match(address) else address


def _or_absent(index: int | None) -> int | UnsetType:
    return UNSET if index is None else index
