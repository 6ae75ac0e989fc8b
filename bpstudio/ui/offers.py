"""The list under a field: what can stand at the cursor, and what it means."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from bpstudio.debugger.expressions.completion import Completion
from bpstudio.ui.fonts import Size, mono_font, ui_font
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import current_theme

OFFER = Qt.ItemDataRole.UserRole + 1
"""The completion that a row stands for."""
TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
"""Keys that take over the chosen row."""

_ROW = 24
_MOST_ROWS = 10
_MEANING = Qt.ItemDataRole.UserRole
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
        self.view.setItemDelegate(_OfferRow(self.view))  # a completer puts its own on a popup

    def show_these(self, offered: tuple[Completion, ...], below: QRect) -> None:
        """Show what is offered; nothing hides the list."""
        self._rows.clear()
        for offer in offered:
            item = QStandardItem(offer.text)
            item.setData(offer.documentation, _MEANING)
            item.setData(offer, OFFER)
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


class _OfferRow(QStyledItemDelegate):
    """The name, and what it means beside it."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = current_theme()
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(option.rect, QColor(theme.accent_soft if chosen else theme.surface))
        box = option.rect.adjusted(8, 0, -8, 0)
        painter.setFont(mono_font(Size.TABLE))
        painter.setPen(QColor(theme.text1))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, str(index.data()))
        box.setLeft(box.left() + painter.fontMetrics().horizontalAdvance(str(index.data())) + 12)
        painter.setFont(ui_font(Size.CAPTION))
        painter.setPen(QColor(theme.text3))
        meaning = painter.fontMetrics().elidedText(
            str(index.data(_MEANING)), Qt.TextElideMode.ElideRight, box.width()
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, meaning)
        painter.restore()
