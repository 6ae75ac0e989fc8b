"""Bars for signed numbers: to the left and orange below 0, to the right and teal above."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from bpstudio.ui.palette import Theme

THICKNESS = 10.0
_LEAST = 1.0  # pixels of a number that is not 0


def paint_signed_bar(
    painter: QPainter, box: QRectF, share: float, negative: bool, theme: Theme
) -> None:
    """A bar from the middle of the box; ``share`` 0..1 of half its width."""
    middle, top = box.center().x(), box.center().y() - THICKNESS / 2
    painter.fillRect(QRectF(middle, box.y() + 3, 1, box.height() - 6), QColor(theme.divider))
    if not share > 0:
        return
    length = max(share * box.width() / 2, _LEAST)
    bar = QRectF(middle - length if negative else middle + 1, top, length, THICKNESS)
    painter.fillRect(bar, QColor(theme.negative if negative else theme.positive))


def paint_share_bar(
    painter: QPainter, box: QRectF, share: float, negative: bool, theme: Theme
) -> None:
    """A bar from the left of the box; ``share`` 0..1 of its width."""
    top = box.center().y() - THICKNESS / 2
    painter.fillRect(QRectF(box.x(), top, box.width(), THICKNESS), QColor(theme.surface3))
    if share > 0:
        bar = QRectF(box.x(), top, max(min(share, 1.0) * box.width(), _LEAST), THICKNESS)
        painter.fillRect(bar, QColor(theme.negative if negative else theme.positive))
