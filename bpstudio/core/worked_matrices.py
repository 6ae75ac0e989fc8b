"""The matrix form of a derivation: one formula for all nodes of a layer at once.

The four equations of M. Nielsen, Neural Networks and Deep Learning, chapter 2, with ∂C_0/∂a as a
step of its own; ⊙ multiplies number by number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.address import Address
from bpstudio.core.derivation import level_label
from bpstudio.core.errors import InputError
from bpstudio.core.notation import Notation, partial
from bpstudio.core.sentences import sentence
from bpstudio.core.statements import Statement
from bpstudio.core.worked_values import Given, GivenGroup, Section, WorkedStep

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

WIDEST = 16  # nodes of a layer whose matrices still fit on a page


def matrix_sections(trace: Trace, goals: list[int], notation: Notation) -> tuple[Section, ...]:
    """Forward, loss and backward of every row that the goals need; layers down to the lowest."""
    return tuple(
        section
        for s, (top, bottom) in _reach(trace, goals).items()
        for section in _of_row(_Writer(trace, s, notation), top, bottom)
    )


def matrix_givens(trace: Trace, goals: list[int], notation: Notation) -> tuple[GivenGroup, ...]:
    """Inputs and targets of the rows, weights and biases of all layers that are used."""
    reach = _reach(trace, goals)
    top = max((top for top, _ in reach.values()), default=1)
    writers = [_Writer(trace, s, notation) for s in reach]
    layers = [_parameters(trace, l, notation) for l in range(2, top + 1)]
    return (*(writer.data() for writer in writers), *layers)


def require_narrow(trace: Trace) -> None:
    """Refuse a network whose matrices do not fit on a page. InputError names the remedy."""
    widest = max(trace.network.sizes)
    if widest > WIDEST:
        l = trace.network.sizes.index(widest) + 1
        raise InputError(
            f"matrices fit on a page up to {WIDEST} nodes a layer, layer {l} has {widest}; "
            f"choose the notation d or delta"
        )


def _reach(trace: Trace, goals: list[int]) -> dict[int, tuple[int, int]]:
    """Of each sample the highest layer of its forward and the lowest of its backward pass.

    The lowest is L + 1 without a backward pass. A mean or an update needs every sample.
    """
    found: dict[int, tuple[int, int]] = {}
    for n in goals:
        step = trace.sequence.step(n)
        samples = range(len(trace.rows)) if step.s is None else (step.s,)
        of_forward = step.phase == "fwd"
        top = step.at.l if of_forward else trace.L
        bottom = trace.L + 1 if step.phase in ("fwd", "loss") else max(step.at.l, 2)
        for s in samples:
            other_top, other_bottom = found.get(s, (top, bottom))
            found[s] = max(top, other_top), min(bottom, other_bottom)
    return dict(sorted(found.items()))


def _matrix(rows: list[list[str]]) -> str:
    body = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def _column(parts: list[str]) -> str:
    return _matrix([[part] for part in parts])


def _numbers(values: NDArray[np.float64], notation: Notation) -> str:
    """A matrix, or a vector as a column."""
    rows = values.reshape(len(values), -1)
    return _matrix([[notation.number(float(x)) for x in row] for row in rows])


def _parameters(trace: Trace, l: int, n: Notation) -> GivenGroup:
    layer = trace.network.layer(l)
    givens = [Given("", _W(l, n), _numbers(layer.W, n))]
    if layer.b is not None:
        givens.append(Given("", _vector("b", l, n), _numbers(layer.b, n)))
    return GivenGroup(f"Weights and biases of layer ${n.layer(l)}$", tuple(givens))


def _vector(letter: str, l: int, n: Notation) -> str:
    return rf"\mathbf{{{letter}}}^{{({n.layer(l)})}}"


def _W(l: int, n: Notation) -> str:
    return f"W^{{({n.layer(l)})}}"


def _delta(l: int, n: Notation) -> str:
    return rf"\boldsymbol{{\delta}}^{{({n.layer(l)})}}"


def _transposed(tex: str) -> str:
    return rf"\left({tex}\right)^{{\top}}"


def _of_row(writer: _Writer, top: int, bottom: int) -> Iterator[Section]:
    for l in range(2, top + 1):
        yield writer.section("fwd", l, writer.forward(l))
    if bottom <= writer.trace.L or top == writer.trace.L:
        yield writer.section("loss", None, [writer.loss()])
    for l in range(writer.trace.L, bottom - 1, -1):
        yield writer.section("back", l, writer.backward(l))


class _Writer:
    """Writes the matrices of one sample."""

    __slots__ = ("n", "row", "s", "trace")

    def __init__(self, trace: Trace, s: int, notation: Notation) -> None:
        self.trace, self.s, self.n = trace, s, notation
        self.row = trace.rows[s]

    def section(self, phase: str, l: int | None, steps: list[WorkedStep]) -> Section:
        levels = [Address(row=self.row), Address(row=self.row, phase=phase)]
        if l is not None:
            levels.append(Address(row=self.row, phase=phase, l=l))
        return Section(", ".join(level_label(level, self.n) for level in levels), tuple(steps))

    def data(self) -> GivenGroup:
        x, y = self.trace.X[self.s], self.trace.Y[self.s]
        return GivenGroup(
            f"Row {self.row}, scaled inputs and targets",
            (
                Given("", _vector("a", 1, self.n), _numbers(x, self.n)),
                Given("", r"\mathbf{y}", _numbers(y, self.n)),
            ),
        )

    def forward(self, l: int) -> list[WorkedStep]:
        n, layer = self.n, self.trace.network.layer(l)
        z, a = self.trace.z(l)[self.s], self.trace.a(l)[self.s]
        formula = f"{_W(l, n)} {_vector('a', l - 1, n)}"
        numbers = f"{_numbers(layer.W, n)} {_numbers(self.trace.a(l - 1)[self.s], n)}"
        if layer.b is not None:
            formula += f" + {_vector('b', l, n)}"
            numbers += f" + {_numbers(layer.b, n)}"
        each = self._each(l, "fwd", "a")
        return [
            self._step("fwd", l, "sums", _vector("z", l, n), formula, numbers, _numbers(z, n)),
            self._step("fwd", l, "activations", _vector("a", l, n), *each, _numbers(a, n)),
        ]

    def loss(self) -> WorkedStep:
        term = self.trace[f"s{self.row}/loss/C"]
        name, formula, numbers = term.statement(self.n)
        result = self.n.number(term.value)
        words = sentence(self.trace, term.step, self.n)
        return WorkedStep(term.address, "loss", name, formula, numbers, result, words)

    def backward(self, l: int) -> list[WorkedStep]:
        steps = [self._dC_da(l), self._slopes(l), self._dC_dz(l), self._dC_dW(l)]
        if self.trace.sequence.has_bias(l):
            name = partial("C_0", _vector("b", l, self.n))
            result = _numbers(self.trace.dC_db(l, self.s), self.n)
            steps.append(self._step("back", l, "gradients", name, _delta(l, self.n), "", result))
        return steps

    def _dC_da(self, l: int) -> WorkedStep:
        n, trace = self.n, self.trace
        if l == trace.L:
            formula, numbers = self._each(l, "back", "dC_da")
        else:
            formula = f"{_transposed(_W(l + 1, n))} {_delta(l + 1, n)}"
            W, delta = trace.network.layer(l + 1).W, trace.dC_dz(l + 1)[self.s]
            numbers = f"{_numbers(W.T, n)} {_numbers(delta, n)}"
        result = _numbers(trace.dC_da(l)[self.s], n)
        name = partial("C_0", _vector("a", l, n))
        return self._step("back", l, "factor 1", name, formula, numbers, result)

    def _slope_name(self, l: int) -> str:
        if self.trace.sequence.is_softmax(l):
            return partial(_vector("a", l, self.n), _vector("z", l, self.n))
        return rf"g'\left({_vector('z', l, self.n)}\right)"

    def _slopes(self, l: int) -> WorkedStep:
        name, n = self._slope_name(l), self.n
        if self.trace.sequence.is_softmax(l):
            formula, numbers = self._diagonal_less_square(l)
            result = _numbers(self._J(l), n)
        else:
            formula, numbers = self._each(l, "back", "da_dz")
            result = _numbers(self.trace.da_dz(l)[self.s], n)
        return self._step("back", l, "factor 2", name, formula, numbers, result)

    def _diagonal_less_square(self, l: int) -> tuple[str, str]:
        """∂a/∂z of softmax: the diagonal matrix of a, less a aᵀ."""
        n, a, vector = self.n, self.trace.a(l)[self.s], _vector("a", l, self.n)
        formula = rf"\mathrm{{diag}}\left({vector}\right) - {vector} {_transposed(vector)}"
        square = f"{_numbers(a, n)} {_numbers(a[np.newaxis], n)}"
        return formula, f"{_numbers(np.diag(a), n)} - {square}"

    def _J(self, l: int) -> NDArray[np.float64]:
        """∂a_m/∂z_j, (m, j), as the trace has it."""
        nodes = range(self.trace.network.sizes[l - 1])
        place = f"s{self.row}/back/l{l}"
        return np.array(
            [[self.trace[f"{place}/j{j}/m{m}/da_dz"].value for j in nodes] for m in nodes]
        )

    def _dC_dz(self, l: int) -> WorkedStep:
        n, trace = self.n, self.trace
        dC_da = partial("C_0", _vector("a", l, n))
        of_a = _numbers(trace.dC_da(l)[self.s], n)
        if trace.sequence.is_softmax(l):
            formula = f"{_transposed(self._slope_name(l))} {dC_da}"
            numbers = f"{_numbers(self._J(l).T, n)} {of_a}"
        else:
            formula = rf"{dC_da} \odot {self._slope_name(l)}"
            numbers = rf"{of_a} \odot {_numbers(trace.da_dz(l)[self.s], n)}"
        name = rf"{_delta(l, n)} = {partial('C_0', _vector('z', l, n))}"
        result = self._used(l)
        return self._step("back", l, "product", name, formula, numbers, result)

    def _used(self, l: int) -> str:
        """∂C_0/∂z; where the product broke down, it and the combined form that is used."""
        used = _numbers(self.trace.dC_dz(l)[self.s], self.n)
        if l != self.trace.L or not self.trace.saturated[self.s].any():
            return used
        plain = _numbers(self.trace.product[self.s], self.n)
        return rf"{plain} \text{{, combined form: }} {used}"

    def _dC_dW(self, l: int) -> WorkedStep:
        n, trace = self.n, self.trace
        a = trace.a(l - 1)[self.s]
        formula = f"{_delta(l, n)} {_transposed(_vector('a', l - 1, n))}"
        numbers = f"{_numbers(trace.dC_dz(l)[self.s], n)} {_numbers(a[np.newaxis], n)}"
        result = _numbers(trace.dC_dw(l, self.s), n)
        return self._step(
            "back", l, "gradients", partial("C_0", _W(l, n)), formula, numbers, result
        )

    def _statement(self, l: int, phase: str, j: int, rest: str) -> Statement:
        return self.trace[f"s{self.row}/{phase}/l{l}/j{j}/{rest}"].statement(self.n)

    def _each(self, l: int, phase: str, kind: str) -> tuple[str, str]:
        """A vector of what the nodes state: formulas, and numbers."""
        nodes = range(self.trace.network.sizes[l - 1])
        parts = [self._statement(l, phase, j, kind) for j in nodes]
        return _column([part.formula for part in parts]), _column([part.numbers for part in parts])

    def _step(
        self, phase: str, l: int, label: str, name: str, formula: str, numbers: str, result: str
    ) -> WorkedStep:
        address = f"s{self.row}/{phase}/l{l}"
        return WorkedStep(
            address, label, name, formula, "" if numbers == result else numbers, result
        )
