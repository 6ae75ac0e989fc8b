"""Training and validation curves over the updates, by pyqtgraph."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.history import Series
from bpstudio.debugger.run import RunSnapshot
from bpstudio.debugger.session import Session
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.loss_axis import EpochLines, LossAxis
from bpstudio.ui.palette import Theme, mix
from bpstudio.ui.style import PADDING
from bpstudio.ui.theme import Appearance

Floats = NDArray[np.float64]


class LossPlot(QWidget):
    """Curves, their last values, and the values under the pointer."""

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session = session
        self._appearance = appearance
        self._shown: RunSnapshot | None = None
        self.plot = _plot()
        self.batches, self.training, self.validation = (pg.PlotDataItem() for _ in range(3))
        for curve in (self.batches, self.training, self.validation):
            self.plot.addItem(curve)
        self.epochs = EpochLines(self.plot)
        self.pointer = pg.InfiniteLine(angle=90, movable=False)
        self.pointer.hide()
        self.plot.addItem(self.pointer, ignoreBounds=True)
        self.readout = QLabel()
        self.readout.setTextFormat(Qt.TextFormat.RichText)
        self.readout.setFont(ui_font(Size.TABLE))
        self.readout.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.readout.setMinimumWidth(150)
        self.log = QCheckBox("Log scale")
        self.log.setToolTip("Show the loss on a logarithmic axis")
        self.log.toggled.connect(self._set_log)
        self._lay_out()
        self.plot.scene().sigMouseMoved.connect(self._hover)
        appearance.changed.connect(self._retheme)
        self._retheme(appearance.theme)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setContentsMargins(0, 4, PADDING, PADDING)
        side.addWidget(self.log)
        side.addWidget(self.readout, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 0, 0)
        row.addWidget(self.plot, 1)
        row.addLayout(side)

    # ---- showing ------------------------------------------------------------------------------

    def show_run(self, snapshot: RunSnapshot) -> None:
        """Draw a run as it was last looked at."""
        self._shown = snapshot
        self.pointer.hide()
        per_epoch = self._batches_per_epoch()
        self.epochs.show(snapshot.batch_losses.count, per_epoch)
        self.batches.setData(*_points(snapshot.batch_losses, 1.0))
        self.training.setData(*_points(snapshot.epoch_losses, per_epoch))
        self.validation.setData(*_points(snapshot.validation_losses, per_epoch))
        self.readout.setText(self._summary(snapshot))

    def _batches_per_epoch(self) -> float:
        rows, size = len(self._session.data.training), self._session.experiment.batch_size
        return float(max(1, -(-rows // size)))

    def _summary(self, snapshot: RunSnapshot) -> str:
        """The last values, in the colours and dashes of the curves."""
        updates = format_count(snapshot.batch_losses.count)
        return f"After {updates} updates" + self._values(
            snapshot.epoch_losses.last
            if snapshot.epoch_losses.count
            else snapshot.batch_losses.last,
            snapshot.validation_losses.last,
            snapshot.validation_accuracies.last,
        )

    def _values(self, training: float, validation: float, accuracy: float = np.nan) -> str:
        theme = self._appearance.theme
        lines = [_line("━", theme.training, "training", training)]
        if np.isfinite(validation):
            lines.append(_line("╍", theme.text1, "validation", validation))
        if np.isfinite(accuracy):
            share = f"{100 * accuracy:.1f}\u2009%"
            value = f"<td align=right><b>{share}</b></td>"
            lines.append(f"<tr><td></td><td>accuracy</td>{value}</tr>")
        return f"<table cellspacing=4>{''.join(lines)}</table>"

    # ---- pointer --------------------------------------------------------------------------------

    def _hover(self, scene_position: QPointF) -> None:
        """Values of the update under the pointer."""
        snapshot = self._shown
        box = self.plot.getViewBox()
        inside = box.sceneBoundingRect().contains(scene_position)
        self.pointer.setVisible(bool(inside and snapshot is not None))
        if snapshot is None:
            return
        if not inside:
            self.readout.setText(self._summary(snapshot))
            return
        x = max(box.mapSceneToView(scene_position).x(), 0.0)
        self.pointer.setPos(x)
        self.readout.setText(self._at(snapshot, x))

    def _at(self, snapshot: RunSnapshot, x: float) -> str:
        per_epoch = self._batches_per_epoch()
        epoch, batch = divmod(int(x), int(per_epoch))
        text = f"Update {format_count(int(x))}, e{epoch}/b{batch}"
        return text + self._values(
            _nearest(snapshot.batch_losses, x, 1.0),
            _nearest(snapshot.validation_losses, x, per_epoch),
            _nearest(snapshot.validation_accuracies, x, per_epoch),
        )

    def leaveEvent(self, event: object) -> None:
        """Back to the last values."""
        self.pointer.hide()
        if self._shown is not None and self._shown.batch_losses.count:
            self.readout.setText(self._summary(self._shown))

    # ---- appearance -----------------------------------------------------------------------------

    def _set_log(self, on: bool) -> None:
        self.plot.setLogMode(x=False, y=on)

    def _retheme(self, theme: Theme) -> None:
        self.plot.setBackground(theme.surface)
        self.epochs.retheme(theme)
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(pg.mkPen(theme.divider))
            axis.setTextPen(pg.mkPen(theme.text2))
            axis.setLabel(axis.labelText, **{"color": theme.text2, "font-size": "11px"})
        thin = mix(theme.training, theme.surface, 0.55)
        self.batches.setPen(pg.mkPen(thin, width=1))
        self.training.setPen(pg.mkPen(theme.training, width=2))
        dashed = QPen(QColor(theme.text1), 2)
        dashed.setCosmetic(True)
        dashed.setDashPattern([3, 1.5])
        self.validation.setPen(dashed)
        dotted = pg.mkPen(theme.text2, width=1, style=Qt.PenStyle.DotLine)
        self.pointer.setPen(dotted)
        if self._shown is not None and self._shown.batch_losses.count:
            self.epochs.show(self._shown.batch_losses.count, self._batches_per_epoch())
            self.readout.setText(self._summary(self._shown))


def _plot() -> pg.PlotWidget:
    plot = pg.PlotWidget(axisItems={"left": LossAxis("left")})
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
    plot.setAccessibleName("Loss over the updates")
    for name in ("left", "bottom"):
        plot.getAxis(name).setTickFont(ui_font(Size.CAPTION))
        plot.getAxis(name).enableAutoSIPrefix(False)
    return plot


def _points(series: Series, step: float) -> tuple[Floats, Floats]:
    """Where a curve's points lie; an epoch's value belongs to its last update."""
    positions = series.positions() if step == 1.0 else (series.positions() + 1.0) * step
    return positions, np.where(np.isfinite(series.values), series.values, np.nan)


def _nearest(series: Series, x: float, step: float) -> float:
    """The value of the point nearest to x; NaN where there is none."""
    positions, values = _points(series, step)
    if len(values) == 0:
        return float("nan")
    return float(values[int(np.abs(positions - x).argmin())])


def _line(sign: str, color: str, name: str, value: float) -> str:
    return (
        f"<tr><td><span style='color:{color}'>{sign}{sign}</span></td><td>{name}</td>"
        f"<td align=right><b>{format_number(value)}</b></td></tr>"
    )
