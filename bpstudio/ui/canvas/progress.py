"""Which scalars are computed at a step: by comparing step numbers, without walking the steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from bpstudio.core.address import BATCH_PHASES, KINDS
from bpstudio.core.sequence import StepSequence

_PHASE_OF = {kind: phase for phase, kinds in KINDS.items() for kind in kinds}
_EVERYTHING = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Grid:
    """The step numbers of one kind in one layer: start + j·line + x·stride, x being k, i or m.

    Counted from the sample's first step; for means and updates from the first step after the
    last sample.
    """

    start: int
    line: int
    stride: int

    def due(self, j: Any, x: Any = 0) -> Any:
        """Number of the step that computes the scalar; arrays give arrays."""
        return self.start + j * self.line + x * self.stride

    def done_nodes(self, last: int, n: int) -> int:
        """How many of n nodes have theirs at step ``last``."""
        return min(max((last - self.start) // self.line + 1, 0), n)


@lru_cache(maxsize=512)
def grid(
    sequence: StepSequence, kind: str, l: int | None = None, of_bias: bool = False
) -> Grid | None:
    """Where a kind stands in layer l (None: the loss); None where there are no such steps.

    ``of_bias``: which of the two, where weights and biases have the same kinds of terms.
    """
    phase = _PHASE_OF[kind]
    in_batch = phase in BATCH_PHASES
    regions = sequence.batch_regions if in_batch else sequence.sample_regions
    for region in regions:
        if (region.phase, region.l) != (phase, l):
            continue
        found = region.find(kind, False if of_bias else None)
        if found:
            offset, run = found
            start = region.start + offset + run.kinds.index(kind)
            return Grid(start, region.width, len(run.kinds))
    return None


@dataclass(frozen=True, slots=True)
class Moment:
    """How far the pass is: the last computed step of the sample, and of the part after it."""

    sample: int
    batch: int

    def last(self, kind: str) -> int:
        """The last computed step, counted as that kind's are."""
        return self.batch if _PHASE_OF[kind] in BATCH_PHASES else self.sample

    def has(self, kind: str, due: Any) -> Any:
        """Whether what is due then is computed; arrays give arrays."""
        return due <= self.last(kind)


def moment(sequence: StepSequence, n: int | None, s: int) -> Moment:
    """How far sample s is at step n, that step included. None: everything is computed."""
    if n is None:
        return Moment(_EVERYTHING, _EVERYTHING)
    return Moment(n - s * sequence.sample_length, n - sequence.batch_start)


def is_done(
    sequence: StepSequence,
    now: Moment,
    kind: str,
    l: int | None = None,
    j: Any = 0,
    x: Any = 0,
    of_bias: bool = False,
) -> Any:
    """Whether scalars of a kind are computed; False where there are no such steps."""
    places = grid(sequence, kind, l, of_bias)
    if places is None:
        return np.zeros(np.broadcast(j, x).shape, dtype=bool)
    return now.has(kind, places.due(j, x))


def count_done(sequence: StepSequence, now: Moment, kind: str, l: int) -> int:
    """How many nodes of layer l have their number of a kind."""
    places = grid(sequence, kind, l)
    return places.done_nodes(now.last(kind), sequence.sizes[l - 1]) if places else 0
