"""A cursor in a pass, and where to find other steps from there, in other passes of the run too."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass

from bpstudio.core.address import Address
from bpstudio.core.errors import InputError
from bpstudio.core.trace import Trace
from bpstudio.debugger.passes import Pass, Passes, require_passes, split
from bpstudio.debugger.scope import Facts


@dataclass(frozen=True, slots=True)
class Position:
    """``cursor`` is a step of the pass that ``facts`` are of.

    ``passes`` are those of the recorded run that an address with e/b means, and ``recorded`` is
    the one of them that this pass is; None where it is a pass of its own.
    """

    facts: Facts
    cursor: int
    passes: Passes | None = None
    recorded: Pass | None = None

    @property
    def trace(self) -> Trace:
        """Everything the pass computed."""
        return self.facts.trace

    @property
    def T(self) -> int:
        """Number of the update whose pass this is; −1 for a pass of its own."""
        return -1 if self.recorded is None else self.recorded.visit.T


def resolved(here: Position, place: int | str | Address) -> tuple[int, Pass | None]:
    """Number of a step, and the pass it is in where that is another one."""
    if not isinstance(place, str | Address):
        return _existing(here, operator.index(place)), None
    sequence = here.trace.sequence
    iteration, address = split(place)
    if iteration is None:
        return sequence.index(place), None
    passes = require_passes(here.passes, place)
    into = passes.at(passes.number(*iteration))
    if into.visit.T == here.T:
        return sequence.index(address), None
    return into.trace.sequence.index(address), into


def _existing(here: Position, n: int) -> int:
    last = len(here.trace) - 1
    if not 0 <= n <= last:
        raise InputError(f"step {n} does not exist; the steps of this pass are 0..{last}")
    return n


def full_address(here: Position, place: int | str | Address) -> str:
    """The address of a step, with that of its update in a recorded run before it."""
    n, other = resolved(here, place)
    into, trace = (here.recorded, here.trace) if other is None else (other, other.trace)
    return ("" if into is None else into.prefix) + trace[n].address


def next_marked(here: Position, addresses: Iterable[str]) -> tuple[int, Pass | None]:
    """The first of these places after the cursor, else the first of all that can be reached."""
    found = (_reached(here, address) for address in addresses)
    places = sorted(place for place in found if place is not None)
    if not places:
        raise InputError("no step of this pass is marked; mark the current one first")
    T, n = next((place for place in places if place > (here.T, here.cursor)), places[0])
    return n, None if T == here.T or here.passes is None else here.passes.at(T)


def _reached(here: Position, address: str) -> tuple[int, int] | None:
    """Update and step of an address; None where it is not to be reached from here."""
    try:
        n, into = resolved(here, address)
    except InputError:
        return None
    return (here.T if into is None else into.visit.T, n)


def neighbour(
    here: Position, unit: str, forward: bool, whole: bool = True
) -> tuple[int, Pass | None]:
    """Where the next or the previous pass, or epoch, is entered; where it is at an end.

    ``whole``: at the first step, else at the end that comes first on the way.
    """
    if here.passes is None or here.recorded is None:
        raise InputError(f"there is no other {unit} here; train, then step through the run")
    T = here.T + (1 if forward else -1)
    if unit == "epoch":
        T = _epoch_start(here, here.recorded, forward)
    if not 0 <= T <= here.passes.last:
        return len(here.trace) - 1 if forward else 0, None
    into = here.passes.at(T)
    return (0 if forward or whole else len(into.trace) - 1), into


def _epoch_start(here: Position, recorded: Pass, forward: bool) -> int:
    """T of the next epoch's first update; backwards, of this epoch's or the one before."""
    visit, T = recorded.visit, here.T
    if forward:
        return T + visit.segment.training.batches_per_epoch - visit.batch
    if visit.batch > 0 or here.cursor > 0:
        return T - visit.batch if visit.batch > 0 else T
    return T - visit.segment.training.batches_per_epoch
