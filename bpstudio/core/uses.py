"""What uses a number: the inverse of `operands`, by arithmetic for each kind, never by a search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bpstudio.core.errors import InputError
from bpstudio.core.leaves import Leaf, find_leaf, require_leaf
from bpstudio.core.operands import back, fwd, update
from bpstudio.core.sequence import Indices, Step, StepSequence
from bpstudio.core.stretches import Addresses, Stretch
from bpstudio.core.updates import CLIP


def uses_of(sequence: StepSequence, address: str, saturated: bool = False) -> Addresses:
    """Addresses of the steps that have this one, or this leaf, among their operands.

    ``saturated``: the output node that the address belongs to is, so that what stands below it
    takes ∂C_0/∂z itself. InputError where the address is neither a step of this pass nor an
    input, target, parameter or what an update starts from.
    """
    leaf = find_leaf(address)
    if leaf is not None:
        return Addresses(_of_leaf(sequence, leaf))
    step = sequence.step(sequence.index(address))
    if step.address != address.strip().strip("/"):
        raise InputError(f"{address!r} names a level, not one number; add the rest of its address")
    return Addresses(_of_step(sequence, step, saturated and step.l == sequence.L))


def _of_step(q: StepSequence, step: Step, saturated: bool) -> Sequence[Stretch]:
    if step.phase == "update":
        return _of_update(q, step)
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
    return Stretch(each * len(q.rows), at), _updates(q, "w", l, j, k)


def _b(q: StepSequence, leaf: Leaf) -> Sequence[Stretch]:
    l, j = leaf.l, leaf.j
    sums = Stretch(len(q.rows), lambda s: fwd(q.rows[s], l, j, "z"))
    return sums, _updates(q, "w", l, j)


def _state(q: StepSequence, leaf: Leaf) -> Sequence[Stretch]:
    return (_updates(q, f"state/{leaf.statistic}", leaf.l, leaf.j, leaf.k),)


def _rate(q: StepSequence, leaf: Leaf) -> Sequence[Stretch]:
    return _of_all(q, "update_w", "update_b")


_LEAVES: Mapping[str, Callable[[StepSequence, Leaf], Sequence[Stretch]]] = {
    "x": _x,
    "y": _y,
    "w": _w,
    "b": _b,
    "state": _state,
    "rate": _rate,
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
    return (_updates(q, "gradient", t.l, t.j, t.k),)


def _mean_dC_db(q: StepSequence, t: Indices) -> Sequence[Stretch]:
    return (_updates(q, "gradient", t.l, t.j),)


# Update ------------------------------------------------------------------------------------


def _updates(q: StepSequence, name: str, l: int, j: int, k: int = -1) -> Stretch:
    """The steps of a parameter's update that take something (see `UpdateTerms.made_of`)."""
    if q.updates is None:
        return Stretch(0, str)
    of_weight = k >= 0
    in_norm = name == "gradient" or (name == "w" and q.updates.has_penalty and of_weight)
    first = (CLIP,) if q.updates.clip and in_norm else ()
    kinds = q.updates.users(name, of_weight)
    return _one(*first, *(update(l, j, k, kind) for kind in kinds))


def _of_update(q: StepSequence, step: Step) -> Sequence[Stretch]:
    t = step.at
    if step.kind == "clip":
        return _of_all(q, "clipped", "clipped")
    return (_updates(q, step.kind, t.l, t.j, t.k),)


def _of_all(q: StepSequence, of_weight: str, of_bias: str) -> Sequence[Stretch]:
    """A kind of all parameters, in order."""
    return [_of_layer(q, l, of_weight, of_bias) for l in range(2, q.L + 1)]


def _of_layer(q: StepSequence, l: int, of_weight: str, of_bias: str) -> Stretch:
    n, n_in = q.sizes[l - 1], q.sizes[l - 2]
    width = n_in + q.has_bias(l)

    def at(number: int) -> str:
        j, k = divmod(number, width)
        return update(l, j, k, of_weight) if k < n_in else update(l, j, -1, of_bias)

    return Stretch(n * width, at)


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
}
