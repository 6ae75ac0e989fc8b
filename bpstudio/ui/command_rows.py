"""How a line of the command palette is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, ui_font
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import GAP, LIST_ROW, PADDING
from bpstudio.ui.theme import Appearance

if TYPE_CHECKING:
    from bpstudio.ui.command_palette import Row

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class CommandRows(QStyledItemDelegate):
    """Name, meant letters in bold; menu or reason in grey; key at the right end."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One row of a list."""
        return QSize(200, LIST_ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The line."""
        theme = self._appearance.theme
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        box = QRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(theme.accent_soft))
        box.adjust(PADDING, 0, -PADDING, 0)
        painter.save()
        self._paint_key(painter, row.key, box, theme)
        used = _paint_name(painter, row, box, theme)
        _paint_note(painter, row, box.adjusted(used + PADDING, 0, -96, 0), theme)
        painter.restore()

    def _paint_key(self, painter: QPainter, key: str, box: QRect, theme: Theme) -> None:
        painter.setFont(ui_font(Size.CAPTION))
        painter.setPen(QColor(theme.text2))
        painter.drawText(box, _RIGHT, key)


def _paint_name(painter: QPainter, row: Row, box: QRect, theme: Theme) -> int:
    """Letter by letter where some were meant; → its width."""
    painter.setPen(QColor(theme.text3 if row.reason else theme.text1))
    x = box.x()
    for text, meant in _runs(row.text, row.places):
        font = ui_font(Size.BASE, SEMIBOLD if meant else REGULAR)
        painter.setFont(font)
        painter.drawText(QRect(x, box.y(), box.width(), box.height()), _LEFT, text)
        x += QFontMetrics(font).horizontalAdvance(text)
    return x - box.x()


def _paint_note(painter: QPainter, row: Row, box: QRect, theme: Theme) -> None:
    painter.setFont(ui_font(Size.TABLE))
    painter.setPen(QColor(theme.text3))
    text = row.reason or row.menu
    elide = Qt.TextElideMode.ElideRight
    painter.drawText(box, _LEFT, painter.fontMetrics().elidedText(text, elide, box.width() - GAP))


def _runs(text: str, places: tuple[int, ...]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether its letters were meant."""
    runs: list[tuple[str, bool]] = []
    for n, letter in enumerate(text):
        meant = n in places
        if runs and runs[-1][1] == meant:
            runs[-1] = (runs[-1][0] + letter, meant)
        else:
            runs.append((letter, meant))
    return runs
