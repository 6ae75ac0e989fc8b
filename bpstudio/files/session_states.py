"""Which states of its runs a session file keeps: each segment once, thinned to a size."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bpstudio.core.training_values import TrainingState
from bpstudio.files.run_segments import MOST_STATES
from bpstudio.files.run_training import MOST_BETWEEN
from bpstudio.files.run_values import RunSegment
from bpstudio.files.session_values import SavedRun

_BESIDES = 48  # bytes of a state in the file, besides its arrays
_MOST_FREE = MOST_STATES // 4


@dataclass(slots=True, eq=False)
class _Kept:
    """The states of a segment by their update, and those that must stay."""

    segment: RunSegment
    states: dict[int, TrainingState]
    needed: set[int]


def spans(firsts: Sequence[int], length: int) -> list[tuple[int, int]]:
    """First update of each segment of a run, and the one that it ends before."""
    return list(pairwise((*firsts, length + 1)))


def kept_segments(runs: Sequence[SavedRun], most_bytes: int) -> list[RunSegment]:
    """Every segment of the runs once, in order, with as many of its states as there is room for.

    Where a segment starts and where a run ends, states are kept in any case; of the others every
    second, third … of all where they take more than ``most_bytes``.
    """
    found: dict[int, _Kept] = {}
    for run in runs:
        for segment, states in _parts(run):
            start = segment.states[0][1]
            kept = found.setdefault(id(segment), _Kept(segment, {}, {segment.first}))
            kept.states |= states
            kept.states[segment.first] = start
            if run.visited in states:
                kept.needed.add(run.visited)
        kept.needed.add(run.length)
    stride = _stride(list(found.values()), most_bytes)
    return [_thinned(kept, stride) for kept in found.values()]


def _parts(run: SavedRun) -> Iterator[tuple[RunSegment, dict[int, TrainingState]]]:
    """Segments of a run, each with the states that were kept in it."""
    firsts = [segment.first for segment in run.segments]
    for segment, (first, below) in zip(run.segments, spans(firsts, run.length), strict=True):
        part = slice(bisect_left(run.numbers, first), bisect_left(run.numbers, below))
        yield segment, dict(zip(run.numbers[part], run.states[part], strict=True))


def _stride(all_kept: Sequence[_Kept], most_bytes: int) -> int:
    """So that every stride-th of the states that may go takes no more than that."""
    free = [
        _BESIDES + state.parameters.nbytes + state.slots.nbytes
        for kept in all_kept
        for T, state in kept.states.items()
        if T not in kept.needed
    ]
    return max(1, -(-sum(free) // most_bytes), -(-len(free) // _MOST_FREE))


def _thinned(kept: _Kept, stride: int) -> RunSegment:
    """Every stride-th state and those that must stay, and what keeps replay between them short."""
    free = sorted(kept.states.keys() - kept.needed)
    wanted = {*kept.needed & kept.states.keys(), *free[stride - 1 :: stride]}
    numbers = [kept.segment.first]
    for T, after in pairwise((*sorted(kept.states), kept.segment.first)):
        if numbers[-1] < T and (T in wanted or after - numbers[-1] > MOST_BETWEEN):
            numbers.append(T)
    return replace(kept.segment, states=tuple((T, kept.states[T]) for T in numbers))
