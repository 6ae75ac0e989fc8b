"""Nodes that let no gradient through: dead and saturated ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import LARGEST_SLOPE, flat_below
from bpstudio.core.diagnoses import words
from bpstudio.core.diagnoses.situation import FITTED, Diagnosis, Level, Situation
from bpstudio.core.notation import counted
from bpstudio.core.trace import Trace

Marks = NDArray[np.bool_]

SATURATING = ("sigmoid", "tanh")  # the others of hidden layers are open, or dead
LARGE_INPUT = 3.0  # of inputs of size 1 hardly one is larger
MANY = 0.25  # share of a layer's nodes from which on it is a warning: a few idle ones do no harm


def check_units(s: Situation) -> Iterator[Diagnosis]:
    """Dead nodes of any layer, saturated ones of hidden layers: the worst layer of each."""
    trace = s.telling_trace
    if trace is None:
        return
    layers = [l for l in range(2, trace.L + 1) if _can_be_flat(trace, l)]
    flat = {l: _flat(trace, l) for l in layers}
    dead = {l: which for l, which in flat.items() if not _saturates(trace, l) and which.any()}
    saturated = {l: which for l, which in flat.items() if _saturates(trace, l) and which.any()}
    if dead:
        yield _dead(trace, dead)
    if saturated:
        yield _saturated(s, trace, saturated)
    if layers and not (dead or saturated):
        yield _open(trace, layers)


def _can_be_flat(trace: Trace, l: int) -> bool:
    """Softmax has no slope of one node, linear is never flat; sigmoid outputs are meant to be."""
    name = trace.network.layer(l).activation
    return name not in ("softmax", "linear") and not (l == trace.L and name in SATURATING)


def _saturates(trace: Trace, l: int) -> bool:
    return trace.network.layer(l).activation in SATURATING


def _flat(trace: Trace, l: int) -> Marks:
    """Which nodes of layer l let (almost) nothing through."""
    if _saturates(trace, l):
        below = flat_below(trace.network.layer(l).activation)
        return np.asarray(_mean_slope(trace, l) < below)
    return np.asarray((trace.da_dz(l) == 0.0).all(axis=0))


def _mean_slope(trace: Trace, l: int) -> NDArray[np.float64]:
    """The mean of |∂a/∂z| over the rows, for each node."""
    return np.asarray(np.abs(trace.da_dz(l)).mean(axis=0))


def _open(trace: Trace, layers: list[int]) -> Diagnosis:
    least = min(_mean_slope(trace, l).min() for l in layers)
    rows = counted(len(trace.rows), "row")
    evidence = f"The least mean slope ∂a/∂z of a node is {least:.2g}, over {rows}."
    sentence = "Every node lets the gradient through."
    return Diagnosis("units", "ok", sentence, evidence, f"back/l{layers[0]}")


def _worst(flat: Mapping[int, Marks]) -> tuple[int, list[int], str]:
    """The layer with the greatest share of flat nodes, which they are, and a word on the others."""
    l = max(flat, key=lambda l: float(flat[l].mean()))
    others = words.layers([other for other in flat if other != l])
    return l, np.flatnonzero(flat[l]).tolist(), f" Some in {others} too." if others else ""


def _dead(trace: Trace, flat: Mapping[int, Marks]) -> Diagnosis:
    l, which, others = _worst(flat)
    total = len(flat[l])
    level: Level = "warning" if len(which) >= MANY * total or l == trace.L else "note"
    remedy = "make the output linear" if l == trace.L else "use leaky relu there"
    sentence = f"Layer {l}: {words.of_nodes(len(which), total)} dead and cannot learn; {remedy}."
    rows = counted(len(trace.rows), "row")
    evidence = f"{words.nodes(which)}: ∂a/∂z is 0 for all {rows}.{others}"
    return Diagnosis("dead", level, sentence, evidence, _slope_of(l, which[0]), l, which[0])


def _saturated(s: Situation, trace: Trace, flat: Mapping[int, Marks]) -> Diagnosis:
    l, which, others = _worst(flat)
    total = len(flat[l])
    level: Level = "warning" if len(which) >= MANY * total and not _fitted(s) else "note"
    learn = "learns" if len(which) == 1 else "learn"
    sentence = (
        f"Layer {l}: {words.of_nodes(len(which), total)} saturated and hardly {learn}; "
        f"{_relief(s, l)}."
    )
    slope = _mean_slope(trace, l)[which].mean()
    share = words.percent(float(slope) / LARGEST_SLOPE[trace.network.layer(l).activation])
    rows = counted(len(trace.rows), "row")
    evidence = f"{words.nodes(which)}: mean slope {share} of the largest, over {rows}.{others}"
    return Diagnosis("saturated", level, sentence, evidence, _slope_of(l, which[0]), l, which[0])


def _slope_of(l: int, j: int) -> str:
    return f"back/l{l}/j{j}/da_dz"


def _fitted(s: Situation) -> bool:
    """Nodes that have decided are meant to be flat."""
    losses = s.losses
    return losses is not None and len(losses) > 0 and bool(losses[-1] < FITTED * losses[0])


def _relief(s: Situation, l: int) -> str:
    if l == 2 and s.data is not None and s.data.sizes.max() > LARGE_INPUT:
        return "scale the inputs"
    return "start from smaller weights" if not s.updates else "lower the learning rate"
