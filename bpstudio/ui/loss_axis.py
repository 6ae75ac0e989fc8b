"""What stands beside and over the loss curves: tick labels, and a line where an epoch begins."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneResizeEvent

from bpstudio.core.notation import format_count, format_number
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.palette import Theme
from bpstudio.ui.strides import ROUND, stride_of

_LABEL_SHARE = 0.84  # beyond it an epoch's name has no room
_MOST_DIGITS = 9  # after the point of a tick's label
_LABEL_GAP, _LABEL_FALL = 4, 0.07  # pixels from the line; of the height, from the top
_BELOW_CHIP = 34  # pixels from the top: the chip of the update on show is above
_LABEL_HEIGHT = 12  # pixels that a label of a tick takes
_NARROWEST = math.log10(2)  # decades between labels at 1, 2, 5 and 10


class LossAxis(pg.AxisItem):
    """An axis whose labels are written as everywhere, and on a log scale stand apart."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Labels of ticks at these values."""
        if self.logMode:
            return self.logTickStrings(values, scale, spacing)
        return [tick_text(value * scale, spacing * scale) for value in values]

    def logTickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Labels of ticks at powers of ten, and at twice and five times them where they fit."""
        low, high = self.range
        room = self._length() * _NARROWEST / (high - low) if high > low else math.inf
        signs = (1,) if room < _LABEL_HEIGHT else ROUND
        return [_log_text(float(value), signs) for value in values]

    def resizeEvent(self, event: QGraphicsSceneResizeEvent | None = None) -> None:
        """A name that is longer than the axis is left out, not cut off."""
        super().resizeEvent(event)
        if self.label is not None:
            fits = self.label.boundingRect().width() <= self._length()
            self.label.setOpacity(1.0 if fits else 0.0)

    def _length(self) -> float:
        upright = self.orientation in ("left", "right")
        return float(self.height() if upright else self.width())


def tick_text(value: float, spacing: float) -> str:
    """A value in as many digits as tell it from its neighbours."""
    if value == 0 or not math.isfinite(spacing) or spacing <= 0:
        return f"{value:g}"
    finest, first = math.floor(math.log10(spacing)), math.floor(math.log10(abs(value)))
    if not 1e-3 <= abs(value) < 1e4:
        return format_number(value, min(max(1, first - finest), _MOST_DIGITS))
    return f"{value:.{min(max(0, -finest), _MOST_DIGITS)}f}".replace("-", "\u2212")


def _log_text(exponent: float, signs: Sequence[int]) -> str:
    digit = round(10 ** (exponent - math.floor(exponent + 1e-9)))
    if digit not in signs:
        return ""
    value = 10**exponent
    return f"{value:.3g}" if 1e-3 <= value < 1e4 else format_number(value, 0)


class EpochLines(pg.GraphicsObject):
    """Dotted lines where epochs begin, at most a handful.

    One item paints them all: a line of its own kind each costs a millisecond a frame.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__()
        self._marks: tuple[tuple[int, float], ...] = ()  # the epoch, and the update it begins at
        self._pen, self._text = QPen(), QColor()
        self._font = ui_font(Size.CAPTION)
        plot.addItem(self, ignoreBounds=True)

    def show_epochs(self, updates: int, per_epoch: float) -> None:
        """Lines for so many updates, which are ``per_epoch`` an epoch."""
        epochs = updates / per_epoch
        stride = stride_of(int(epochs))
        count = int(_LABEL_SHARE * epochs / stride)
        marks = tuple((n * stride, n * stride * per_epoch) for n in range(1, count + 1))
        if marks != self._marks:
            self._marks = marks
            self.update()

    def retheme(self, theme: Theme) -> None:
        """Other colours."""
        self._pen = pg.mkPen(theme.border, width=1, style=Qt.PenStyle.DotLine)
        self._text = QColor(theme.text3)
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole view."""
        return self.viewRect()

    def viewTransformChanged(self) -> None:
        """The view shows another part."""
        super().viewTransformChanged()
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, _option: object, _widget: object = None) -> None:
        """The lines as high as the view, and the epochs' names beside them, near the top."""
        view, transform = self.viewRect(), painter.transform()
        painter.save()
        painter.resetTransform()
        painter.setFont(self._font)
        for epoch, x in self._marks:
            if not view.left() <= x <= view.right():
                continue  # a saved picture cuts nothing off
            ends = QPointF(x, view.top()), QPointF(x, view.bottom())
            low, high = map(transform.map, ends)  # y grows upwards in the view
            painter.setPen(self._pen)
            painter.drawLine(low, high)
            painter.setPen(self._text)
            fall = max(_LABEL_FALL * (low.y() - high.y()), _BELOW_CHIP)
            beside = QPointF(high.x() + _LABEL_GAP, high.y() + fall)
            painter.drawText(beside, f"epoch {format_count(epoch)}")
        painter.restore()
