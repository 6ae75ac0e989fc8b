"""Gradient flow: how large gradients and updates are from layer to layer, now and over a run."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from bpstudio.core.layer_flow import LayerFlow, layer_flow
from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.history import Series
from bpstudio.debugger.layer_series import LayerSeries
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.palette import Theme
from bpstudio.ui.plot_actions import Table
from bpstudio.ui.plots import texts
from bpstudio.ui.plots.looks import dotted, layer_color, sign, symbol
from bpstudio.ui.plots.view import PlotView
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.theme import Appearance

_QUANTITIES = (
    Segment("norm", "Gradient", "‖∂C/∂W‖: the norm of the gradient of each layer's weights"),
    Segment("ratio", "Update ratio", "‖ΔW‖/‖W‖: how far an update moves a layer's weights"),
)
_TIMES = (
    Segment("now", "Now", "The pass on show"),
    Segment("run", "Run", "Every update of the run"),
)
_NOTES = {
    "norm": "‖∂C/∂W‖ by layer, the mean over the pass. Biases are left out.",
    "ratio": "‖ΔW‖/‖W‖ by layer. About 0.1\u2009% is usual.",
}
_BELOW = 0.3  # decades of room under the smallest bar
_MARKERS = 8  # on a curve
MOST_POINTS = 120  # of a curve: single batches hide how it goes

Floats = NDArray[np.float64]


class View(PlotView):
    """A bar a layer, or a curve a layer."""

    name = "gradient flow"

    def __init__(self, session: Session, appearance: Appearance, attempt: Attempt) -> None:
        self._flow: tuple[LayerFlow, ...] = ()
        self._series: tuple[LayerSeries, ...] = ()
        super().__init__(session, appearance, attempt)
        self.quantity = SegmentedControl(_QUANTITIES, "Quantity of each layer")
        self.time = SegmentedControl(_TIMES, "The pass or the run")
        for control in (self.quantity, self.time):
            self.controls.addWidget(control)
            control.chosen.connect(lambda _key: self._draw())
        self.bars: list[pg.BarGraphItem] = []
        self.curves: list[pg.PlotDataItem] = []
        self.pointer = pg.InfiniteLine(angle=90, movable=False)
        self.current = pg.InfiniteLine(angle=90, movable=False)
        for line in (self.pointer, self.current):
            self.plot.addItem(line, ignoreBounds=True)
        self.plot.setLogMode(x=False, y=True)
        self.plot.showGrid(x=False, y=True, alpha=0.15)

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """The pass or the run became another."""
        if changes & {"trace", "network", "data", "experiment", "run"}:
            self._flow = layer_flow(self.session.debugger.trace)
            recorded = self.session.layer_series()
            self._series = tuple(one for one in recorded if one.grad_norms.count)
            self._draw()

    @property
    def over_time(self) -> bool:
        """Whether the run is shown, not the pass."""
        return bool(self._series) and self.time.key == "run"

    def retheme(self, theme: Theme) -> None:
        """Other colours."""
        self._draw()

    def _draw(self) -> None:
        self.time.setVisible(bool(self._series))
        for item in (*self.bars, *self.curves):
            self.plot.removeItem(item)
        self.bars, self.curves = [], []
        self.pointer.hide()
        self.pointer.setPen(dotted(self.appearance.theme.text2))
        self.current.setVisible(self.over_time)
        (self._draw_curves if self.over_time else self._draw_bars)()
        self.show_summary()

    def _draw_bars(self) -> None:
        theme = self.appearance.theme
        heights = np.array([_log(self._value(flow)) for flow in self._flow])
        known = heights[np.isfinite(heights)]
        floor = math.floor(float(known.min(initial=0.0)) - _BELOW) if len(known) else -1
        top = float(known.max(initial=floor + 1.0))
        for flow, height in zip(self._flow, heights, strict=True):
            if np.isfinite(height):
                bar = pg.BarGraphItem(
                    x=[flow.l], height=[height - floor], y0=[floor], width=0.6, pen=None,
                    brush=layer_color(theme, flow.l, len(self._flow) + 1),
                )  # fmt: skip
                self.bars.append(bar)
                self.plot.addItem(bar)
        self._frame(1.5, len(self._flow) + 1.5, floor, top + 0.15)
        ticks = [(flow.l, f"{flow.l}") for flow in self._flow]
        self.plot.getAxis("bottom").setTicks([ticks] if len(ticks) <= 16 else None)
        self.name_axes("layer", self._quantity_name())

    def _draw_curves(self) -> None:
        theme, L = self.appearance.theme, len(self._series) + 1
        count = 1
        for series in self._series:
            chosen = self._chosen(series)
            color = layer_color(theme, series.l, L)
            x, y = averaged(chosen)
            curve = pg.PlotDataItem(x, y, pen=pg.mkPen(color, width=1.5))
            curve.setLogMode(False, True)
            self.plot.addItem(curve)
            self.curves += [curve, self._add_markers(x, y, series.l, color)]
            count = max(count, chosen.count)
        visited = self.session.debugger.visited
        self.current.setPos(count if visited is None else visited.T)
        self.current.setPen(pg.mkPen(theme.accent, width=2))
        self.plot.enableAutoRange(y=True)
        self.plot.setXRange(0, count, padding=0.01)
        self.plot.getAxis("bottom").setTicks(None)
        self.name_axes("update", self._quantity_name())

    def _add_markers(self, x: Floats, y: Floats, l: int, color: str) -> pg.PlotDataItem:
        """A few markers, so that layers are told apart without colour."""
        stride = max(1, len(x) // _MARKERS)
        places = slice(stride // 2, None, stride)
        markers = pg.PlotDataItem(
            x[places], y[places], pen=None, symbol=symbol(l - 2),
            symbolSize=7, symbolBrush=color, symbolPen=None,
        )  # fmt: skip
        markers.setLogMode(False, True)
        self.plot.addItem(markers)
        return markers

    def _frame(self, left: float, right: float, low: float, high: float) -> None:
        self.plot.setXRange(left, right, padding=0)
        self.plot.setYRange(low, high, padding=0)

    # ---- numbers --------------------------------------------------------------------------------

    def _value(self, flow: LayerFlow) -> float:
        return flow.grad_norm if self.quantity.key == "norm" else flow.update_ratio

    def _chosen(self, series: LayerSeries) -> Series:
        return series.grad_norms if self.quantity.key == "norm" else series.update_ratios

    def _quantity_name(self) -> str:
        return "gradient norm" if self.quantity.key == "norm" else "update ratio"

    def summary(self) -> str:
        """Both quantities of every layer, as they are now."""
        theme, L = self.appearance.theme, len(self._flow) + 1
        rows = [
            (
                texts.marked(sign(flow.l - 2), layer_color(theme, flow.l, L), str(flow.l)),
                format_number(flow.grad_norm),
                percent(flow.update_ratio),
            )
            for flow in reversed(self._flow)
        ]
        note = f"{self._averages()}Log scale. {_NOTES[self.quantity.key]}"
        return texts.table(rows, ("Layer", "norm", "Δw/w")) + texts.hint(note, theme.text3)

    def _averages(self) -> str:
        if not self.over_time:
            return ""
        together = at_once(self._chosen(self._series[0]))
        return f"A point is the mean of {format_count(together)} updates. " if together > 1 else ""

    def at(self, x: float, y: float) -> str:
        """The layer, or the update, under the pointer."""
        return self._at_update(x) if self.over_time else self._at_layer(round(x))

    def _at_layer(self, l: int) -> str:
        for flow in self._flow:
            if flow.l == l:
                rows = (
                    ("‖∂C/∂W‖", format_number(flow.grad_norm, 6)),
                    ("‖W‖", format_number(flow.weight_norm, 6)),
                    ("‖ΔW‖", format_number(flow.update_norm, 6)),
                    ("‖ΔW‖/‖W‖", format_number(flow.update_ratio, 6)),
                )
                return f"Layer {l}" + texts.table(rows)
        return ""

    def _at_update(self, x: float) -> str:
        self.pointer.setPos(x)
        self.pointer.show()
        theme, L = self.appearance.theme, len(self._series) + 1
        rows = []
        for series in reversed(self._series):
            name = texts.marked(
                sign(series.l - 2), layer_color(theme, series.l, L), f"layer {series.l}"
            )
            rows.append((name, format_number(_nearest(self._chosen(series), x), 6)))
        return f"Update {format_count(max(0, round(x)))}" + texts.table(rows)

    def numbers(self) -> Table:
        """A row a layer, or a row a point of the curves."""
        if self.over_time:
            columns = [f"layer {series.l}" for series in self._series]
            first = self._chosen(self._series[0])
            points = zip(*(self._chosen(series).values for series in self._series), strict=False)
            rows = [
                [float(x), *map(float, row)]
                for x, row in zip(first.positions(), points, strict=False)
            ]
            return Table(["update", *columns], rows)
        names = ("layer", "gradient norm", "weight norm", "update norm", "update ratio")
        return Table(
            names,
            [(f.l, f.grad_norm, f.weight_norm, f.update_norm, f.update_ratio) for f in self._flow],
        )


def at_once(series: Series) -> int:
    """How many updates a drawn point stands for."""
    return series.stride * _together(series)


def averaged(series: Series) -> tuple[Floats, Floats]:
    """Positions and means of at most `MOST_POINTS` groups of a curve's points; 0 has no place."""
    together = _together(series)
    whole = len(series.values) // together * together
    x = series.positions()[:whole].reshape(-1, together).mean(axis=1)
    y = series.values[:whole].reshape(-1, together).mean(axis=1)
    return x, np.where((y > 0) & np.isfinite(y), y, np.nan)


def _together(series: Series) -> int:
    return max(1, -(-len(series.values) // MOST_POINTS))


def _nearest(series: Series, x: float) -> float:
    positions = series.positions()
    if len(positions) == 0:
        return math.nan
    return float(series.values[int(np.abs(positions - x).argmin())])


def _log(value: float) -> float:
    return math.log10(value) if 0 < value < math.inf else math.nan


def percent(share: float) -> str:
    """A share in per cent."""
    digits = 2 if share == 0 or abs(share) >= 1e-3 else 4  # small ones are told from nothing
    return f"{format_number(100 * share, digits)}\u202f%" if math.isfinite(share) else "–"
