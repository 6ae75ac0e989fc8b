"""Which steps of a pass are listed: by kind and place, by a condition, the largest alone.

Kind and place are arithmetic. A condition and the largest need a look at every step chosen so
far: that is done in pieces, over arrays, and can be given up at any time.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.address import KINDS, PHASES, parse_address
from bpstudio.core.blocks import Block, blocks_of, portions
from bpstudio.core.chosen import ChosenSteps
from bpstudio.core.errors import InputError
from bpstudio.core.selection import Selection
from bpstudio.core.sequence import StepSequence
from bpstudio.core.trace import Trace
from bpstudio.debugger.expressions import Expression, check, evaluate, parse, truth
from bpstudio.debugger.scope import Facts, Scope

Array = NDArray[Any]
Numbers = NDArray[np.int64]

MOST_FOUND = 1_000_000  # steps that are kept of those where a condition holds: 8 MB
_ADDRESS_PARTS = ("kind", "phase", "l", "j")


_EVERYWHERE = Selection()


@dataclass(frozen=True, slots=True)
class StepFilter:
    """What is listed; ``top`` is how many of the largest by size, 0 for all."""

    selection: Selection = _EVERYWHERE
    condition: str = ""
    top: int = 0

    @property
    def looks(self) -> bool:
        """Whether every step chosen has to be looked at."""
        return bool(self.condition or self.top)

    @property
    def is_empty(self) -> bool:
        """Whether it lets everything through."""
        return self == StepFilter()


def step_filter(
    sequence: StepSequence, kind: str = "", place: str = "", condition: str = "", top: int = 0
) -> StepFilter:
    """A filter of what was typed. InputError where a part of it cannot be used here."""
    selection = place_selection(place)
    if kind and selection.kind not in (None, kind):
        raise InputError(f"{place!r} names the kind {selection.kind}, but {kind} is chosen")
    if kind:
        selection = replace(selection, kind=kind)
    if condition.strip():
        check(parse(condition), sequence.sizes, sequence.softmax, sequence.biases)
    return StepFilter(selection, condition.strip(), top)


def place_selection(text: str) -> Selection:
    """The steps that a place means: part of an address (s52/back/l3) or indices (l=3, j=2)."""
    typed = text.strip()
    if not typed:
        return Selection()
    if _WITHOUT_PASS.match(typed):
        return replace(_of_address(_in_some_pass(typed)), phase=None)
    if "/" in typed or _IS_SAMPLE.fullmatch(typed):
        return _of_address(typed)
    return Selection().only(",".join(_written_out(part.strip()) for part in typed.split(",")))


_IS_SAMPLE = re.compile("s[0-9]+")
_WITHOUT_PASS = re.compile("[lj][0-9]+(/|$)")


def _in_some_pass(typed: str) -> str:
    """The address with the first pass that has such a term."""
    for phase in ("back", "fwd", "mean"):
        with suppress(InputError):
            return str(parse_address(f"{phase}/{typed}"))
    return f"update/{typed}"


def _written_out(part: str) -> str:
    """A kind or a pass alone, and "row", as a selection has them."""
    if part in PHASES:
        return f"phase={part}"
    if any(part in kinds for kinds in KINDS.values()):
        return f"kind={part}"
    return f"s={part[4:]}" if part.startswith("row=") else part


def _of_address(typed: str) -> Selection:
    place = parse_address(typed)
    if place.epoch is not None:
        raise InputError(f"{typed!r} names an iteration of a recorded run; leave out e…/b…")
    given: dict[str, Any] = {name: getattr(place, name) for name in _ADDRESS_PARTS}
    if place.letter is not None:
        given[place.letter] = place.index
    return Selection(s=place.row, **given)


# The steps that are listed ------------------------------------------------------------------


class Listed:
    """Steps in rows: all, those of a selection, or those that a look has found by now."""

    def __init__(self, trace: Trace, chosen: StepFilter) -> None:
        self.trace, self.filter = trace, chosen
        self._arithmetic = ChosenSteps(trace.sequence, chosen.selection)
        self._found = np.empty(1024, dtype=np.int64)
        self._count = 0
        self.is_complete = not chosen.looks
        self.left_out = 0  # steps where the condition holds beyond those that are kept

    @property
    def is_ascending(self) -> bool:
        """Whether the rows are in the order of the steps; the largest are in that of their size."""
        return self.filter.top == 0

    @property
    def found(self) -> Numbers:
        """What a look has found by now."""
        return self._found[: self._count]

    def __len__(self) -> int:
        return self._count if self.filter.looks else len(self._arithmetic)

    def __getitem__(self, row: int) -> int:
        """The number of the step in a row."""
        return int(self.found[row]) if self.filter.looks else self._arithmetic[row]

    def row_of(self, number: int) -> int | None:
        """The row of a step; None where it is not listed."""
        if not self.is_ascending:
            rows = np.flatnonzero(self.found == number)
            return int(rows[0]) if len(rows) else None
        row = self.below(number)
        return row if row < len(self) and self[row] == number else None

    def below(self, number: int) -> int:
        """How many rows come before a step, where they are in the order of the steps."""
        if self.filter.looks:
            return int(np.searchsorted(self.found, number))
        return self._arithmetic.below(number)

    def look(self, facts: Facts) -> Generator[float, None, None]:
        """Find the steps; rows appear as it goes on. Yields the share that is looked at."""
        chosen, sequence, total = self.filter, self.trace.sequence, len(self.trace)
        condition = parse(chosen.condition).at(self.trace.L) if chosen.condition else None
        sizes = np.empty(0)
        for portion in portions(sequence, 0, total):
            blocks = blocks_of(sequence, portion, chosen.selection)
            numbers, values = _joined([_candidates(facts, condition, block) for block in blocks])
            if chosen.top:
                sizes = self._keep_largest(sizes, numbers, _sizes(values))
            else:
                self._keep(np.sort(numbers))
            yield min(portion.stop / total, 1.0)
        self.is_complete = True

    def _keep(self, numbers: Numbers) -> None:
        count = min(self._count + len(numbers), MOST_FOUND)
        self.left_out += self._count + len(numbers) - count
        if count > len(self._found):
            grown = np.empty(max(count, 2 * len(self._found)), dtype=np.int64)
            grown[: self._count] = self.found
            self._found = grown
        self._found[self._count : count] = numbers[: count - self._count]
        self._count = count

    def _keep_largest(self, kept: Array, numbers: Numbers, sizes: Array) -> Array:
        """Take over those larger than the least that is kept; → the sizes of what is kept."""
        top = self.filter.top
        if len(kept) == top:
            larger = sizes > kept[-1]
            numbers, sizes = numbers[larger], sizes[larger]
        if len(numbers):
            numbers = np.concatenate((self.found, numbers))
            sizes = np.concatenate((kept, sizes))
            order = np.lexsort((numbers, -sizes))[:top]
            self._found, self._count, kept = numbers[order], len(order), sizes[order]
        return kept


def _joined(parts: list[tuple[Numbers, Array]]) -> tuple[Numbers, Array]:
    if not parts:
        return np.empty(0, dtype=np.int64), np.empty(0)
    numbers, values = zip(*parts, strict=True)
    return np.concatenate(numbers), np.concatenate(values)


def _candidates(facts: Facts, condition: Expression | None, block: Block) -> tuple[Numbers, Array]:
    """Steps of a block where a condition holds and all it reads is computed, and their values."""
    numbers = np.broadcast_to(block.numbers, block.shape)
    values = np.broadcast_to(block.values(facts.trace), block.shape)
    if condition is None:
        return numbers.reshape(-1), values.reshape(-1)
    scope = Scope(facts, block)
    holds = truth(evaluate(condition, scope)) & np.asarray(scope.known)
    mask = np.broadcast_to(holds, block.shape)
    return numbers[mask], values[mask]


def _sizes(values: Array) -> Array:
    """|value|; what is not a number is larger than any."""
    sizes = np.abs(values)
    return np.where(np.isnan(sizes), np.inf, sizes)
