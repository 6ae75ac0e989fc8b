"""Why a factor is what it is: the explanation of one step, line by line.

The sum written out, the addends that vanish and the one that stays; the square that gives
2(a − y); the g′ of the activation in force; C_0 as a composition of functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpstudio.core import formulas
from bpstudio.core.losses import is_fusable
from bpstudio.core.notation import Notation, partial
from bpstudio.core.sequence import Step
from bpstudio.core.slopes import slope_lines
from bpstudio.core.statements import own_factors, product, shortened, through_z
from bpstudio.core.update_words import update_lines

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    """``text`` is markup ($…$ LaTeX), ``tex`` a formula on a line of its own, or empty."""

    text: str
    tex: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one step: a title (markup) and its lines."""

    title: str
    lines: tuple[ExplanationLine, ...]


Line = ExplanationLine


def explain(trace: Trace, n: int, notation: Notation | None = None) -> Explanation:
    """The explanation of step n."""
    notation = notation or Notation(trace.L)
    step = trace.sequence.step(n)
    name = trace[n].statement(notation).name
    if step.phase == "update":
        lines = [Line(text, tex) for text, tex in update_lines(trace, step, notation)]
    else:
        lines = _RULES[step.kind](trace, step, notation)
    return Explanation(f"Why is ${name}$ what it is?", tuple(lines))


def written_out(trace: Trace, l: int, j: int, keep: int, notation: Notation) -> list[str]:
    """Addends of z_j^(l) as symbols, with addend ``keep`` always among them (−1: the bias)."""
    n = notation
    count = trace.network.sizes[l - 2]
    shown = {0, 1, count - 1, keep} if count > 6 else set(range(count))
    parts: list[str] = []
    for k in sorted(x for x in shown if 0 <= x < count):
        if parts and k - 1 not in shown:
            parts.append(r"\cdots")
        parts.append(f"{n.w(l, j, k)} {n.a(l - 1, k)}")
    if trace.sequence.has_bias(l):
        parts.append(n.b(l, j))
    return parts


def _zeros(parts: list[str], survivor: str, factor: str) -> str:
    """The derivative of each addend: 0, but for the survivor."""
    return " + ".join(
        factor if part == survivor else part if part == r"\cdots" else "0" for part in parts
    )


def _one_addend_stays(
    t: Trace, l: int, j: int, k: int, n: Notation, by: str, stays: str
) -> list[Line]:
    """∂z_j/∂by where only addend k depends on ``by``."""
    parts = written_out(t, l, j, k, n)
    survivor = f"{n.w(l, j, k)} {n.a(l - 1, k)}" if k >= 0 else n.b(l, j)
    z = n.z(l, j)
    return [
        Line(f"Write the sum ${z}$ out:", f"{z} = {' + '.join(parts)}"),
        Line(
            f"Only one addend contains ${by}$. The others do not change with it, so their "
            f"derivatives vanish:",
            f"{partial(z, by)} = {_zeros(parts, survivor, stays)}",
        ),
        Line("What stays is what multiplies it:", f"{partial(z, by)} = {stays}"),
    ]


def _dz_da(t: Trace, step: Step, n: Notation) -> list[Line]:
    l, i, j = step.at.l + 1, step.at.i, step.at.j
    return _one_addend_stays(t, l, i, j, n, n.a(step.at.l, j), n.w(l, i, j))


def _dz_dw(t: Trace, step: Step, n: Notation) -> list[Line]:
    l, j, k = step.at.l, step.at.j, step.at.k
    return _one_addend_stays(t, l, j, k, n, n.w(l, j, k), n.a(l - 1, k))


def _dz_db(t: Trace, step: Step, n: Notation) -> list[Line]:
    return _one_addend_stays(t, step.at.l, step.at.j, -1, n, n.b(step.at.l, step.at.j), "1")


def _composition(t: Trace, l: int, n: Notation) -> str:
    """C_0 as a composition of functions from layer l upwards."""
    inner = rf"\mathbf{{z}}^{{({n.layer(l)})}}"
    for upper in range(l, t.L + 1):
        inner = rf"g^{{({n.layer(upper)})}}\left({inner}\right)"
        if upper < t.L:
            inner = rf"\mathbf{{z}}^{{({n.layer(upper + 1)})}}\left({inner}\right)"
    return rf"C_0 = C\left({inner}, \mathbf{{y}}\right)"


def _composition_line(t: Trace, l: int, n: Notation) -> Line:
    return Line(
        "The loss is a composition of functions: sums, activations and, outermost, the loss.",
        _composition(t, max(l, t.L - 1), n),
    )


def _wa(t: Trace, step: Step, n: Notation) -> list[Line]:
    l, j, k = step.at.l, step.at.j, step.at.k
    return [
        Line(
            f"A node adds up what the nodes below send it. Node {k} of layer "
            f"${n.layer(l - 1)}$ sends its value times the weight between the two:",
            f"{n.w(l, j, k)} {n.a(l - 1, k)}",
        )
    ]


def _z(t: Trace, step: Step, n: Notation) -> list[Line]:
    l, j = step.at.l, step.at.j
    z = n.z(l, j)
    bias = " and the bias, which does not depend on any input" if t.sequence.has_bias(l) else ""
    return [
        Line(f"All the addends{bias}:", f"{z} = {' + '.join(written_out(t, l, j, 0, n))}"),
        Line(
            "For all nodes of the layer at once, this is a matrix times a vector:",
            rf"\mathbf{{z}}^{{({n.layer(l)})}} = W^{{({n.layer(l)})}} "
            rf"\mathbf{{a}}^{{({n.layer(l - 1)})}}"
            + (rf" + \mathbf{{b}}^{{({n.layer(l)})}}" if t.sequence.has_bias(l) else ""),
        ),
    ]


def _a(t: Trace, step: Step, n: Notation) -> list[Line]:
    l, j = step.at.l, step.at.j
    name = t.network.layer(l).activation
    if name == "softmax":
        return [
            Line(
                "Softmax makes shares of the outputs: each is positive, and together they are 1.",
                rf"\sum_{{j}} {n.a(l, 'j')} = 1",
            )
        ]
    tex = formulas.g_tex(name, "z", float(t.z(l)[step.s or 0, j]) > 0)
    return [
        Line(
            f"The activation of layer ${n.layer(l)}$ is {name.replace('_', ' ')}. Without an "
            f"activation, the layers would collapse into one matrix.",
            f"g(z) = {tex}",
        )
    ]


def _C_j(t: Trace, step: Step, n: Notation) -> list[Line]:
    return [
        Line("The loss in force, as a sum over the output nodes:", formulas.loss_tex(t.loss)),
        Line(f"This is the addend of node {step.at.j}."),
    ]


def _C(t: Trace, step: Step, n: Notation) -> list[Line]:
    return [
        Line("The loss in force:", formulas.loss_tex(t.loss)),
        _composition_line(t, 2, n),
        Line(
            "The chain rule takes this composition apart from the outside in: the derivative of "
            "each function, times the derivative of what is inside it."
        ),
    ]


def _dC_da(t: Trace, step: Step, n: Notation) -> list[Line]:
    if step.at.l == t.L:
        return _loss_slope(t, step, n)
    l, j, s = step.at.l, step.at.j, step.s or 0
    a = n.a(l, j)
    symbols, _ = through_z(t, s, l + 1, "i", n)
    body = product([*symbols, n.dz_da(l, "i", j)])
    count = t.network.sizes[l]
    nodes = shortened(lambda i: n.z(l + 1, i), count)
    ways = f"in {count} ways, one through every node" if count > 1 else "through the only node"
    return [
        Line(
            f"${a}$ reaches the loss {ways} of layer ${n.layer(l + 1)}$:",
            f"{a} \\rightarrow {', '.join(nodes)} \\rightarrow C_0",
        ),
        Line(
            "A change of it goes all these ways at once, so their effects add up:",
            rf"{n.dC_da(l, j)} = \sum_{{i}} {body}",
        ),
    ]


def _loss_slope(t: Trace, step: Step, n: Notation) -> list[Line]:
    """∂C_0/∂a_j at the output: which addend of the loss stays, and its derivative."""
    j = step.at.j
    a, y = n.a(t.L, j), n.y(j)
    count = t.network.sizes[-1]
    s = step.s or 0
    small = formulas.is_small(float(t.a(t.L)[s, j] - t.Y[s, j]))
    shown = shortened(n.C_j, count)
    vanish = " + ".join(
        rf"{partial(n.C_j(j), a)}" if part == n.C_j(j) else "0" if part != r"\cdots" else part
        for part in shown
    )
    if n.C_j(j) not in shown:
        vanish = rf"0 + \cdots + {partial(n.C_j(j), a)} + \cdots + 0"
    n_L = str(count)
    result = formulas.dC_da_tex(t.loss, a, y, n_L, small)
    return [
        Line("The loss is a sum over the output nodes:", f"C_0 = {' + '.join(shown)}"),
        Line(
            f"Only the addend of node {j} contains ${a}$; the others vanish:",
            f"{n.dC_da(t.L, j)} = {vanish}",
        ),
        Line(_LOSS_WORDS[t.loss], rf"{n.C_j(j)} = {formulas.C_j_tex(t.loss, a, y, n_L, small)}"),
        Line("So its derivative is:", f"{n.dC_da(t.L, j)} = {result}"),
    ]


_LOSS_WORDS = {
    "sse": "Its square gives the 2, and what is inside the square has the derivative 1:",
    "half_sse": "The square gives a 2, which the one half in front takes away again:",
    "mse": "The square gives the 2, and the mean over the output nodes stays in front:",
    "mae": "A distance rises by 1 on one side of the target and falls by 1 on the other:",
    "huber": "Near the target it is a square, further away it is a straight line:",
    "bce": "The logarithm of $x$ has the derivative $1/x$, and the inside of the second one is "
    "falling:",
    "cross_entropy": "The logarithm of $x$ has the derivative $1/x$:",
}


def _da_dz(t: Trace, step: Step, n: Notation) -> list[Line]:
    at, s = step.at, step.s or 0
    name = t.network.layer(at.l).activation
    pairs = slope_lines(name, float(t.z(at.l)[s, at.j]) > 0, at.m == at.j)
    return [Line(text, tex) for text, tex in pairs]


def _route(t: Trace, l: int, j: int, n: Notation) -> str:
    """The way from z_j^(l) to the loss; a softmax layer goes through all its outputs."""
    softmax = t.sequence.is_softmax(l)
    a = rf"\mathbf{{a}}^{{({n.layer(l)})}}" if softmax else n.a(l, j)
    between = "" if l == t.L else r"\cdots \rightarrow "
    return rf"{n.z(l, j)} \rightarrow {a} \rightarrow {between}C_0"


def _chain(t: Trace, step: Step, n: Notation, parameter: str) -> list[Line]:
    at = step.at
    s = step.s or 0
    symbols, _ = through_z(t, s, at.l, at.j, n)
    factors = product([*symbols, partial(n.z(at.l, at.j), parameter)])
    return [
        Line(
            f"${parameter}$ acts on the loss through one chain of functions:",
            f"{parameter} \\rightarrow {_route(t, at.l, at.j, n)}",
        ),
        Line(
            "The chain rule multiplies the derivatives along it:",
            f"{partial('C_0', parameter)} = {factors}",
        ),
        _composition_line(t, at.l, n),
    ]


def _addend(t: Trace, step: Step, n: Notation) -> list[Line]:
    at = step.at
    a = n.a(at.l, at.j)
    return [
        Line(
            f"This is one of the ways from ${a}$ to the loss:",
            f"{a} \\rightarrow {_route(t, at.l + 1, at.i, n)}",
        ),
        Line(
            "The chain rule multiplies the derivatives along it. The first factors were computed "
            "when that node had its turn; only the last one is new."
        ),
    ]


def _addend_z(t: Trace, step: Step, n: Notation) -> list[Line]:
    at = step.at
    return [
        Line(
            f"In a softmax layer ${n.z(at.l, at.j)}$ changes every output, because all share the "
            f"same sum. This is its way through output {at.m}:",
            f"{n.z(at.l, at.j)} \\rightarrow {n.a(at.l, at.m)} \\rightarrow C_0",
        )
    ]


def _dC_dz(t: Trace, step: Step, n: Notation) -> list[Line]:
    at = step.at
    if t.sequence.is_softmax(at.l):
        body = product([n.dC_da(at.l, "m"), n.da_dz(at.l, "m", at.j)])
        return [
            Line(
                f"${n.z(at.l, at.j)}$ changes every output of the layer; the effects add up:",
                rf"{n.dC_dz(at.l, at.j)} = \sum_{{m}} {body}",
            ),
            *_remark(t, at.l, n),
        ]
    symbols = own_factors(at.l, at.j, n)
    return [
        Line(
            f"${n.a(at.l, at.j)}$ is a function of ${n.z(at.l, at.j)}$ alone, so the chain has "
            f"one link more:",
            f"{n.dC_dz(at.l, at.j)} = {product(symbols)}",
        ),
        *_remark(t, at.l, n),
    ]


def _remark(t: Trace, l: int, n: Notation) -> list[Line]:
    """The identity that frameworks use, where it holds."""
    if l != t.L or not is_fusable(t.loss, t.network.layer(l).activation):
        return []
    what = "this product is the difference of output and target"
    if t.loss == "cross_entropy":
        what = "this sum is the difference of output and target (for targets that add up to 1)"
    return [
        Line(
            f"Remark: worked out by hand, {what}. Frameworks compute it this way, because it "
            f"cannot break down where an output is saturated.",
            f"{n.dC_dz(l, 'j')} = {n.a(l, 'j')} - y_{{j}}",
        )
    ]


def _mean(t: Trace, step: Step, n: Notation) -> list[Line]:
    at = step.at
    parameter = n.w(at.l, at.j, at.k) if step.kind == "mean_dC_dw" else n.b(at.l, at.j)
    count = len(t.rows)
    return [
        Line(
            f"The loss of the batch is the mean over its {count} rows:",
            rf"C = \frac{{1}}{{{count}}} \sum_{{s}} C_s",
        ),
        Line(
            "The derivative of a mean is the mean of the derivatives:",
            rf"{partial('C', parameter)} = \frac{{1}}{{{count}}} \sum_{{s}} "
            f"{partial('C_s', parameter)}",
        ),
    ]


_RULES: Mapping[str, Callable[[Trace, Step, Notation], list[Line]]] = {
    "wa": _wa,
    "z": _z,
    "a": _a,
    "C_j": _C_j,
    "C": _C,
    "dz_da": _dz_da,
    "addend": _addend,
    "dC_da": _dC_da,
    "da_dz": _da_dz,
    "addend_z": _addend_z,
    "dC_dz": _dC_dz,
    "dz_dw": _dz_dw,
    "dC_dw": lambda t, s, n: _chain(t, s, n, n.w(s.at.l, s.at.j, s.at.k)),
    "dz_db": _dz_db,
    "dC_db": lambda t, s, n: _chain(t, s, n, n.b(s.at.l, s.at.j)),
    "mean_dC_dw": _mean,
    "mean_dC_db": _mean,
}
