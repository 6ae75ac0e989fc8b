"""What a network says over two of its features while the others are held: decision regions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.passes import forward

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_OPERATIONS = 400_000  # multiplications of a portion: a few milliseconds
PER_NODE = 16  # multiplications that cost what one g does
_MARGIN = 0.06  # of the span, around the samples


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Two features x and y of a data set; the others stand at ``held``, raw numbers (n_1,)."""

    data: Dataset
    x: int
    y: int
    held: Floats

    def __post_init__(self) -> None:
        for feature in (self.x, self.y):
            if not 0 <= feature < self.data.n_features:
                last = self.data.n_features - 1
                raise InputError(f"feature {feature} does not exist: there are 0..{last}")
        if self.x == self.y:
            name = self.data.feature_names[self.x]
            raise InputError(f"{name} was chosen twice; a plane has two different features")

    @classmethod
    def at_mean(cls, data: Dataset, x: int, y: int) -> Plane:
        """The other features at their mean over the training rows."""
        return cls(data, x, y, data.mean_features)

    @classmethod
    def at_row(cls, data: Dataset, x: int, y: int, row: int) -> Plane:
        """The other features as in this row."""
        return cls(data, x, y, data.features[data.position(row)])

    def span(self, feature: int) -> tuple[float, float]:
        """From where to where the picture goes along a feature, raw: all samples and a margin."""
        values = self.data.features[:, feature]
        low, high = float(values.min()), float(values.max())
        margin = _MARGIN * (high - low) or max(abs(low), 1.0) * 0.5
        return low - margin, high + margin

    def centres(self, feature: int, count: int) -> Floats:
        """The middle of each of ``count`` cells along a feature, raw."""
        low, high = self.span(feature)
        return np.asarray(low + (np.arange(count) + 0.5) * ((high - low) / count))

    def scaled(self, x: Floats, y: Floats) -> Floats:
        """Points (n, 2) as the network sees them, of raw numbers (n,)."""
        chosen = [self.x, self.y]
        scaling = self.data.scaling
        return (np.column_stack((x, y)) - scaling.shift[chosen]) / scaling.scale[chosen]


def on_plane(network: Network, plane: Plane) -> Network:
    """The network as a function of the two features alone; the others went into its biases."""
    first = network.layers[0]
    x = plane.data.scaling.apply(plane.held[None, :])[0].copy()
    x[[plane.x, plane.y]] = 0.0
    b = first.W @ x + (0.0 if first.b is None else first.b)
    layer = Layer(first.W[:, [plane.x, plane.y]], b, first.activation)
    return Network([layer, *network.layers[1:]])


def fill_outputs(network: Network, plane: Plane, out: Floats) -> Iterator[None]:
    """Fill in a^(L) at the middle of every cell of the plane, a portion at each turn.

    ``network`` is that of `on_plane`; ``out`` (rows, columns, n_L), row 0 at the smallest y.
    """
    n_rows, n_columns, n_L = out.shape
    xs, ys = plane.centres(plane.x, n_columns), plane.centres(plane.y, n_rows)
    points = out.reshape(-1, n_L)  # a view
    portion = max(1, _OPERATIONS // pass_cost(network))
    for start in range(0, len(points), portion):
        cells = np.arange(start, min(start + portion, len(points)))
        X = plane.scaled(xs[cells % n_columns], ys[cells // n_columns])
        points[cells] = _outputs(network, X)
        yield


def outputs_at(network: Network, plane: Plane, x: float, y: float) -> Floats:
    """a^(L) at one point of the plane, raw: (n_L,). ``network`` is that of `on_plane`."""
    return np.asarray(_outputs(network, plane.scaled(np.array([x]), np.array([y])))[0])


def classes_and_margins(outputs: Floats) -> tuple[Integers, Floats]:
    """The class of each point and how far it is ahead of the second, 0 … 1; (…, n_L) → (…).

    A single output has two classes, 0 below ½ and 1 from there on.
    """
    if outputs.shape[-1] == 1:
        outputs = np.concatenate((1.0 - outputs, outputs), axis=-1)
        found = (outputs[..., 1] >= outputs[..., 0]).astype(np.int64)
    else:
        found = outputs.argmax(axis=-1)
    best = np.partition(outputs, -2, axis=-1)
    with np.errstate(invalid="ignore"):
        ahead = best[..., -1] - best[..., -2]
    return found, np.clip(np.nan_to_num(ahead, nan=0.0), 0.0, 1.0)


def pass_cost(network: Network) -> int:
    """What one sample costs going forward, in multiplications; a g counts as many of them."""
    return network.n_weights + PER_NODE * sum(network.sizes[1:])


def _outputs(network: Network, X: Floats) -> Floats:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(forward(network, X)[1][-1])
