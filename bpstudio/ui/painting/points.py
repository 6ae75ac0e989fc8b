"""The painted points on the plane: a class by its shape and colour, a number by its colour."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

from bpstudio.core.painted import Painting
from bpstudio.ui.palette import Theme
from bpstudio.ui.plots.looks import class_color, symbol
from bpstudio.ui.ramps import activation_colors

_SIZE = 8


class Points:
    """One item for each class; a single one for numbers."""

    def __init__(self, plot: pg.PlotWidget, most: int) -> None:
        self.items = [pg.ScatterPlotItem(size=_SIZE, symbol=symbol(n)) for n in range(most)]
        for item in self.items:
            plot.addItem(item)

    def show(self, painting: Painting, theme: Theme) -> None:
        """Other points, or the same in another theme."""
        show = self._show_classes if painting.classes else self._show_numbers
        show(painting, theme)

    def _show_classes(self, painting: Painting, theme: Theme) -> None:
        """Each class in its look."""
        for n, item in enumerate(self.items):
            xy = painting.points[painting.values == n]
            pen = pg.mkPen(theme.surface, width=1)
            brush = pg.mkBrush(class_color(theme, n))
            item.setData(xy[:, 0], xy[:, 1], symbol=symbol(n), pen=pen, brush=brush)

    def _show_numbers(self, painting: Painting, theme: Theme) -> None:
        """The darker (in the dark theme the lighter), the larger."""
        for item in self.items[1:]:
            item.setData([], [])
        low, high = span(painting)
        kinds, places = np.unique(painting.values, return_inverse=True)
        colors = activation_colors(theme, kinds, low, high)
        brushes = [pg.mkBrush(*map(int, color)) for color in colors]
        pen = pg.mkPen(theme.text3, width=1)
        xy, brush = painting.points, [brushes[place] for place in places.tolist()]
        self.items[0].setData(xy[:, 0], xy[:, 1], symbol="o", pen=pen, brush=brush)


def span(painting: Painting) -> tuple[float, float]:
    """The ends of the colours of numbers: −1 and 1, or beyond."""
    values = np.append(painting.values, (-1.0, 1.0))
    return float(values.min()), float(values.max())
