"""How C_0 answers when one number of a pass is moved: derivatives that know no chain rule.

A *move* shifts z_j^(l) (as a change of w_jk or b_j does) or a_j^(l) of one sample; everything
above layer l is computed anew from the functions alone, g and C_j, never from g′ or ∂C_0/∂a.
Where those functions take complex numbers the move is a complex step, else a series of central
differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import find_activation
from bpstudio.core.differences import HALVINGS, STEP, central_differences
from bpstudio.core.losses import find_loss, is_fusable
from bpstudio.core.network import Network
from bpstudio.core.passes import forward
from bpstudio.core.trace import Trace

Array = NDArray[Any]
Positions = NDArray[np.int64]

_CHUNK = 1 << 21  # numbers of one array of a layer at a time
# largest difference steps, in units of the number that moves; the smaller ones where needed
_REACHES = (1e-1, 1e-2, 1e-4)
_SMALLEST_UNIT = 1e-290
SMALLEST_OUTPUT = 1e-280


class Response(NamedTuple):
    """∂C_0 per unit of each move, its estimated error, and whether a kink spoils it. Each (P,)."""

    value: Array
    error: Array
    crossed: Array


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """P moves in layer l: of sample (position) s, number j, in units of d; arrays (P,).

    ``of_z``: z_j^(l) moves, else a_j^(l). ``blur``: what rounding may do to C_0 of the sample.
    """

    l: int
    of_z: bool
    s: Positions
    j: Positions
    d: Array
    blur: Array

    def take(self, chosen: slice | Array) -> Moves:
        """Some of them."""
        arrays = (self.s, self.j, self.d, self.blur)
        return Moves(self.l, self.of_z, *(array[chosen] for array in arrays))


def responses(trace: Trace, moves: Moves) -> Response:
    """∂C_0 for each move, in portions that bound the memory."""
    portion = max(1, _CHUNK // max(trace.network.sizes[moves.l - 1 :]))
    starts = range(0, max(len(moves.s), 1), portion)
    parts = [_responses(trace, moves.take(slice(at, at + portion))) for at in starts]
    return Response(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def all_analytic(trace: Trace, first: int = 2) -> bool:
    """Whether every activation from layer ``first`` on takes complex numbers."""
    layers = trace.network.layers[first - 2 :]
    return all(find_activation(layer.activation).analytic for layer in layers)


def _responses(trace: Trace, moves: Moves) -> Response:
    with np.errstate(all="ignore"):
        if all_analytic(trace, moves.l if moves.of_z else moves.l + 1):
            value = _by_complex_step(trace, moves)
            lost = (vanishing(trace).any(axis=1) & ~fused(trace))[moves.s]
            return Response(value, np.zeros(len(value)), lost)
        return _by_differences(trace, moves)


# Complex steps -----------------------------------------------------------------------------


def _by_complex_step(trace: Trace, moves: Moves) -> Array:
    """Only the imaginary parts travel: the real parts stay those of the trace, bit for bit."""
    s = moves.s
    z, a = _moved(trace, moves, np.full(len(s), 1j * STEP))
    if moves.of_z:
        a = _settled(trace, moves.l, s, z, a)
    for l in range(moves.l + 1, trace.L + 1):
        layer = trace.network.layer(l)
        z = trace.z(l)[s] + 1j * (a.imag @ layer.W.T)
        a = _settled(trace, l, s, z, find_activation(layer.activation).g(z))
    return np.asarray(_loss_slope(trace, s, z, a) / STEP)


def _settled(trace: Trace, l: int, s: Positions, z: Array, a: Array) -> Array:
    """a = g(z) with the trace's real part; at a kink, where g has no slope, the trace's own."""
    slope = a.imag
    kink = find_activation(trace.network.layer(l).activation).kink
    if kink is not None:
        slope = np.where(trace.z(l)[s] == kink, z.imag * trace.da_dz(l)[s], slope)
    return np.asarray(trace.a(l)[s] + 1j * slope)


def _loss_slope(trace: Trace, s: Positions, z: Array, a: Array) -> Array:
    """Im C_0 of outputs a = g(z), both (P, n_L) with an imaginary part: (P,)."""
    loss, y = find_loss(trace.loss), trace.Y[s]
    slope = loss.C_j(a, y).imag
    if loss.kink:
        slope = np.where(a.real == y, a.imag * trace.dC_da(trace.L)[s], slope)
    stable = fused(trace)[s]
    if stable.any():
        slope[stable] = stable_loss(trace.loss, z[stable], y[stable]).imag
    return np.asarray(slope.sum(axis=1))


def fused(trace: Trace) -> NDArray[np.bool_]:
    """Samples whose output is saturated, (n,): their C_0 is taken from z."""
    fusable = is_fusable(trace.loss, trace.network.layers[-1].activation)
    return np.asarray((trace.saturated | (fusable & vanishing(trace))).any(axis=1))


def vanishing(trace: Trace) -> NDArray[np.bool_]:
    """Outputs so near 0 that a step far smaller is no number any more, under a logarithm."""
    a = trace.a(trace.L)
    logarithm = find_loss(trace.loss).open_unit
    return np.asarray(logarithm & (a > 0.0) & (a < SMALLEST_OUTPUT))


def stable_loss(loss: str, z: Array, y: Array) -> Array:
    """C_j of softmax with cross_entropy, or sigmoid with bce, from z: no logarithm of 0."""
    if loss == "bce":
        softplus = find_activation("softplus").g
        return np.asarray(y * softplus(-z) + (1.0 - y) * softplus(z))
    top = z.real.max(axis=1, keepdims=True)
    log_sum = top + np.log(np.exp(z - top).sum(axis=1, keepdims=True))
    return np.asarray(y * (log_sum - z))


def _moved(trace: Trace, moves: Moves, t: Array) -> tuple[Array, Array]:
    """z and a of layer l after moves by t·d, each (P, n_l); t (P,) is real or imaginary."""
    s, lines = moves.s, np.arange(len(moves.s))
    z, a = trace.z(moves.l)[s].astype(t.dtype), trace.a(moves.l)[s].astype(t.dtype)
    if not moves.of_z:
        a[lines, moves.j] += t * moves.d
        return z, a
    z[lines, moves.j] += t * moves.d
    rule = find_activation(trace.network.layer(moves.l).activation)
    if not rule.elementwise:
        return z, rule.g(z)
    a[lines, moves.j] = rule.g(z[lines, moves.j])
    return z, a


# Central differences -----------------------------------------------------------------------


class _Attempt(NamedTuple):
    """Differences with steps of one size: what they give, doubt, rounding, and whether they cross
    a kink. Each (P,).
    """

    value: Array
    doubt: Array
    blur: Array
    crossed: Array


def _by_differences(trace: Trace, moves: Moves) -> Response:
    """With smaller steps where large ones cross a kink, or are too large for how C_0 bends."""
    found = _attempt(trace, moves, _REACHES[0])
    for reach in _REACHES[1:]:
        again = np.flatnonzero(found.crossed | ~(found.doubt <= found.blur))
        if again.size:
            closer = _attempt(trace, moves.take(again), reach)
            _improve(found, closer, again)
    return Response(found.value, found.doubt + found.blur, found.crossed)


def _improve(found: _Attempt, closer: _Attempt, places: Array) -> None:
    before = found.doubt[places] + found.blur[places]
    better = found.crossed[places] | ~(before <= closer.doubt + closer.blur)
    for of_all, of_these in zip(found, closer, strict=True):
        of_all[places[better]] = of_these[better]


def _attempt(trace: Trace, moves: Moves, reach: float) -> _Attempt:
    crossed = np.zeros(len(moves.s), dtype=bool)
    d = np.abs(moves.d)
    h = reach / np.where(d > _SMALLEST_UNIT, d, 1.0)

    def C_j(t: Array) -> Array:
        loss, passed = losses_after(trace, moves, t[:, 0])
        np.logical_or(crossed, passed, out=crossed)
        return loss

    value, doubt = central_differences(C_j, h[:, None])
    blur = moves.blur * 2.0 ** (HALVINGS - 1) / h
    return _Attempt(value.sum(axis=1), doubt.sum(axis=1), blur, crossed)


def losses_after(trace: Trace, moves: Moves, t: Array) -> tuple[Array, Array]:
    """C_j (P, n_L) after moves by t·d, and whether one passed a kink (P,)."""
    s, l = moves.s, moves.l
    z, a = _moved(trace, moves, t)
    zs: tuple[Array, ...] = (z,)
    if l < trace.L:
        above, a_s = forward(Network(trace.network.layers[l - 1 :]), a)
        zs, a = (z, *above), a_s[-1]
    y = trace.Y[s]
    C_j = find_loss(trace.loss).C_j(a, y)
    stable = fused(trace)[s]
    if stable.any():
        C_j[stable] = stable_loss(trace.loss, zs[-1][stable], y[stable])
    return C_j, _crossed(trace, moves, zs, a)


def _crossed(trace: Trace, moves: Moves, zs: tuple[Array, ...], a: Array) -> Array:
    """Whether a z of layer l or above, or an a^(L), lies on another side of a kink, (P,)."""
    crossed = np.zeros(len(a), dtype=bool)
    for l, z in enumerate(zs, start=moves.l):
        kink = find_activation(trace.network.layer(l).activation).kink
        if kink is not None:
            crossed |= _another_side(z, trace.z(l)[moves.s], kink)
    if find_loss(trace.loss).kink:
        crossed |= _another_side(a, trace.a(trace.L)[moves.s], trace.Y[moves.s])
    return crossed


def _another_side(x: Array, x_0: Array, kink: Array | float) -> Array:
    other = np.sign(x - kink) != np.sign(x_0 - kink)
    return np.asarray(other.any(axis=1))
