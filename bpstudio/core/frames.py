"""The levels around a step as frames of a call stack: batch, sample, pass, layer, node, weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpstudio.core.address import Address
from bpstudio.core.derivation import label_of, level_label
from bpstudio.core.levels import enclosing_levels, steps_around
from bpstudio.core.notation import Notation, counted, on_one_line
from bpstudio.core.sequence import Step

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace


@dataclass(frozen=True, slots=True)
class Frame:
    """One level, or the step itself at the end.

    ``label`` and ``position`` are markup ($…$ LaTeX); ``position`` says which of how many it is,
    "" where there is one only. ``steps`` are those of the level around the step without a gap, the
    step itself for the last frame. ``value`` is what the first of them computed.
    """

    label: str
    position: str
    address: str
    steps: range
    value: float


def frames(trace: Trace, n: int) -> tuple[Frame, ...]:
    """The frames around step n, from the batch inwards; the step itself is the last one."""
    notation = Notation(trace.L)
    step = trace.sequence.step(n)
    levels = [_level(trace, step, level, notation) for level in enclosing_levels(trace.sequence, n)]
    symbol = on_one_line(trace[n].statement(notation).name)
    name = f"{label_of(trace.sequence, step)} ${symbol}$"
    own = range(n, n + 1)
    return (*levels, Frame(_capital(name), "", step.address, own, trace.value(step)))


def _level(trace: Trace, step: Step, level: Address, notation: Notation) -> Frame:
    steps = steps_around(trace.sequence, step.index, level)
    whole = level == Address()
    return Frame(
        "Batch" if whole else level_label(level, notation),
        counted(len(trace.rows), "row") if whole else _position(trace, step, level),
        str(level),
        steps,
        trace.value(trace.sequence.step(steps.start)),
    )


def _position(trace: Trace, step: Step, level: Address) -> str:
    """Which of how many the level is."""
    if level.letter is not None:
        return _of(level.letter, level.index, 0, _count(trace, level) - 1)
    if level.j is not None:
        return _of("j", level.j, 0, _count(trace, level) - 1)
    if level.l is not None:
        return _of("l", level.l, 2, trace.L)
    if level.phase is None and len(trace.rows) > 1 and step.s is not None:
        return f"row {step.s} of 0 … {len(trace.rows) - 1} in the batch"
    return ""


def _count(trace: Trace, level: Address) -> int:
    """How many there are of an index: k counts the layer below, i the next one, j and m its own.

    The parts of the loss are those of the output layer.
    """
    offset = {"k": -1, "i": 1}.get(level.letter or "", 0)
    return trace.network.sizes[(level.l or trace.L) - 1 + offset]


def _of(name: str, index: int | None, first: int, last: int) -> str:
    return f"${name} = {index}$ of {first} … {last}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
