"""Stepping over levels: where into, over and out lead from step n, forwards and backwards.

Every level is an address prefix. The smallest level of a step is its weight (an index k, i or m),
else its node, else its pass; the next larger one is its parent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from bpstudio.core.address import Address
from bpstudio.core.errors import InputError
from bpstudio.core.sequence import StepSequence

Unit = Literal["term", "node", "layer", "sample", "batch"]
UNITS: tuple[Unit, ...] = get_args(Unit)


def smallest_level(sequence: StepSequence, n: int) -> Address:
    """The weight, node or pass that step n belongs to; the scale of clipping stands by itself."""
    place = sequence.step(n).place
    return place if place.kind == "clip" else place.parent() or Address()


def enclosing_levels(sequence: StepSequence, n: int) -> tuple[Address, ...]:
    """All levels around step n, from the batch inwards."""
    levels = []
    level = sequence.step(n).place.parent()
    while level is not None:
        levels.append(level)
        level = level.parent()
    return tuple(reversed(levels))


def after(sequence: StepSequence, n: int, level: Address) -> int:
    """First step after n that is not in the level; the last step where there is none."""
    return min(steps_around(sequence, n, level).stop, len(sequence) - 1)


def before(sequence: StepSequence, n: int, level: Address) -> int:
    """Last step before n that is not in the level; step 0 where there is none."""
    return max(steps_around(sequence, n, level).start - 1, 0)


def steps_around(sequence: StepSequence, n: int, level: Address) -> range:
    """The steps of a level around step n, without a gap."""
    return next(span for span in sequence.span(level) if n in span)


def over(sequence: StepSequence, n: int) -> int:
    """First step after the smallest level of step n."""
    return after(sequence, n, smallest_level(sequence, n))


def back_over(sequence: StepSequence, n: int) -> int:
    """Last step before the smallest level of step n: the mirror of `over`."""
    return before(sequence, n, smallest_level(sequence, n))


def out(sequence: StepSequence, n: int) -> int:
    """First step after the level around the smallest one."""
    return after(sequence, n, _larger(sequence, n))


def back_out(sequence: StepSequence, n: int) -> int:
    """Last step before the level around the smallest one: the mirror of `out`."""
    return before(sequence, n, _larger(sequence, n))


def _larger(sequence: StepSequence, n: int) -> Address:
    return smallest_level(sequence, n).parent() or Address()


def by(sequence: StepSequence, n: int, unit: Unit, forward: bool = True) -> int:
    """First step after, or last before, the unit that step n belongs to; at an end the end."""
    if unit == "term":
        return min(n + 1, len(sequence) - 1) if forward else max(n - 1, 0)
    level = level_of(sequence, n, unit)
    return after(sequence, n, level) if forward else before(sequence, n, level)


def level_of(sequence: StepSequence, n: int, unit: Unit) -> Address:
    """The node, layer, sample or batch around step n.

    What belongs to no node or layer (the loss), or to no sample (mean and update), counts as its
    pass; the scale of clipping, which comes before all layers, is a layer of its own.
    """
    if unit not in UNITS:
        raise InputError(f"there is no unit {unit!r}; choose one of {', '.join(UNITS)}")
    place = sequence.step(n).place
    if place.kind == "clip" and unit in ("node", "layer"):
        return place
    if unit == "batch":
        return Address()
    if unit == "sample":
        return Address(row=place.row, phase=place.phase if place.row is None else None)
    node = place.j if unit == "node" else None
    if place.l is None:
        node = None
    return replace(place, j=node, letter=None, index=None, kind=None)
