"""The term of a step: everything that can be said about it, looked up when someone asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpstudio.core.html import term_html
from bpstudio.core.notation import Notation, plain
from bpstudio.core.operands import operands_of
from bpstudio.core.sentences import sentence
from bpstudio.core.sequence import Step
from bpstudio.core.statements import Statement, state

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace


class Term:
    """One scalar of a trace: where it is, what it says, what it came from.

    Indices that the kind does not have are None. ``operands`` are addresses: of the steps that
    made them, or of leaves (an input, a target, a parameter).

    >>> data = bp.load("iris.csv", target="species")
    >>> trace = bp.trace(bp.Network.create([4, 5, 6, 3], seed=0), data, rows=[52])
    >>> step = trace["s52/back/l3/j2/k1/dC_dw"]
    >>> step.kind, step.l, step.j, step.k, step.row, round(step.value, 4)
    ('dC_dw', 3, 2, 1, 52, 0.0288)
    >>> step.operands
    ('s52/back/l3/j2/dC_da', 's52/back/l3/j2/da_dz', 's52/back/l3/j2/k1/dz_dw')
    >>> print(step.sentence)
    If weight w_21 of layer L−1 rises a little, the loss rises 0.0288 times as fast: a smaller
    weight would lower the loss of this row.
    """

    __slots__ = ("step", "trace")

    def __init__(self, trace: Trace, step: Step) -> None:
        self.trace = trace
        self.step = step

    def __repr__(self) -> str:
        return f"<{self.index} {self.address} = {self.value!r}>"

    def _repr_html_(self) -> str:
        return term_html(self.address, self.written(), self.sentence)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Term):
            return NotImplemented
        return self.trace is other.trace and self.step == other.step

    def __hash__(self) -> int:
        return hash((id(self.trace), self.step))

    @property
    def index(self) -> int:
        """Number of the step."""
        return self.step.index

    @property
    def address(self) -> str:
        """Canonical address."""
        return self.step.address

    @property
    def kind(self) -> str:
        """Kind of term: wa, z, a, …"""
        return self.step.kind

    @property
    def row(self) -> int | None:
        """Row of the sample in the data file."""
        return self.step.row

    @property
    def l(self) -> int | None:
        """Layer."""
        return self.step.l

    @property
    def j(self) -> int | None:
        """Node of layer l."""
        return self.step.j

    @property
    def k(self) -> int | None:
        """Node of layer l − 1."""
        return self.step.k

    @property
    def i(self) -> int | None:
        """Node of layer l + 1."""
        return self.step.i

    @property
    def m(self) -> int | None:
        """Another node of a softmax layer l."""
        return self.step.m

    @property
    def value(self) -> float:
        """The number."""
        return self.trace.value(self.step)

    @property
    def operands(self) -> Sequence[str]:
        """Addresses of what it was made from, in the order of the formula (see `operands_of`)."""
        return operands_of(self.trace.sequence, self.step, self.rests_on_saturated)

    def statement(self, notation: Notation | None = None) -> Statement:
        """Name, formula and numbers, in LaTeX."""
        return state(self.trace, self.step, notation or Notation(self.trace.L))

    @property
    def symbol(self) -> str:
        """What it is, in LaTeX: its name, and the formula where that is another."""
        return self.written()[0]

    @property
    def substitution(self) -> str:
        """The formula with the numbers plugged in, and the result, in LaTeX.

        Where the product broke down, its result and the number that is used instead.
        """
        return self.written()[1]

    def written(self) -> tuple[str, str]:
        """Symbol and substitution, worked out together for who wants both."""
        notation = Notation(self.trace.L)
        name, formula, numbers = self.statement(notation)
        symbol = name if formula == name else f"{name} = {formula}"
        product, value = self.product, notation.number(self.value)
        if product is not None:
            combined = rf"\text{{, combined form: }} {value}"
            return symbol, f"{numbers} = {notation.number(product)} {combined}"
        return symbol, numbers if numbers == value else f"{numbers} = {value}"

    @property
    def markup(self) -> str:
        """The sentence with its markup: $…$ LaTeX, **…** the number."""
        return sentence(self.trace, self.step, Notation(self.trace.L))

    @property
    def sentence(self) -> str:
        """What the number says, in one plain sentence."""
        return plain(self.markup)

    @property
    def saturated(self) -> bool:
        """Whether the plain product broke down here and the combined form is the value."""
        step = self.step
        if step.kind != "dC_dz" or step.l != self.trace.L:
            return False
        return bool(self.trace.saturated[step.s, step.j])

    @property
    def rests_on_saturated(self) -> bool:
        """Whether a factor of this term is the ∂C_0/∂z of a saturated elementwise output."""
        step, L = self.step, self.trace.L
        if self.trace.sequence.is_softmax(L):
            return False
        if step.kind in ("dC_dw", "dC_db") and step.l == L:
            return bool(self.trace.saturated[step.s, step.j])
        return (
            step.kind == "addend" and step.l == L - 1 and bool(self.trace.saturated[step.s, step.i])
        )

    @property
    def product(self) -> float | None:
        """The plain product of the factors, where the value is the combined form instead."""
        if not self.saturated:
            return None
        return float(self.trace.product[self.step.s, self.step.j])
