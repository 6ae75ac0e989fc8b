"""The first place at which two recorded runs differ, found by bisection."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from bpstudio.core.training_values import TrainingState
from bpstudio.core.values import CHUNK
from bpstudio.debugger.passes import Pass, Passes
from bpstudio.debugger.recording import Recording


@dataclass(frozen=True, slots=True)
class Divergence:
    """``T``: the first update whose pass differs; ``address``: its first term that does.

    ``values`` are the term's numbers in the two runs; address and values are None where the
    passes have other steps (other rows, another optimiser).
    """

    T: int
    epoch: int
    batch: int
    address: str | None = None
    values: tuple[float, float] | None = None


def first_divergence(one: Recording, other: Recording) -> Divergence | None:
    """Where two runs part; None where they are alike as far as both go.

    What differs once stays different, so the first update that starts from another state, or is
    made by another rule, is found by bisection.
    """
    steps = divergence_steps(one, other)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            found: Divergence | None = done.value
            return found


def divergence_steps(one: Recording, other: Recording) -> Generator[float, None, Divergence | None]:
    """The same in pieces, for who has other things to do; yields the share that is done."""
    low, high = _shared(one, other), min(one.length, other.length)
    if _alike(one, other, high):
        return None
    most = max((high - low).bit_length(), 1)
    while low < high:  # alike before low, different at high
        yield 1 - (high - low).bit_length() / (most + 1)
        middle = (low + high) // 2
        if _alike(one, other, middle):
            low = middle + 1
        else:
            high = middle
    return _described(Passes(one).at(low), Passes(other).at(low))


def _shared(one: Recording, other: Recording) -> int:
    """The updates that a branch has from the run it left: alike without a look."""
    if one.parent is other:
        return min(one.branched_at, other.length)
    return min(other.branched_at, one.length) if other.parent is one else 0


def _alike(one: Recording, other: Recording, T: int) -> bool:
    """Whether update T starts from the same state and is made by the same rule."""
    return _same(one.visit(T).state, other.visit(T).state) and _same_settings(one, other, T)


def _same(a: TrainingState, b: TrainingState) -> bool:
    places = (a.epoch, a.batch, a.t, a.remembers) == (b.epoch, b.batch, b.t, b.remembers)
    return (
        places
        and a.parameters.tobytes() == b.parameters.tobytes()
        and a.slots.tobytes() == b.slots.tobytes()
    )


def _same_settings(one: Recording, other: Recording, T: int) -> bool:
    """Whether the update at T is made by the same rule from the same rows."""
    a, b = one.visit(T), other.visit(T)
    same_data = a.segment.data is b.segment.data
    return a.segment.training.settings == b.segment.training.settings and same_data


def _described(a: Pass, b: Pass) -> Divergence:
    place = (a.visit.T, a.visit.epoch, a.visit.batch)
    if len(a.trace) != len(b.trace) or a.trace.rows != b.trace.rows:
        return Divergence(*place)
    for start in range(0, len(a.trace), CHUNK):
        x, y = (p.trace.values(start, start + CHUNK) for p in (a, b))
        differs = np.flatnonzero(x.view(np.int64) != y.view(np.int64))
        if len(differs):
            n = start + int(differs[0])
            address = a.prefix + a.trace[n].address
            return Divergence(*place, address, (a.trace[n].value, b.trace[n].value))
    return Divergence(*place)
