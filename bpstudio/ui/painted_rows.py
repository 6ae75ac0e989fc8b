"""Rows of a list that a function paints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bpstudio.ui.palette import Theme
from bpstudio.ui.theme import current_theme

ROW = Qt.ItemDataRole.UserRole
"""What a row holds, to be painted."""
Paint = Callable[[QPainter, Any, QRectF, bool, Theme], object]
"""Paints what a row holds into its box; whether it is the chosen one."""


class PaintedRows(QStyledItemDelegate):
    """Rows of one height."""

    def __init__(self, paint: Paint, height: int, parent: QObject, width: int = 200) -> None:
        """``paint`` knows no widget. ``width``: no row is narrower."""
        super().__init__(parent)
        self._paint, self._size = paint, QSize(width, height)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """The same for every row."""
        return self._size

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The row."""
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._paint(painter, index.data(ROW), QRectF(option.rect), chosen, current_theme())
        painter.restore()


def paint_back(painter: QPainter, box: QRectF, current: bool, chosen: bool, theme: Theme) -> None:
    """What lies behind a row: the current one stands out more than the chosen one."""
    if current or chosen:
        painter.fillRect(box, QColor(theme.accent_soft if current else theme.surface3))


def paint_cell(
    painter: QPainter, box: QRectF, text: str, font: QFont, color: str, at_right: bool = False
) -> None:
    """A text in its box, the end left out where there is no room."""
    painter.setFont(font)
    painter.setPen(QColor(color))
    side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
    dots = Qt.TextElideMode.ElideRight
    elided = painter.fontMetrics().elidedText(text, dots, int(box.width()) + 1)
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, elided)
