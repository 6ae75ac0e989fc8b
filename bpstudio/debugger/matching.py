"""Where a breakpoint is met in a pass: evaluated over blocks of steps, not term by term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.blocks import Block, Portion, block_at, block_of, blocks_of, portions
from bpstudio.core.errors import InputError
from bpstudio.core.selection import Selection, selected
from bpstudio.core.sequence import StepSequence
from bpstudio.core.trace import Trace
from bpstudio.debugger.breakpoints import Breakpoint, require_fit
from bpstudio.debugger.expressions import Expression, Reading, evaluate, parse, truth
from bpstudio.debugger.scope import Facts, Scope, find

Array = NDArray[Any]
Numbers = NDArray[np.int64]

NONE: Numbers = np.empty(0, dtype=np.int64)
_OF_STEP = ("value", "previous", "step", "row", "l", "j", "k", "i", "m")


@dataclass(frozen=True, slots=True)
class Matcher:
    """The steps of a trace at which a breakpoint is met.

    ``tested`` are the steps that are looked at, ``entries`` single steps of one sample (numbers
    in a pass of one row) where a place is entered; one of the two is empty.
    """

    facts: Facts
    condition: Expression | None
    tested: tuple[Selection, ...]
    entries: tuple[int, ...] = ()
    row: int | None = None

    def numbers(self, portion: Portion) -> Numbers:
        """The steps of a portion at which it is met, ascending."""
        found = [self._met(block) for block in self._blocks(portion)]
        found = [numbers for numbers in found if len(numbers)]
        if len(found) < 2:
            return found[0] if found else NONE
        # steps that two tests have in common count once
        return np.unique(np.concatenate(found))

    def _blocks(self, portion: Portion) -> Iterator[Block]:
        sequence = self.facts.trace.sequence
        for chosen in self.tested:
            yield from blocks_of(sequence, portion, chosen)
        for entry in self.entries:
            block = _entry_block(sequence, portion, entry, self.row)
            if block is not None:
                yield block

    def _met(self, block: Block) -> Numbers:
        if self.condition is None:
            return np.broadcast_to(block.numbers, block.shape).reshape(-1)
        return met(self.facts, self.condition, block)


def met(facts: Facts, condition: Expression, block: Block) -> Numbers:
    """The steps of a block at which a condition holds and all it reads is computed."""
    scope = Scope(facts, block)
    result = evaluate(condition, scope)
    if scope.known is False:
        return NONE
    true = truth(result)
    if scope.known is not True:
        true = np.logical_and(true, scope.known)
    if not true.any():
        return NONE
    places = np.flatnonzero(np.broadcast_to(true, block.shape))
    at = np.unravel_index(places, block.shape)
    offsets = sum(index * stride for index, stride in zip(at, block.strides, strict=True))
    return np.asarray(block.start + offsets, dtype=np.int64)


def first_step(facts: Facts, condition: str) -> int | None:
    """The first step of a pass at which a condition on any term holds; None where there is none."""
    sequence = facts.trace.sequence
    found = Matcher(facts, parse(condition).at(facts.trace.L), (Selection(),))
    for portion in portions(sequence, 0, len(sequence)):
        numbers = found.numbers(portion)
        if len(numbers):
            return int(numbers[0])
    return None


def cause_in(trace: Trace) -> int:
    """The first step whose number is not finite.

    Where every one is, their sum over the batch is not: then the largest loss of a sample.
    """
    n = first_step(Facts(trace), "not isfinite(value)")
    if n is not None:
        return n
    return trace.sequence.index(f"s{trace.rows[int(np.argmax(trace.C))]}/loss/C")


def value_at(facts: Facts, expression: Expression, n: int) -> float | bool | None:
    """An expression at one step; None where something it reads is not computed yet."""
    block = block_at(facts.trace.sequence, n)
    scope = Scope(facts, block)
    result = np.asarray(evaluate(expression, scope))
    if not np.all(scope.known):
        return None
    return bool(result.item()) if result.dtype == bool else float(result.item())


# What is tested ---------------------------------------------------------------------------


def matcher(facts: Facts, point: Breakpoint) -> Matcher | None:
    """The matcher of a breakpoint; None where the network has no such place."""
    sequence = facts.trace.sequence
    try:
        require_fit(point, sequence)
    except InputError:
        return None
    L = len(sequence.sizes)
    condition = parse(point.when).at(L) if point.when else None
    if point.kind is not None:
        return Matcher(facts, condition, (point.selection,))
    if condition is None:
        return Matcher(facts, None, (), entries(sequence, point.selection), point.row)
    tested = tests_of(condition, sequence, point.selection)
    if tested is not None:
        return Matcher(facts, condition, tested)
    return Matcher(facts, condition, (), entries(sequence, point.selection), point.row)


def tests_of(
    condition: Expression, sequence: StepSequence, place: Selection
) -> tuple[Selection, ...] | None:
    """The steps at which a condition without a kind is looked at.

    All steps of the place where it reads the step itself, those of the kinds it names where it
    names some without indices; else, without a place, those where a number it reads is computed.
    None: where the place is entered.
    """
    names = [reading.name for reading in condition.reads if _is_bare(reading)]
    kinds = [name for name in names if name not in (*_OF_STEP, "loss", "lr", "L")]
    if any(name in ("value", "previous", "step") for name in names):
        return (place,)
    if kinds:
        return tuple(replace(place, kind=kind) for kind in kinds)
    if any(name in _OF_STEP for name in names):
        return (place,)
    if place != Selection():
        return None
    made = (_made_at(reading, sequence) for reading in condition.reads)
    found = tuple(chosen for chosen in made if chosen is not None)
    return found or (Selection(kind="wa", s=sequence.rows[0], l=2, j=0, k=0),)


def _is_bare(reading: Reading) -> bool:
    return reading.layer is None and not reading.indices


def _made_at(reading: Reading, sequence: StepSequence) -> Selection | None:
    """The steps that compute, or first use, what a condition reads."""
    name, l, indices = reading.name, reading.layer, reading.indices
    if name in ("lr", "L"):
        return None
    if name == "loss":
        return Selection(kind="C", s=sequence.rows[-1])
    if name in ("grad_norm", "dead", "saturated"):
        return _last_of_layer(sequence, l)
    if name == "w":
        return _whole_or(Selection(kind="wa", l=l), "jk", indices, sequence)
    if name == "b":
        return _whole_or(Selection(kind="z", l=l), "j", indices, sequence)
    if name == "x" or (name == "a" and l == 1):
        return Selection(kind="wa", l=2, j=0, k=indices[0] if indices else sequence.sizes[0] - 1)
    if name == "y":
        return Selection(kind="C_j", j=indices[0])
    found = find(sequence, name, l, len(indices) > 1 if indices else None)
    letters = "j" + ((found[1].letter or "") if found is not None else "")
    return _whole_or(Selection(kind=name, l=l), letters, indices, sequence)


def _whole_or(
    chosen: Selection, letters: str, indices: tuple[int, ...], sequence: StepSequence
) -> Selection:
    """One number, or the last one of a layer's, with which all of them are computed."""
    if not indices:
        indices = _last_indices(chosen, sequence)
    place: dict[str, Any] = dict(zip(letters, indices, strict=False))
    return replace(chosen, **place)


def _last_indices(chosen: Selection, sequence: StepSequence) -> tuple[int, ...]:
    assert chosen.kind is not None, "a number has a kind"
    found = find(sequence, chosen.kind, chosen.l)
    return (0, 0) if found is None else (found[0].nodes - 1, found[1].count - 1)


def _last_of_layer(sequence: StepSequence, l: int | None) -> Selection:
    """The last step of a layer's backward pass, of the last sample."""
    region = [r for r in sequence.sample_regions if (r.phase, r.l) == ("back", l)][-1]
    run = region.runs[-1]
    place: dict[str, Any] = {"j": region.nodes - 1}
    if run.letter is not None:
        place[run.letter] = run.count - 1
    return Selection(kind=run.kinds[-1], l=l, s=sequence.rows[-1], **place)


# Entering a place -----------------------------------------------------------------------------


def entries(sequence: StepSequence, place: Selection) -> tuple[int, ...]:
    """Where a place is entered, in a pass of the first row alone, and after its last step.

    A node is entered forwards and backwards, a sample once; numbers from the sample's length on
    are those of the batch.
    """
    probe = StepSequence(
        sequence.sizes, sequence.biases, sequence.softmax, sequence.rows[:2], sequence.updates
    )
    found = _starts(probe, replace(place, s=None, stop=probe.sample_length))
    if place.s is None:
        of_batch = _starts(probe, replace(place, start=probe.batch_start))
        shift = probe.batch_start - probe.sample_length
        found += tuple(n - shift for n in of_batch)
    return found


def _starts(sequence: StepSequence, chosen: Selection) -> tuple[int, ...]:
    if chosen.start >= (len(sequence) if chosen.stop is None else chosen.stop):
        return ()
    try:
        return tuple(steps.start for steps in selected(sequence, chosen))
    except InputError:  # the place does not exist there
        return ()


def _entry_block(
    sequence: StepSequence, portion: Portion, entry: int, row: int | None
) -> Block | None:
    """An entry in the samples of a portion, as far as its lines reach."""
    length = sequence.sample_length
    of_batch = entry >= length
    if of_batch == bool(portion.samples):
        return None
    samples = _chosen_samples(sequence, portion.samples, row)
    if not samples and not of_batch:
        return None
    n = sequence.batch_start + entry - length if of_batch else samples.start * length + entry
    if len(portion.samples) < 2 and not portion.start <= n < portion.stop:
        return None
    one = block_at(sequence, n)
    indexed = one.letter is not None
    return block_of(sequence, one.kind, one.region.l, samples, one.j, one.x, indexed)


def _chosen_samples(sequence: StepSequence, samples: range, row: int | None) -> range:
    if row is None:
        return samples
    position = sequence.positions.get(row)
    if position is None or position not in samples:
        return range(0)
    return range(position, position + 1)
