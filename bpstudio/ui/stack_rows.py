"""How a level of the call stack is drawn."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bpstudio.core.frames import Frame
from bpstudio.core.notation import format_number
from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, ui_font
from bpstudio.ui.icons import paint_icon
from bpstudio.ui.mixed_text import MixedText
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import PADDING, TABLE_ROW
from bpstudio.ui.theme import Appearance

FRAME = Qt.ItemDataRole.UserRole
"""A frame, and whether it is the step itself."""

_MARK = 30  # room for the arrow of the current step
_LABEL_SHARE = 0.42
_VALUE = 104


class StackRows(QStyledItemDelegate):
    """Label, position, value; the step itself with the arrow of the steps table."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One row of a table."""
        return QSize(200, TABLE_ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The level."""
        theme = self._appearance.theme
        frame, current = index.data(FRAME)
        box = QRectF(option.rect)
        painter.save()
        if current:
            painter.fillRect(box, QColor(theme.accent_soft))
            paint_icon(painter, "marker", QRectF(8, box.y() + 4, 15, 15), theme.accent)
        elif option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(theme.surface3))
        _paint_frame(painter, frame, box.adjusted(_MARK, 0, -PADDING, 0), theme, current)
        painter.restore()


def _paint_frame(painter: QPainter, frame: Frame, box: QRectF, theme: Theme, current: bool) -> None:
    weight = SEMIBOLD if current else REGULAR
    label = MixedText(frame.label, Size.TABLE, TABLE_ROW, weight)
    room = box.width() - _VALUE
    split = max(room * _LABEL_SHARE, 0)
    painter.setClipRect(box.adjusted(0, 0, -_VALUE, 0))
    label.paint(painter, QRectF(box.x(), box.y(), 10_000, TABLE_ROW), theme)
    start = max(split, label.natural_width + PADDING)
    position = MixedText(frame.position, Size.TABLE, TABLE_ROW)
    position.paint(painter, QRectF(box.x() + start, box.y(), 10_000, TABLE_ROW), theme, theme.text3)
    painter.setClipping(False)
    painter.setFont(ui_font(Size.TABLE, weight))
    painter.setPen(QColor(theme.text1))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box, right, format_number(frame.value))
