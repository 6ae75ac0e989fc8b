"""The chosen steps of a trace as columns, thousands at a time: what every format is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.address import KINDS
from bpstudio.core.block_texts import BlockTexts, block_texts
from bpstudio.core.blocks import Block, blocks_of, portions
from bpstudio.core.selection import Selection
from bpstudio.core.trace import Trace

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

AT_ONCE = 1 << 14  # steps of one portion with its texts
_NUMBERS_ALONE = 4  # times as many without
ABSENT = -1  # an index that a kind does not have
KIND_NAMES: tuple[str, ...] = tuple(kind for kinds in KINDS.values() for kind in kinds)
_CODES = {kind: code for code, kind in enumerate(KIND_NAMES)}


@dataclass(frozen=True, slots=True)
class Columns:
    """Some steps in order, one entry a step in each column.

    ``kind`` counts `KIND_NAMES`; an index that a kind does not have is `ABSENT`. ``texts``: None
    where only numbers were asked for.
    """

    index: Integers
    kind: Integers
    row: Integers
    l: Integers
    j: Integers
    k: Integers
    i: Integers
    m: Integers
    value: Floats
    texts: BlockTexts | None

    def __len__(self) -> int:
        return len(self.index)


NUMBERS: tuple[str, ...] = ("index", "kind", "row", "l", "j", "k", "i", "m", "value")


def columns(
    trace: Trace,
    chosen: Selection,
    prefix: str = "",
    texts: bool = True,
    among: Integers | None = None,
) -> Iterator[Columns]:
    """The chosen steps, in order; memory does not grow with their number.

    ``prefix`` is what addresses of steps begin with: the iteration e3/b4/ of a recorded run.
    ``among``: of the chosen steps only these, ascending numbers.
    """
    sequence = trace.sequence
    for window in _windows(trace, chosen):
        batch = range(max(window.start, sequence.batch_start), window.stop)
        samples = range(window.start, min(window.stop, sequence.batch_start))
        size = AT_ONCE if texts else _NUMBERS_ALONE * AT_ONCE
        # a mean has one operand a sample
        sizes = (size, max(1, size // len(sequence.rows)) if texts else size)
        for steps, size in zip((samples, batch), sizes, strict=True):
            if steps:
                for part in _parts(trace, chosen, steps, size):
                    yield from _assembled(trace, part, prefix, texts, among)


def _windows(trace: Trace, chosen: Selection) -> Iterator[range]:
    """Where chosen steps may be: of one row only its samples."""
    sequence = trace.sequence
    stop = len(sequence) if chosen.stop is None else min(chosen.stop, len(sequence))
    if chosen.s is None:
        yield range(chosen.start, stop)
        return
    length = sequence.sample_length
    for position, row in enumerate(sequence.rows):
        at = position * length
        if row == chosen.s and at < stop and at + length > chosen.start:
            yield range(max(chosen.start, at), min(stop, at + length))


class _Part(NamedTuple):
    """Blocks, of which those steps are wanted that lie in the range."""

    blocks: Sequence[Block]
    steps: range


def _parts(trace: Trace, chosen: Selection, steps: range, size: int) -> Iterator[_Part]:
    """The steps in portions of about this size; a line that is longer is cut."""
    everywhere = replace(chosen, s=None)
    for portion in portions(trace.sequence, steps.start, steps.stop, size=size):
        blocks = [*blocks_of(trace.sequence, portion, everywhere)]
        if not blocks:
            continue
        first, last = max(steps.start, portion.start), min(steps.stop, portion.stop)
        one_line = len(portion.lines) == 1 and len(portion.lines[0][1]) == 1
        cut = one_line and len(portion.samples) <= 1
        for at in range(first, last, size) if cut else (first,):
            stop = min(at + size, last) if cut else last
            parts = [part for block in blocks if (part := _cut(block, at, stop))] if cut else blocks
            if parts:
                yield _Part(parts, range(at, stop))


def _cut(block: Block, start: int, stop: int) -> Block | None:
    """The part of a line's block with these numbers."""
    stride = block.strides[2]
    first = max(0, -(-(start - block.start) // stride))
    end = max(0, -(-(stop - block.start) // stride))
    x = block.x[first:end]
    return replace(block, x=x, start=block.start + first * stride) if x else None


def _assembled(
    trace: Trace, part: _Part, prefix: str, texts: bool, among: Integers | None
) -> Iterator[Columns]:
    """The wanted steps of blocks in the order of their numbers, where there is any."""
    blocks, steps = part
    if among is not None:
        among = among[slice(*np.searchsorted(among, (steps.start, steps.stop)))]
        if not len(among):
            return
    found = [_integers(trace, block) for block in blocks]
    numbers = {name: np.concatenate([one[name] for one in found]) for name in found[0]}
    order = _order(numbers["index"], steps, among)
    if not len(order):
        return
    values = np.concatenate([_values(trace, block) for block in blocks])[order]
    written = _texts(trace, blocks, order, prefix) if texts else None
    ordered = {name: column[order] for name, column in numbers.items()}
    yield Columns(**ordered, value=values, texts=written)


def _order(index: Integers, steps: range, among: Integers | None) -> Integers:
    """Places of the wanted numbers, ascending."""
    order = np.argsort(index, kind="stable")
    wanted = (index >= steps.start) & (index < steps.stop)
    if among is not None:
        wanted &= np.isin(index, among)
    return order[wanted[order]]


def _values(trace: Trace, block: Block) -> Floats:
    return np.broadcast_to(block.values(trace), block.shape).astype(np.float64).reshape(-1)


def _integers(trace: Trace, block: Block) -> dict[str, Integers]:
    """Number, kind and indices of every step of a block."""
    region = block.region
    rows = np.array([trace.rows[s] for s in block.samples] or [ABSENT])
    j = np.arange(block.j.start, block.j.stop) if region.has_j else np.array([ABSENT])
    x = np.arange(block.x.start, block.x.stop)
    found = {
        "index": block.numbers,
        "kind": np.array(_CODES[block.kind]),
        "row": rows[:, None, None],
        "l": np.array(ABSENT if region.l is None else region.l),
        "j": j[:, None],
        **{letter: x if letter == block.letter else np.array(ABSENT) for letter in "kim"},
    }
    return {
        name: np.broadcast_to(column, block.shape).reshape(-1) for name, column in found.items()
    }


def _texts(trace: Trace, blocks: Sequence[Block], order: Integers, prefix: str) -> BlockTexts:
    found = [block_texts(trace, block, prefix) for block in blocks]
    return BlockTexts(*(_ordered(parts, order) for parts in zip(*found, strict=True)))


def _ordered(parts: Sequence[list], order: Integers) -> list:  # type: ignore[type-arg]
    """The entries of lists, one after the other, in that order."""
    joined = [entry for part in parts for entry in part]
    return [joined[place] for place in order.tolist()]
