"""What uses a number: the inverse of `operands`, by arithmetic for each kind, never by a search."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple, overload

from bpstudio.core.errors import InputError
from bpstudio.core.leaves import Leaf, find_leaf, require_leaf
from bpstudio.core.operands import back, fwd
from bpstudio.core.sequence import Indices, Step, StepSequence


class Stretch(NamedTuple):
    """``length`` addresses, the n-th of them ``at(n)``."""

    length: int
    at: Callable[[int], str]


class Uses(Sequence[str]):
    """Addresses in ascending order of their steps; each is made when it is asked for."""

    def __init__(self, stretches: Sequence[Stretch] = ()) -> None:
        self._stretches = tuple(stretch for stretch in stretches if stretch.length)
        counts = (stretch.length for stretch in self._stretches)
        self._starts = list(accumulate(counts, initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, n: int) -> str: ...
    @overload
    def __getitem__(self, n: slice) -> tuple[str, ...]: ...
    def __getitem__(self, n: int | slice) -> str | tuple[str, ...]:
        if isinstance(n, slice):
            return tuple(self[i] for i in range(*n.indices(len(self))))
        n = n + len(self) if n < 0 else n
        if not 0 <= n < len(self):
            raise IndexError(f"use {n} does not exist; there are {len(self)}")
        which = bisect_right(self._starts, n) - 1
        return self._stretches[which].at(n - self._starts[which])

    def __iter__(self) -> Iterator[str]:
        return (stretch.at(n) for stretch in self._stretches for n in range(stretch.length))


def uses_of(sequence: StepSequence, address: str, saturated: bool = False) -> Uses:
    """Addresses of the steps that have this one, or this leaf, among their operands.

    ``saturated``: the output node that the address belongs to is, so that what stands below it
    takes ∂C_0/∂z itself. InputError where the address is neither a step of this pass nor an
    input, target or parameter.
    """
    leaf = find_leaf(address)
    if leaf is not None:
        return Uses(_of_leaf(sequence, leaf))
    step = sequence.step(sequence.index(address))
    if step.address != address.strip().strip("/"):
        raise InputError(f"{address!r} names a level, not one number; add the rest of its address")
    return Uses(_of_step(sequence, step, saturated and step.l == sequence.L))


def _of_step(q: StepSequence, step: Step, saturated: bool) -> Sequence[Stretch]:
    if step.kind in ("dC_da", "da_dz", "dC_dz") and not q.is_softmax(step.at.l):
        return _of_factor(q, step, saturated)
    return _RULES[step.kind](q, step.at)


def _one(*addresses: str) -> Stretch:
    return Stretch(len(addresses), lambda n: addresses[n])


# Leaves ------------------------------------------------------------------------------------


def _of_leaf(q: StepSequence, leaf: Leaf) -> Sequence[Stretch]:
    require_leaf(q, leaf)
    if leaf.kind not in _LEAVES:
        raise InputError(f"{leaf} is not part of this pass; it is used where the data are scaled")
    return _LEAVES[leaf.kind](q, leaf)


def _x(q: StepSequence, leaf: Leaf) -> Sequence[Stretch]:
    return _weighted(q, leaf.row, 1, leaf.j), _slopes(q, leaf.row, 1, leaf.j)


def _y(q: StepSequence, leaf: Leaf) -> Sequence[Stretch]:
    return (_one(f"s{leaf.row}/loss/j{leaf.j}/C_j", back(leaf.row, q.L, leaf.j, "dC_da")),)


def _w(q: StepSequence, leaf: Leaf) -> Sequence[Stretch]:
    """In each sample the product with a_k and, from layer 3 on, the slope ∂z_j/∂a_k."""
    l, j, k = leaf.l, leaf.j, leaf.k

    def at(n: int) -> str:
        s, second = divmod(n, each)
        row = q.rows[s]
        return back(row, l - 1, k, f"i{j}/dz_da") if second else fwd(row, l, j, f"k{k}/wa")

    each = 2 if l > 2 else 1
    return Stretch(each * len(q.rows), at), _updates(q, l, j, f"k{k}/update_w")


def _b(q: StepSequence, leaf: Leaf) -> Sequence[Stretch]:
    l, j = leaf.l, leaf.j
    sums = Stretch(len(q.rows), lambda s: fwd(q.rows[s], l, j, "z"))
    return sums, _updates(q, l, j, "update_b")


def _updates(q: StepSequence, l: int, j: int, rest: str) -> Stretch:
    return Stretch(int(q.updates), lambda n: f"update/l{l}/j{j}/{rest}")


_LEAVES: Mapping[str, Callable[[StepSequence, Leaf], Sequence[Stretch]]] = {
    "x": _x,
    "y": _y,
    "w": _w,
    "b": _b,
}


# Forward -----------------------------------------------------------------------------------


def _weighted(q: StepSequence, row: int, l: int, j: int) -> Stretch:
    """The products w_ij a_j of the layer above."""
    return Stretch(q.sizes[l], lambda i: fwd(row, l + 1, i, f"k{j}/wa"))


def _slopes(q: StepSequence, row: int, l: int, j: int) -> Stretch:
    """The slopes ∂z_i/∂w_ij of the layer above."""
    return Stretch(q.sizes[l], lambda i: back(row, l + 1, i, f"k{j}/dz_dw"))


def _wa(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_one(fwd(t.row, t.l, t.j, "z")),)


def _z(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    if q.is_softmax(t.l):
        return (Stretch(q.sizes[t.l - 1], lambda j: fwd(t.row, t.l, j, "a")),)
    return (_one(fwd(t.row, t.l, t.j, "a"), back(t.row, t.l, t.j, "da_dz")),)


def _a(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    own = _own_slopes(q, t)
    if t.l < q.L:
        return (_weighted(q, t.row, t.l, t.j), _slopes(q, t.row, t.l, t.j), *own)
    loss = _one(f"s{t.row}/loss/j{t.j}/C_j", back(t.row, t.l, t.j, "dC_da"))
    return (loss, *own)


def _own_slopes(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    """The slopes ∂a_m/∂z_j of the layer that are made of this a: softmax couples its nodes."""
    l, own = t.l, t.j

    def slope(j: int, m: int) -> str:
        return back(t.row, l, j, f"m{m}/da_dz")

    if not q.is_softmax(l):
        return (_one(back(t.row, l, own, "da_dz")),)
    n = q.sizes[l - 1]
    return (
        Stretch(own, lambda j: slope(j, own)),
        Stretch(n, lambda m: slope(own, m)),
        Stretch(n - own - 1, lambda j: slope(own + 1 + j, own)),
    )


def _C_j(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_one(f"s{t.row}/loss/C"),)


# Backward ----------------------------------------------------------------------------------


def _of_factor(q: StepSequence, step: Step, saturated: bool) -> Sequence[Stretch]:
    """∂C_0/∂a_j, ∂a_j/∂z_j, or ∂C_0/∂z_j, of an elementwise layer.

    The first two go into ∂C_0/∂z_j and all that is made of it below; in a saturated output the
    third stands for them.
    """
    t = step.at
    product = step.kind == "dC_dz"
    own = () if product else (_one(back(t.row, t.l, t.j, "dC_dz")),)
    return (*own, *_below(q, t)) if saturated == product else own


def _below(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    """What ∂C_0/∂z_j goes into: its parameters' derivatives, and the addends one layer below."""
    l, j = t.l, t.j
    weights = Stretch(q.sizes[l - 2], lambda k: back(t.row, l, j, f"k{k}/dC_dw"))
    bias = Stretch(int(q.has_bias(l)), lambda n: back(t.row, l, j, "dC_db"))
    nodes_below = q.sizes[l - 2] if l > 2 else 0
    addends = Stretch(nodes_below, lambda k: back(t.row, l - 1, k, f"i{j}/addend"))
    return weights, bias, addends


def _dz_da(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_one(back(t.row, t.l, t.j, f"i{t.i}/addend")),)


def _addend(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_one(back(t.row, t.l, t.j, "dC_da")),)


def _softmax_dC_da(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (Stretch(q.sizes[t.l - 1], lambda j: back(t.row, t.l, j, f"m{t.j}/addend_z")),)


def _softmax_da_dz(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_one(back(t.row, t.l, t.j, f"m{t.m}/addend_z")),)


def _addend_z(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_one(back(t.row, t.l, t.j, "dC_dz")),)


def _dz_dw(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_one(back(t.row, t.l, t.j, f"k{t.k}/dC_dw")),)


def _dz_db(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_one(back(t.row, t.l, t.j, "dC_db")),)


def _dC_dw(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    if len(q.rows) > 1:
        return (_one(f"mean/l{t.l}/j{t.j}/k{t.k}/mean_dC_dw"),)
    return _mean_dC_dw(q, t)


def _dC_db(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    if len(q.rows) > 1:
        return (_one(f"mean/l{t.l}/j{t.j}/mean_dC_db"),)
    return _mean_dC_db(q, t)


def _mean_dC_dw(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_updates(q, t.l, t.j, f"k{t.k}/update_w"),)


def _mean_dC_db(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_updates(q, t.l, t.j, "update_b"),)


_RULES: Mapping[str, Callable[[StepSequence, Indices], Sequence[Stretch]]] = {
    "wa": _wa,
    "z": _z,
    "a": _a,
    "C_j": _C_j,
    "C": lambda q, t: (),
    "dz_da": _dz_da,
    "addend": _addend,
    "dC_da": _softmax_dC_da,
    "da_dz": _softmax_da_dz,
    "addend_z": _addend_z,
    "dC_dz": _below,
    "dz_dw": _dz_dw,
    "dC_dw": _dC_dw,
    "dz_db": _dz_db,
    "dC_db": _dC_db,
    "mean_dC_dw": _mean_dC_dw,
    "mean_dC_db": _mean_dC_db,
    "update_w": lambda q, t: (),
    "update_b": lambda q, t: (),
}
