"""Stepping over levels: where into, over and out lead from step n, forwards and backwards.

Every level is an address prefix. The smallest level of a step is its weight (an index k, i or m),
else its node, else its pass; the next larger one is its parent.
"""

from __future__ import annotations

from bpstudio.core.address import Address
from bpstudio.core.sequence import StepSequence


def smallest_level(sequence: StepSequence, n: int) -> Address:
    """The weight, node or pass that step n belongs to."""
    level = sequence.step(n).place.parent()
    return level if level is not None else Address()


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
    return min(_run_around(sequence, n, level).stop, len(sequence) - 1)


def before(sequence: StepSequence, n: int, level: Address) -> int:
    """Last step before n that is not in the level; step 0 where there is none."""
    return max(_run_around(sequence, n, level).start - 1, 0)


def _run_around(sequence: StepSequence, n: int, level: Address) -> range:
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
