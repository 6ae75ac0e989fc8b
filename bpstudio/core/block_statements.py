"""What the steps of a block state, all at once: to the letter what `statements` says of each.

A rule gives the names, the formulas and the formulas with the numbers. Names and formulas have one
entry a place (node × second index) where they are the same for every sample, else one a step. Kinds
without a rule are stated term by term.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

from bpstudio.core import formulas
from bpstudio.core.block_batch import descent, mean
from bpstudio.core.block_outputs import C_j, Statements, dC_da_of_output
from bpstudio.core.block_view import Table, View, as_slice, shown_addends, tex_sums
from bpstudio.core.notation import partial
from bpstudio.core.number_texts import Array, tex_factors, tex_numbers
from bpstudio.core.statements import dz_db_name, product

Texts = list[str]


def _wa(v: View) -> Statements:
    block, l = v.block, v.l
    a = [v.n.a(l - 1, k) for k in block.x]
    symbols = [
        f"{w} {x}" for row in v.weights(l, block.j, block.x) for w, x in zip(row, a, strict=True)
    ]
    weights = v.numbers(v.trace.network.layer(l).W[as_slice(block.j), as_slice(block.x)])
    return Statements(symbols, _times(weights, v.inputs(l - 1, block.x)))


def _times(of_places: Table, of_samples: Table) -> Texts:
    """Number of a place [j][x] times one of a sample [s][x], every step."""
    return [
        rf"{w} \cdot {a}"
        for inputs in of_samples
        for row in of_places
        for w, a in zip(row, inputs, strict=True)
    ]


def _z(v: View) -> Statements:
    block, l, n, layer = v.block, v.l, v.n, v.trace.network.layer(v.l)
    count, j = layer.W.shape[1], as_slice(v.block.j)
    bias = [f" + {n.b(l, node)}" if layer.b is not None else "" for node in block.j]
    symbols = [
        rf"{n.z(l, node)} = \sum_{{k=0}}^{{{count - 1}}} {n.w(l, node, 'k')} {n.a(l - 1, 'k')}{b}"
        for node, b in zip(block.j, bias, strict=True)
    ]
    shown = shown_addends(count)
    addends = layer.W[j][:, shown] * v.trace.a(l - 1)[v.samples, None, shown]
    extra = None if layer.b is None else tex_numbers(layer.b[j]) * len(v.rows)
    return Statements(symbols, tex_sums(_lines(addends), count, extra))


def _lines(addends: Array) -> Array:
    return addends.reshape(-1, addends.shape[-1])


def _a(v: View) -> Statements:
    l, n, z = v.l, v.n, v.trace.z(v.l)[v.samples, as_slice(v.block.j)]
    name = v.trace.network.layer(l).activation
    up: list[bool] = (z > 0).reshape(-1).tolist()
    names = [n.a(l, j) for j in v.block.j] * len(v.rows)
    z_tex = [n.z(l, j) for j in v.block.j] * len(v.rows)
    symbols = [
        f"{a} = {formulas.g_tex(name, x, u)}" for a, x, u in zip(names, z_tex, up, strict=True)
    ]
    factors = tex_factors(tex_numbers(z))
    return Statements(
        symbols, [formulas.g_tex(name, x, u) for x, u in zip(factors, up, strict=True)]
    )


def _da_dz(v: View) -> Statements:
    l, place = v.l, (v.samples, as_slice(v.block.j))
    name, z = v.trace.network.layer(l).activation, v.trace.z(l)[place]
    up: list[bool] = (z > 0).reshape(-1).tolist()
    symbols = [_slope(v, name, j, u) for j, u in zip([*v.block.j] * len(v.rows), up, strict=True)]
    z_tex, a_tex = (tex_factors(tex_numbers(x)) for x in (z, v.trace.a(l)[place]))
    numbers = [
        formulas.g_prime_tex(name, x, a, u) for x, a, u in zip(z_tex, a_tex, up, strict=True)
    ]
    return Statements(symbols, numbers)


def _slope(v: View, name: str, j: int, up: bool) -> str:
    l, n = v.l, v.n
    z = n.z(l, j)
    branch = formulas.branch_tex(name, z, up)
    return f"{n.da_dz(l, j, j)} = {formulas.g_prime_tex(name, z, n.a(l, j), up)}{branch}"


def _C(v: View) -> Statements:
    C_j = v.trace.C_j[v.samples]
    count = C_j.shape[1]
    symbol = rf"C_0 = \sum_{{j=0}}^{{{count - 1}}} {v.n.C_j('j')}"
    return Statements([symbol], tex_sums(C_j[:, shown_addends(count)], count))


def _dC_da(v: View) -> Statements:
    return dC_da_of_output(v) if v.l == v.trace.L else _summed_dC_da(v)


def _summed_dC_da(v: View) -> Statements:
    l, n, t, j = v.l, v.n, v.trace, as_slice(v.block.j)
    count = t.network.sizes[l]
    softmax = t.sequence.is_softmax(l + 1)
    through = [n.dC_dz(l + 1, "i")] if softmax else [n.dC_da(l + 1, "i"), n.da_dz(l + 1, "i", "i")]
    sign = rf"\sum_{{i=0}}^{{{count - 1}}}"
    symbols = [
        f"{n.dC_da(l, node)} = {sign} {product([*through, n.dz_da(l, 'i', node)])}"
        for node in v.block.j
    ]
    shown = shown_addends(count)
    dC_dz, W = t.dC_dz(l + 1)[v.samples, None, shown], t.network.layer(l + 1).W
    return Statements(symbols, tex_sums(_lines(dC_dz * W[shown, j].T), count))


def _dC_dz(v: View) -> Statements:
    l, nodes = v.l, v.block.j
    through = zip(nodes, v.through_symbols(l, nodes), strict=True)
    symbols = [f"{v.n.dC_dz(l, j)} = {factors}" for j, factors in through]
    return Statements(symbols, [*chain.from_iterable(v.through_numbers(l, nodes))])


def _dz_da(v: View) -> Statements:
    names, weights = _dz_da_names(v)
    symbols = [f"{name} = {w}" for name, w in zip(names, chain.from_iterable(weights), strict=True)]
    return Statements(symbols, tex_numbers(_weights_above(v)) * len(v.rows))


def _weights_above(v: View) -> Array:
    """w_ij^(l+1) of the block, (nodes j, i)."""
    W = v.trace.network.layer(v.l + 1).W
    return W[as_slice(v.block.x), as_slice(v.block.j)].T


def _dz_da_names(v: View) -> tuple[Texts, list[tuple[str, ...]]]:
    """∂z_i/∂a_j and w_ij^(l+1), each place [j][i]."""
    l, n, nodes, x = v.l, v.n, v.block.j, v.block.x
    weights = [*zip(*v.weights(l + 1, x, nodes), strict=True)]
    above = [n.z(l + 1, i) for i in x]
    names = [partial(z, a) for a in (n.a(l, j) for j in nodes) for z in above]
    return names, weights


def _addend(v: View) -> Statements:
    l, x = v.l + 1, v.block.x
    names, _ = _dz_da_names(v)
    through = v.through_symbols(l, x) * len(v.block.j)
    symbols = [rf"{factors} \cdot {name}" for factors, name in zip(through, names, strict=True)]
    weights = v.numbers(_weights_above(v), factor=True)
    numbers = [
        rf"{factors} \cdot {w}"
        for row in v.through_numbers(l, x)
        for line in weights
        for factors, w in zip(row, line, strict=True)
    ]
    return Statements(symbols, numbers)


def _dz_dw_names(v: View) -> Table:
    z = [v.n.z(v.l, j) for j in v.block.j]
    weights = v.weights(v.l, v.block.j, v.block.x)
    return [[partial(above, w) for w in row] for above, row in zip(z, weights, strict=True)]


def _dz_dw(v: View) -> Statements:
    a = [v.n.a(v.l - 1, k) for k in v.block.x]
    symbols = [f"{name} = {x}" for row in _dz_dw_names(v) for name, x in zip(row, a, strict=True)]
    inputs = v.inputs(v.l - 1, v.block.x, factor=False)
    return Statements(symbols, [a for row in inputs for a in row * len(v.block.j)])


def _dC_dw(v: View) -> Statements:
    l, nodes, x = v.l, v.block.j, v.block.x
    lines = zip(v.weights(l, nodes, x), v.through_symbols(l, nodes), _dz_dw_names(v), strict=True)
    symbols = [
        rf"{partial('C_0', w)} = {factors} \cdot {name}"
        for row, factors, names in lines
        for w, name in zip(row, names, strict=True)
    ]
    numbers = [
        rf"{factors} \cdot {a}"
        for through, inputs in zip(v.through_numbers(l, nodes), v.inputs(l - 1, x), strict=True)
        for factors in through
        for a in inputs
    ]
    return Statements(symbols, numbers)


def _dz_db(v: View) -> Statements:
    symbols = [f"{dz_db_name(v.l, j, v.n)} = 1" for j in v.block.j]
    return Statements(symbols, ["1"] * v.block.size)


def _dC_db(v: View) -> Statements:
    l, n, nodes = v.l, v.n, v.block.j
    symbols = [
        rf"{partial('C_0', n.b(l, j))} = {factors} \cdot {dz_db_name(l, j, n)}"
        for j, factors in zip(nodes, v.through_symbols(l, nodes), strict=True)
    ]
    numbers = [rf"{z} \cdot 1" for row in v.through_numbers(l, nodes) for z in row]
    return Statements(symbols, numbers)


STATEMENTS: Mapping[str, Callable[[View], Statements]] = {
    "wa": _wa,
    "z": _z,
    "a": _a,
    "C_j": C_j,
    "C": _C,
    "dz_da": _dz_da,
    "addend": _addend,
    "dC_da": _dC_da,
    "da_dz": _da_dz,
    "dC_dz": _dC_dz,
    "dz_dw": _dz_dw,
    "dC_dw": _dC_dw,
    "dz_db": _dz_db,
    "dC_db": _dC_db,
    "mean_dC_dw": mean,
    "mean_dC_db": mean,
    "update_w": descent,
    "update_b": descent,
}
