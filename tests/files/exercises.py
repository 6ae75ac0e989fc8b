"""A small network with numbers of two decimals, whose derivation is short."""

from __future__ import annotations

import numpy as np

from bpstudio.core.dataset import Batch
from bpstudio.core.network import Layer, Network
from bpstudio.core.trace import Trace, compute_trace


def small_trace() -> Trace:
    """1 input, 2 hidden tanh nodes, 1 sigmoid output; row 5, with an update."""
    network = Network(
        [
            Layer(np.array([[0.5], [-0.25]]), np.array([0.1, 0.0]), "tanh"),
            Layer(np.array([[0.75, -0.5]]), np.array([0.2]), "sigmoid"),
        ]
    )
    batch = Batch((5,), np.array([[0.8]]), np.array([[1.0]]))
    return compute_trace(network, batch, "sse", 0.5)
