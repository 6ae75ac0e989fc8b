"""Usual mistakes of a hand-written backward pass, as numbers: what each would give.

A mistake is tested, not guessed: it is named where it gives all the numbers in question. Each
variant supposes that everything before the first wrong term is right and one thing is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import find_activation
from bpstudio.core.losses import LOSSES

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

Array = NDArray[Any]
Integers = NDArray[np.int64]

_MOST_TERMS = 64  # nodes of the next layer each of whose addends is tried to be the missing one


class Variant(NamedTuple):
    """What would come out, and the mistake that leads to it."""

    words: str
    numbers: Array


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Numbers of one kind and layer: sample s, node j and second index x (k, i or m) of each.

    Indices that the kind does not have are 0. ``steps`` are the numbers of their steps; None for
    all derivatives of a layer's parameters, in order.
    """

    kind: str
    l: int
    s: Integers
    j: Integers
    x: Integers
    values: Array
    steps: Integers | None = None


def variants(trace: Trace, group: Group, right: Array) -> Iterator[Variant]:
    """What usual mistakes would give in place of the right numbers of a group."""
    yield from _scaled(trace, group, right)
    special = _SPECIAL.get(group.kind)
    if special is not None:
        yield from special(trace, group)


def _scaled(trace: Trace, group: Group, right: Array) -> Iterator[Variant]:
    n, n_L = len(trace.rows), trace.network.sizes[-1]
    yield Variant("the sign is wrong", -right)
    yield Variant("a factor 2 is missing", right / 2)
    twice = "there is a factor 2 too many"
    if group.kind.endswith(("dC_dw", "dC_db")):
        twice += ", or the gradient was not zeroed and is in it twice"
    yield Variant(twice, right * 2)
    if group.kind.startswith("mean") and n > 1:
        yield Variant(f"the 1/n of the mean over the {n} rows is missing", right * n)
        yield Variant(f"there is a 1/n too many, of the {n} rows", right / n)
    if n_L > 1:
        yield Variant(f"a factor 1/n_L is missing (n_L = {n_L} outputs)", right * n_L)
        yield Variant(f"there is a factor 1/n_L too many (n_L = {n_L} outputs)", right / n_L)


def _of_z(trace: Trace, g: Group) -> Iterator[Variant]:
    layer, a = trace.network.layer(g.l), trace.a(g.l - 1)
    if layer.b is not None:
        yield Variant("the bias is missing", (a @ layer.W.T)[g.s, g.j])
    if _is_square(layer.W):
        b = 0.0 if layer.b is None else layer.b
        yield Variant("W is transposed", (a @ layer.W + b)[g.s, g.j])


def _of_a(trace: Trace, g: Group) -> Iterator[Variant]:
    yield Variant("g is missing: this is z", trace.z(g.l)[g.s, g.j])


def _of_C_j(trace: Trace, g: Group) -> Iterator[Variant]:
    for name, loss in _other_losses(trace):
        yield Variant(f"this is loss {name}", loss.C_j(trace.a(trace.L), trace.Y)[g.s, g.j])


def _of_C(trace: Trace, g: Group) -> Iterator[Variant]:
    for name, loss in _other_losses(trace):
        yield Variant(f"this is loss {name}", loss.C_j(trace.a(trace.L), trace.Y).sum(axis=1)[g.s])


def _other_losses(trace: Trace) -> Iterator[tuple[str, Any]]:
    return ((name, loss) for name, loss in LOSSES.items() if name != trace.loss)


def _of_da_dz(trace: Trace, g: Group) -> Iterator[Variant]:
    at_a = _g_prime_at_a(trace, g.l)
    if at_a is not None:
        yield Variant("g′ was taken at a instead of z", at_a[g.s, g.j])


def _of_addend(trace: Trace, g: Group) -> Iterator[Variant]:
    W, dC_dz = trace.network.layer(g.l + 1).W, trace.dC_dz(g.l + 1)
    factor = W[g.x, g.j]
    words = f"the g′ of layer {g.l + 1} is missing"
    yield Variant(words, trace.dC_da(g.l + 1)[g.s, g.x] * factor)
    if _is_square(W):
        yield Variant("W is transposed", dC_dz[g.s, g.x] * W[g.j, g.x])


def _of_dC_da(trace: Trace, g: Group) -> Iterator[Variant]:
    for words, numbers in _dC_das(trace, g.l):
        yield Variant(words, numbers[g.s, g.j])


def _of_dC_dz(trace: Trace, g: Group) -> Iterator[Variant]:
    for words, numbers in _dC_dzs(trace, g.l):
        yield Variant(words, numbers[g.s, g.j])


def _of_dC_dw(trace: Trace, g: Group) -> Iterator[Variant]:
    for words, dC_dz, a in _factors_of_dC_dw(trace, g.l):
        yield Variant(words, dC_dz[g.s, g.j] * a[g.s, g.x])
    if _is_square(trace.network.layer(g.l).W):
        numbers = trace.dC_dz(g.l)[g.s, g.x] * trace.a(g.l - 1)[g.s, g.j]
        yield Variant("the matrix of derivatives is transposed", numbers)


def _of_mean_dC_dw(trace: Trace, g: Group) -> Iterator[Variant]:
    n = len(trace.rows)
    for words, dC_dz, a in _factors_of_dC_dw(trace, g.l):
        yield Variant(words, (dC_dz.T @ a / n)[g.j, g.x])
    for s, row in _ends(trace):
        numbers = trace.dC_dw(g.l, s)[g.j, g.x]
        yield Variant(f"this is row {row} alone, not the mean over the {n} rows", numbers)
    if _is_square(trace.network.layer(g.l).W):
        yield Variant("the matrix of derivatives is transposed", trace.mean_dC_dw(g.l)[g.x, g.j])


def _of_mean_dC_db(trace: Trace, g: Group) -> Iterator[Variant]:
    for words, dC_dz in _dC_dzs(trace, g.l):
        yield Variant(words, dC_dz.mean(axis=0)[g.j])
    for s, row in _ends(trace):
        words = f"this is row {row} alone, not the mean over the {len(trace.rows)} rows"
        yield Variant(words, trace.dC_db(g.l, s)[g.j])


_SPECIAL = {
    "z": _of_z,
    "a": _of_a,
    "C_j": _of_C_j,
    "C": _of_C,
    "da_dz": _of_da_dz,
    "addend": _of_addend,
    "dC_da": _of_dC_da,
    "dC_dz": _of_dC_dz,
    "dC_db": _of_dC_dz,
    "dC_dw": _of_dC_dw,
    "mean_dC_dw": _of_mean_dC_dw,
    "mean_dC_db": _of_mean_dC_db,
}


def _ends(trace: Trace) -> tuple[tuple[int, int], ...]:
    """The first and the last sample: position and row."""
    last = len(trace.rows) - 1
    return ((0, trace.rows[0]), (last, trace.rows[last]))


def _factors_of_dC_dw(trace: Trace, l: int) -> Iterator[tuple[str, Array, Array]]:
    """∂C_0/∂z (n, n_l) and ∂z/∂w (n, n_{l−1}), one of them wrong."""
    a = trace.a(l - 1)
    for words, dC_dz in _dC_dzs(trace, l):
        yield words, dC_dz, a
    if trace.a(l).shape == a.shape:
        yield f"a^({l}) was used in place of a^({l - 1})", trace.dC_dz(l), trace.a(l)
    if l > 2:
        yield f"z^({l - 1}) was used in place of a^({l - 1})", trace.dC_dz(l), trace.z(l - 1)


def _dC_dzs(trace: Trace, l: int) -> Iterator[Variant]:
    """Wrong ∂C_0/∂z^(l), (n, n_l)."""
    dC_da = trace.dC_da(l)
    yield Variant(f"the g′ of layer {l} is missing (∂a/∂z)", dC_da)
    at_a = _g_prime_at_a(trace, l)
    if at_a is None:
        return  # through a softmax the wrong factors mix; only the missing one is told
    yield Variant(f"the g′ of layer {l} was taken at a instead of z", dC_da * at_a)
    yield Variant(f"there is a g′ of layer {l} too many", trace.dC_dz(l) * trace.da_dz(l))
    for words, wrong in _dC_das(trace, l):
        yield Variant(words, wrong * trace.da_dz(l))


def _g_prime_at_a(trace: Trace, l: int) -> Array | None:
    rule = find_activation(trace.network.layer(l).activation)
    return None if rule.g_prime is None else rule.g_prime(trace.a(l), rule.g(trace.a(l)))


def _dC_das(trace: Trace, l: int) -> Iterator[Variant]:
    """Wrong ∂C_0/∂a^(l), (n, n_l)."""
    if l == trace.L:
        for name, loss in _other_losses(trace):
            yield Variant(f"this comes from loss {name}", loss.dC_da(trace.a(l), trace.Y))
        return
    W, dC_dz = trace.network.layer(l + 1).W, trace.dC_dz(l + 1)
    yield Variant(f"the g′ of layer {l + 1} is missing in the sum", trace.dC_da(l + 1) @ W)
    if _is_square(W):
        yield Variant(f"W^({l + 1}) is transposed", dC_dz @ W.T)
    yield Variant(f"the sum over layer {l + 1} has no W^({l + 1})", _summed(dC_dz, W.shape[1]))
    yield from _missing_terms(dC_dz, W, l)


def _summed(dC_dz: Array, n: int) -> Array:
    return np.repeat(dC_dz.sum(axis=1, keepdims=True), n, axis=1)


def _missing_terms(dC_dz: Array, W: Array, l: int) -> Iterator[Variant]:
    """The sum over the next layer with one addend alone, or without one."""
    n_next = len(W)
    if n_next < 2:
        return
    nodes = range(n_next) if n_next <= _MOST_TERMS else (0, n_next - 1)
    whole = dC_dz @ W
    start = f"the sum over layer {l + 1}"
    for i in nodes:
        addend = dC_dz[:, i, None] * W[i]
        yield Variant(f"{start} has its addend i = {i} alone", addend)
        yield Variant(f"{start} lacks its addend i = {i}", whole - addend)


def _is_square(W: Array) -> bool:
    return bool(W.shape[0] == W.shape[1] > 1)
