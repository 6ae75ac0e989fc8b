"""The plot of the loss as something to click and drag on: each place is an update."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal

from bpstudio.ui.fonts import SEMIBOLD, Size, ui_font
from bpstudio.ui.loss_axis import LossAxis
from bpstudio.ui.palette import Theme
from bpstudio.ui.plots.looks import Plot, dotted, prepare_axis

_OVER = 0.3  # how far lines recorded later are mixed to the surface


class PickBox(pg.ViewBox):
    """A click or a drag with the left button picks a place; the wheel zooms."""

    picked = Signal(float)
    """The place on the x axis that was clicked, or where a drag ended."""
    passed = Signal(float)
    """A place on the way of a drag."""

    def mouseClickEvent(self, event: Any) -> None:
        """A double click shows everything again."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        event.accept()
        if event.double():
            self.enableAutoRange()
        else:
            self.picked.emit(self.mapSceneToView(event.scenePos()).x())

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Every place on the way, and the last one."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            told = self.picked if event.isFinish() else self.passed
            told.emit(self.mapSceneToView(event.scenePos()).x())


def loss_plot() -> pg.PlotWidget:
    """An empty plot of the loss over updates."""
    box = PickBox(enableMenu=False)
    plot = Plot(viewBox=box, axisItems={"left": LossAxis("left")}, enableMenu=False)
    menu = plot.getPlotItem().ctrlMenu  # made all the same, and without a parent to end with
    menu.setParent(plot, menu.windowFlags())
    plot.hideButtons()
    plot.setMouseEnabled(x=True, y=False)
    plot.setLabel("bottom", "update")
    plot.setLabel("left", "loss")
    plot.showGrid(x=False, y=True, alpha=0.15)
    plot.setDownsampling(auto=True, mode="peak")
    plot.setClipToView(True)
    plot.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    plot.viewport().setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    for name in ("left", "bottom"):
        prepare_axis(plot.getAxis(name))
    return plot


class Marks:
    """Where one is in the run, what was recorded later, and where the pointer is.

    Those that are not shown are not in the plot: each would cost time whenever the view changes.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._plot = plot
        options = {"position": 1.0, "movable": False, "anchors": [(0, 0), (1, 0)]}
        self.here = pg.InfiniteLine(angle=90, movable=False, label="", labelOpts=options)
        self.here.label.setFont(ui_font(Size.CAPTION, SEMIBOLD))
        self.under, self.over = (pg.LinearRegionItem(movable=False) for _ in range(2))
        self.pointer = pg.InfiniteLine(angle=90, movable=False)
        for z, item in ((-20, self.under), (20, self.over), (30, self.here), (25, self.pointer)):
            item.setZValue(z)
            item.hide()

    def show_place(self, x: float, end: float, words: str) -> None:
        """One is at x, and the run goes on to ``end``; nothing is shaded at its end."""
        self._show(self.here, True)
        self.here.setPos(x)
        self.here.label.setFormat(words)
        for region in (self.under, self.over):
            self._show(region, end > x)
            if end > x:
                region.setRegion((x, end))

    def show_pointer(self, on: bool) -> None:
        """Whether the pointer is in the plot."""
        self._show(self.pointer, on)

    def _show(self, item: pg.GraphicsObject, on: bool) -> None:
        if on and item.scene() is None:
            self._plot.addItem(item, ignoreBounds=item is not self.here)  # that one is in sight
        elif not on and item.scene() is not None:
            self._plot.removeItem(item)
        item.setVisible(on)

    def retheme(self, theme: Theme) -> None:
        """Other colours."""
        self.here.setPen(pg.mkPen(theme.accent, width=2))
        self.here.label.fill = pg.mkBrush(theme.accent)
        self.here.label.setColor(theme.on_accent)
        self.pointer.setPen(dotted(theme.text2))
        over = pg.mkColor(theme.surface3)
        over.setAlphaF(_OVER)
        for region, color in ((self.under, pg.mkColor(theme.surface3)), (self.over, over)):
            region.setBrush(pg.mkBrush(color))
            for line in region.lines:
                line.setPen(pg.mkPen(None))
