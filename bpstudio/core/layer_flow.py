"""How large the gradient of each layer is, and by how much an update moves its weights."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.trace import Trace
from bpstudio.core.values import RULES

_EVERY = slice(None)


@dataclass(frozen=True, slots=True)
class LayerFlow:
    """Norms of layer l: ‖∂C/∂W‖ over the batch, ‖W‖, and ‖ΔW‖ (NaN where nothing is updated)."""

    l: int
    grad_norm: float
    weight_norm: float
    update_norm: float

    @property
    def update_ratio(self) -> float:
        """‖ΔW‖/‖W‖; infinite where weights move away from 0, 0 where they stay there."""
        if self.weight_norm == 0.0:
            return self.update_norm if not self.update_norm > 0 else math.inf
        return self.update_norm / self.weight_norm


def layer_flow(trace: Trace) -> tuple[LayerFlow, ...]:
    """The norms of layers 2 … L in one pass. Biases are left out."""
    return tuple(_flow(trace, l) for l in range(2, trace.L + 1))


def _flow(trace: Trace, l: int) -> LayerFlow:
    W = trace.network.layer(l).W
    with np.errstate(over="ignore", invalid="ignore"):
        moved = math.nan if trace.lr is None else norm(_updated(trace, l) - W)
        return LayerFlow(l, norm(trace.mean_dC_dw(l)), norm(W), moved)


def _updated(trace: Trace, l: int) -> NDArray[np.float64]:
    """W^(l) after the update, as the trace has it."""
    return np.asarray(RULES["update_w"](trace, _EVERY, l, _EVERY, _EVERY)[0])


def norm(values: NDArray[np.float64]) -> float:
    """√Σ v²."""
    return float(np.sqrt(np.square(values).sum()))
