"""The frame round the chosen row of a list."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from bpstudio.ui.palette import Theme


def paint_focus(painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
    """The chosen row: an accent frame where the list has the keys, else a thin one."""
    if not option.state & QStyle.StateFlag.State_Selected:
        return
    focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
    width = 2 if focused else 1
    painter.setPen(QPen(QColor(theme.accent if focused else theme.accent_outline), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = width / 2
    painter.drawRect(QRectF(option.rect).adjusted(inset, inset, -inset, -inset - 1))
