"""The lines of one run in the plot of the loss."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QPen

from bpstudio.debugger.run_values import RunSnapshot
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.loss_points import Curve, RunCurves
from bpstudio.ui.palette import Theme, mix
from bpstudio.ui.run_looks import RunLook

Branch = tuple[int, str] | None
"""The update at which a run left another, and how that is called; None for a run of its own."""

_MARKERS = 8  # on a curve
_FURTHEST = 1e6  # heights of the view that a line reaches out of it
_THIN = 0.55  # how far the values of batches are mixed to the surface


class RunLines:
    """Batches, epoch means, validation and markers; a branch begins with a diamond."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._plot = plot
        self.batches, self.training, self.validation, self.markers, self.branch = self.items = (
            tuple(pg.PlotDataItem() for _ in range(5))
        )
        for item in self.items:
            plot.addItem(item)
        for item in (self.markers, self.branch):
            _leave_whole(item, True)
        self.branch.setZValue(10)
        self.label = pg.TextItem(anchor=(-0.06, 1.3))  # beside the diamond, and under it
        self.label.setFont(ui_font(Size.CAPTION))
        self.label.setZValue(9)
        plot.addItem(self.label, ignoreBounds=True)
        self._moving = False
        self._shown: tuple[object, ...] = ()
        self._look: tuple[object, ...] = ()

    def remove(self) -> None:
        """The run is hidden or gone."""
        for item in (*self.items, self.label):
            self._plot.removeItem(item)

    def show(
        self, snapshot: RunSnapshot, curves: RunCurves, start: int, branch: Branch, moving: bool
    ) -> None:
        """Draw the run from update ``start`` on; ``branch``: where it left another.

        ``moving``: it goes on, so that nobody looks closer than at the outlines.
        """
        key = (snapshot, start, branch, moving)
        if key == self._shown:
            return
        self._shown = key
        self._simplify(moving)
        for item, curve in (
            (self.batches, curves.batches),
            (self.training, curves.training),
            (self.validation, curves.validation),
        ):
            shown = curve.since(start)
            _draw(item, shown.outline() if moving else shown)
        smooth = curves.smooth.since(start)
        _draw(self.markers, _some(smooth))
        self._show_branch(curves, branch)

    def _simplify(self, moving: bool) -> None:
        """Outlines need not be thinned again whenever the view changes."""
        if moving != self._moving:
            self._moving = moving
            for item in (self.batches, self.training, self.validation):
                _leave_whole(item, moving)

    def _show_branch(self, curves: RunCurves, branch: Branch) -> None:
        there = np.array([] if branch is None else [float(branch[0])])
        _draw(self.branch, Curve(there, np.array([curves.smooth.at(x) for x in there])))
        self.label.setText("" if branch is None else branch[1])
        self.place_label()

    def place_label(self) -> None:
        """The name of the branch beside its diamond, also after the axis has changed."""
        x, y = self.branch.getData()
        there = x is not None and len(x) > 0
        self.label.setVisible(bool(there))
        if there:
            self.label.setPos(float(x[0]), float(y[0]))

    def dress(self, look: RunLook, current: bool, theme: Theme) -> None:
        """Colours, dashes and markers."""
        key = (look, current, theme)
        if key == self._look:
            return
        self._look = key
        thin = mix(look.color, theme.surface, _THIN)
        self.batches.setPen(pg.mkPen(thin, width=1))
        self.batches.setVisible(current)
        self.training.setPen(pg.mkPen(look.color, width=2 if current else 1.5))
        self.validation.setPen(_dashed(theme.text1 if current else look.color, 2 if current else 1))
        for item, symbol, color, size in (
            (self.markers, look.symbol or None, look.color, 8),
            (self.branch, "d", theme.text1, 11),
        ):
            item.setPen(None)
            item.setSymbol(symbol)
            item.setSymbolSize(size)
            item.setSymbolPen(pg.mkPen(color, width=1.5))
            item.setSymbolBrush(pg.mkBrush(theme.surface))
        self.label.setColor(theme.text2)
        self.label.fill = pg.mkBrush(theme.surface)  # or the values of batches run through it


def _leave_whole(item: pg.PlotDataItem, whole: bool) -> None:
    """Whether a curve has so few points that it is not fitted anew to whatever the view shows."""
    item.setDownsampling(auto=not whole)
    item.setClipToView(not whole)
    item.setDynamicRangeLimit(None if whole else _FURTHEST)


def _draw(item: pg.PlotDataItem, curve: Curve) -> None:
    item.setData(curve.x, curve.y)


def _some(curve: Curve) -> Curve:
    stride = max(1, len(curve.x) // _MARKERS)
    return Curve(curve.x[stride // 2 :: stride], curve.y[stride // 2 :: stride])


def _dashed(color: str, width: float) -> QPen:
    pen = QPen(QColor(color), width)
    pen.setCosmetic(True)
    pen.setDashPattern([3, 1.5])
    return pen
