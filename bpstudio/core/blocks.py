"""Steps in blocks: all of one kind in a rectangle of samples, nodes and second indices.

A block is numbered by arithmetic and evaluated as one array, so a search looks at 10⁷ terms in a
few dozen numpy calls. Portions cut the sequence, in order, into pieces that bound the memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.regions import Region, Run
from bpstudio.core.selection import Selection, region_fits, second_indices
from bpstudio.core.sequence import StepSequence
from bpstudio.core.trace import Trace
from bpstudio.core.values import CHUNK, rule_of

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Block:
    """Steps of one kind: samples × nodes × second index, ascending in that order.

    ``samples`` are positions in the batch, empty for steps of the batch (mean, update); ``letter``
    says what ``x`` counts (k, i, m), None where the kind has no second index. ``start`` is the
    number of the first step, ``strides`` what one sample, node and x add to it.
    """

    region: Region
    kind: str
    letter: str | None
    samples: range
    j: range
    x: range
    start: int
    strides: tuple[int, int, int]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Samples (1 for steps of the batch), nodes, second indices."""
        return max(len(self.samples), 1), len(self.j), len(self.x)

    @property
    def size(self) -> int:
        """Number of steps."""
        n_s, n_j, n_x = self.shape
        return n_s * n_j * n_x

    @property
    def last(self) -> int:
        """The highest number."""
        counts = zip(self.shape, self.strides, strict=True)
        return self.start + sum((count - 1) * stride for count, stride in counts)

    @cached_property
    def numbers(self) -> Array:
        """The number of every step, broadcastable to ``shape``: ascending."""
        s, j, x = (
            stride * np.arange(count, dtype=np.int64)
            for count, stride in zip(self.shape, self.strides, strict=True)
        )
        return np.asarray(self.start + s[:, None, None] + j[None, :, None] + x)

    @cached_property
    def slices(self) -> tuple[slice, slice, slice]:
        """Samples, nodes and second indices as slices of a trace's arrays."""
        return _as_slice(self.samples), _as_slice(self.j), _as_slice(self.x)

    def values(self, trace: Trace) -> Array:
        """The numbers of the trace at these steps, broadcastable to ``shape``."""
        return self.values_at(trace, *self.slices)

    def values_at(self, trace: Trace, s: slice, j: slice, x: slice) -> Array:
        """The numbers of its kind at other places of its layer."""
        rule = rule_of(self.kind, self.letter is not None)
        with np.errstate(all="ignore"):
            return rule(trace, s, self.region.l or 0, j, x)


def _as_slice(numbers: range) -> slice:
    return slice(numbers.start, numbers.stop)


@dataclass(frozen=True, slots=True)
class Portion:
    """A stretch of the sequence: steps start … stop − 1, whole lines of its regions."""

    start: int
    stop: int
    samples: range  # empty: steps of the batch
    lines: tuple[tuple[Region, range], ...]


def portions(
    sequence: StepSequence, start: int, stop: int, reverse: bool = False, size: int = CHUNK
) -> Iterator[Portion]:
    """Pieces that together cover steps start … stop − 1, in order (or backwards).

    Each holds about ``size`` steps: several samples, or some lines of a region of one sample. The
    first and the last may reach beyond the range.
    """
    parts = (_of_samples, _of_batch)
    for part in reversed(parts) if reverse else parts:
        yield from part(sequence, start, stop, reverse, size)


def _of_samples(
    sequence: StepSequence, start: int, stop: int, reverse: bool, size: int
) -> Iterator[Portion]:
    length, n = sequence.sample_length, len(sequence.rows)
    if start >= min(stop, sequence.batch_start):
        return
    group = max(1, size // length)
    first = start // length // group
    last = -(-min(stop, sequence.batch_start) // (length * group))
    for number in _directed(range(first, last), reverse):
        samples = range(number * group, min((number + 1) * group, n))
        if len(samples) > 1 or length <= size:
            yield _whole(sequence, samples)
        else:
            origin = samples.start * length
            yield from _cut(sequence.sample_regions, samples, origin, start, stop, reverse, size)


def _whole(sequence: StepSequence, samples: range) -> Portion:
    length = sequence.sample_length
    lines = tuple((region, range(region.nodes)) for region in sequence.sample_regions)
    return Portion(samples.start * length, samples.stop * length, samples, lines)


def _of_batch(
    sequence: StepSequence, start: int, stop: int, reverse: bool, size: int
) -> Iterator[Portion]:
    origin = sequence.batch_start
    yield from _cut(sequence.batch_regions, range(0), origin, start, stop, reverse, size)


def _cut(
    regions: Sequence[Region],
    samples: range,
    origin: int,
    start: int,
    stop: int,
    reverse: bool,
    size: int,
) -> Iterator[Portion]:
    """Some lines at a time of each region that reaches into the range."""
    for region in reversed(regions) if reverse else regions:
        at = origin + region.start
        low = max((start - at) // region.width, 0)
        high = min(-(-(stop - at) // region.width), region.nodes)
        count = max(1, size // region.width)
        for first in _directed(range(low, high, count), reverse):
            lines = range(first, min(first + count, high))
            begin, end = (at + line * region.width for line in (lines.start, lines.stop))
            yield Portion(begin, end, samples, ((region, lines),))


def _directed(numbers: range, reverse: bool) -> range:
    return numbers[::-1] if reverse else numbers


# Blocks of a portion ------------------------------------------------------------------------


def blocks_of(sequence: StepSequence, portion: Portion, chosen: Selection) -> Iterator[Block]:
    """The chosen steps of a portion; start and stop of the selection do not count here."""
    samples = _samples(sequence, portion, chosen)
    if samples is None:
        return
    for region, lines in portion.lines:
        nodes = _nodes(region, lines, chosen)
        if not nodes:
            continue
        offset = 0
        for run in region.runs:
            yield from _of_run(sequence, region, run, offset, samples, nodes, chosen)
            offset += run.width


def _samples(sequence: StepSequence, portion: Portion, chosen: Selection) -> range | None:
    """The chosen samples of a portion; None where there is none."""
    if chosen.s is None:
        return portion.samples
    position = sequence.positions.get(chosen.s)
    if position is None or position not in portion.samples:
        return None
    return range(position, position + 1)


def _nodes(region: Region, lines: range, chosen: Selection) -> range:
    if not region_fits(region, chosen):
        return range(0)
    if chosen.j is None:
        return lines
    return range(chosen.j, chosen.j + 1) if chosen.j in lines else range(0)


def _of_run(
    sequence: StepSequence,
    region: Region,
    run: Run,
    offset: int,
    samples: range,
    nodes: range,
    chosen: Selection,
) -> Iterator[Block]:
    x = second_indices(run, chosen)
    if not x:
        return
    kinds = chosen.kinds
    for kind in run.kinds:
        if not kinds or kind in kinds:
            yield _placed(sequence, region, run, offset, samples, nodes, x, kind)


def _placed(
    sequence: StepSequence,
    region: Region,
    run: Run,
    offset: int,
    samples: range,
    j: range,
    x: range,
    kind: str,
) -> Block:
    """A block with its numbers. ``offset``: where the run begins in a line."""
    origin = samples.start * sequence.sample_length if samples else sequence.batch_start
    size = len(run.kinds)
    start = origin + region.start + j.start * region.width
    start += offset + x.start * size + run.kinds.index(kind)
    strides = (sequence.sample_length if samples else 0, region.width, size)
    return Block(region, kind, run.letter, samples, j, x, start, strides)


def block_of(
    sequence: StepSequence,
    kind: str,
    l: int | None,
    samples: range,
    j: range,
    x: range,
    indexed: bool | None = None,
) -> Block | None:
    """A kind in layer l at these places; None where the layer has no such steps.

    ``indexed``: of steps with a second index, or of such without (see `Region.find`).
    """
    regions = sequence.sample_regions if samples else sequence.batch_regions
    for region in regions:
        found = region.find(kind, indexed)
        if found is None or region.l != l:
            continue
        offset, run = found
        nodes = j if region.has_j else range(1)
        second = x if run.letter is not None else range(1)
        return _placed(sequence, region, run, offset, samples, nodes, second, kind)
    return None


def block_at(sequence: StepSequence, n: int) -> Block:
    """Step n alone."""
    step, (_, region, j, _) = sequence.step(n), sequence.locate(n)
    second = next((index for index in (step.k, step.i, step.m) if index is not None), None)
    x = second or 0
    samples = range(0) if step.s is None else range(step.s, step.s + 1)
    places = samples, range(j, j + 1), range(x, x + 1)
    found = block_of(sequence, step.kind, region.l, *places, indexed=second is not None)
    assert found is not None, "a step is a block of one"
    return found
