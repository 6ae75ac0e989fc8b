"""A list with titles over its columns; a row is painted, and a click on its link leads on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.painted_rows import Paint, PaintedRows
from bpstudio.ui.theme import Appearance

HEAD = 24
Columns = Callable[[float], Sequence[QRectF]]
"""Boxes of the columns in a row of that width, at y = 0."""


class Head(QWidget):
    """Titles, 11 px, with a divider below."""

    def __init__(
        self, titles: Sequence[tuple[str, bool]], columns: Columns, appearance: Appearance
    ) -> None:
        """``titles``: each with whether it stands at the right of its column."""
        super().__init__()
        self._titles, self._columns, self._appearance = tuple(titles), columns, appearance
        self.width_of_rows = 0
        self.setFixedHeight(HEAD)
        appearance.changed.connect(lambda _theme: self.update())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each over its column."""
        theme, painter = self._appearance.theme, QPainter(self)
        painter.setFont(ui_font(Size.CAPTION))
        painter.setPen(QColor(theme.text3))
        boxes = self._columns(self.width_of_rows or self.width())
        for (title, at_right), box in zip(self._titles, boxes, strict=True):
            side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
            at = QRectF(box.x(), 0, box.width(), HEAD)
            dots = Qt.TextElideMode.ElideRight
            text = painter.fontMetrics().elidedText(title, dots, int(box.width()))
            painter.drawText(at, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.fillRect(0, HEAD - 1, self.width(), 1, QColor(theme.divider))
        painter.end()


class Listing(QWidget):
    """Titles over a list."""

    link_asked = Signal(QModelIndex, object)
    """A row, and where in it (a QPointF from its corner) was clicked; None for Enter."""

    def __init__(self, head: Head, name: str, tip: str) -> None:
        super().__init__()
        self.head = head
        self.view = _Rows(self)
        self.view.setAccessibleName(name)
        self.view.setToolTip(tip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.view, 1)

    def show_rows(
        self, model: QAbstractItemModel, appearance: Appearance, paint: Paint, height: int
    ) -> None:
        """Show what a model has, each row painted by that function."""
        self.view.setModel(model)
        self.view.setItemDelegate(PaintedRows(paint, height, self.view, 300))
        appearance.changed.connect(lambda _theme: self.view.viewport().update())


class _Rows(QListView):
    def __init__(self, listing: Listing) -> None:
        super().__init__(listing)
        self._listing = listing
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads on from the chosen row; `activated` would answer a double click as well."""
        chosen = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen.isValid():
            self._listing.link_asked.emit(chosen, None)
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click says where it was."""
        super().mouseReleaseEvent(event)
        point = event.position()
        index = self.indexAt(point.toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            corner = self.visualRect(index).topLeft()
            self._listing.link_asked.emit(index, point - corner.toPointF())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The titles stand over the columns, whether there is a scroll bar or not."""
        head = self._listing.head
        if head.width_of_rows != self.viewport().width():
            head.width_of_rows = self.viewport().width()
            head.update()
        super().paintEvent(event)
