"""The list under a field: what can stand at the cursor, and what it means."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from bpstudio.debugger.expressions.completion import Completion
from bpstudio.ui.fonts import Size, mono_font, ui_font
from bpstudio.ui.painted_rows import ROW, PaintedRows, paint_cell
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import set_role

TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
"""Keys that take over the chosen row."""

_HEIGHT = 24
_MOST_ROWS = 10
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole


class Offers(QCompleter):
    """The list under the field."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field)
        self._field = field
        self.setWidget(field)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(_MOST_ROWS)
        self._rows = QStandardItemModel(0, 1, self)
        self.setModel(self._rows)
        self.view = QListView()
        self.view.setUniformItemSizes(True)
        self.view.setAccessibleName("What can stand here")
        self.setPopup(self.view)
        set_role(self.view, "offers")
        rows = PaintedRows(paint_offer, _HEIGHT, self.view, width=0)
        self.view.setItemDelegate(rows)  # a completer puts its own on a popup

    def show_these(self, offered: tuple[Completion, ...], below: QRect) -> None:
        """Show what is offered; nothing hides the list."""
        self._rows.clear()
        for offer in offered:
            item = QStandardItem(offer.text)
            item.setData(offer, ROW)
            item.setData(f"{offer.text}: {offer.documentation}", _SPOKEN)
            self._rows.appendRow(item)
        if not offered:
            self.view.hide()
            return
        self.complete(QRect(below.left(), below.top(), _width(offered), below.height()))
        self._choose_first(offered[0])

    def _choose_first(self, offer: Completion) -> None:
        """So that Enter takes it; where it stands there already, Enter ends the typing."""
        first = self.completionModel().index(0, 0)
        there = self._field.text()[offer.start : offer.stop] == offer.text
        self.view.setCurrentIndex(QModelIndex() if there else first)

    def wants(self, key: int) -> bool:
        """Whether a key is the list's and not the field's."""
        if not self.view.isVisible():
            return False
        if key == Qt.Key.Key_Escape:
            return True
        return key in TAKING and self.view.currentIndex().isValid()


def _width(offered: tuple[Completion, ...]) -> int:
    """Room for the longest of some rows."""
    longest = max(len(o.text) * 8 + len(o.documentation) * 6.6 for o in offered[:200])
    return round(min(max(longest + 56, 200), 560))


def paint_offer(
    painter: QPainter, offer: Completion, box: QRectF, chosen: bool, theme: Theme
) -> None:
    """The name, and what it means beside it."""
    painter.fillRect(box, QColor(theme.accent_soft if chosen else theme.surface))
    room = box.adjusted(8, 0, -8, 0)
    painter.setFont(mono_font(Size.TABLE))
    painter.setPen(QColor(theme.text1))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, offer.text)
    room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(offer.text) + 12)
    meaning, font = offer.documentation, ui_font(Size.CAPTION)
    paint_cell(painter, room, meaning, font, theme.text3, at_right=True)
