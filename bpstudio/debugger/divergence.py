"""The first place at which two recorded runs differ, found by bisection."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from bpstudio.core.sequence import StepSequence
from bpstudio.core.training_values import TrainingState
from bpstudio.core.values import CHUNK
from bpstudio.debugger.passes import Pass, Passes
from bpstudio.debugger.recording import Recording

_MOST_TERMS = 12  # steps of the update of one parameter, and more


@dataclass(frozen=True, slots=True)
class Divergence:
    """``T``: the first update whose pass differs; ``address``: its first term that does.

    ``values`` are the term's numbers in the two runs; None where the first run has no such term
    there (other rows, another optimiser): the address is then of the second run.
    """

    T: int
    epoch: int
    batch: int
    address: str | None = None
    values: tuple[float, float] | None = None


def divergence_steps(one: Recording, other: Recording) -> Generator[float, None, Divergence | None]:
    """Where two runs part, in pieces; None where they are alike as far as both go.

    What differs once stays different, so the first update that starts from another state, or is
    made by another rule, is found by bisection. Yields the share that is done.
    """
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
    """The first term that has another number, else the first one that the other run lacks."""
    place = (a.visit.T, a.visit.epoch, a.visit.batch)
    alike = _steps_alike(a.trace.sequence, b.trace.sequence)
    for start in range(0, alike, CHUNK):
        x, y = (p.trace.values(start, min(start + CHUNK, alike)) for p in (a, b))
        differs = np.flatnonzero(x.view(np.int64) != y.view(np.int64))
        if len(differs):
            n = start + int(differs[0])
            address = a.prefix + a.trace[n].address
            return Divergence(*place, address, (a.trace[n].value, b.trace[n].value))
    if alike < len(b.trace):
        return Divergence(*place, b.prefix + b.trace[alike].address)
    return Divergence(*place)


def _steps_alike(a: StepSequence, b: StepSequence) -> int:
    """How many steps, from the first on, are the same ones in both."""
    if (a.sizes, a.biases, a.softmax) != (b.sizes, b.biases, b.softmax):
        return 0
    if a.rows != b.rows:
        pairs = zip(a.rows, b.rows, strict=False)
        return a.sample_length * len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    if a.updates == b.updates:
        return len(a)
    first = a.span("update")[0].start  # every parameter after the first one has the same terms
    end = min(len(a), len(b), first + _MOST_TERMS)
    return next((n for n in range(first, end) if a.step(n).address != b.step(n).address), end)
