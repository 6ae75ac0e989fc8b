"""What a run tells of each of its updates to those who ask: conditions, diagnoses, curves.

Both engines fill the same table, a row for each update. Its columns: the accuracy of the batch,
then those of `LAYER` for l = 2 … L where layers are asked for, then those of `WATCHED` for each
parameter watched. Gradients are the mean over the batch without penalty; everything is as before
the update, but for what the update comes to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import flat_below
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.optimisers import norm
from bpstudio.core.parameters import views
from bpstudio.core.passes import Backward

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# the columns of a layer and of a watched parameter; `compiled` has the same order
LAYER = ("grad_norm", "bias_grad_norm", "update_norm", "weight_norm", "dead", "saturated")
WATCHED = ("value", "gradient", "value_after")


@dataclass(frozen=True, slots=True)
class Probes:
    """What to record of each update: parameters by their place in `flatten`, and the layers.

    The accuracy of the batch is always recorded.
    """

    watched: tuple[int, ...] = ()
    layers: bool = True

    def columns(self, n_layers: int) -> int:
        """Columns of the table for a network with that many layers of weights."""
        return 1 + len(LAYER) * n_layers * self.layers + len(WATCHED) * len(self.watched)

    def require(self, n_parameters: int) -> None:
        """InputError where a watched parameter does not exist."""
        for index in self.watched:
            if not 0 <= index < n_parameters:
                raise InputError(
                    f"parameter number {index} does not exist: there are {n_parameters} (from 0)"
                )


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """What was recorded, ``table`` (updates, columns); every accessor gives one number an update.

    Layers are l = 2 … L. ``KeyError`` where something was not asked for.
    """

    probes: Probes
    n_layers: int
    table: Floats

    def __len__(self) -> int:
        return len(self.table)

    @classmethod
    def joined(cls, parts: Sequence[Records]) -> Records:
        """The records of consecutive stretches with the same probes as one."""
        first = parts[0]
        table = np.concatenate([part.table for part in parts])
        return cls(first.probes, first.n_layers, table)

    def first(self, updates: int) -> Records:
        """Those of the first updates alone."""
        return Records(self.probes, self.n_layers, self.table[:updates])

    def told(self, probes: Probes) -> Records | None:
        """What these probes ask for; None where some of it was not recorded."""
        asked, there = probes.watched, self.probes.watched
        if (probes.layers and not self.probes.layers) or not set(asked) <= set(there):
            return None
        layers = self.table[:, 1 : self.table.shape[1] - self._width()]
        parts = [self._watched(index, name)[:, None] for index in asked for name in WATCHED]
        table = np.hstack((self.table[:, :1], *([layers] * probes.layers), *parts))
        return Records(probes, self.n_layers, table)

    def accuracy(self) -> Floats:
        """Share of the batch that is classified rightly."""
        return self.table[:, 0]

    def grad_norm(self, l: int) -> Floats:
        """‖∂C/∂W^(l)‖."""
        return self._layer(l, "grad_norm")

    def bias_grad_norm(self, l: int) -> Floats:
        """‖∂C/∂b^(l)‖; 0 without biases."""
        return self._layer(l, "bias_grad_norm")

    def update_norm(self, l: int) -> Floats:
        """‖ΔW^(l)‖: by how much the update moves the weights."""
        return self._layer(l, "update_norm")

    def weight_norm(self, l: int) -> Floats:
        """‖W^(l)‖ before the update."""
        return self._layer(l, "weight_norm")

    def update_ratio(self, l: int) -> Floats:
        """‖ΔW^(l)‖/‖W^(l)‖; infinite where weights move away from 0, 0 where they stay there."""
        moved, size = self.update_norm(l), self.weight_norm(l)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(moved == 0.0, 0.0, moved / size)

    def dead(self, l: int) -> Floats:
        """Share of the nodes of layer l with ∂a/∂z = 0 for every sample of the batch."""
        return self._layer(l, "dead")

    def saturated(self, l: int) -> Floats:
        """Share of the nodes of layer l where the mean of |∂a/∂z| is below `flat_below`."""
        return self._layer(l, "saturated")

    def value(self, index: int) -> Floats:
        """A watched parameter before the update."""
        return self._watched(index, "value")

    def gradient(self, index: int) -> Floats:
        """∂C/∂ of a watched parameter."""
        return self._watched(index, "gradient")

    def value_after(self, index: int) -> Floats:
        """A watched parameter after the update."""
        return self._watched(index, "value_after")

    def _layer(self, l: int, name: str) -> Floats:
        if not (self.probes.layers and 2 <= l < self.n_layers + 2):
            raise KeyError(f"layer {l} was not recorded")
        return self.table[:, 1 + (l - 2) * len(LAYER) + LAYER.index(name)]

    def _watched(self, index: int, name: str) -> Floats:
        if index not in self.probes.watched:
            raise KeyError(f"parameter number {index} was not watched")
        place = self.probes.watched.index(index) * len(WATCHED) + WATCHED.index(name)
        return self.table[:, self.probes.columns(self.n_layers) - self._width() + place]

    def _width(self) -> int:
        return len(WATCHED) * len(self.probes.watched)


# The numpy engine's side; `compiled` has its own ----------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row of the table while it is filled in: ``values`` (columns,), changed in place."""

    network: Network
    watched: Integers
    values: Floats

    @property
    def _by_layer(self) -> Floats:
        """(layers, columns of a layer), as a view; no rows where layers were not asked for."""
        end = len(self.values) - len(WATCHED) * len(self.watched)
        return self.values[1:end].reshape(-1, len(LAYER))

    @property
    def _by_parameter(self) -> Floats:
        """(watched, columns of a parameter), as a view."""
        start = len(self.values) - len(WATCHED) * len(self.watched)
        return self.values[start:].reshape(-1, len(WATCHED))

    def before(
        self,
        parameters: Floats,
        gradient: Floats,
        a_s: tuple[Floats, ...],
        back: Backward,
        accuracy: float,
    ) -> None:
        """All that is known before the update. a_s starts with the inputs."""
        self.values[0] = accuracy
        weights, gradients = views(self.network, parameters), views(self.network, gradient)
        flat = [flat_below(layer.activation) for layer in self.network.layers]
        every = zip(self._by_layer, weights, gradients, back.da_dz, a_s[1:], flat, strict=False)
        for row, (W, _), (dW, db), da_dz, a, below in every:
            slopes = np.abs(_softmax_slopes(a) if da_dz is None else da_dz)
            row[0], row[1] = norm(dW), 0.0 if db is None else norm(db)
            row[3] = norm(W)
            row[4] = (slopes == 0.0).all(axis=0).mean()
            row[5] = (slopes.mean(axis=0) < below).mean()
        self._by_parameter[:, 0] = parameters[self.watched]
        self._by_parameter[:, 1] = gradient[self.watched]

    def after(self, before: Floats, after: Floats) -> None:
        """What the update came to."""
        for row, (moved, _) in zip(
            self._by_layer, views(self.network, after - before), strict=False
        ):
            row[2] = norm(moved)
        self._by_parameter[:, 2] = after[self.watched]


def _softmax_slopes(a: Floats) -> Floats:
    """∂a_j/∂z_j of a softmax layer."""
    return a * (1.0 - a)
