"""The loss as a function of one or two parameters, everything else as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import find_activation
from bpstudio.core.boundary import PER_NODE, pass_cost
from bpstudio.core.errors import InputError
from bpstudio.core.losses import find_loss
from bpstudio.core.network import Network
from bpstudio.core.passes import forward

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ADDRESS = re.compile(
    r"(?:w(?=.*/k)|b(?!.*/k))/l(?P<l>\d{1,9})/j(?P<j>\d{1,9})(?:/k(?P<k>\d{1,9}))?"
)
_OPERATIONS = 400_000  # multiplications of a portion: a few milliseconds
_BELOW = 4 * _OPERATIONS  # the same of products of matrices alone, which are faster


@dataclass(frozen=True, slots=True)
class Parameter:
    """w_jk^(l), or b_j^(l) where k is None."""

    l: int
    j: int
    k: int | None = None

    def __str__(self) -> str:
        """Its address: w/l3/j2/k1 or b/l3/j2."""
        return f"b/l{self.l}/j{self.j}" if self.k is None else f"w/l{self.l}/j{self.j}/k{self.k}"

    @classmethod
    def parse(cls, text: str, network: Network) -> Parameter:
        """The parameter at an address. InputError where it is none, or the network lacks it."""
        match = _ADDRESS.fullmatch(text.strip())
        if match is None:
            raise InputError(
                f"{text.strip()!r} is no address of a parameter; write w/l3/j2/k1 or b/l3/j2"
            )
        l, j, k = match.group("l", "j", "k")
        found = cls(int(l), int(j), None if k is None else int(k))
        found.put(network, 0.0)
        return found

    def value(self, network: Network) -> float:
        """Its number; a parameter that the network lacks is a mistake of the caller."""
        layer = network.layer(self.l)
        if self.k is not None:
            return float(layer.W[self.j, self.k])
        assert layer.b is not None, f"layer {self.l} has no biases"
        return float(layer.b[self.j])

    def put(self, network: Network, value: float) -> Network:
        """The network with another number in its place."""
        if self.k is not None:
            return network.with_weight(self.l, self.j, self.k, value)
        return network.with_bias(self.l, self.j, value)


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """C, the mean over samples X (n, n_1), Y (n, n_L), along parameters. No penalty is in it.

    ``rows``: the mean over the samples at these positions alone; they are not copied all at once.
    """

    network: Network
    X: Floats
    Y: Floats
    loss: str
    along: tuple[Parameter, ...]
    rows: Integers | None = None

    @property
    def n(self) -> int:
        """How many samples the mean is taken over."""
        return len(self.X) if self.rows is None else len(self.rows)

    def fill(self, values: Floats, out: Floats) -> Iterator[None]:
        """Work out C for each row of values (m, parameters), a portion of bounded size a turn.

        ``out`` (m,) is filled in at the end, all at once.
        """
        total = np.zeros(len(values))
        samples, at_once = self._portion()
        for first in range(0, self.n, samples):
            part: slice | Integers = slice(first, first + samples)
            part = part if self.rows is None else self.rows[part]
            a, z = self._below(self.X[part])
            for start in range(0, len(values), at_once):
                taken = slice(start, start + at_once)
                total[taken] += self._sums(values[taken], a, z, self.Y[part])
                yield
        out[:] = total / self.n

    def at(self, values: Sequence[float]) -> float:
        """C where the parameters have these values."""
        out = np.empty(1)
        for _ in self.fill(np.array([values], dtype=np.float64), out):
            pass
        return float(out[0])

    @property
    def _lowest(self) -> int:
        """The first layer that is not the same for all values."""
        return min(parameter.l for parameter in self.along)

    def _portion(self) -> tuple[int, int]:
        """How many samples and how many rows of values go through the network together."""
        lowest, above = self._lowest, self.network.layers[self._lowest - 1 :]
        cost = pass_cost(Network(above)) if above else 0
        samples = max(1, min(self.n, _BELOW // pass_cost(self.network)))
        cost += PER_NODE * self.network.sizes[lowest - 1]
        return samples, max(1, _OPERATIONS // (samples * cost))

    def _below(self, X: Floats) -> tuple[Floats, Floats]:
        """a below the first layer that varies, (n, n_{l−1}), and z of that one, (n, n_l)."""
        layers = self.network.layers[: self._lowest - 1]
        with np.errstate(over="ignore", invalid="ignore"):
            zs, a_s = forward(Network(layers), X)
        return a_s[-2], zs[-1]

    def _sums(self, values: Floats, a: Floats, z: Floats, Y: Floats) -> Floats:
        """Σ C_0 over some samples for each row of values, (m,)."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            outputs = self._outputs(values, a, z)
            return np.asarray(find_loss(self.loss).C_j(outputs, Y).sum(axis=(-2, -1)))

    def _outputs(self, values: Floats, a: Floats, z: Floats) -> Floats:
        """a^(L), (m, n, n_L), from what is below the first layer that varies."""
        for l in range(self._lowest, self.network.L + 1):
            layer = self.network.layer(l)
            if l > self._lowest:
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
