"""What the inspector says about a thing, as values: its numbers, addresses, and what was edited."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from bpstudio.core import operands
from bpstudio.core.leaves import Leaf, find_leaf
from bpstudio.core.notation import CLIP_SCALE, Notation, on_one_line, partial
from bpstudio.core.sequence import Step
from bpstudio.core.trace import Trace
from bpstudio.core.update_words import LABELS
from bpstudio.core.updates import CLIP

Thing = tuple[Any, ...]
"""("edge", l, j, k), ("bias", l, j), ("node", l, j), ("target", j) or ("loss",); layer 1 is the
input."""
Editable = Literal["", "weight", "bias", "input", "target"]

MOST_ADDENDS = 12  # parts of the loss that are listed


@dataclass(frozen=True, slots=True)
class Line:
    """One number: its symbol in LaTeX, what that is in words, and its address.

    ``step`` is the address of the step it is reached by: its own or, where it is given, the first
    that takes it. ``value`` None: not computed yet. ``was``: its value before the last edit, where
    that changed it. ``editable`` names what may be changed by hand.
    """

    tex: str
    words: str
    address: str
    step: str
    value: float | None
    was: float | None = None
    editable: Editable = ""


@dataclass(frozen=True, slots=True)
class View:
    """A pass at step ``n``, the shown sample, and the pass before the last edit."""

    trace: Trace
    n: int
    before: Trace | None = None

    @property
    def s(self) -> int:
        """Position of the shown sample: the step's; after the samples the last one."""
        s = self.trace.sequence.step(self.n).s
        return len(self.trace.rows) - 1 if s is None else s

    @property
    def row(self) -> int:
        """Its row of the data."""
        return self.trace.rows[self.s]

    @property
    def notation(self) -> Notation:
        """How symbols are written."""
        return Notation(self.trace.L)

    def line(self, tex: str, words: str, address: str) -> Line:
        """A computed number."""
        due = self.trace.sequence.index(address)
        value = self.trace[due].value if due <= self.n else None
        was = _changed(value, self._before(address))
        return Line(on_one_line(tex), words, address, address, value, was)

    def given(self, tex: str, words: str, address: str, step: str, editable: Editable) -> Line:
        """A number that is given: a parameter, an input or a target."""
        value = leaf_value(self.trace, address)
        was = _changed(value, self._before(address))
        return Line(tex, words, address, step, value, was, editable)

    def _before(self, address: str) -> float | None:
        """The number before the last edit; None where the two passes are not alike."""
        old = self.before
        if old is None or old.sequence.rows != self.trace.rows:
            return None
        if old.network.sizes != self.trace.network.sizes:
            return None
        if old.sequence.updates != self.trace.sequence.updates:
            return None
        return leaf_value(old, address) if find_leaf(address) else old[address].value


def _changed(now: float | None, before: float | None) -> float | None:
    if now is None or before is None or now == before:
        return None
    return None if math.isnan(now) and math.isnan(before) else before


def leaf_value(trace: Trace, address: str) -> float:
    """The number of an input, a target or a parameter in a trace."""
    leaf = find_leaf(address)
    assert leaf is not None, f"{address} is given, not computed"
    return float(_leaf_value(trace, leaf))


def _leaf_value(trace: Trace, leaf: Leaf) -> float:
    if leaf.kind == "w":
        return trace.network.layer(leaf.l).W[leaf.j, leaf.k]
    if leaf.kind == "b":
        b = trace.network.layer(leaf.l).b
        assert b is not None, "only biases that exist are asked for"
        return b[leaf.j]
    table = trace.X if leaf.kind == "x" else trace.Y
    return table[trace.rows.index(leaf.row), leaf.j]


# ---- which thing --------------------------------------------------------------------------------


def thing_of(step: Step) -> Thing:
    """What a step is about."""
    t = step.at
    if step.kind in ("dz_da", "addend"):
        return ("edge", t.l + 1, t.i, t.j)
    if step.k is not None:
        return ("edge", t.l, t.j, t.k)
    if step.of_bias:
        return ("bias", t.l, t.j)
    if step.kind == "C_j":
        return ("target", t.j)
    return ("loss",) if step.l is None else ("node", t.l, t.j)


def exists(trace: Trace, thing: Thing) -> bool:
    """Whether the network has such a thing."""
    sizes = trace.network.sizes
    match thing:
        case ("edge", l, j, k):
            return 2 <= l <= trace.L and j < sizes[l - 1] and k < sizes[l - 2]
        case ("bias", l, j):
            return 2 <= l <= trace.L and j < sizes[l - 1] and trace.sequence.has_bias(l)
        case ("node", l, j):
            return 1 <= l <= trace.L and j < sizes[l - 1]
        case ("target", j):
            return bool(j < sizes[-1])
    return thing == ("loss",)


def heading(view: View, thing: Thing) -> str:
    """What a thing is, in words."""
    match thing:
        case ("edge", l, j, k):
            return f"Weight from node {k} of layer {l - 1} to node {j} of layer {l}"
        case ("bias", l, j):
            return f"Bias of node {j} of layer {l}"
        case ("node", 1, k):
            return f"Input {k}"
        case ("node", l, j):
            activation = view.trace.network.layer(l).activation.replace("_", " ")
            return f"Node {j} of layer {l}, {activation}"
        case ("target", j):
            return f"Target {j}"
    return f"Loss of one row, {view.trace.loss.replace('_', ' ')}"


# ---- its numbers --------------------------------------------------------------------------------


def lines_of(view: View, thing: Thing) -> tuple[Line, ...]:
    """Every number of a thing that exists, the given ones first."""
    match thing:
        case ("edge", l, j, k):
            return tuple(_edge(view, l, j, k))
        case ("bias", l, j):
            return tuple(_bias(view, l, j))
        case ("node", 1, k):
            return tuple(_input(view, k))
        case ("node", l, j):
            return tuple(_node(view, l, j))
        case ("target", j):
            return tuple(_target(view, j))
    return tuple(_loss(view))


def _edge(v: View, l: int, j: int, k: int) -> Iterator[Line]:
    n, back = v.notation, f"s{v.row}/back/l{l}/j{j}/k{k}"
    first = f"s{v.row}/fwd/l{l}/j{j}/k{k}/wa"
    yield v.given(n.w(l, j, k), "the weight", operands.w(l, j, k), first, "weight")
    yield v.line(n.a(l - 1, k), "∂z/∂w, the activation below", f"{back}/dz_dw")
    yield v.line(partial("C_0", n.w(l, j, k)), "its gradient for this row", f"{back}/dC_dw")
    yield from _in_batch(v, n.w(l, j, k), f"l{l}/j{j}/k{k}", "w")


def _bias(v: View, l: int, j: int) -> Iterator[Line]:
    n, back = v.notation, f"s{v.row}/back/l{l}/j{j}"
    yield v.given(n.b(l, j), "the bias", operands.b(l, j), f"s{v.row}/fwd/l{l}/j{j}/z", "bias")
    yield v.line(partial("C_0", n.b(l, j)), "its gradient for this row", f"{back}/dC_db")
    yield from _in_batch(v, n.b(l, j), f"l{l}/j{j}", "b")


def _in_batch(v: View, symbol: str, place: str, letter: str) -> Iterator[Line]:
    """Mean gradient and update, where there are any."""
    if len(v.trace.rows) > 1:
        mean = f"mean/{place}/mean_dC_d{letter}"
        yield v.line(partial("C", symbol), "its mean gradient over the batch", mean)
    kinds = v.trace.sequence.updates
    if kinds is not None:
        for kind in kinds.kinds(letter == "w")[:-1]:
            address = f"update/{place}/{kind}"
            yield v.line(v.trace[address].statement(v.notation).name, LABELS[kind], address)
        yield v.line(symbol, "after the update", f"update/{place}/update_{letter}")


def _input(v: View, k: int) -> Iterator[Line]:
    address, first = f"s{v.row}/x{k}", f"s{v.row}/fwd/l2/j0/k{k}/wa"
    yield v.given(v.notation.a(1, k), "the scaled input", address, first, "input")


def _node(v: View, l: int, j: int) -> Iterator[Line]:
    n, fwd, back = v.notation, f"s{v.row}/fwd/l{l}/j{j}", f"s{v.row}/back/l{l}/j{j}"
    if v.trace.sequence.has_bias(l):
        yield v.given(n.b(l, j), "its bias", operands.b(l, j), f"{fwd}/z", "bias")
    yield v.line(n.z(l, j), "the weighted sum", f"{fwd}/z")
    yield v.line(n.a(l, j), "the activation", f"{fwd}/a")
    yield v.line(partial("C_0", n.a(l, j)), "how C₀ follows a", f"{back}/dC_da")
    slope = f"m{j}/da_dz" if v.trace.sequence.is_softmax(l) else "da_dz"
    yield v.line(partial(n.a(l, j), n.z(l, j)), "the slope of g", f"{back}/{slope}")
    yield v.line(partial("C_0", n.z(l, j)), "how C₀ follows z", f"{back}/dC_dz")


def _target(v: View, j: int) -> Iterator[Line]:
    n, L, loss = v.notation, v.trace.L, f"s{v.row}/loss/j{j}/C_j"
    yield v.given(n.y(j), "the target", f"s{v.row}/y{j}", loss, "target")
    yield v.line(n.a(L, j), "the output", f"s{v.row}/fwd/l{L}/j{j}/a")
    yield v.line(n.C_j(j), "its part of the loss", loss)
    slope = f"s{v.row}/back/l{L}/j{j}/dC_da"
    yield v.line(partial("C_0", n.a(L, j)), "how C₀ follows the output", slope)


def _loss(v: View) -> Iterator[Line]:
    yield v.line("C_0", "the loss of this row", f"s{v.row}/loss/C")
    for j in range(min(v.trace.network.sizes[-1], MOST_ADDENDS)):
        yield v.line(v.notation.C_j(j), f"the part of output {j}", f"s{v.row}/loss/j{j}/C_j")
    kinds = v.trace.sequence.updates
    if kinds is not None and kinds.clip:
        yield v.line(CLIP_SCALE, "what clipping multiplies the whole gradient by", CLIP)
