"""Networks, batches and traces that the tests of the core are tried on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import ACTIVATIONS
from bpstudio.core.dataset import Batch
from bpstudio.core.losses import LOSSES
from bpstudio.core.network import Layer, Network
from bpstudio.core.optimisers import UpdateSettings, UpdateState
from bpstudio.core.schedules import Schedule
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.updates import Update

ELEMENTWISE = tuple(name for name in ACTIVATIONS if name != "softmax")
# what the issue calls the page's own case: two hidden layers, biases, sigmoid, sum of squares
PAGE = ((4, 5, 6, 3), ("sigmoid", "sigmoid", "sigmoid"), "sse")


def network(
    sizes: Sequence[int],
    activations: Sequence[str],
    bias: bool | Sequence[bool] = True,
    seed: int = 0,
    spread: float = 1.0,
) -> Network:
    """A network with normal weights and biases; ``bias`` for all layers or one each."""
    rng = np.random.default_rng(seed)
    flags = [bias] * len(activations) if isinstance(bias, bool) else list(bias)
    layers = []
    for (n_in, n), name, has_bias in zip(pairwise(sizes), activations, flags, strict=True):
        W = spread * rng.standard_normal((n, n_in))
        b = spread * rng.standard_normal(n)
        layers.append(Layer(W, b if has_bias else None, name))
    return Network(layers)


def batch(
    net: Network, rows: Sequence[int] = (52,), loss: str = "sse", seed: int = 0, spread: float = 1.0
) -> Batch:
    """Normal inputs; targets the loss has a meaning for."""
    rng = np.random.default_rng(seed + 1)
    X = spread * rng.standard_normal((len(rows), net.sizes[0]))
    return Batch(tuple(rows), X, targets(rng, len(rows), net.sizes[-1], loss))


def targets(rng: np.random.Generator, n: int, n_L: int, loss: str) -> NDArray[np.float64]:
    """One-hot for cross_entropy, 0 or 1 for bce, normal numbers else: (n, n_L)."""
    if loss == "cross_entropy":
        return np.eye(n_L)[rng.integers(n_L, size=n)]
    if loss == "bce":
        return rng.integers(2, size=(n, n_L)).astype(float)
    return rng.standard_normal((n, n_L))


def traced(
    sizes: Sequence[int] = PAGE[0],
    activations: Sequence[str] = PAGE[1],
    loss: str = "sse",
    bias: bool | Sequence[bool] = True,
    rows: Sequence[int] = (52,),
    lr: float | None = None,
    seed: int = 0,
    update: UpdateSettings | None = None,
    t: int = 3,
) -> Trace:
    """The trace of a random network over a random batch.

    ``update``: ends with update t of these settings, whose optimiser remembers random numbers.
    """
    net = network(sizes, activations, bias, seed)
    after = None if update is None else Update(update, state(net, update, t, seed))
    return compute_trace(net, batch(net, rows, loss, seed), loss, lr, after)


def state(net: Network, settings: UpdateSettings, t: int = 3, seed: int = 0) -> UpdateState:
    """Random numbers that an optimiser remembers; means of squares are no less than 0."""
    rng = np.random.default_rng(seed + 2)
    slots = rng.standard_normal((len(settings.slots), net.n_weights + net.n_biases))
    squares = [name == "v" for name in settings.slots]
    slots[squares] **= 2
    slots.flags.writeable = False
    return UpdateState(slots, t)


def varied() -> dict[str, Trace]:
    """Traces that together have every kind, activation, loss, softmax above and below, no bias."""
    return {
        "page": traced(lr=0.5),
        "wide": traced((9, 12, 7), ("relu", "linear"), "mse", rows=(0,), lr=1e-5),
        "batch": traced((2, 3, 2), ("tanh", "sigmoid"), "bce", rows=(3, 14, 7), lr=0.1),
        "many rows": traced((2, 2), ("linear",), "mae", rows=tuple(range(9)), lr=2.0),
        "softmax": traced((3, 4, 3), ("silu", "softmax"), "cross_entropy", rows=(1, 0), lr=0.1),
        "softmax below": traced((2, 3, 2, 2), ("softmax", "gelu", "linear"), "huber", (1, 0, 1)),
        "softmax twice": traced((2, 2, 3), ("softmax", "softmax"), "half_sse", bias=False),
        "no bias": traced((2, 2, 2, 1), ("elu", "softplus", "sigmoid"), "half_sse", bias=False),
        "one by one": traced((1, 1, 1), ("leaky_relu", "sigmoid"), "cross_entropy", lr=1.0),
        "no hidden layer": traced((3, 2), ("tanh",), "huber", rows=(10, 11), lr=0.01),
        "two digits": traced((12, 11, 11), ("leaky_relu", "softmax"), "bce", rows=(4,)),
        **updated(),
    }


def updated() -> dict[str, Trace]:
    """Traces with every optimiser, with and without penalty, clipping, biases and more rows."""
    decayed = Schedule("step", every=2, factor=0.5, warm_up=8)
    cases = {
        "penalised": UpdateSettings(lr=0.5, l1=0.01, l2=0.1),
        "momentum": UpdateSettings("momentum", lr=0.2, schedule=decayed),
        "nesterov": UpdateSettings("nesterov", lr=0.2, l2=0.1, clip=0.2),
        "rmsprop": UpdateSettings("rmsprop", lr=0.01, clip=100.0),
        "adam": UpdateSettings("adam", lr=0.01, l1=0.1, clip=0.5),
        "adamw": UpdateSettings("adamw", lr=0.01),
    }
    of_batch = ("momentum", "nesterov", "adamw")
    return {
        name: traced(
            *((2, 3, 2), ("tanh", "softmax" if name == "adam" else "sigmoid"), "half_sse"),
            bias=(name != "rmsprop", True),
            rows=(3, 14, 7) if name in of_batch else (5,),
            update=settings,
        )
        for name, settings in cases.items()
    }


def losses_for(activation: str) -> tuple[str, ...]:
    """The losses that fit an output activation."""
    logarithm = activation in ("sigmoid", "softmax")
    return tuple(name for name, loss in LOSSES.items() if logarithm or not loss.open_unit)
