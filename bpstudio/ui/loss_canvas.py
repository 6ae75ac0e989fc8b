"""The plot of the loss as something to click and drag on: each place is an update."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal

from bpstudio.ui.fonts import SEMIBOLD, Size, ui_font
from bpstudio.ui.loss_axis import LossAxis
from bpstudio.ui.palette import Theme
from bpstudio.ui.plots.looks import dotted

_OVER = 0.3  # how far lines recorded later are mixed to the surface


class PickBox(pg.ViewBox):
    """A click or a drag with the left button picks a place; the wheel zooms."""

    picked = Signal(float)
    """The place on the x axis."""

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
        """Every place on the way."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.picked.emit(self.mapSceneToView(event.scenePos()).x())


def loss_plot() -> pg.PlotWidget:
    """An empty plot of the loss over updates."""
    box = PickBox()
    plot = pg.PlotWidget(viewBox=box, axisItems={"left": LossAxis("left")})
    plot.setMenuEnabled(False)
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
        plot.getAxis(name).setTickFont(ui_font(Size.CAPTION))
        plot.getAxis(name).enableAutoSIPrefix(False)
    return plot


class Marks:
    """Where one is in the run, what was recorded later, and where the pointer is."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        options = {"position": 1.0, "movable": False, "anchors": [(0, 0), (1, 0)]}
        self.here = pg.InfiniteLine(angle=90, movable=False, label="", labelOpts=options)
        self.here.label.setFont(ui_font(Size.CAPTION, SEMIBOLD))
        self.under, self.over = (pg.LinearRegionItem(movable=False) for _ in range(2))
        self.pointer = pg.InfiniteLine(angle=90, movable=False)
        for z, item in ((-20, self.under), (20, self.over), (30, self.here), (25, self.pointer)):
            item.setZValue(z)
            item.hide()
            plot.addItem(item, ignoreBounds=True)

    def show_place(self, x: float, end: float, words: str) -> None:
        """One is at x, and the run goes on to ``end``; nothing is shaded at its end."""
        self.here.setPos(x)
        self.here.label.setFormat(words)
        self.here.show()
        for region in (self.under, self.over):
            region.setRegion((x, max(end, x)))
            region.setVisible(end > x)

    def hide(self) -> None:
        """There is no run."""
        for item in (self.here, self.under, self.over, self.pointer):
            item.hide()

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
