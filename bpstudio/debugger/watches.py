"""Watches: an expression or an address, its value at the cursor and its history in the pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.address import Address, parse_address
from bpstudio.core.blocks import Block, blocks_of, portions
from bpstudio.core.errors import InputError
from bpstudio.core.selection import Selection
from bpstudio.core.sequence import StepSequence
from bpstudio.core.updates import UpdateTerms
from bpstudio.debugger.expressions import Expression, check, evaluate, parse
from bpstudio.debugger.matching import tests_of, value_at
from bpstudio.debugger.scope import Facts, Scope

Floats = NDArray[np.float64]

MOST_POINTS = 256  # of a history: twice the pixels of its sparkline, and some
_MOST_PORTIONS = 64  # that are looked at for one


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched, as it was typed."""

    id: int
    text: str

    @property
    def place(self) -> Address | None:
        """The address, where it is one."""
        return parse_address(self.text) if "/" in self.text and _is_address(self.text) else None


def _is_address(text: str) -> bool:
    try:
        return parse_address(text).kind is not None
    except InputError:
        return False


class Watches:
    """Watches in the order in which they were made; numbers are never given twice."""

    def __init__(self) -> None:
        self._all: dict[int, Watch] = {}
        self._next = 1

    @property
    def all(self) -> tuple[Watch, ...]:
        """Every watch."""
        return tuple(self._all.values())

    def find(self, number: int) -> Watch:
        """The watch of that number."""
        if number not in self._all:
            known = ", ".join(map(str, self._all)) or "none"
            raise InputError(f"there is no watch {number}; there are: {known}")
        return self._all[number]

    def add(self, sequence: StepSequence, text: str) -> Watch:
        """Watch an expression or address; one that is watched already is not watched twice."""
        made = watch_of(self._next, text, sequence)
        for watch in self._all.values():
            if watch.text == made.text:
                return watch
        self._next += 1
        self._all[made.id] = made
        return made

    def change(self, sequence: StepSequence, number: int, text: str) -> Watch:
        """Watch something else in the same place."""
        made = watch_of(self.find(number).id, text, sequence)
        self._all[number] = made
        return made

    def remove(self, number: int) -> None:
        """Watch it no longer."""
        del self._all[self.find(number).id]

    def recall(self, watches: Iterable[Watch], following: int) -> None:
        """Have these, and give the next one that number."""
        self._all, self._next = {watch.id: watch for watch in watches}, following

    @property
    def following(self) -> int:
        """The number of the next one."""
        return self._next


def watch_of(number: int, text: str, sequence: StepSequence) -> Watch:
    """A watch. InputError where it is no expression or address, or none of this network."""
    watch = Watch(number, text.strip())
    place = watch.place
    if place is None:
        _expression(watch.text, sequence)
        return watch
    given = sequence.sizes, sequence.biases, sequence.softmax
    probe = StepSequence(*given, (0, 1), UpdateTerms.every())
    probe.index(_in_sample(replace(place, row=None), probe, 0))
    return watch


def _expression(text: str, sequence: StepSequence) -> Expression:
    """What a text says of this network."""
    return _checked(text, sequence.sizes, sequence.softmax, sequence.biases)


@lru_cache(maxsize=256)
def _checked(
    text: str, sizes: tuple[int, ...], softmax: tuple[bool, ...], biases: tuple[bool, ...]
) -> Expression:
    expression = parse(text)
    check(expression, sizes, softmax, biases)
    return expression.at(len(sizes))


def _in_sample(place: Address, sequence: StepSequence, n: int) -> Address:
    """The address in the sample of step n, where it names none."""
    if place.row is not None or place.phase not in ("fwd", "loss", "back"):
        return place
    row = sequence.step(n).row
    return replace(place, row=sequence.rows[-1] if row is None else row)


def watch_value(facts: Facts, watch: Watch, n: int) -> float | bool | None:
    """The value at step n; None where it is not computed yet, or not in this pass."""
    sequence = facts.trace.sequence
    try:
        if watch.place is None:
            return value_at(facts, _expression(watch.text, sequence), n)
        index = sequence.index(_in_sample(watch.place, sequence, n))
    except InputError:  # of another network, or of a row that is not in the batch
        return None
    return facts.trace[index].value if index <= n else None


def watch_history(facts: Facts, watch: Watch, n: int, most: int = MOST_POINTS) -> Floats:
    """Its values where it was computed anew, up to step n: the last ones, at most ``most``."""
    try:
        tests = _tests(facts, watch)
    except InputError:
        return np.empty(0)
    sequence = facts.trace.sequence
    found: list[tuple[Any, Any]] = []
    count = 0
    for looked_at, portion in enumerate(portions(sequence, 0, n + 1, reverse=True)):
        for chosen in tests:
            for block in blocks_of(sequence, portion, chosen):
                numbers, values = _known_values(facts, watch, block, n)
                found.append((numbers, values))
                count += len(numbers)
        if count >= most or looked_at >= _MOST_PORTIONS:
            break
    if not found:
        return np.empty(0)
    numbers, values = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.argsort(numbers, kind="stable")[-most:]
    return np.asarray(values[order], dtype=np.float64)


def _tests(facts: Facts, watch: Watch) -> tuple[Selection, ...]:
    """The steps that make a new value of it."""
    sequence, place = facts.trace.sequence, watch.place
    if place is not None:
        step = sequence.step(sequence.index(_in_sample(place, sequence, 0)))
        return (Selection(0, None, None, step.l, step.j, step.k, step.i, step.m, step.kind),)
    return tests_of(_expression(watch.text, sequence), sequence, Selection()) or ()


def _known_values(facts: Facts, watch: Watch, block: Block, n: int) -> tuple[Any, Any]:
    """Numbers of the steps up to n where it is known, and its values there."""
    numbers = np.broadcast_to(block.numbers, block.shape).reshape(-1)
    scope = Scope(facts, block)
    if watch.place is not None:
        result = block.values(facts.trace)
    else:
        result = evaluate(_expression(watch.text, facts.trace.sequence), scope)
    values = np.broadcast_to(result, block.shape).reshape(-1)
    known = np.broadcast_to(np.asarray(scope.known), block.shape).reshape(-1)
    chosen = known & (numbers <= n)
    return numbers[chosen], values[chosen]
