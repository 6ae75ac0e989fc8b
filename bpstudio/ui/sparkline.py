"""A history in a few pixels: a line without axes, its last point as a dot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from bpstudio.ui.palette import Theme

SPARK = QSize(86, 18)
_DOT = 2.75

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sparkline:
    """Numbers in the order in which they were computed, and limits that a condition sets them."""

    history: Floats
    limits: tuple[float, ...] = ()

    def paint(self, painter: QPainter, box: QRectF, theme: Theme, changed: bool) -> None:
        """Draw it into a box; gaps where a number is not finite."""
        inner = box.adjusted(0, _DOT, -_DOT, -_DOT)
        if box.width() <= 0 or self.span is None:
            return
        painter.setPen(QPen(QColor(theme.error), 1, Qt.PenStyle.DotLine))
        for y in self.limit_heights(inner):
            painter.drawLine(QPointF(inner.left(), y), QPointF(inner.right(), y))
        painter.setPen(QPen(QColor(theme.text2), 1.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        parts = self.parts(inner)
        for part in parts:
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in part]))
        if np.isfinite(self.history[-1]):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent if changed else theme.text2))
            painter.drawEllipse(QPointF(*parts[-1][-1]), _DOT, _DOT)

    @property
    def span(self) -> tuple[float, float] | None:
        """Lowest and highest number, with a limit that is no more than the span away from them."""
        finite = self.history[np.isfinite(self.history)]
        if len(finite) == 0:
            return None
        low, high = float(finite.min()), float(finite.max())
        near = [limit for limit in self.limits if abs(limit - (low + high) / 2) <= 2 * (high - low)]
        return min((low, *near)), max((high, *near))

    def heights(self, numbers: Floats, box: QRectF) -> Floats:
        """Where numbers lie in the box; all at half its height where there is but one."""
        low, high = self.span or (0.0, 0.0)
        if not 0 < high - low < np.inf:
            return np.where(np.isfinite(numbers), box.center().y(), np.nan)
        return box.bottom() - (numbers - low) / (high - low) * box.height()

    def limit_heights(self, box: QRectF) -> list[float]:
        """Where the limits lie, as far as they are in the box."""
        low, high = self.span or (0.0, 0.0)
        inside = [limit for limit in self.limits if low <= limit <= high and low < high]
        return [float(y) for y in self.heights(np.array(inside), box)]

    def parts(self, box: QRectF) -> list[Floats]:
        """The finite stretches as polylines, (n, 2) each."""
        finite = np.isfinite(self.history)
        count = len(self.history)
        across = np.linspace(0, 1, count) if count > 1 else np.ones(1)
        xy = np.column_stack((box.left() + across * box.width(), self.heights(self.history, box)))
        cuts = np.flatnonzero(np.diff(finite.astype(np.int8))) + 1
        return [part for part in np.split(xy, cuts) if np.isfinite(part).all()]
