"""The forward and the backward pass over a batch, as arrays. Rows are samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import find_activation
from bpstudio.core.blas import threads_for
from bpstudio.core.losses import combined_form, find_loss, is_fusable
from bpstudio.core.network import Network

Array = NDArray[Any]

SATURATION = 1e-9  # relative difference between product and combined form that is pointed out


@dataclass(frozen=True, slots=True)
class Backward:
    """∂C_0/∂a, ∂a/∂z and ∂C_0/∂z of layers 2 … L, each (n, n_l), one row a sample.

    ``da_dz[l]`` is None for a softmax layer (its Jacobian follows from a). ``product`` is
    ∂C_0/∂z of layer L as the plain product of the factors, and ``saturated`` marks where the
    combined form stands in for it.
    """

    dC_da: tuple[Array, ...]
    da_dz: tuple[Array | None, ...]
    dC_dz: tuple[Array, ...]
    product: Array
    saturated: NDArray[np.bool_]


def forward(network: Network, X: Array) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """z^(l) = W a^(l−1) + b and a^(l) = g(z^(l)) for l = 2 … L; a starts with X (n, n_1)."""
    with threads_for(len(X) * network.n_weights):
        return _forward(network, X)


def _forward(network: Network, X: Array) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    zs, a_s = [], [X]
    for layer in network.layers:
        z = a_s[-1] @ layer.W.T
        if layer.b is not None:
            z = z + layer.b
        zs.append(z)
        a_s.append(find_activation(layer.activation).g(z))
    return tuple(zs), tuple(a_s)


def backward(
    network: Network, zs: tuple[Array, ...], a_s: tuple[Array, ...], Y: Array, loss: str
) -> Backward:
    """The chain rule from ∂C_0/∂a^(L) down to ∂C_0/∂z^(2), sample by sample (no mean)."""
    with threads_for(len(Y) * network.n_weights):
        return _backward(network, zs, a_s, Y, loss)


def _backward(
    network: Network, zs: tuple[Array, ...], a_s: tuple[Array, ...], Y: Array, loss: str
) -> Backward:
    dC_da = find_loss(loss).dC_da(a_s[-1], Y)
    dC_das: list[Array] = []
    da_dzs: list[Array | None] = []
    dC_dzs: list[Array] = []
    for l in range(network.L, 1, -1):
        layer, z, a = network.layer(l), zs[l - 2], a_s[l - 1]
        da_dz, dC_dz = _through_activation(layer.activation, z, a, dC_da)
        if l == network.L:
            product = dC_dz
            dC_dz, saturated = _guarded(network, loss, a, Y, product)
        dC_das.append(dC_da)
        da_dzs.append(da_dz)
        dC_dzs.append(dC_dz)
        if l > 2:
            dC_da = dC_dz @ layer.W
    return Backward(
        tuple(dC_das[::-1]), tuple(da_dzs[::-1]), tuple(dC_dzs[::-1]), product, saturated
    )


def _through_activation(name: str, z: Array, a: Array, dC_da: Array) -> tuple[Array | None, Array]:
    """∂a/∂z (None for softmax) and ∂C_0/∂z = ∂C_0/∂a · ∂a/∂z."""
    rule = find_activation(name)
    with np.errstate(invalid="ignore", over="ignore"):
        if rule.g_prime is not None:
            da_dz = rule.g_prime(z, a)
            return da_dz, dC_da * da_dz
        return None, softmax_dC_dz(a, dC_da)


def softmax_dC_dz(a: Array, dC_da: Array) -> Array:
    """Σ_m ∂C_0/∂a_m · ∂a_m/∂z_j, addend by addend, in ascending m. a, dC_da (n, n_l).

    The m = j addend is dC_da_j a_j (1 − a_j), the others −dC_da_m a_m a_j.
    """
    total = np.zeros_like(a)
    for m in range(a.shape[-1]):
        total += softmax_addend(a, dC_da, m)
    return total


def softmax_addend(a: Array, dC_da: Array, m: int) -> Array:
    """∂C_0/∂a_m · ∂a_m/∂z_j for every j: (n, n_l)."""
    return np.asarray(dC_da[..., m, None] * softmax_da_dz(a, m))


def softmax_da_dz(a: Array, m: int) -> Array:
    """∂a_m/∂z_j = a_m (δ_mj − a_j) for every j: a (…, n_l) → (…, n_l)."""
    own = np.zeros(a.shape[-1])
    own[m] = 1.0
    return np.asarray(a[..., m, None] * (own - a))


def _guarded(
    network: Network, loss: str, a: Array, Y: Array, product: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """∂C_0/∂z^(L), with the combined form where the product of the factors broke down."""
    if not is_fusable(loss, network.layer(network.L).activation):
        return product, np.zeros(product.shape, dtype=bool)
    stable = combined_form(loss, a, Y)
    with np.errstate(invalid="ignore"):
        off = np.abs(product - stable) > SATURATION * np.abs(stable)
    saturated = (off | ~np.isfinite(product)) & np.isfinite(stable)
    return np.where(saturated, stable, product), saturated
