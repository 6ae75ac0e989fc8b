"""The loss as a function of one or two parameters, everything else as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import find_activation
from bpstudio.core.boundary import pass_cost
from bpstudio.core.losses import find_loss
from bpstudio.core.network import Network
from bpstudio.core.passes import forward

Floats = NDArray[np.float64]

_OPERATIONS = 2_000_000  # multiplications of a portion: a few milliseconds


@dataclass(frozen=True, slots=True)
class Parameter:
    """w_jk^(l), or b_j^(l) where k is None."""

    l: int
    j: int
    k: int | None = None

    def value(self, network: Network) -> float:
        """Its number. InputError or IndexError where the network has no such parameter."""
        layer = network.layer(self.l)
        if self.k is not None:
            return float(layer.W[self.j, self.k])
        if layer.b is None:
            raise IndexError(f"layer {self.l} has no biases")
        return float(layer.b[self.j])

    def put(self, network: Network, value: float) -> Network:
        """The network with another number in its place."""
        if self.k is not None:
            return network.with_weight(self.l, self.j, self.k, value)
        return network.with_bias(self.l, self.j, value)


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """C, the mean over samples X (n, n_1), Y (n, n_L), along parameters. No penalty is in it."""

    network: Network
    X: Floats
    Y: Floats
    loss: str
    along: tuple[Parameter, ...]

    def fill(self, values: Floats, out: Floats) -> Iterator[None]:
        """Fill in C for each row of values (m, parameters), a portion of bounded size a turn.

        ``out`` (m,): what is not complete yet stays as it was.
        """
        at_once, n = self._portion()
        for start in range(0, len(values), at_once):
            taken = slice(start, start + at_once)
            total = np.zeros(len(values[taken]))
            for first in range(0, len(self.X), n):
                total += self._sums(values[taken], slice(first, first + n))
                if first + n >= len(self.X):
                    out[taken] = total / len(self.X)
                yield

    def at(self, values: Sequence[float]) -> float:
        """C where the parameters have these values."""
        out = np.empty(1)
        for _ in self.fill(np.array([values], dtype=np.float64), out):
            pass
        return float(out[0])

    def _portion(self) -> tuple[int, int]:
        """How many rows of values and how many samples go through the network together."""
        cost = pass_cost(self.network)
        samples = max(1, min(len(self.X), _OPERATIONS // cost))
        return max(1, _OPERATIONS // (samples * cost)), samples

    def _sums(self, values: Floats, samples: slice) -> Floats:
        """Σ C_0 over some samples for each row of values, (m,)."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            a = self._outputs(values, self.X[samples])
            C_j = find_loss(self.loss).C_j(a, self.Y[samples])
            return np.asarray(np.broadcast_to(C_j.sum(axis=(-2, -1)), len(values)))

    def _outputs(self, values: Floats, X: Floats) -> Floats:
        """a^(L), (m, n, n_L): layers below the first parameter are the same for all values."""
        lowest = min((p.l for p in self.along), default=self.network.L + 1)
        below = self.network.layers[: lowest - 2]
        a = forward(Network(below), X)[1][-1] if below else X
        for l in range(lowest, self.network.L + 1):
            layer = self.network.layer(l)
            z = a @ layer.W.T + (0.0 if layer.b is None else layer.b)
            for column, parameter in enumerate(self.along):
                if parameter.l == l:
                    z = self._moved(z, a, parameter, values[:, column])
            a = find_activation(layer.activation).g(z)
        return np.asarray(a)

    def _moved(self, z: Floats, a: Floats, parameter: Parameter, values: Floats) -> Floats:
        """z after the parameter took each of these values; (…, n, n_l) → (m, n, n_l)."""
        by = values - parameter.value(self.network)
        m, n = len(values), z.shape[-2]
        moved = np.broadcast_to(z, (m, n, z.shape[-1])).copy()
        reached = 1.0 if parameter.k is None else a[..., parameter.k]
        moved[..., parameter.j] += by[:, None] * reached
        return moved
