"""The labels of a step: names of its nodes, its own chip, those of the factors done, the goal."""

from __future__ import annotations

from dataclasses import replace

from bpstudio.core.notation import format_number
from bpstudio.core.sequence import Step
from bpstudio.ui.canvas.factors import Factor, badge_of, place_of
from bpstudio.ui.canvas.highlight import Highlight, Label, Named
from bpstudio.ui.canvas.names import symbol
from bpstudio.ui.canvas.progress import grid
from bpstudio.ui.canvas.state import CanvasState, Thing


def labels_of(
    state: CanvasState,
    step: Step,
    found: Highlight,
    factors: tuple[Factor, ...],
    goal: Thing | None,
) -> tuple[Label, ...]:
    """All labels of a step, names first."""
    current = _current_label(state, step, found)
    names = [_name_label(state, ring) for ring in found.rings]
    return (
        *_without_repeats(names, current),
        current,
        *(_factor_label(state, factor) for factor in factors),
        *_bias_label(state, step),
        *goal_label(state, goal),
    )


def _name_label(state: CanvasState, ring: Named) -> Label:
    letter, trace = ring.letter, state.trace
    tex = getattr(state.notation, letter)(ring.l, ring.j)
    value = float(getattr(trace, letter)(ring.l)[state.s, ring.j])
    known = ring.l == 1 or _is_known(state, letter, ring)
    return Label("name", ("node", ring.l, ring.j), tex, format_number(value, 2) if known else "")


def _is_known(state: CanvasState, letter: str, ring: Named) -> bool:
    places = grid(state.sequence, letter, ring.l)
    assert places is not None, "a ringed node is computed some time"
    assert state.step is not None, "a ring belongs to a step"
    first = state.s * state.sequence.sample_length
    return bool(first + places.due(ring.j) <= state.step.index)


def _without_repeats(names: list[Label], current: Label) -> list[Label]:
    """Names that the chip of the step does not say itself, with its number or at its place."""
    others = [name for name in names if (name.anchor, name.tex) != (current.anchor, current.tex)]
    return [replace(name, text="") if name.tex == current.tex else name for name in others]


_WORDS = {"addend": "addend", "addend_z": "addend", "update_w": "new", "update_b": "new"}


def _current_label(state: CanvasState, step: Step, found: Highlight) -> Label:
    assert found.current is not None, "a step is about something"
    return Label(
        "current",
        found.current,
        symbol(step, state.notation),
        format_number(state.trace.value(step)),
        badge_of(state.sequence, step),
        _WORDS.get(step.kind, ""),
    )


def _factor_label(state: CanvasState, factor: Factor) -> Label:
    place = place_of(factor.step, state.trace.L)
    if factor.step.kind == "dz_dw":
        place = ("node", factor.step.at.l - 1, factor.step.at.k)
    return Label("done", place, "", format_number(state.trace.value(factor.step)), factor.badge)


def _bias_label(state: CanvasState, step: Step) -> tuple[Label, ...]:
    """The bias that enters a sum."""
    if step.kind != "z" or not state.sequence.has_bias(step.at.l):
        return ()
    b = state.trace.network.layer(step.at.l).b
    assert b is not None, "the layer has biases"
    place = ("bias", step.at.l, step.at.j)
    value = format_number(float(b[step.at.j]))
    return (Label("done", place, state.notation.b(step.at.l, step.at.j), value),)


def goal_label(state: CanvasState, goal: Thing | None) -> tuple[Label, ...]:
    """The label of the goal weight; none where there is no goal."""
    if goal is None:
        return ()
    _, l, j, k = goal
    return (Label("goal", goal, state.notation.w(l, j, k), before="goal"),)
