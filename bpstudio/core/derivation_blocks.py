"""The nested products and sums around a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import operands
from bpstudio.core.notation import Notation
from bpstudio.core.optimisers import find_optimiser
from bpstudio.core.sequence import Step
from bpstudio.core.update_words import LABELS

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

State = Literal["done", "current", "open", "pending"]

MOST_PARTS = 6  # a longer sum shows its largest addends and one box for the rest
_LARGEST = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One factor, addend or result of a block.

    ``index``/``address``: the step that computes it, or the address of a leaf with index None.
    ``badge`` its number among the factors (1, 2, 3) or None. ``symbol``, ``formula`` and
    ``numbers`` are LaTeX (formula and numbers may be empty); ``label`` is markup for an addend
    box ("$i = 1$", "59 more"). ``value`` is None while it is pending. ``state``: done, current
    (the step itself), open (the step lies inside its making) or pending.
    """

    index: int | None
    address: str
    symbol: str
    formula: str
    numbers: str
    value: float | None
    state: State
    badge: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One product, sum or formula: ``result`` = parts joined by · or +.

    ``kind``: product, sum, or formula (one part, its own). ``title`` and ``detail`` are markup
    ("Goal", "gradient of weight $w_{22}^{(L-1)}$"), ``note`` says how far it is ("factor 1 of
    3"). ``running`` are the addends done so far, ``total`` their sum, exact. ``scale`` is LaTeX
    put before a sum (the 1/n of a mean).
    """

    kind: Literal["product", "sum", "formula"]
    title: str
    detail: str
    note: str
    result: Part
    parts: tuple[Part, ...]
    running: tuple[float, ...] = ()
    total: float | None = None
    scale: str = ""


def blocks_around(
    trace: Trace, step: Step, notation: Notation, goal_k: int | None
) -> tuple[Block, ...]:
    """Blocks from the goal inwards. ``goal_k``: which weight into the node is the goal."""
    with np.errstate(over="ignore", invalid="ignore"):
        view = _View(trace, step, notation, goal_k)
        return _of_update(view) if step.phase == "update" else _RULES[step.kind](view)


class _View:
    """The trace seen from one step: which parts are done, current or pending."""

    __slots__ = ("at", "goal_k", "notation", "now", "sequence", "step", "trace")

    def __init__(self, trace: Trace, step: Step, notation: Notation, goal_k: int | None) -> None:
        self.trace, self.step, self.notation = trace, step, notation
        self.sequence = trace.sequence
        self.now = step.index
        self.at = step.at
        self.goal_k = goal_k

    def state(self, index: int, opened: bool = False) -> State:
        """State of the step with that number; ``opened``: we are inside its making."""
        if index == self.now:
            return "current"
        if index < self.now:
            return "done"
        return "open" if opened else "pending"

    def part(
        self, address: str, badge: int | None = None, label: str = "", opened: bool = False
    ) -> Part:
        """A step as a part of a block."""
        term = self.trace[address]
        name, formula, numbers = term.statement(self.notation)
        state = self.state(term.index, opened)
        value = term.value if state in ("done", "current") else None
        if formula == name:
            formula = ""
        if value is None:
            numbers = ""  # they are not all there yet
        if term.kind in _SUMS and _is_sum(self, term.step):
            count = _addend_count(self, term.step)
            formula = rf"\text{{sum over }} {_SUMS[term.kind]}"
            addends = "addends" if count > 1 else "addend"
            numbers = "" if state == "pending" else rf"{count} \text{{ {addends}}}"
        return Part(term.index, address, name, formula, numbers, value, state, badge, label)

    def leaf(
        self, address: str, symbol: str, value: float, badge: int | None = None, label: str = ""
    ) -> Part:
        """A parameter, input or target as a part: always there."""
        return Part(None, address, symbol, "", "", value, "done", badge, label)

    def activation(self, s: int, l: int, j: int, badge: int) -> Part:
        """a_j^(l), or the input x_j in layer 1."""
        row = self.sequence.rows[s]
        if l == 1:
            value = float(self.trace.a(1)[s, j])
            return self.leaf(operands.a(row, 1, j), self.notation.a(1, j), value, badge)
        return self.part(operands.a(row, l, j), badge)


_SUMS = {"dC_da": "i", "dC_dz": "m"}


def _is_sum(v: _View, step: Step) -> bool:
    if step.kind == "dC_da":
        return step.l != v.trace.L
    return v.sequence.is_softmax(step.at.l)


def _addend_count(v: _View, step: Step) -> int:
    sizes = v.sequence.sizes
    return sizes[step.at.l] if step.kind == "dC_da" else sizes[step.at.l - 1]


def _progress(parts: Sequence[Part], noun: str) -> str:
    """ "factor 2 of 3", or "done"."""
    for number, part in enumerate(parts, start=1):
        if part.state != "done":
            return f"{noun} {number} of {len(parts)}"
    return f"{len(parts)} {noun}s"


# ---- sums ------------------------------------------------------------------------------------


def _sum_block(
    v: _View,
    title: str,
    detail: str,
    result: Part,
    count: int,
    first: int,
    stride: int,
    part: Callable[[int], Part],
    extra: tuple[Part, ...] = (),
    scale: str = "",
) -> Block:
    """A sum of ``count`` addends, addend x computed by step first + x · stride."""
    done = max(0, min(count, -(-(v.now + 1 - first) // stride)))
    numbers = _addend_values(v, first, stride, done)
    running = [*numbers.tolist(), *(p.value for p in extra if p.value is not None)]
    parts = _chosen_parts(v, numbers, count, part) + extra
    before = max(0, min(count, -(-(v.now - first) // stride)))
    all_done = f"{count} addend{'s' if count > 1 else ''}"
    note = f"addend {before + 1} of {count}" if before < count else all_done
    short = tuple(running) if len(running) <= MOST_PARTS else ()
    total = float(np.sum(running)) if running else None
    return Block("sum", title, detail, note, result, parts, short, total, scale)


def _addend_values(v: _View, first: int, stride: int, done: int) -> NDArray[np.float64]:
    if done == 0:
        return np.empty(0)
    if stride == v.sequence.sample_length:  # the samples of a mean, of which there may be many
        at = v.sequence.step(first).at
        dC_dz = v.trace.dC_dz(at.l)[:done, at.j]
        return dC_dz if at.k < 0 else dC_dz * v.trace.a(at.l - 1)[:done, at.k]
    return v.trace.values(first, first + (done - 1) * stride + 1)[::stride]


def _chosen_parts(
    v: _View, numbers: NDArray[np.float64], count: int, part: Callable[[int], Part]
) -> tuple[Part, ...]:
    """All parts of a short sum; of a long one the largest, the one in work and boxes for the rest.

    Ties in size go to the smaller index.
    """
    if count <= MOST_PARTS:
        return tuple(part(x) for x in range(count))
    done = len(numbers)
    shown = np.argsort(-np.abs(numbers), kind="stable")[:_LARGEST].tolist()
    in_work = [x for x in (done - 1, done) if 0 <= x < count and x not in shown]
    in_work = [x for x in in_work if part(x).state in ("current", "open")]
    kept = [*shown[: _LARGEST - len(in_work)], *in_work]
    chosen = [part(x) for x in kept]
    rest = np.setdiff1d(np.arange(done), kept)
    if len(rest):
        chosen.append(_rest_box(f"{len(rest)} more", float(numbers[rest].sum()), "done"))
    pending = count - done - sum(1 for x in in_work if x >= done)
    if pending:
        chosen.append(_rest_box(f"{pending} more", None, "pending"))
    return tuple(chosen)


def _rest_box(label: str, value: float | None, state: State) -> Part:
    return Part(None, "", "", "", "", value, state, None, label)


def _z_sum(v: _View) -> Block:
    at, n, layer = v.at, v.notation, v.trace.network.layer(v.at.l)
    prefix = operands.fwd(at.row, at.l, at.j, "")
    count = layer.W.shape[1]
    extra: tuple[Part, ...] = ()
    if layer.b is not None:
        b = float(layer.b[at.j])
        extra = (v.leaf(operands.b(at.l, at.j), n.b(at.l, at.j), b, label="bias"),)
    return _sum_block(
        v,
        "Sum over $k$",
        f"nodes of layer ${n.layer(at.l - 1)}$",
        v.part(prefix + "z"),
        count,
        v.sequence.index(prefix + "k0/wa"),
        1,
        lambda k: v.part(f"{prefix}k{k}/wa", label=f"$k = {k}$"),
        extra,
    )


def _i_sum(v: _View) -> Block:
    """∂C_0/∂a_j as the sum over the nodes of the next layer."""
    at, n = v.at, v.notation
    prefix = operands.back(at.row, at.l, at.j, "")
    return _sum_block(
        v,
        "Sum over $i$",
        f"nodes of layer ${n.layer(at.l + 1)}$",
        v.part(prefix + "dC_da", opened=True),
        v.sequence.sizes[at.l],
        v.sequence.index(prefix + "i0/addend"),
        2,
        lambda i: v.part(f"{prefix}i{i}/addend", label=f"$i = {i}$", opened=i == at.i),
    )


def _m_sum(v: _View) -> Block:
    """∂C_0/∂z_j of a softmax node as the sum over all outputs of its layer."""
    at, n = v.at, v.notation
    prefix = operands.back(at.row, at.l, at.j, "")
    return _sum_block(
        v,
        "Sum over $m$",
        f"outputs of layer ${n.layer(at.l)}$",
        v.part(prefix + "dC_dz", opened=True),
        v.sequence.sizes[at.l - 1],
        v.sequence.index(prefix + "m0/addend_z"),
        2,
        lambda m: v.part(f"{prefix}m{m}/addend_z", label=f"$m = {m}$", opened=m == at.m),
    )


def _loss_sum(v: _View) -> Block:
    prefix = f"s{v.at.row}/loss/"
    return _sum_block(
        v,
        "Sum over $j$",
        "output nodes",
        v.part(prefix + "C", opened=True),
        v.sequence.sizes[-1],
        v.sequence.index(prefix + "j0/C_j"),
        1,
        lambda j: v.part(f"{prefix}j{j}/C_j", label=f"$j = {j}$"),
    )


def _mean_block(v: _View, kind: str, tail: str, parameter: str) -> Block:
    at, rows = v.at, v.sequence.rows
    place = f"mean/l{at.l}/j{at.j}/" + (f"k{at.k}/" if at.k >= 0 else "")
    first = v.sequence.index(operands.back(rows[0], at.l, at.j, tail))
    return _sum_block(
        v,
        "Mean",
        f"gradient of ${parameter}$ over the {len(rows)} rows of the batch",
        v.part(place + kind),
        len(rows),
        first,
        v.sequence.sample_length,
        lambda s: v.part(operands.back(rows[s], at.l, at.j, tail), label=f"row {rows[s]}"),
        scale=rf"\frac{{1}}{{{len(rows)}}}",
    )


# ---- products and formulas -------------------------------------------------------------------


def _product_block(v: _View, title: str, detail: str, result: Part, parts: list[Part]) -> Block:
    return Block("product", title, detail, _progress(parts, "factor"), result, tuple(parts))


def _formula_block(v: _View, title: str, detail: str) -> Block:
    """A step that is neither a sum nor a product: its own formula."""
    part = v.part(v.step.address)
    return Block("formula", title, detail, "", part, (part,))


def _through_z(v: _View, l: int, j: int, opened: bool = False) -> list[Part]:
    """∂C_0/∂z_j as parts: ∂C_0/∂a_j · ∂a_j/∂z_j, or itself where that is no product."""
    prefix = operands.back(v.at.row, l, j, "")
    if v.sequence.is_softmax(l) or v.trace[v.step.address].rests_on_saturated:
        return [v.part(prefix + "dC_dz", 1, opened=opened)]
    return [v.part(prefix + "dC_da", 1, opened=opened), v.part(prefix + "da_dz", 2)]


def _goal(v: _View) -> Block:
    """The gradient this node's steps lead to: of weight k, or of the bias."""
    at, n = v.at, v.notation
    prefix = operands.back(at.row, at.l, at.j, "")
    parts = _through_z(v, at.l, at.j, opened=True)
    if v.step.kind in ("dz_db", "dC_db"):
        what, last, result = f"bias ${n.b(at.l, at.j)}$", "dz_db", "dC_db"
    else:
        k = _goal_weight(v)
        what = f"weight ${n.w(at.l, at.j, k)}$"
        last, result = f"k{k}/dz_dw", f"k{k}/dC_dw"
    parts.append(v.part(prefix + last, len(parts) + 1))
    return _product_block(v, "Goal", f"gradient of {what}", v.part(prefix + result), parts)


def _goal_weight(v: _View) -> int:
    if v.at.k >= 0:
        return v.at.k
    n_in = v.sequence.sizes[v.at.l - 2]
    return v.goal_k if v.goal_k is not None and 0 <= v.goal_k < n_in else 0


def _addend_product(v: _View) -> Block:
    """(∂C_0/∂a_i)(∂a_i/∂z_i)(∂z_i/∂a_j), one term of the sum over the next layer."""
    at = v.at
    prefix = operands.back(at.row, at.l, at.j, f"i{at.i}/")
    parts = _through_z(v, at.l + 1, at.i)
    parts.append(v.part(prefix + "dz_da", len(parts) + 1))
    detail = "product of three factors" if len(parts) == 3 else "product of two factors"
    return _product_block(v, f"Addend $i = {at.i}$", detail, v.part(prefix + "addend"), parts)


def _addend_z_product(v: _View) -> Block:
    at = v.at
    prefix = operands.back(at.row, at.l, at.j, f"m{at.m}/")
    parts = [
        v.part(operands.back(at.row, at.l, at.m, "dC_da"), 1),
        v.part(prefix + "da_dz", 2),
    ]
    title = f"Addend $m = {at.m}$"
    return _product_block(v, title, "product of two factors", v.part(prefix + "addend_z"), parts)


def _wa_product(v: _View) -> Block:
    at, n = v.at, v.notation
    s = v.step.s or 0
    weight = float(v.trace.network.layer(at.l).W[at.j, at.k])
    parts = [
        v.leaf(operands.w(at.l, at.j, at.k), n.w(at.l, at.j, at.k), weight, 1),
        v.activation(s, at.l - 1, at.k, 2),
    ]
    result = v.part(v.step.address)
    return _product_block(v, f"Addend $k = {at.k}$", "weight times activation", result, parts)


def _dC_dz_product(v: _View) -> Block:
    at = v.at
    detail = "product of two factors, used by every weight into this node"
    parts = _through_z(v, at.l, at.j)
    return _product_block(v, "Through the activation", detail, v.part(v.step.address), parts)


# ---- which blocks belong to which kind ---------------------------------------------------------


def _of_a(v: _View) -> tuple[Block, ...]:
    activation = v.trace.network.layer(v.at.l).activation.replace("_", " ")
    return _z_sum(v), _formula_block(v, "Activation", activation)


def _of_dC_da(v: _View) -> tuple[Block, ...]:
    if v.at.l < v.trace.L:
        return _goal(v), _i_sum(v)
    if v.sequence.is_softmax(v.at.l):
        return _goal(v), _formula_block(v, "Derivative of the loss", "")
    return (_goal(v),)


def _of_da_dz(v: _View) -> tuple[Block, ...]:
    if v.sequence.is_softmax(v.at.l):
        return _goal(v), _m_sum(v), _addend_z_product(v)
    return (_goal(v),)


def _of_dC_dz(v: _View) -> tuple[Block, ...]:
    if v.sequence.is_softmax(v.at.l):
        return _goal(v), _m_sum(v)
    return _goal(v), _dC_dz_product(v)


def _mean_of_w(v: _View) -> Block:
    parameter = v.notation.w(v.at.l, v.at.j, v.at.k)
    return _mean_block(v, "mean_dC_dw", f"k{v.at.k}/dC_dw", parameter)


def _mean_of_b(v: _View) -> Block:
    return _mean_block(v, "mean_dC_db", "dC_db", v.notation.b(v.at.l, v.at.j))


def _of_update(v: _View) -> tuple[Block, ...]:
    """The new value with, where a batch has one, the mean it takes, or the term on the way to it.

    The scale of clipping belongs to no parameter and stands alone.
    """
    at, of_bias = v.at, v.step.k is None
    if v.step.kind == "clip":
        return (_formula_block(v, "Clipping", "scale of the whole gradient"),)
    if v.step.kind.startswith("update"):
        block = _formula_block(v, "Update", _optimiser(v))
        mean = _mean_of_b if of_bias else _mean_of_w
        return (block,) if len(v.sequence.rows) == 1 else (mean(v), block)
    address = operands.update(at.l, at.j, at.k, "update_b" if of_bias else "update_w")
    new = v.part(address, opened=True)
    label = LABELS[v.step.kind]
    goal = Block("formula", "Update", _optimiser(v), "", new, (new,))
    return goal, _formula_block(v, label[0].upper() + label[1:], "")


def _optimiser(v: _View) -> str:
    assert v.trace.update is not None, "a step of an update belongs to one"
    title = find_optimiser(v.trace.update.settings.optimizer).title
    return title.lower() if title in ("Gradient descent", "Momentum") else title


_RULES: Mapping[str, Callable[[_View], tuple[Block, ...]]] = {
    "wa": lambda v: (_z_sum(v), _wa_product(v)),
    "z": lambda v: (_z_sum(v),),
    "a": _of_a,
    "C_j": lambda v: (_loss_sum(v), _formula_block(v, f"Addend $j = {v.at.j}$", "")),
    "C": lambda v: (_loss_sum(v),),
    "dz_da": lambda v: (_goal(v), _i_sum(v), _addend_product(v)),
    "addend": lambda v: (_goal(v), _i_sum(v), _addend_product(v)),
    "dC_da": _of_dC_da,
    "da_dz": _of_da_dz,
    "addend_z": _of_da_dz,
    "dC_dz": _of_dC_dz,
    "dz_dw": lambda v: (_goal(v),),
    "dC_dw": lambda v: (_goal(v),),
    "dz_db": lambda v: (_goal(v),),
    "dC_db": lambda v: (_goal(v),),
    "mean_dC_dw": lambda v: (_mean_of_w(v),),
    "mean_dC_db": lambda v: (_mean_of_b(v),),
}
