"""What an origin says of a step in plain words: how it is made of what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bpstudio.core.losses import HUBER_DELTA
from bpstudio.core.notation import MINUS, format_number
from bpstudio.core.terms import Term
from bpstudio.core.update_words import update_note


def note_of(term: Term, output_name: str) -> str:
    """The rule of a step. ``output_name``: the class or target of the node of a C_j."""
    if term.kind == "C_j":
        return f"loss of {output_name}"
    if term.step.phase == "update":
        return update_note(term.trace, term.step)
    return _RULES[term.kind](term)


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _product(term: Term) -> str:
    return f"product of {_count(len(term.operands), 'factor')}"


def _sum(n: int) -> str:
    return f"sum of {_count(n, 'addend')}"


def _softmax(term: Term) -> bool:
    return term.trace.sequence.is_softmax(term.step.at.l)


def _z(term: Term) -> str:
    at, trace = term.step.at, term.trace
    addends = _count(trace.network.sizes[at.l - 2], "addend")
    return f"{addends} + bias" if trace.sequence.has_bias(at.l) else addends


def _a(term: Term) -> str:
    at, network = term.step.at, term.trace.network
    if _softmax(term):
        return f"softmax of {_count(network.sizes[at.l - 1], 'sum')}"
    return f"{network.layer(at.l).activation.replace('_', ' ')} of"


def _dC_da(term: Term) -> str:
    at, trace = term.step.at, term.trace
    if at.l < trace.L:
        return _sum(trace.network.sizes[at.l])
    s = term.step.s or 0
    a, y = float(trace.a(at.l)[s, at.j]), float(trace.Y[s, at.j])
    return loss_slope_words(trace.loss, a, y, trace.network.sizes[-1])


def loss_slope_words(loss: str, a: float, y: float, n_L: int) -> str:
    """∂C_0/∂a_j of the output layer with its numbers."""
    difference = f"{format_number(a)} {MINUS} {_factor(y)}"
    if loss in ("mae", "huber"):
        side = "above" if a > y else "below" if a < y else "at"
        slope = f"the slope of the loss {side} the target"
        within = loss == "huber" and abs(a - y) <= HUBER_DELTA
        return f"({difference}) / {n_L}" if within else f"{slope}, over {n_L}"
    return {
        "sse": f"2 ({difference})",
        "half_sse": difference,
        "mse": f"2 ({difference}) / {n_L}",
        "bce": f"({difference}) / (a (1 {MINUS} a))",
        "cross_entropy": f"{MINUS}{_factor(y)} / {_factor(a)}",
    }[loss]


def _factor(x: float) -> str:
    text = format_number(x)
    return f"({text})" if text.startswith(MINUS) else text


def _da_dz(term: Term) -> str:
    at, trace, s = term.step.at, term.trace, term.step.s or 0
    a = trace.a(at.l)[s]
    if _softmax(term):
        return _share_slope(float(a[at.m]), float(a[at.j]), at.m == at.j)
    name = trace.network.layer(at.l).activation
    return slope_words(name, float(trace.z(at.l)[s, at.j]), float(a[at.j]))


def _share_slope(a_m: float, a_j: float, own: bool) -> str:
    if own:
        return _times_rest(a_j)
    return f"{MINUS}{_factor(a_m)} · {_factor(a_j)}"


def _times_rest(a: float) -> str:
    return f"{_factor(a)} (1 {MINUS} {_factor(a)})"


def slope_words(activation: str, z: float, a: float) -> str:
    """g′(z) of an elementwise activation with its numbers."""
    if activation == "sigmoid":
        return _times_rest(a)
    if activation == "tanh":
        return f"1 {MINUS} {_factor(a)}²"
    if activation == "linear":
        return "1 everywhere"
    if activation in ("relu", "leaky_relu", "elu"):
        below = {"relu": "0", "leaky_relu": "0.01", "elu": "a + 1"}[activation]
        return "1, as z > 0" if z > 0 else f"{below}, as z ≤ 0"
    return f"slope of {activation} at {format_number(z)}"


def _dC_dz(term: Term) -> str:
    if term.saturated:
        total = "Σ y " if _softmax(term) and term.trace.Y[term.step.s or 0].sum() != 1.0 else ""
        return f"combined form a {total}{MINUS} y, as the product broke down"
    if _softmax(term):
        return _sum(term.trace.network.sizes[term.step.at.l - 1])
    return _product(term)


def _mean(term: Term) -> str:
    return f"mean of {_count(len(term.trace.rows), 'row')}"


_RULES: Mapping[str, Callable[[Term], str]] = {
    "wa": _product,
    "z": _z,
    "a": _a,
    "C": lambda term: _sum(term.trace.network.sizes[-1]),
    "dz_da": lambda term: "the weight between the two nodes",
    "addend": _product,
    "dC_da": _dC_da,
    "da_dz": _da_dz,
    "addend_z": _product,
    "dC_dz": _dC_dz,
    "dz_dw": lambda term: "what the weight multiplies",
    "dC_dw": _product,
    "dz_db": lambda term: "1 everywhere",
    "dC_db": _product,
    "mean_dC_dw": _mean,
    "mean_dC_db": _mean,
}
