"""A small picture of rows on the plane of two features: classes by shape, numbers by colour."""

from __future__ import annotations

from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from bpstudio.core.dataset import Dataset
from bpstudio.ui.palette import Theme
from bpstudio.ui.ramps import activation_colors
from bpstudio.ui.theme import Appearance

MOST = 3_000  # points that are drawn; of more rows every second, third …
_SIDE = 320
_INSET = 14
_RADIUS = 3.5
_TRIANGLE = ((0.0, -1.2), (1.1, 0.8), (-1.1, 0.8))
_DIAMOND = ((0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0))


class Scatter(QWidget):
    """The first two features of a data set, to the same scale."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.data: Dataset | None = None
        self.setMinimumSize(_SIDE, _SIDE)
        appearance.changed.connect(self.update)

    def show_data(self, data: Dataset | None) -> None:
        """Other rows; None for an empty picture."""
        self.data = data
        what = "nothing" if data is None else f"{len(data)} rows of {data.name}"
        self.setAccessibleName(f"Picture of {what}")
        self.setToolTip("" if data is None else _legend(data))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, frame and points."""
        del event
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.divider))
        painter.setBrush(QColor(theme.canvas))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        if self.data is not None:
            self._paint_points(painter, theme, self.data)
        painter.end()

    def _paint_points(self, painter: QPainter, theme: Theme, data: Dataset) -> None:
        every = max(1, ceil(len(data) / MOST))
        places = self._places(data)[::every]
        colors = _colors(theme, data)[::every]
        shapes = np.zeros(len(data), int) if data.labels is None else data.labels
        painter.setPen(QColor(theme.surface))
        for (x, y), color, shape in zip(places, colors, shapes[::every], strict=True):
            painter.setBrush(QColor(*map(int, color)))
            _paint_mark(painter, QPointF(x, y), int(shape))

    def _places(self, data: Dataset) -> np.ndarray:
        """Centres in pixels, (n, 2)."""
        points = data.features[:, :2]
        low, high = points.min(axis=0), points.max(axis=0)
        room = np.array([self.width(), self.height()], float) - 2 * _INSET
        scale = float((room / np.maximum(high - low, 1e-12)).min())
        centred = (points - (low + high) / 2) * scale * np.array([1.0, -1.0])
        places: np.ndarray = centred + np.array([self.width(), self.height()]) / 2
        return places


def _colors(theme: Theme, data: Dataset) -> np.ndarray:
    """Red, green and blue of every row, (n, 3)."""
    if data.labels is None:
        height = data.target[:, 0]
        return activation_colors(theme, height, float(height.min()), float(height.max()))
    hues = (theme.positive, theme.negative, theme.warning)
    shown = [QColor(hue) for hue in hues]
    table = np.array([(hue.red(), hue.green(), hue.blue()) for hue in shown])
    found: np.ndarray = table[data.labels % len(table)]
    return found


def _paint_mark(painter: QPainter, centre: QPointF, shape: int) -> None:
    """A circle, a triangle or a diamond."""
    if shape % 3 == 0:
        painter.drawEllipse(centre, _RADIUS, _RADIUS)
        return
    corners = _TRIANGLE if shape % 3 == 1 else _DIAMOND
    painter.drawPolygon(QPolygonF([centre + QPointF(x, y) * _RADIUS for x, y in corners]))


def _legend(data: Dataset) -> str:
    if data.labels is None:
        return f"The lighter, the smaller {data.target_names[0]}"
    signs = ("●", "▲", "◆")
    return ", ".join(f"{signs[n % 3]} {name}" for n, name in enumerate(data.target_names))
