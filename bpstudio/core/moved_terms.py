"""What each kind of derivative derives, and by what, as a function of how far that is moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import find_activation
from bpstudio.core.losses import find_loss
from bpstudio.core.notation import Notation
from bpstudio.core.perturbation import Moves, losses_after
from bpstudio.core.sequence import Indices, Step
from bpstudio.core.trace import Trace

Array = NDArray[Any]
After = Callable[[float], tuple[float, bool]]

_ROUNDING = 4.0 * np.finfo(np.float64).eps
_SMALLEST = 1e-290  # a smaller number moves nothing
_PORTION = 1 << 20  # numbers of one array of a layer at a time


class Watch(NamedTuple):
    """``after(t)`` is what is watched once the moved number is t larger, and whether that passed a
    kink. ``unit`` is the length over which it bends, ``blur`` what rounding may do to it; ``moved``
    and ``watched`` are markup.
    """

    after: After
    unit: float
    blur: float
    moved: str
    watched: str


def watch_of(trace: Trace, step: Step) -> Watch | None:
    """How to check a step; None where it is no derivative."""
    rule = _RULES.get(step.kind)
    if rule is None:
        return None
    with np.errstate(all="ignore"):
        return rule(trace, step.s or 0, step.at, Notation(trace.L))


# The loss answers --------------------------------------------------------------------------


def _loss(trace: Trace, moves: Moves, moved: str, watched: str = "$C_0$") -> Watch:
    """The loss of the samples that are moved, their mean."""
    blur = float(np.mean(_blur(trace, moves.s, moves.l)))
    portion = max(1, _PORTION // max(trace.network.sizes))
    parts = [moves.take(slice(at, at + portion)) for at in range(0, len(moves.s), portion)]

    def after(t: float) -> tuple[float, bool]:
        total, crossed = 0.0, False
        for part in parts:
            C_j, passed = losses_after(trace, part, np.full(len(part.s), t))
            total += float(C_j.sum())
            crossed = crossed or bool(passed.any())
        return total / len(moves.s), crossed

    largest = float(np.abs(moves.d).max())
    return Watch(after, 1.0 / largest if largest > _SMALLEST else 1.0, blur, moved, watched)


def _blur(trace: Trace, s: Array, l: int) -> Array:
    """What rounding in layers l … L may do to C_0 of these samples, (S,)."""
    L = trace.L
    changes = np.abs(trace.C_j[s]) + np.abs(trace.dC_da(L)[s] * trace.a(L)[s]) + _logarithm(trace)
    total = _finite_sum(changes)
    for upper in range(max(l, 2), L + 1):
        layer = trace.network.layer(upper)
        addends = np.abs(trace.a(upper - 1)[s]) @ np.abs(layer.W).T
        total = total + _finite_sum(np.abs(trace.dC_dz(upper)[s]) * addends)
    return np.asarray(_ROUNDING * total)


def _logarithm(trace: Trace) -> float:
    """What the rounding of 1 − a, or of an a near 1, does to a logarithm."""
    return float(find_loss(trace.loss).open_unit)


def _finite_sum(changes: Array) -> Array:
    return np.asarray(np.nan_to_num(changes, nan=0.0, posinf=0.0).sum(axis=1))


def _moves(l: int, of_z: bool, s: int, j: int, d: float = 1.0) -> Moves:
    return Moves(l, of_z, np.array([s]), np.array([j]), np.array([d]), np.zeros(1))


def _dC_da(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    moved = f"${n.a(at.l, at.j)}$"
    if at.l == t.L:
        a = float(t.a(t.L)[s, at.j])
        return _output_loss(t, s, at.j, lambda moved_by: a + moved_by, _room(t, a), moved)
    return _loss(t, _moves(at.l, False, s, at.j), moved)


def _room(trace: Trace, a: float) -> float:
    """How far an output may move: a logarithm needs it between 0 and 1."""
    if not find_loss(trace.loss).open_unit:
        return 1.0
    return min(a, 1.0 - a) if trace.loss == "bce" else a


def _output_loss(
    t: Trace, s: int, m: int, a_m: Callable[[float], float], unit: float, moved: str
) -> Watch:
    """C_0 where a_m^(L) alone is another number: only C_{0,m} changes."""
    loss, a, y = find_loss(t.loss), t.a(t.L)[s], t.Y[s]
    before = np.sign(a[m] - y[m])

    def after(moved_by: float) -> tuple[float, bool]:
        other = a.copy()
        other[m] = a_m(moved_by)
        crossed = loss.kink and bool(np.sign(other[m] - y[m]) != before)
        return float(loss.C_j(other, y)[m]), crossed

    own = abs(float(t.C_j[s, m])) + abs(float(t.dC_da(t.L)[s, m] * a[m]))
    blur = _ROUNDING * (own + _logarithm(t))
    return Watch(after, unit, blur, moved, "$C_0$")


def _dC_dz(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    return _loss(t, _moves(at.l, True, s, at.j), f"${n.z(at.l, at.j)}$")


def _dC_dw(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    a = float(t.a(at.l - 1)[s, at.k])
    return _loss(t, _moves(at.l, True, s, at.j, a), f"${n.w(at.l, at.j, at.k)}$")


def _dC_db(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    return _loss(t, _moves(at.l, True, s, at.j), f"${n.b(at.l, at.j)}$")


def _addend(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    """a_j moves for node i of the next layer alone: z_i by w_ij as much."""
    w = float(t.network.layer(at.l + 1).W[at.i, at.j])
    moved = f"${n.a(at.l, at.j)}$ in ${n.z(at.l + 1, at.i)}$ alone"
    return _loss(t, _moves(at.l + 1, True, s, at.i, w), moved)


def _addend_z(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    """z_j moves for a_m alone."""
    l, m, a_m = at.l, at.m, _softmax_after(t, s, at)
    moved = f"${n.z(l, at.j)}$ in ${n.a(l, m)}$ alone"
    if l == t.L:
        return _output_loss(t, s, m, a_m, 1.0, moved)
    through = _loss(t, _moves(l, False, s, m), moved)
    here = float(t.a(l)[s, m])
    return through._replace(after=lambda moved_by: through.after(a_m(moved_by) - here))


def _mean_dC_dw(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    moved = f"${n.w(at.l, at.j, at.k)}$ in all rows"
    return _loss(t, _all_moves(t, at, t.a(at.l - 1)[:, at.k]), moved, "$C$")


def _mean_dC_db(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    ones = np.ones(len(t.rows))
    return _loss(t, _all_moves(t, at, ones), f"${n.b(at.l, at.j)}$ in all rows", "$C$")


def _all_moves(trace: Trace, at: Indices, d: Array) -> Moves:
    n = len(trace.rows)
    return Moves(at.l, True, np.arange(n), np.full(n, at.j), d, np.zeros(n))


# One function answers ----------------------------------------------------------------------


def _da_dz(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    moved = f"${n.z(at.l, at.j)}$"
    if t.sequence.is_softmax(at.l):
        a_m = _softmax_after(t, s, at)
        return Watch(lambda by: (a_m(by), False), 1.0, _ROUNDING, moved, f"${n.a(at.l, at.m)}$")
    rule = find_activation(t.network.layer(at.l).activation)
    z, kink = float(t.z(at.l)[s, at.j]), rule.kink

    def after(by: float) -> tuple[float, bool]:
        crossed = kink is not None and bool(np.sign(z + by - kink) != np.sign(z - kink))
        return float(rule.g(np.array([z + by]))[0]), crossed

    blur = _ROUNDING * (1.0 + abs(float(t.a(at.l)[s, at.j])))
    return Watch(after, 1.0, blur, moved, f"${n.a(at.l, at.j)}$")


def _softmax_after(t: Trace, s: int, at: Indices) -> Callable[[float], float]:
    """a_m once z_j is that much larger."""
    g, z = find_activation("softmax").g, t.z(at.l)[s]

    def a_m(by: float) -> float:
        other = z.copy()
        other[at.j] += by
        return float(g(other)[at.m])

    return a_m


def _dz_da(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    l, i = at.l + 1, at.i
    W, a = t.network.layer(l).W[i], t.a(at.l)[s]

    def after(by: float) -> tuple[float, bool]:
        other = a.copy()
        other[at.j] += by
        return float(W @ other) + _bias(t, l, i), False

    return _sum(t, s, l, i, after, f"${n.a(at.l, at.j)}$", n)


def _dz_dw(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    l, j = at.l, at.j
    W, a = t.network.layer(l).W[j], t.a(l - 1)[s]

    def after(by: float) -> tuple[float, bool]:
        other = W.copy()
        other[at.k] += by
        return float(other @ a) + _bias(t, l, j), False

    return _sum(t, s, l, j, after, f"${n.w(l, j, at.k)}$", n)


def _dz_db(t: Trace, s: int, at: Indices, n: Notation) -> Watch:
    l, j = at.l, at.j
    W, a = t.network.layer(l).W[j], t.a(l - 1)[s]

    def after(by: float) -> tuple[float, bool]:
        return float(W @ a) + (_bias(t, l, j) + by), False

    return _sum(t, s, l, j, after, f"${n.b(l, j)}$", n)


def _bias(trace: Trace, l: int, j: int) -> float:
    b = trace.network.layer(l).b
    return 0.0 if b is None else float(b[j])


def _sum(t: Trace, s: int, l: int, j: int, after: After, moved: str, n: Notation) -> Watch:
    """A weighted sum z_j^(l) answers."""
    size = float(np.abs(t.network.layer(l).W[j]) @ np.abs(t.a(l - 1)[s])) + abs(_bias(t, l, j))
    return Watch(after, 1.0, _ROUNDING * (1.0 + size), moved, f"${n.z(l, j)}$")


_RULES: Mapping[str, Callable[[Trace, int, Indices, Notation], Watch]] = {
    "dz_da": _dz_da,
    "addend": _addend,
    "dC_da": _dC_da,
    "da_dz": _da_dz,
    "addend_z": _addend_z,
    "dC_dz": _dC_dz,
    "dz_dw": _dz_dw,
    "dC_dw": _dC_dw,
    "dz_db": _dz_db,
    "dC_db": _dC_db,
    "mean_dC_dw": _mean_dC_dw,
    "mean_dC_db": _mean_dC_db,
}
