"""What every backward factor of a pass should be, worked out without the backward pass.

Local factors (∂C_0/∂a^(L), ∂a/∂z, ∂z/∂w, …) come from the one function concerned, all others from
`perturbation`: from C_0 itself. With each goes how far rounding may have carried the two apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import find_activation
from bpstudio.core.differences import STEP, central_differences, complex_step
from bpstudio.core.losses import find_loss
from bpstudio.core.perturbation import Moves, Response, fused, responses, vanishing
from bpstudio.core.trace import Trace

Array = NDArray[Any]
Positions = NDArray[np.int64]

RELATIVE = 1e-9  # of the addends that a number is made of
ABSOLUTE = 1e-14  # of g′, whose formulas subtract numbers near 1
TINIEST = 1e-280  # below this an imaginary part of 1e-20 times as much is lost
_DOUBT = 10.0  # an error estimate of the differences is taken this many times
_ROUNDING = 4.0 * np.finfo(np.float64).eps
_LOCAL_REACH = 0.5  # largest difference step of g
_BESIDE_A_KINK = 1e-9


class Estimate(NamedTuple):
    """Independent numbers: ``size`` adds up their addends without sign, ``noise`` is what rounding
    may do, ``margin`` what a kink leaves open (inf: everything).
    """

    value: Array
    size: Array
    noise: Array
    margin: Array

    @property
    def tolerance(self) -> Array:
        """The difference that is no mistake."""
        return np.nan_to_num(self.noise, nan=0.0, posinf=0.0) + self.margin + TINIEST


@dataclass(frozen=True, slots=True, eq=False)
class LayerEstimate:
    """The backward factors of layer l for S samples (positions ``s``).

    dC_da and dC_dz (S, n_l); da_dz (S, n_l), or (S, n_l, n_l) indexed [s, j, m] for softmax.
    ``blur`` (S,) is what rounding in layers l … L may do to C_0.
    """

    trace: Trace
    l: int
    s: Positions
    dC_da: Estimate
    da_dz: Estimate
    dC_dz: Estimate
    blur: Array
    above: LayerEstimate | None


def layer_estimates(trace: Trace, s: Positions) -> Iterator[LayerEstimate]:
    """Layers L … 2, one after the other."""
    above: LayerEstimate | None = None
    for l in range(trace.L, 1, -1):
        above = _layer_estimate(trace, l, s, above)
        yield above


def _layer_estimate(
    trace: Trace, l: int, s: Positions, above: LayerEstimate | None
) -> LayerEstimate:
    with np.errstate(all="ignore"):
        dC_da = _loss_slope(trace, s) if above is None else _from_above(trace, l, s, above)
        da_dz = _slope_of_g(trace, l, s)
        blur = _loss_blur(trace, s, dC_da) if above is None else above.blur
        dC_dz = _weighted_sum_slope(trace, l, s, dC_da, da_dz, blur)
        blur = blur + _weighted_sum_blur(trace, l, s, dC_dz)
    return LayerEstimate(trace, l, s, dC_da, da_dz, dC_dz, blur, above)


def _loss_blur(trace: Trace, s: Positions, dC_da: Estimate) -> Array:
    return _blur(np.abs(trace.C_j[s]) + dC_da.size * np.abs(trace.a(trace.L)[s]))


def _weighted_sum_blur(trace: Trace, l: int, s: Positions, dC_dz: Estimate) -> Array:
    layer = trace.network.layer(l)
    addends = np.abs(trace.a(l - 1)[s]) @ np.abs(layer.W).T
    return _blur(dC_dz.size * (addends if layer.b is None else addends + np.abs(layer.b)))


def _blur(changes: Array) -> Array:
    return np.asarray(_ROUNDING * np.nan_to_num(changes, posinf=0.0).sum(axis=1))


def parameter_estimate(layer: LayerEstimate, first: int, last: int) -> Estimate:
    """∂C_0/∂w_jk^(l) of nodes first … last − 1: (S, nodes, n_{l−1}), each w moved by itself."""
    trace, l, S = layer.trace, layer.l, len(layer.s)
    a = trace.a(l - 1)[layer.s]
    shape = (S, last - first, a.shape[1])
    s, j, _ = np.indices(shape, sparse=True)
    each = (layer.s[s], j + first, a[:, None, :], layer.blur[s])
    moves = Moves(l, True, *(np.broadcast_to(x, shape).ravel() for x in each))
    response = responses(trace, moves)
    with np.errstate(all="ignore"):
        reach, nodes = np.abs(a)[:, None, :], slice(first, last)
        size = layer.dC_dz.size[:, nodes, None] * reach
        noise = layer.dC_dz.noise[:, nodes, None] * reach + RELATIVE * size
        return _estimate(Response(*(part.reshape(shape) for part in response)), size, noise)


def _estimate(response: Response, size: Array, noise: Array) -> Estimate:
    margin = np.where(response.crossed, np.inf, 0.0)
    return Estimate(response.value, size, noise + _DOUBT * response.error, margin)


# One function at a time --------------------------------------------------------------------


def _loss_slope(trace: Trace, s: Positions) -> Estimate:
    """∂C_0/∂a_j^(L) = ∂C_j/∂a_j, (S, n_L)."""
    a, y = trace.a(trace.L)[s], trace.Y[s]
    loss = find_loss(trace.loss)

    unit = np.where(a != 0.0, np.abs(a), 1.0) if loss.open_unit else np.ones(())
    value, margin = _one_sided(lambda a: loss.C_j(a, y), a, a == y if loss.kink else None, unit)
    size = np.abs(value) + margin
    terms = y / np.abs(a) + (1.0 - y) / np.abs(1.0 - a) if trace.loss == "bce" else 0.0
    noise = RELATIVE * size + ABSOLUTE * np.nan_to_num(terms)
    return Estimate(value, size, noise, np.where(vanishing(trace)[s], np.inf, margin))


def _slope_of_g(trace: Trace, l: int, s: Positions) -> Estimate:
    """∂a/∂z of layer l."""
    rule, z = find_activation(trace.network.layer(l).activation), trace.z(l)[s]
    if not rule.elementwise:
        n = z.shape[1]
        value = np.imag(rule.g(z[:, None, :] + 1j * STEP * np.eye(n))) / STEP
        return _local(value, np.zeros(()), np.ones(()))
    if not rule.analytic:
        value, error = central_differences(lambda t: rule.g(z + t), _LOCAL_REACH)
        local = _local(value, np.zeros(()), np.maximum(1.0, np.abs(z)))
        return local._replace(noise=local.noise + _DOUBT * error)
    kinked = None if rule.kink is None else z == rule.kink
    value, margin = _one_sided(rule.g, z, kinked, np.ones(()))
    return _local(value, margin, np.maximum(1.0, np.abs(z)))


def _local(value: Array, margin: Array, scale: Array) -> Estimate:
    size = np.abs(value) + margin
    return Estimate(value, size, RELATIVE * size + ABSOLUTE * scale, margin)


def _one_sided(f: Any, x: Array, kinked: Array | None, unit: Array) -> tuple[Array, Array]:
    """f′(x); where there is a kink the middle of the slopes on its sides, and half their gap."""
    value = complex_step(f, x, unit)
    if kinked is None or not kinked.any():
        return value, np.zeros(())
    beside = _BESIDE_A_KINK * np.maximum(1.0, np.abs(x))
    left, right = complex_step(f, x - beside), complex_step(f, x + beside)
    middle, half = 0.5 * (left + right), 0.5 * np.abs(right - left)
    return np.where(kinked, middle, value), np.where(kinked, half, 0.0)


# From C_0 ----------------------------------------------------------------------------------


def _from_above(trace: Trace, l: int, s: Positions, above: LayerEstimate) -> Estimate:
    """∂C_0/∂a^(l) of a hidden layer: each a_j moved by itself, (S, n_l)."""
    W = np.abs(trace.network.layer(l + 1).W)
    size = above.dC_dz.size @ W
    noise = above.dC_dz.noise @ W + RELATIVE * size
    return _estimate(_each_node(trace, l, s, above.blur, of_z=False), size, noise)


def _weighted_sum_slope(
    trace: Trace, l: int, s: Positions, dC_da: Estimate, da_dz: Estimate, blur: Array
) -> Estimate:
    """∂C_0/∂z^(l): each z_j moved by itself, (S, n_l)."""
    size, noise = _through_g(dC_da, da_dz)
    estimate = _estimate(_each_node(trace, l, s, blur, of_z=True), size, noise)
    if l < trace.L or not fused(trace)[s].any():
        return estimate
    # the factors may not be finite there: the combined form, of the order of 1, stands by itself
    alone, own_size = fused(trace)[s, None], np.abs(estimate.value)
    noise = np.where(alone, RELATIVE * own_size + ABSOLUTE, estimate.noise)
    return estimate._replace(size=np.where(alone, own_size, estimate.size), noise=noise)


def _through_g(dC_da: Estimate, da_dz: Estimate) -> tuple[Array, Array]:
    """Size and noise of ∂C_0/∂z from those of its factors."""
    if da_dz.value.ndim == 2:
        size = dC_da.size * da_dz.size
        return size, dC_da.noise * da_dz.size + dC_da.size * da_dz.noise
    add_up = "sm,sjm->sj"
    size = np.einsum(add_up, dC_da.size, da_dz.size)
    noise = np.einsum(add_up, dC_da.noise, da_dz.size)
    return size, noise + np.einsum(add_up, dC_da.size, da_dz.noise) + RELATIVE * size


def _each_node(trace: Trace, l: int, s: Positions, blur: Array, *, of_z: bool) -> Response:
    n = trace.network.sizes[l - 1]
    lines, nodes = np.repeat(s, n), np.tile(np.arange(n), len(s))
    moves = Moves(l, of_z, lines, nodes, np.ones(len(lines)), np.repeat(blur, n))
    response = responses(trace, moves)
    return Response(*(part.reshape(len(s), n) for part in response))
