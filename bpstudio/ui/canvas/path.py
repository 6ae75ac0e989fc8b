"""Where a step is in the picture: the thing it is about, the nodes around it, the way it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from bpstudio.core.sequence import Step
from bpstudio.core.trace import Trace
from bpstudio.ui.canvas.elision import WHOLE
from bpstudio.ui.canvas.factors import done_factors, place_of
from bpstudio.ui.canvas.highlight import Highlight, Lit, Named, Tone
from bpstudio.ui.canvas.path_labels import goal_label, labels_of
from bpstudio.ui.canvas.progress import grid
from bpstudio.ui.canvas.state import CanvasState, Thing

MOST_ADDENDS = 8  # a longer sum lights its largest addends only
LARGEST_ADDENDS = 5


def highlight(state: CanvasState) -> Highlight:
    """What is lit at the state's step."""
    step, trace = state.step, state.trace
    goal = ("edge", *state.goal) if state.goal is not None else None
    if step is None:
        return Highlight(goal=goal, labels=goal_label(state, goal))
    found = (_updated if step.phase == "update" else _RULES[step.kind])(trace, step)
    factors = done_factors(trace.sequence, step)
    goal = None if goal == found.current else goal
    done = (*found.done, *(place_of(factor.step, trace.L) for factor in factors))
    labels = labels_of(state, step, found, factors, goal)
    return replace(found, value=trace.value(step), done=done, goal=goal, labels=labels)


def _row(l: int, j: int, count: int) -> Lit:
    """The first edges into node j."""
    return Lit(l, (j,) * count, tuple(range(count)))


def _lit_row(trace: Trace, l: int, j: int, count: int | None = None) -> tuple[Lit, ...]:
    n = trace.network.sizes[l - 2]
    return (_row(l, j, n if count is None else count),) if n <= WHOLE else ()


def _lit_column(trace: Trace, step: Step, upto: int | None = None) -> tuple[Lit, ...]:
    """The edges out of the step's node through which ∂C_0/∂a came, done so far."""
    t = step.at
    if t.l >= trace.L:
        return ()
    nodes = [i for i in largest_addends(trace, step) if upto is None or i <= upto]
    return (Lit(t.l + 1, tuple(nodes), (t.j,) * len(nodes)),)


def _largest(trace: Trace, step: Step) -> tuple[tuple[int, int], ...]:
    """The nodes of the largest addends, where these are not all."""
    l = step.at.l + 1
    if l > trace.L or trace.network.sizes[l - 1] <= MOST_ADDENDS:
        return ()
    return tuple((l, i) for i in largest_addends(trace, step))


def largest_addends(trace: Trace, step: Step) -> tuple[int, ...]:
    """The nodes i of the next layer with the largest addends of ∂C_0/∂a_j; all where few."""
    t, n = step.at, trace.network.sizes[step.at.l]
    if n <= MOST_ADDENDS:
        return tuple(range(n))
    places = grid(trace.sequence, "addend", t.l)
    assert places is not None, "a hidden node has addends"
    assert step.s is not None, "addends belong to a sample"
    start = step.s * trace.sequence.sample_length + places.due(t.j)
    sizes = np.abs(trace.values(start, start + (n - 1) * places.stride + 1)[:: places.stride])
    order = np.argsort(np.nan_to_num(-sizes, nan=-np.inf), kind="stable")
    return tuple(sorted(int(i) for i in order[:LARGEST_ADDENDS]))


def _wa(trace: Trace, step: Step) -> Highlight:
    t = step.at
    return Highlight(
        ("edge", t.l, t.j, t.k),
        1,
        rings=(Named(t.l - 1, t.k, "a"), Named(t.l, t.j, "z")),
        lit=_lit_row(trace, t.l, t.j, t.k + 1),
    )


def _forward_node(trace: Trace, step: Step) -> Highlight:
    t = step.at
    soft = step.kind == "a" and trace.sequence.is_softmax(t.l)
    return Highlight(
        ("node", t.l, t.j),
        1,
        rings=(Named(t.l, t.j, "z" if step.kind == "z" else "a"),),
        soft=_whole_layer(trace, t.l) if soft else (),
        lit=_lit_row(trace, t.l, t.j),
    )


def _whole_layer(trace: Trace, l: int) -> tuple[tuple[int, int], ...]:
    n = trace.network.sizes[l - 1]
    return tuple((l, j) for j in range(n)) if n <= WHOLE else ()


def _C_j(trace: Trace, step: Step) -> Highlight:
    j = step.at.j
    return Highlight(("loss_edge", j), 1, tone="dC_da", rings=(Named(trace.L, j, "a"),))


def _C(trace: Trace, step: Step) -> Highlight:
    n = trace.network.sizes[-1]
    edges: tuple[Thing, ...] = (
        tuple(("loss_edge", j) for j in range(n)) if n <= MOST_ADDENDS else ()
    )
    return Highlight(("loss",), 1, tone="dC_da", done=edges)


def _dz_da(trace: Trace, step: Step) -> Highlight:
    t = step.at
    return Highlight(
        ("edge", t.l + 1, t.i, t.j),
        -1,
        tone="weights" if step.kind == "dz_da" else "dC_da",
        rings=(Named(t.l, t.j, "a"), Named(t.l + 1, t.i, "a")),
        soft=_largest(trace, step),
        lit=_lit_column(trace, step, t.i),
    )


def _dC_da(trace: Trace, step: Step) -> Highlight:
    t = step.at
    place: Thing = ("loss_edge", t.j) if t.l == trace.L else ("node", t.l, t.j)
    rings = (Named(t.l, t.j, "a"),)
    soft = _largest(trace, step)
    return Highlight(place, -1, tone="dC_da", rings=rings, soft=soft, lit=_lit_column(trace, step))


def _through_node(trace: Trace, step: Step) -> Highlight:
    t = step.at
    rings = [Named(t.l, t.j, "z" if step.kind == "dC_dz" else "a")]
    if step.m is not None:
        rings = [Named(t.l, t.j, "z"), *([Named(t.l, t.m, "a")] if t.m != t.j else [])]
    soft = step.kind == "dC_dz" and trace.sequence.is_softmax(t.l)
    return Highlight(
        ("node", t.l, t.j),
        -1,
        tone="dC_da",
        rings=tuple(rings),
        soft=_whole_layer(trace, t.l) if soft else _largest(trace, step),
        lit=_lit_column(trace, step),
    )


def _weight(trace: Trace, step: Step) -> Highlight:
    t = step.at
    tones: Mapping[str, Tone] = {"dz_dw": "activation", "update_w": "weights"}
    backward = step.phase == "back"
    return Highlight(
        ("edge", t.l, t.j, t.k),
        -1 if backward else 0,
        tone=tones.get(step.kind, "gradients"),
        rings=(Named(t.l - 1, t.k, "a"), Named(t.l, t.j, "z")),
        soft=_largest(trace, step) if backward else (),
        lit=_lit_column(trace, step) if backward else (),
    )


def _bias(trace: Trace, step: Step) -> Highlight:
    t = step.at
    backward = step.phase == "back"
    return Highlight(
        ("bias", t.l, t.j),
        -1 if backward else 0,
        tone="weights" if step.kind == "update_b" else "gradients",
        rings=(Named(t.l, t.j, "z"),),
        soft=_largest(trace, step) if backward else (),
        lit=_lit_column(trace, step) if backward else (),
    )


def _updated(trace: Trace, step: Step) -> Highlight:
    """A weight or a bias; the scale of clipping belongs to all, and is shown at the loss."""
    if step.l is None:
        return Highlight(("loss",), tone="gradients")
    return _bias(trace, step) if step.of_bias else _weight(trace, step)


_RULES: Mapping[str, Callable[[Trace, Step], Highlight]] = {
    "wa": _wa,
    "z": _forward_node,
    "a": _forward_node,
    "C_j": _C_j,
    "C": _C,
    "dz_da": _dz_da,
    "addend": _dz_da,
    "dC_da": _dC_da,
    "da_dz": _through_node,
    "addend_z": _through_node,
    "dC_dz": _through_node,
    "dz_dw": _weight,
    "dC_dw": _weight,
    "dz_db": _bias,
    "dC_db": _bias,
    "mean_dC_dw": _weight,
    "mean_dC_db": _bias,
}
