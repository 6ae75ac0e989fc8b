"""Other numbers for the same exercise, with two decimals, so that it can be done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Batch, Dataset
from bpstudio.core.explain import ExplanationLine
from bpstudio.core.network import Layer, Network
from bpstudio.core.worked_values import Worked

DECIMALS = 2


def vary(network: Network, batch: Batch, seed: int) -> tuple[Network, Batch]:
    """The same shape with weights and biases drawn from ±0.01 … ±0.99, and inputs, targets rounded.

    The same seed gives the same numbers.
    """
    rng = np.random.default_rng(seed)
    layers = [
        Layer(
            _drawn(rng, layer.W.shape),
            None if layer.b is None else _drawn(rng, layer.b.shape),
            layer.activation,
        )
        for layer in network.layers
    ]
    rounded = Batch(batch.rows, np.round(batch.X, DECIMALS), np.round(batch.Y, DECIMALS))
    return Network(layers), rounded


def _drawn(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Never 0, which would hide what a weight does."""
    signs = rng.choice((-1.0, 1.0), shape)
    return np.asarray(signs * rng.integers(1, 100, shape) / 10**DECIMALS)


def vary_row(data: Dataset, seed: int) -> int:
    """A row of the data, drawn from the seed."""
    return int(np.random.default_rng(seed).choice(data.rows))


def with_note(worked: Worked, seed: int) -> Worked:
    """The derivation, saying where its numbers come from."""
    note = ExplanationLine(
        f"Numbers varied by seed {seed}: weights and biases are drawn anew, inputs and targets "
        f"rounded to two decimals."
    )
    return replace(worked, conventions=(*worked.conventions, note))
