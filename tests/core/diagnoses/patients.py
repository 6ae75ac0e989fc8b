"""Networks with something the matter, and their healthy twins: real data, really trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bpstudio.core.dataset import Dataset
from bpstudio.core.diagnoses import DataSummary, LayerNorms, Situation
from bpstudio.core.network import Layer, Network
from bpstudio.core.trace import compute_trace
from bpstudio.core.training import Training, TrainingSettings, advance
from bpstudio.files.example import load_example


def iris(scale: str = "standard", rows: Sequence[int] | None = None) -> Dataset:
    """The example, 120 rows to train on and 30 to validate; or these rows of it, all trained on."""
    data = load_example()
    if rows is not None:
        chosen = data.batch(rows)
        return Dataset.from_arrays(chosen.X, chosen.Y, target_names=data.target_names)
    return data.rescale(scale).split(0.2, 0)


def line(scale: str = "standard") -> Dataset:
    """A regression: y is about 3 x_0, with some noise."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 2))
    return Dataset.from_arrays(X, 3.0 * X[:, 0] + 0.1 * rng.normal(size=60), scale=scale)


def situation(
    network: Network, data: Dataset | None = None, epochs: int = 0, **settings: object
) -> Situation:
    """After so many epochs, all of them asked for."""
    data = iris() if data is None else data
    chosen = TrainingSettings(**settings)
    training = replace(Training.of(network, data, chosen), engine="numpy")
    stretch = advance(training, training.start(), epochs * training.batches_per_epoch)
    reached = training.network_at(stretch.state)
    trace = compute_trace(reached, data.batch(data.rows[data.training].tolist()), chosen.loss)
    return Situation(
        network=reached,
        trace=trace,
        norms=LayerNorms.of_trace(trace, chosen.update, stretch.state.update_state),
        data=DataSummary.of(data),
        losses=stretch.epochs[:, 0],
        validation=stretch.epochs[:, 2] if len(data.validation) else None,
        update=chosen.update,
        updates=len(stretch.batch_losses),
        finished=True,
        halt=stretch.halt,
    )


def net(*hidden: int, activation: str = "sigmoid", **options: object) -> Network:
    """4–…–3 for iris."""
    return Network.create([4, *(hidden or (5, 6)), 3], activation, **options)


def with_bias(network: Network, l: int, values: dict[int, float]) -> Network:
    """The same network with these biases."""
    for j, value in values.items():
        network = network.with_bias(l, j, value)
    return network


def scaled(network: Network, factor: float) -> Network:
    """The same network with all weights that much larger."""
    return Network([Layer(factor * e.W, e.b, e.activation) for e in network.layers])


def for_line(output: str = "linear") -> Network:
    """2–3–1."""
    return Network.create([2, 3, 1], "tanh", output)


Patient = Callable[[], Situation]
