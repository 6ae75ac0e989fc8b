"""The independent numbers of one sample, by kind: the counterpart of `values.RULES`.

Each rule takes a layer's estimates, the sample's position in their block, the nodes j and the
second index x (k, i or m), both as slices, and gives (nodes, count) or what broadcasts to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.differences import complex_step
from bpstudio.core.independent import RELATIVE, Estimate, LayerEstimate

Array = NDArray[Any]
Rule = Callable[[LayerEstimate, int, slice, slice], Estimate]


def _scaled(estimate: Estimate, factor: Array) -> Estimate:
    """The estimate times an exact factor."""
    size = estimate.size * np.abs(factor)
    noise = estimate.noise * np.abs(factor) + RELATIVE * size
    margin = np.where(estimate.margin > 0.0, estimate.margin, 0.0) + 0.0 * size
    return Estimate(estimate.value * factor, size, noise, margin)


def _exact(value: Array) -> Estimate:
    size = np.abs(value)
    return Estimate(value, size, RELATIVE * size, np.zeros(()))


def _picked(estimate: Estimate, index: Any) -> Estimate:
    shape = estimate.value.shape
    return Estimate(*(np.broadcast_to(part, shape)[index] for part in estimate))


def _weights_above(layer: LayerEstimate, j: slice, x: slice) -> Array:
    """∂z_i^(l+1)/∂a_j^(l) by moving a_j in each w_ij a_j: (nodes, count)."""
    W = layer.trace.network.layer(layer.l + 1).W[x, j].T
    return complex_step(lambda a: W * a, np.zeros(W.shape))


def _dz_da(layer: LayerEstimate, s: int, j: slice, x: slice) -> Estimate:
    return _exact(_weights_above(layer, j, x))


def _addend(layer: LayerEstimate, s: int, j: slice, x: slice) -> Estimate:
    assert layer.above is not None, "the output layer has no addends"
    return _scaled(_picked(layer.above.dC_dz, (s, x)), _weights_above(layer, j, x))


def _dC_da(layer: LayerEstimate, s: int, j: slice, x: slice) -> Estimate:
    return _picked(layer.dC_da, (s, j, None))


def _da_dz(layer: LayerEstimate, s: int, j: slice, x: slice) -> Estimate:
    softmax = layer.da_dz.value.ndim == 3
    return _picked(layer.da_dz, (s, j, x) if softmax else (s, j, None))


def _addend_z(layer: LayerEstimate, s: int, j: slice, x: slice) -> Estimate:
    dC_da, da_dz = _picked(layer.dC_da, (s, x)), _picked(layer.da_dz, (s, j, x))
    size = dC_da.size * da_dz.size
    noise = dC_da.noise * da_dz.size + dC_da.size * da_dz.noise
    return Estimate(dC_da.value * da_dz.value, size, noise, dC_da.margin + da_dz.margin)


def _dC_dz(layer: LayerEstimate, s: int, j: slice, x: slice) -> Estimate:
    return _picked(layer.dC_dz, (s, j, None))


def _dz_dw(layer: LayerEstimate, s: int, j: slice, x: slice) -> Estimate:
    W, a = layer.trace.network.layer(layer.l).W[j, x], layer.trace.a(layer.l - 1)
    return _exact(complex_step(lambda w: w * a[layer.s[s], x], W))


def _dz_db(layer: LayerEstimate, s: int, j: slice, x: slice) -> Estimate:
    return _exact(complex_step(lambda z: z, layer.trace.z(layer.l)[layer.s[s], j])[:, None])


RULES: Mapping[str, Rule] = {
    "dz_da": _dz_da,
    "addend": _addend,
    "dC_da": _dC_da,
    "da_dz": _da_dz,
    "addend_z": _addend_z,
    "dC_dz": _dC_dz,
    "dz_dw": _dz_dw,
    "dz_db": _dz_db,
    "dC_db": _dC_dz,  # b_j moves z_j by as much
}
