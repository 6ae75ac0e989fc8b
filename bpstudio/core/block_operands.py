"""What the steps of a block were made of, all at once: the addresses of `operands`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bpstudio.core import operands
from bpstudio.core.block_batch import descent_operands, mean_operands
from bpstudio.core.block_view import View

Operands = list[tuple[str, ...]]
Rule = Callable[[View], Operands]


def _inputs(v: View, l: int, nodes: range) -> list[list[str]]:
    """Activations of layer l, [sample][node]; inputs in layer 1, which are no steps."""
    if l == 1:
        return [[operands.a(row, 1, k) for k in nodes] for row in v.rows]
    return [[f"{head}/fwd/l{l}/j{k}/a" for k in nodes] for head in v.heads]


def _wa(v: View) -> Operands:
    l, x = v.l, v.block.x
    weights = [[operands.w(l, j, k) for k in x] for j in v.block.j]
    return [
        pair
        for inputs in _inputs(v, l - 1, x)
        for row in weights
        for pair in zip(row, inputs, strict=True)
    ]


def _z(v: View) -> Operands:
    l, sequence = v.l, v.trace.sequence
    tails = [f"k{k}/wa" for k in range(sequence.sizes[l - 2])]
    bias = [(operands.b(l, j),) if sequence.has_bias(l) else () for j in v.block.j]
    return [
        (*(at + tail for tail in tails), *b)
        for head in v.heads
        for at, b in zip(_nodes(v, f"{head}/fwd/l{l}"), bias, strict=True)
    ]


def _nodes(v: View, level: str) -> list[str]:
    return [f"{level}/j{j}/" for j in v.block.j]


def _a(v: View) -> Operands:
    return [(f"{at}z",) for head in v.heads for at in _nodes(v, f"{head}/fwd/l{v.l}")]


def _of_output(v: View) -> Operands:
    return [
        (a, operands.y(row, j))
        for row, outputs in zip(v.rows, _inputs(v, v.trace.L, v.block.j), strict=True)
        for j, a in zip(v.block.j, outputs, strict=True)
    ]


def _C(v: View) -> Operands:
    n_L = v.trace.sequence.sizes[-1]
    return [tuple(f"{head}/loss/j{j}/C_j" for j in range(n_L)) for head in v.heads]


def _dz_da(v: View) -> Operands:
    l = v.l + 1
    weights: Operands = [(operands.w(l, i, j),) for j in v.block.j for i in v.block.x]
    return weights * len(v.rows)


def _addend(v: View) -> Operands:
    l, x = v.l, v.block.x
    tails = [f"i{i}/dz_da" for i in x]
    return [
        (*through, at + tail)
        for head, row in zip(v.heads, v.through_addresses(l + 1, x), strict=True)
        for at in _nodes(v, f"{head}/back/l{l}")
        for through, tail in zip(row, tails, strict=True)
    ]


def _dC_da(v: View) -> Operands:
    l = v.l
    if l == v.trace.L:
        return _of_output(v)
    tails = [f"i{i}/addend" for i in range(v.trace.sequence.sizes[l])]
    return [
        tuple(at + tail for tail in tails)
        for head in v.heads
        for at in _nodes(v, f"{head}/back/l{l}")
    ]


def _da_dz(v: View) -> Operands:
    return [
        (f"{head}/fwd/l{v.l}/j{j}/z", a)
        for head, row in zip(v.heads, _inputs(v, v.l, v.block.j), strict=True)
        for j, a in zip(v.block.j, row, strict=True)
    ]


def _dC_dz(v: View) -> Operands:
    nodes = (at for head in v.heads for at in _nodes(v, f"{head}/back/l{v.l}"))
    return [(f"{at}dC_da", f"{at}da_dz") for at in nodes]


def _dz_dw(v: View) -> Operands:
    count = len(v.block.j)
    return [(a,) for row in _inputs(v, v.l - 1, v.block.x) for a in row * count]


def _dC_dw(v: View) -> Operands:
    return _through(v, [f"k{k}/dz_dw" for k in v.block.x])


def _dC_db(v: View) -> Operands:
    return _through(v, ["dz_db"])


def _through(v: View, tails: list[str]) -> Operands:
    """∂C_0/∂z_j and what it is multiplied by."""
    return [
        (*through, at + tail)
        for head, row in zip(v.heads, v.through_addresses(v.l, v.block.j), strict=True)
        for at, through in zip(_nodes(v, f"{head}/back/l{v.l}"), row, strict=True)
        for tail in tails
    ]


OPERANDS: Mapping[str, Rule] = {
    "wa": _wa,
    "z": _z,
    "a": _a,
    "C_j": _of_output,
    "C": _C,
    "dz_da": _dz_da,
    "addend": _addend,
    "dC_da": _dC_da,
    "da_dz": _da_dz,
    "dC_dz": _dC_dz,
    "dz_dw": _dz_dw,
    "dC_dw": _dC_dw,
    "dz_db": lambda v: [()] * v.block.size,
    "dC_db": _dC_db,
    "mean_dC_dw": mean_operands,
    "mean_dC_db": mean_operands,
    "update_w": descent_operands,
    "update_b": descent_operands,
}
