"""Changing a weight or bias by dragging: arithmetic on a number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, log10

from bpstudio.core.network import Network
from bpstudio.ui.canvas.state import Thing

ACROSS = 200.0  # pixels that a drag takes from 0 to the end of the ramp of the weights
FINER = 0.1


@dataclass(frozen=True, slots=True)
class WeightDrag:
    """A weight or bias under the pointer: its value at first, and the value dragged to.

    ``step`` is what a pixel adds, ``y`` the height on screen the pointer was at last.
    """

    thing: Thing
    first: float
    value: float
    step: float
    y: float

    def to(self, y: float, finer: bool = False) -> WeightDrag:
        """The drag with the pointer at another height; upwards adds."""
        change = (self.y - y) * self.step * (FINER if finer else 1.0)
        return replace(self, value=self.value + change, y=y)

    @property
    def shown(self) -> float:
        """The value, rounded to what a pixel of the finer drag can tell."""
        return round(self.value, max(ceil(-log10(self.step * FINER)), 0))


def begun(network: Network, thing: Thing, vmax: float, y: float) -> WeightDrag:
    """A drag that starts at a height; ``vmax``: the end of the weights' ramp."""
    first = value_of(network, thing)
    return WeightDrag(thing, first, first, (vmax or 1.0) / ACROSS, y)


def value_of(network: Network, thing: Thing) -> float:
    """The weight of an edge, or the bias."""
    layer = network.layer(thing[1])
    if thing[0] == "edge":
        return float(layer.W[thing[2], thing[3]])
    assert layer.b is not None, "only what is drawn is dragged"
    return float(layer.b[thing[2]])
