"""All parameters of a network as one vector: layer 2 … L, each W row by row and then b."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import ACTIVATIONS
from bpstudio.core.network import Layer, Network

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_CODES = {name: code for code, name in enumerate(ACTIVATIONS)}


def flatten(network: Network) -> Floats:
    """The parameters as one read-only vector."""
    parts = [
        part.ravel() for layer in network.layers for part in (layer.W, layer.b) if part is not None
    ]
    vector = np.concatenate(parts)
    vector.flags.writeable = False
    return vector


def views(network: Network, vector: Floats) -> Iterator[tuple[Floats, Floats | None]]:
    """W and b (or None) of layers 2 … L as views into a vector made for this network."""
    at = 0
    for layer in network.layers:
        W = vector[at : at + layer.W.size].reshape(layer.W.shape)
        at += W.size
        if layer.b is None:
            yield W, None
            continue
        yield W, vector[at : at + layer.b.size]
        at += layer.b.size


def unflatten(network: Network, vector: Floats) -> Network:
    """The network with the parameters of a read-only vector, which it shares."""
    parts = zip(network.layers, views(network, vector), strict=True)
    return network.with_layers([Layer(W, b, layer.activation) for layer, (W, b) in parts])


def same_parameters(one: Network, other: Network) -> bool:
    """Whether all weights and biases are the same numbers; what both share is not looked at."""
    if len(one.layers) != len(other.layers):
        return False
    pairs = zip(one.layers, other.layers, strict=True)
    return all(a is b or (_same(a.W, b.W) and _same(a.b, b.b)) for a, b in pairs)


def _same(one: Floats | None, other: Floats | None) -> bool:
    if one is None or other is None:
        return one is other
    return one is other or np.array_equal(one, other, equal_nan=True)


def layer_table(network: Network) -> Integers:
    """What the compiled loop knows of the network, a row for each of the layers 2 … L.

    Columns: n_{l−1}, n_l, code of the activation, place of W and of b in the vector (−1 for
    none), number of the layer's first node among all nodes.
    """
    rows, at, node = [], 0, network.sizes[0]
    for layer in network.layers:
        n, n_in = layer.W.shape
        b_at = -1 if layer.b is None else at + n * n_in
        rows.append((n_in, n, _CODES[layer.activation], at, b_at, node))
        at += n * n_in + (0 if layer.b is None else n)
        node += n
    return np.array(rows, dtype=np.int64)


def weight_mask(network: Network) -> NDArray[np.bool_]:
    """Which places of the vector hold weights; the others hold biases."""
    mask = np.zeros(network.n_weights + network.n_biases)
    for W, _ in views(network, mask):
        W[:] = 1.0
    return mask > 0.0


def parameter_name(network: Network, index: int) -> str:
    """The parameter at this place of the vector as people write it: w_{3,1}^(2) or b_0^(2)."""
    for l, (n_in, n, _, w_at, b_at, _) in enumerate(layer_table(network).tolist(), start=2):
        if w_at <= index < w_at + n * n_in:
            j, k = divmod(index - w_at, n_in)
            return f"w_{{{j},{k}}}^({l})"
        if 0 <= b_at <= index < b_at + n:
            return f"b_{index - b_at}^({l})"
    raise IndexError(f"the network has no parameter number {index}")


def parameter_index(network: Network, l: int, j: int, k: int | None = None) -> int:
    """The place of w_jk^(l) in the vector, or of b_j^(l) where there is no k."""
    n_in, _, _, w_at, b_at, _ = layer_table(network)[l - 2].tolist()
    if k is not None:
        return int(w_at + j * n_in + k)
    assert b_at >= 0, f"layer {l} has no biases"
    return int(b_at + j)


def weight_at(network: Network, n: int) -> tuple[int, int, int]:
    """(l, j, k) of the n-th weight, counted layer by layer and row by row without the biases."""
    for l, layer in enumerate(network.layers, start=2):
        if 0 <= n < layer.W.size:
            return (l, *divmod(n, layer.W.shape[1]))
        n -= layer.W.size
    raise IndexError("the network has no such weight")
