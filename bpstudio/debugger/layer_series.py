"""How the gradient and the updates of each layer went in the course of a run."""

from __future__ import annotations

from dataclasses import dataclass

from bpstudio.debugger.history import Series


@dataclass(frozen=True, slots=True, eq=False)
class LayerSeries:
    """‖∂C/∂W^(l)‖ and ‖ΔW^(l)‖/‖W^(l)‖ of layer l, a number for each update."""

    l: int
    grad_norms: Series
    update_ratios: Series
