"""What the rules look at, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings, UpdateState, clip_scale_at, norm, update_terms
from bpstudio.core.parameters import flatten, views, weight_mask
from bpstudio.core.trace import Trace
from bpstudio.core.training_values import Halt

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Level = Literal["warning", "note", "ok"]

FITTED = 0.25  # a loss down to this share of its start: the network does what it is for
FEWEST_ROWS = 8  # what holds for fewer rows may be chance


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One finding.

    ``sentence`` names the layer or node, what is the matter and one remedy; ``evidence`` has the
    numbers, on one line. ``place`` shows it: an address without its sample (back/l2/j3/da_dz), or
    an expression (loss(validation)). ``l`` and ``j`` are the layer and node, where it is about one.
    """

    kind: str
    level: Level
    sentence: str
    evidence: str
    place: str
    l: int | None = None
    j: int | None = None


@dataclass(frozen=True, slots=True)
class LayerNorms:
    """Norms of layer l: of ∂C/∂W, of one update of W (None where it is not known), of W.

    ``rows``: over how many ∂C/∂W is the mean.
    """

    l: int
    gradient: float
    update: float | None
    weights: float
    rows: int

    @property
    def ratio(self) -> float | None:
        """‖ΔW‖/‖W‖; None where it is not known or W is 0."""
        return None if self.update is None or self.weights == 0 else self.update / self.weights

    @classmethod
    def of_trace(
        cls,
        trace: Trace,
        update: UpdateSettings | None = None,
        state: UpdateState | None = None,
    ) -> tuple[LayerNorms, ...]:
        """Layers 2 … L by the mean gradient of a pass, and by the update that it would make.

        ``state``: what the optimiser remembers, None for nothing.
        """
        layers = range(2, trace.L + 1)
        moved = [None] * len(layers) if update is None else _moved(trace, update, state)
        sizes = [norm(layer.W) for layer in trace.network.layers]
        gradients = [norm(trace.mean_dC_dw(l)) for l in layers]
        rows = [len(trace.rows)] * len(layers)
        return tuple(map(cls, layers, gradients, moved, sizes, rows))


def _moved(trace: Trace, update: UpdateSettings, state: UpdateState | None) -> list[float]:
    """‖ΔW‖ of layers 2 … L."""
    network = trace.network
    w, is_weight = flatten(network), weight_mask(network)
    means = [part for l in range(2, trace.L + 1) for part in _mean_gradient(trace, l)]
    gradient = np.concatenate(means)
    if state is None or state.slots.shape != (len(update.slots), len(w)):
        state = UpdateState.start(update, len(w))
    slots = dict(zip(update.slots, state.slots, strict=True))
    with np.errstate(all="ignore"):
        scale = clip_scale_at(update, w, gradient, is_weight)
        terms = update_terms(update, state.t, w, gradient, slots, is_weight, scale)
        return [norm(W) for W, _ in views(network, terms["update"] - w)]


def _mean_gradient(trace: Trace, l: int) -> list[Floats]:
    """∂C/∂w^(l) and ∂C/∂b^(l), the order of `flatten`."""
    has_bias = trace.network.layer(l).b is not None
    return [trace.mean_dC_dw(l).ravel(), *([trace.mean_dC_db(l)] if has_bias else [])]


@dataclass(frozen=True, slots=True, eq=False)
class DataSummary:
    """What the network sees of the training rows.

    ``sizes`` (n_1,): √ of the mean of x_k² over the rows, ``targets``: the least and the greatest
    y_j. ``classes`` and ``counts`` are empty for a regression.
    """

    features: tuple[str, ...]
    sizes: Floats
    targets: tuple[float, float]
    classes: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()

    @classmethod
    def of(cls, data: Dataset, positions: Integers | None = None) -> DataSummary:
        """Of a data set; the numbers from these positions alone, the counts from all rows."""
        chosen = data.training if positions is None else positions
        X, Y = data.scaled(chosen)
        with np.errstate(over="ignore"):
            sizes = np.sqrt((X * X).mean(axis=0))
        targets = (float(Y.min()), float(Y.max()))
        if data.labels is None:
            return cls(data.feature_names, sizes, targets)
        counts = np.bincount(data.labels[data.training], minlength=data.n_targets)
        return cls(data.feature_names, sizes, targets, data.target_names, tuple(counts.tolist()))


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """A network at one moment of its training; None is what is not known.

    ``trace``: a pass over training rows. ``losses`` and ``validation``: C of each epoch so far,
    or of ``stride`` epochs each. ``update``: what decides one, ``updates``: how many were made.
    ``finished``: the run has made all its epochs. ``halt``: why it stopped before that.
    """

    network: Network
    trace: Trace | None = None
    norms: tuple[LayerNorms, ...] | None = None
    data: DataSummary | None = None
    losses: Floats | None = None
    validation: Floats | None = None
    stride: int = 1
    update: UpdateSettings | None = None
    updates: int | None = None
    finished: bool = False
    halt: Halt | None = None

    @property
    def lr(self) -> float | None:
        """η."""
        return None if self.update is None else self.update.lr

    @property
    def telling_trace(self) -> Trace | None:
        """The pass, if it is over enough rows to conclude from."""
        trace = self.trace
        return trace if trace is not None and len(trace.rows) >= FEWEST_ROWS else None
