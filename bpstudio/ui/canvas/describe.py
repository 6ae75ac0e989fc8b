"""Words for tooltips and screen readers: what a thing is and every number it has."""

from __future__ import annotations

from collections.abc import Sequence

from bpstudio.core.column_names import feature_words
from bpstudio.core.notation import format_count, format_number, partial
from bpstudio.ui.canvas.edges import Source, edges_at
from bpstudio.ui.canvas.faces import bias_kind, bias_value
from bpstudio.ui.canvas.progress import Moment, is_done, moment
from bpstudio.ui.canvas.state import OFF, CanvasState, Thing
from bpstudio.ui.symbols import as_html, as_text

Line = tuple[str, str]
"""A symbol in LaTeX (or words) and what it is now."""

PENDING = "pending"
_BREAKPOINTS = {
    "line": "Breakpoint",
    "condition": "Breakpoint with a condition",
    "log": "Breakpoint that writes to the log",
}


def lines_of(state: CanvasState, thing: Thing) -> tuple[str, list[Line]]:
    """Heading and lines: every number that belongs to a thing; pending ones say so."""
    now = moment(state.sequence, state.step.index if state.step else None, state.s)
    match thing:
        case ("edge", l, j, k):
            return _edge(state, now, l, j, k)
        case ("bias", l, j):
            return _bias(state, now, l, j)
        case ("node", 1, j):
            return _input(state, j)
        case ("node", l, j):
            return _node(state, now, l, j)
        case ("target", j) | ("loss_edge", j):
            return _target(state, now, j)
        case ("loss",):
            return _loss(state, now)
        case ("more", l, first, stop):
            count = format_count(stop - first)
            return f"{count} more nodes, {first} to {stop - 1}: click to unfold (Enter)", []
        case ("fold", l, first, stop):
            return f"Nodes {first} to {stop - 1}, unfolded: click to fold them again (Enter)", []
    return "", []


def remarks(state: CanvasState, thing: Thing) -> list[str]:
    """What its marks say: the breakpoint of a thing, and whether an edit just changed it."""
    found = []
    style = state.breakpoints.get(thing, "")
    if style:
        kind = _BREAKPOINTS[style.removesuffix(OFF)]
        found.append(f"{kind}, off" if style.endswith(OFF) else kind)
    if thing in state.changed:
        found.append("Changed by the last edit")
    return found


def tooltip(state: CanvasState, thing: Thing, hints: Sequence[str] = ()) -> str:
    """The description as rich text, and what can be done with the thing."""
    heading, lines = lines_of(state, thing)
    rows = [f"{as_html(symbol)} = {number}" for symbol, number in lines]
    words = [*remarks(state, thing), *hints]
    return "<br>".join([f"<b>{_escaped(heading)}</b>", *rows, *map(_escaped, words)])


def spoken(state: CanvasState, thing: Thing) -> str:
    """The description as plain text."""
    heading, lines = lines_of(state, thing)
    numbers = (f"{as_text(symbol)} = {number}" for symbol, number in lines)
    return "; ".join([heading, *numbers, *remarks(state, thing)])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _number(value: float, known: object = True) -> str:
    return format_number(float(value)) if known else PENDING


def _edge(state: CanvasState, now: Moment, l: int, j: int, k: int) -> tuple[str, list[Line]]:
    n, trace = state.notation, state.trace
    weight = float(trace.network.layer(l).W[j, k])
    lines = [(n.w(l, j, k), _number(weight))]
    gradient = edges_at(Source(trace, "gradients", state.s), l, [j], [k])
    lines.append((partial("C_0", n.w(l, j, k)), _number(gradient.values[0], gradient.done(now)[0])))
    if state.after_samples and len(trace.rows) > 1:
        mean = edges_at(Source(trace, "gradients", state.s, True), l, [j], [k])
        lines.append((partial("C", n.w(l, j, k)), _number(mean.values[0], mean.done(now)[0])))
    return f"Weight from node {k} of layer {l - 1} to node {j} of layer {l}", lines


def _bias(state: CanvasState, now: Moment, l: int, j: int) -> tuple[str, list[Line]]:
    n, b = state.notation, state.trace.network.layer(l).b
    assert b is not None, "only what is drawn is described"
    found = bias_value(state, "gradients", now, l, j)
    assert found is not None, "only what is drawn is described"
    above = "C" if bias_kind(state) == "mean_dC_db" else "C_0"
    gradient = _number(*found)
    return f"Bias of node {j} of layer {l}", [
        (n.b(l, j), _number(b[j])),
        (partial(above, n.b(l, j)), gradient),
    ]


def _input(state: CanvasState, j: int) -> tuple[str, list[Line]]:
    name = state.feature_names[j] if j < len(state.feature_names) else ""
    words, unit = feature_words(name) if name else ("", "")
    lines = [(state.notation.a(1, j), _number(state.trace.a(1)[state.s, j]))]
    if j < len(state.raw_inputs):
        lines.append(("in the file", f"{state.raw_inputs[j]} {unit}".strip()))
    return f"Input {j}: {words}" if words else f"Input {j}", lines


def _node(state: CanvasState, now: Moment, l: int, j: int) -> tuple[str, list[Line]]:
    n, trace, s = state.notation, state.trace, state.s
    rows = (
        (n.z(l, j), "z", trace.z(l)),
        (n.a(l, j), "a", trace.a(l)),
        (partial("C_0", n.a(l, j)), "dC_da", trace.dC_da(l)),
        (partial("C_0", n.z(l, j)), "dC_dz", trace.dC_dz(l)),
    )
    lines = [
        (symbol, _number(values[s, j], is_done(state.sequence, now, kind, l, j)))
        for symbol, kind, values in rows
    ]
    b = trace.network.layer(l).b
    if b is not None:
        lines.insert(0, (n.b(l, j), _number(b[j])))
    activation = trace.network.layer(l).activation.replace("_", " ")
    return f"Node {j} of layer {l}, {activation}", lines


def _target(state: CanvasState, now: Moment, j: int) -> tuple[str, list[Line]]:
    n, trace, s, L = state.notation, state.trace, state.s, state.trace.L
    name = state.target_names[j] if j < len(state.target_names) else ""
    C_j = _number(trace.C_j[s, j], is_done(state.sequence, now, "C_j", None, j))
    dC_da = _number(trace.dC_da(L)[s, j], is_done(state.sequence, now, "dC_da", L, j))
    raw = [("in the file", text) for text in state.raw_targets[j : j + 1]]
    return f"Target {j}: {name}" if name else f"Target {j}", [
        (n.y(j), _number(trace.Y[s, j])),
        *raw,
        (n.C_j(j), C_j),
        (partial("C_0", n.a(L, j)), dC_da),
    ]


def _loss(state: CanvasState, now: Moment) -> tuple[str, list[Line]]:
    known = is_done(state.sequence, now, "C")
    lines = [("C_0", _number(state.trace.C[state.s], known))]
    return f"Loss of row {state.row}, {state.trace.loss.replace('_', ' ')}", lines


def summary(state: CanvasState) -> str:
    """The whole picture in words: what the network is and what the step says."""
    trace = state.trace
    sizes = " – ".join(str(n) for n in trace.network.sizes)
    where = f"Network {sizes}, row {state.row}."
    return where if state.step is None else f"{where} {trace[state.step.index].sentence}"
