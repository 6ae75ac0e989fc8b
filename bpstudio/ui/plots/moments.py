"""How the numbers of every layer are spread at one moment, and at moments of a recorded run."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass

import numpy as np

from bpstudio.core.histograms import Histogram, histogram
from bpstudio.core.parameters import unflatten
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.session import Session

KINDS = ("weights", "gradients")
MOST_RECORDED = 60  # moments of a recorded run, which are made again

Key = tuple[str, int]
"""Kind of the numbers, and layer."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """The histograms of every layer after so many updates."""

    update: int
    spread: Mapping[Key, Histogram]


def numbers_of(trace: Trace, kind: str, l: int) -> np.ndarray:
    """The weights of layer l, or their gradient, the mean over the pass."""
    return trace.network.layer(l).W if kind == "weights" else trace.mean_dC_dw(l)


def moment_steps(trace: Trace, update: int) -> Generator[None, None, Moment]:
    """Counts the numbers of a pass after so many updates, a layer at a time."""
    spread: dict[Key, Histogram] = {}
    for l in range(2, trace.L + 1):
        for kind in KINDS:
            spread[kind, l] = histogram(numbers_of(trace, kind, l))
            yield
    return Moment(update, spread)


def recorded_steps(
    session: Session, recording: Recording
) -> Generator[None, None, tuple[Moment, ...]]:
    """Moments spread over a run as evenly as they are reached at once, its ends among them.

    Gradients are those of the rows of the present pass, whatever update is visited.
    """
    debugger, found = session.debugger, []
    left = debugger.left or (debugger.network, debugger.data, debugger.rows)
    network, data, rows = left[0], left[1], tuple(left[2])
    batch, loss = data.batch(rows), debugger.trace.loss
    places = np.linspace(0, recording.length, MOST_RECORDED).astype(int)
    for T in sorted(set(map(recording.nearby, places.tolist()))):
        if session.is_training:  # which is not to be held up
            break
        parameters = recording.visit(T).state.parameters
        yield
        trace = compute_trace(unflatten(network, parameters), batch, loss)
        found.append((yield from moment_steps(trace, T)))
    return tuple(found)
