"""The tree of an origin: arrows unfold and fold, Enter goes to the step, links can be clicked."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView

from bpstudio.core.origin_values import OriginItem
from bpstudio.ui.icons import paint_icon
from bpstudio.ui.origin.model import Index, OriginModel
from bpstudio.ui.origin.rows import HEIGHT, OriginRows, link_box
from bpstudio.ui.painted_rows import PaintedRows
from bpstudio.ui.theme import Appearance

INDENT = 15
_CHEVRON = 12


class OriginTree(QTreeView):
    """Shows an `OriginModel`."""

    item_asked = Signal(object)
    """The item whose link was clicked, or that Enter was pressed on."""
    menu_asked = Signal(object, QPoint)
    """The item, and where on the screen."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.rows = OriginRows()
        self.shown = OriginModel(self)
        self.setModel(self.shown)
        self.setItemDelegate(PaintedRows(self.rows.paint, HEIGHT, self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(INDENT)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(True)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Origin of the number")
        self.customContextMenuRequested.connect(self._open_menu)
        appearance.changed.connect(lambda _theme: self.viewport().update())

    # ---- what is unfolded -----------------------------------------------------------------------

    @property
    def unfolded(self) -> list[tuple[int, ...]]:
        """The rows that are open, by their paths, the outer ones first."""
        found, waiting = [], [self.shown.root]
        while waiting:
            index = waiting.pop()
            row = self.shown.row_at(index)
            if row is not None and self.isExpanded(index):
                found.append(row.path)
                waiting += [self.shown.index_of(child) for child in row.children or ()]
        return sorted(found, key=len)

    def unfold_again(self, paths: list[tuple[int, ...]]) -> None:
        """Open these rows, as far as they exist."""
        for path in paths:
            self.expand(self.shown.at_path(path))

    def current_item(self) -> OriginItem | None:
        """The item of the chosen row."""
        row = self.shown.row_at(self.currentIndex())
        return None if row is None else row.item

    # ---- mouse and keys -------------------------------------------------------------------------

    def link_at(self, point: QPoint) -> QModelIndex:
        """The row whose link is under a point of the viewport."""
        index = self.indexAt(point)
        row = self.shown.row_at(index)
        if row is None or (row.item is not None and not self._on_link(index, point)):
            return QModelIndex()
        return index

    def _on_link(self, index: QModelIndex, point: QPoint) -> bool:
        return link_box(QRectF(self.visualRect(index))).contains(point)

    def ask(self, index: QModelIndex) -> None:
        """Go where a row leads: to its step, or on in a long sum."""
        row = self.shown.row_at(index)
        if row is None:
            return
        if row.item is None:
            self.setCurrentIndex(self.shown.unfold(index))
        else:
            self.item_asked.emit(row.item)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a link."""
        super().mouseReleaseEvent(event)
        index = self.link_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.ask(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The link under the mouse is underlined."""
        super().mouseMoveEvent(event)
        self._hover(self.link_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """No link is under the mouse."""
        super().leaveEvent(event)
        self._hover(QModelIndex())

    def _hover(self, index: QModelIndex) -> None:
        row = self.shown.row_at(index)
        if self.rows.hovered is not row:
            self.rows.hovered = row
            self.viewport().update()
        hand = Qt.CursorShape.PointingHandCursor if index.isValid() else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(hand)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the step of the row; the other keys are those of a tree."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ask(self.currentIndex())
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """The arrows and Home are the tree's own here."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            own = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)
            if event.key() in own and not event.modifiers():
                event.accept()
                return True
        return super().event(event)

    def _open_menu(self, at: QPoint) -> None:
        row = self.shown.row_at(self.indexAt(at))
        if row is not None and row.item is not None:
            self.menu_asked.emit(row.item, self.viewport().mapToGlobal(at))

    # ---- painting -------------------------------------------------------------------------------

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Guides of 1 px for the levels around, and the arrow."""
        theme, depth = self._appearance.theme, rect.width() // INDENT - 1
        if index == self.currentIndex():
            painter.fillRect(rect, QColor(theme.accent_soft))
        for level in range(depth):
            x = rect.x() + level * INDENT + INDENT // 2 + 1
            painter.fillRect(QRectF(x, rect.y(), 1, rect.height()), QColor(theme.divider))
        if self.shown.hasChildren(index):
            icon = "chevron-down" if self.isExpanded(index) else "chevron-right"
            top = rect.y() + (HEIGHT - _CHEVRON) / 2
            box = QRectF(rect.right() - INDENT + 3, top, _CHEVRON, _CHEVRON)
            paint_icon(painter, icon, box, theme.text2)
