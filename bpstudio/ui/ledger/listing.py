"""The rows of a ledger under titles that put them in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from bpstudio.core.notation import format_signed
from bpstudio.debugger.ledger_values import Order
from bpstudio.ui.analysis.listing import HEAD, Head, Listing
from bpstudio.ui.ledger.columns import Needs, needs_of, title_font
from bpstudio.ui.ledger.pages import EMPTY, LedgerRow, Page, spoken
from bpstudio.ui.ledger.rows import head_of, paint_change
from bpstudio.ui.painted_rows import ROW
from bpstudio.ui.style import TABLE_ROW
from bpstudio.ui.theme import Appearance

_TIP = "Click a row to go there (Enter)"


class LedgerListing(Listing):
    """A page of a ledger."""

    def __init__(self, appearance: Appearance) -> None:
        self.titles = LedgerHead(appearance)
        super().__init__(self.titles, "What changed the parameter", _TIP)
        self.model = LedgerModel(self)
        self.show_rows(self.model, appearance, paint_change, TABLE_ROW)

    def show_page(self, page: Page, by: Order) -> None:
        """Show this one, from the top."""
        needs = needs_of(page)
        self.titles.show_page(page, needs, by)
        self.model.show_page(page, needs)

    def row(self, index: QModelIndex) -> LedgerRow:
        """What a row says."""
        return self.model.page.at(index.row())


class LedgerHead(Head):
    """Titles of the page; a click on one puts the rows in order of it."""

    order_asked = Signal(str)
    """An `Order`."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__((), lambda _width: (), appearance)
        self._page, self._needs = EMPTY, needs_of(EMPTY)
        self._by: Order = "size"
        self.setToolTip("Click Change for the largest first, the first column for newest or oldest")

    def show_page(self, page: Page, needs: Needs, by: Order) -> None:
        """The titles over this page."""
        self._page, self._needs, self._by = page, needs, by
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each over its column; the one in order in the main colour."""
        theme, painter = self._appearance.theme, QPainter(self)
        for text, box, at_right, in_order in self._boxes():
            painter.setFont(title_font(in_order))
            painter.setPen(QColor(theme.text1 if in_order else theme.text3))
            side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
            at = QRectF(box.x(), 0, box.width(), HEAD)
            dots = Qt.TextElideMode.ElideRight
            elided = painter.fontMetrics().elidedText(text, dots, int(box.width()) + 1)
            painter.drawText(at, side | Qt.AlignmentFlag.AlignVCenter, elided)
        painter.fillRect(0, HEAD - 1, self.width(), 1, QColor(theme.divider))
        painter.end()

    def _boxes(self) -> Sequence[tuple[str, QRectF, bool, bool]]:
        width = self.width_of_rows or self.width()
        return head_of(self._page, self._needs, self._by, width)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Which title was clicked."""
        place, _second, change, *_classes = self._boxes()
        x = event.position().x()
        if change[1].left() <= x <= change[1].right():
            self.order_asked.emit("size")
        elif place[1].left() <= x <= place[1].right():
            self.order_asked.emit("oldest" if self._by == "newest" else "newest")


class LedgerModel(QAbstractListModel):
    """The rows of a page; each is worked out when it is shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.page, self._needs = EMPTY, needs_of(EMPTY)

    def show_page(self, page: Page, needs: Needs) -> None:
        """Show this one, in columns of those widths."""
        self.beginResetModel()
        self.page, self._needs = page, needs
        self.endResetModel()

    def rowCount(self, parent: Any = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else self.page.count

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, and its words for screen readers and tooltip."""
        if role not in (ROW, *_TEXTS):
            return None
        row = self.page.at(index.row())
        if role == ROW:
            return row, self.page, self._needs
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(row, self.page)
        return spoken(row, self.page)


_TEXTS = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)


def tip(row: LedgerRow, page: Page) -> str:
    """All digits, and where a click leads."""
    what = f"{row.words}: " if row.words else ""
    most = "" if page.view == "iteration" else "the most at "
    return f"{what}{format_signed(row.change)} = {row.change!r}\n{most}{row.address}"
