"""Samples on a plane of two features, and the colours of the regions they lie in."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from bpstudio.core.boundary import Plane, classes_and_margins
from bpstudio.core.dataset import Dataset
from bpstudio.ui.palette import Theme, rgb
from bpstudio.ui.plots.looks import class_color, symbol
from bpstudio.ui.ramps import Colors, activation_colors

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_SAMPLES = 1500  # drawn of each part; more hide the picture
_FAINT, _STRONG = 0.18, 0.62  # of a class's colour, at the boundary and far from it


class Samples:
    """Training samples as outlines, validation filled; the shape says the class."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._plot = plot
        self.items: list[pg.ScatterPlotItem] = []

    def clear(self) -> None:
        """Take them away."""
        for item in self.items:
            self._plot.removeItem(item)
        self.items = []

    def draw(self, plane: Plane, theme: Theme) -> None:
        """Those of a plane, in the place of those before."""
        self.clear()
        data = plane.data
        for positions, filled in ((data.training, False), (data.validation, True)):
            shown = _some(positions)
            labels = np.zeros(len(shown), int) if data.labels is None else data.labels[shown]
            for n in np.unique(labels).tolist():
                chosen = shown[labels == n]
                brush = theme.text1 if filled else _fill(data, chosen, n, theme)
                self._add(plane, chosen, symbol(n), brush, theme)

    def _add(
        self, plane: Plane, positions: Integers, shape: str, brush: object, theme: Theme
    ) -> None:
        xy = plane.data.features[positions]
        pen = pg.mkPen(theme.text1, width=1)
        item = pg.ScatterPlotItem(
            xy[:, plane.x], xy[:, plane.y], symbol=shape, size=7, pen=pen, brush=brush
        )
        self.items.append(item)
        self._plot.addItem(item)


def value_span(data: Dataset) -> tuple[float, float]:
    """The smallest and the largest first target of a regression, raw."""
    target = data.target[:, 0]
    return float(target.min()), float(target.max())


def region_colors(theme: Theme, outputs: Floats) -> Colors:
    """The class's colour, mixed towards the surface where the second class is near."""
    found, margins = classes_and_margins(outputs)
    count = max(outputs.shape[-1], 2)
    palette = np.array([rgb(class_color(theme, n)) for n in range(count)], dtype=float)
    surface = np.array(rgb(theme.surface), dtype=float)
    share = (_FAINT + (_STRONG - _FAINT) * margins)[..., None]
    return np.rint(surface + (palette[found] - surface) * share).astype(np.uint8)


def _fill(data: Dataset, positions: Integers, n: int, theme: Theme) -> object:
    """A class's own colour, or that of each sample's value."""
    if data.labels is not None:
        return class_color(theme, n)
    colors = activation_colors(theme, data.target[positions, 0], *value_span(data))
    return [pg.mkBrush(*map(int, color)) for color in colors]


def _some(positions: Integers) -> Integers:
    """At most so many samples as can be told apart, evenly from all."""
    stride = max(1, -(-len(positions) // MOST_SAMPLES))
    return positions[::stride]
