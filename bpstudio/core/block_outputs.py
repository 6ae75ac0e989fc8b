"""What the output nodes of a block state: their part of the loss, and its derivative."""

from __future__ import annotations

from typing import NamedTuple

from bpstudio.core import formulas
from bpstudio.core.block_view import View, as_slice
from bpstudio.core.number_texts import Array, tex_factors, tex_numbers


class Statements(NamedTuple):
    """``symbols``: name = formula, one a place or one a step; ``numbers`` one a step."""

    symbols: list[str]
    numbers: list[str]


class _Output(NamedTuple):
    """The output nodes of a block, one entry a step: symbols, numbers, huber's branch."""

    j: list[int]
    a: Array
    y: list[str]
    small: list[bool]
    n_L: str


def _output(v: View) -> _Output:
    place = v.samples, as_slice(v.block.j)
    a, y = v.trace.a(v.trace.L)[place], v.trace.Y[place]
    small = [formulas.is_small(x) for x in (a - y).reshape(-1).tolist()]
    j = [*v.block.j] * len(v.rows)
    return _Output(j, a, tex_factors(tex_numbers(y)), small, str(v.trace.network.sizes[-1]))


def C_j(v: View) -> Statements:
    """The loss of an output node."""
    found, n, loss, L = _output(v), v.n, v.trace.loss, v.trace.L
    symbols = [
        f"{n.C_j(j)} = {formulas.C_j_tex(loss, n.a(L, j), n.y(j), found.n_L, small)}"
        for j, small in zip(found.j, found.small, strict=True)
    ]
    a = tex_factors(tex_numbers(found.a))
    numbers = [
        formulas.C_j_tex(loss, x, y, found.n_L, small)
        for x, y, small in zip(a, found.y, found.small, strict=True)
    ]
    return Statements(symbols, numbers)


def dC_da_of_output(v: View) -> Statements:
    """∂C_0/∂a_j of the output layer."""
    found, n, loss, L = _output(v), v.n, v.trace.loss, v.trace.L
    symbols = [
        f"{n.dC_da(L, j)} = {formulas.dC_da_tex(loss, n.a(L, j), n.y(j), found.n_L, small)}"
        for j, small in zip(found.j, found.small, strict=True)
    ]
    a = tex_numbers(found.a)
    numbers = [
        formulas.dC_da_tex(loss, x, y, found.n_L, small)
        for x, y, small in zip(a, found.y, found.small, strict=True)
    ]
    return Statements(symbols, numbers)
