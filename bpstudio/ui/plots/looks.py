"""How plots look: axes in the theme's colours and fonts, classes and layers by colour and shape."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPen, QResizeEvent

from bpstudio.ui.focus import INSIDE
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.loss_axis import LossAxis
from bpstudio.ui.palette import Theme, mix
from bpstudio.ui.ramps import activation_color

SYMBOLS = ("o", "s", "t1", "d", "p", "h", "star", "t", "+", "x")
"""One a class or a layer; after the last they begin again, with other colours."""
SIGNS = ("●", "■", "▲", "◆", "⬟", "⬢", "★", "▼", "✚", "✖")
_AXES = ("left", "bottom")
_TIP = "Point, or use the arrow keys, to read exact values (Esc: all of it)"
_MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Escape: (0, 0),
}
_PALEST = 0.6  # of the ramp, for the lowest of many layers


class Plot(pg.PlotWidget):
    """A plot whose ranges are right before it is painted."""

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Lay everything out at the new size."""
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph calls it while the plot is made
            prepare_for_paint(self)


class ReadingPlot(Plot):
    """A plot that is read with the arrow keys as with the pointer."""

    moved = Signal(int, int)
    """Steps to the right and upwards; (0, 0) for no more."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys move, Esc ends it; all others are the window's."""
        move = _MOVES.get(Qt.Key(event.key()))
        if move is None:
            event.ignore()
            return
        self.moved.emit(*move)


def plain_plot(name: str) -> ReadingPlot:
    """An empty plot that is looked at: it is not dragged, and has no menu of its own."""
    axes = {side: LossAxis(side) for side in _AXES}
    plot = ReadingPlot(axisItems=axes, enableMenu=False)
    menu = plot.getPlotItem().ctrlMenu  # made all the same, and without a parent to end with
    menu.setParent(plot, menu.windowFlags())
    plot.hideButtons()
    plot.setMouseEnabled(x=False, y=False)
    plot.setAccessibleName(name)
    plot.setToolTip(_TIP)
    plot.setProperty(INSIDE, True)
    plot.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    plot.viewport().setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    for side in _AXES:
        prepare_axis(plot.getAxis(side))
    return plot


def prepare_axis(axis: pg.AxisItem) -> None:
    """Small labels, at the ticks of the coarser two levels: the finest ones cost most to paint."""
    axis.setTickFont(ui_font(Size.CAPTION))
    axis.enableAutoSIPrefix(False)
    axis.setStyle(maxTickLevel=1, maxTextLevel=1)


def prepare_for_paint(plot: pg.PlotWidget) -> None:
    """Fit the ranges to what was drawn now, not while painting: that would paint it all again.

    Twice, as the widths of lines in pixels add to the ranges.
    """
    for _ in range(2):
        plot.scene().prepareForPaint()


def dress(plot: pg.PlotWidget, theme: Theme) -> None:
    """Put a theme on a plot."""
    plot.setBackground(theme.surface)
    for side in _AXES:
        axis = plot.getAxis(side)
        axis.setPen(pg.mkPen(theme.divider))
        axis.setTextPen(pg.mkPen(theme.text2))
        axis.setLabel(axis.labelText, **{"color": theme.text2, "font-size": "11px"})


def name_axes(plot: pg.PlotWidget, theme: Theme, x: str, y: str) -> None:
    """What the axes mean."""
    for side, text in (("bottom", x), ("left", y)):
        plot.getAxis(side).setLabel(text, **{"color": theme.text2, "font-size": "11px"})


def class_color(theme: Theme, n: int) -> str:
    """The colour of class n: teal, blue, orange, amber and grey, then the same ones paler."""
    ramp = theme.activation[3]
    hues = (theme.positive, ramp, theme.negative, theme.warning, theme.node_outline)
    return mix(hues[n % len(hues)], theme.text1, min(0.3 * (n // len(hues)), 0.6))


def layer_color(theme: Theme, l: int, L: int) -> str:
    """The colour of layer l = 2 … L: the output layer stands out most."""
    share = 1.0 if L == 2 else (l - 2) / (L - 2)
    return activation_color(theme, _PALEST + (1 - _PALEST) * share, 0.0, 1.0).name()


def symbol(n: int) -> str:
    """The marker of class or layer number n, as pyqtgraph calls it."""
    return SYMBOLS[n % len(SYMBOLS)]


def sign(n: int) -> str:
    """The same marker in a text."""
    return SIGNS[n % len(SIGNS)]


def dotted(color: str) -> QPen:
    """The line under the pointer."""
    return pg.mkPen(QColor(color), width=1, style=Qt.PenStyle.DotLine)
