"""A table over the whole virtual sequence of steps, or over those that a filter lists.

Rows are painted, not stored: a table widget would hold something for each of 10⁹ rows.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from bpstudio.core.address import Address
from bpstudio.core.notation import Notation, format_count, format_number, on_one_line
from bpstudio.core.terms import Term
from bpstudio.core.trace import Trace
from bpstudio.debugger.filtering import Listed, StepFilter
from bpstudio.debugger.session import Session
from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.icons import paint_icon
from bpstudio.ui.style import PADDING, TABLE_ROW
from bpstudio.ui.theme import Appearance
from bpstudio.ui.typeset import typeset

_HEADER = 24
_MOST_SCROLL = 1 << 30  # Qt's scroll bars count in 32 bits
_MOST_KNOWN = 2_000  # rows whose texts are kept
_MARK = 30  # room for the arrow of the current row


class StepsTable(QAbstractScrollArea):
    """Step, address, term and value of the visible steps."""

    step_asked = Signal(object)
    menu_asked = Signal(object, QPoint)
    """The number of a step, and where on screen its menu goes."""

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session = session
        self._appearance = appearance
        self._listed = Listed(session.debugger.trace, StepFilter())
        self._followed: tuple[Listed, str, int] | None = None
        self._known_trace: Trace | None = None
        self._known: dict[int, tuple[str, str, str]] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Steps of the pass")
        self.setToolTip("Click a row to go to its step")
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        appearance.changed.connect(lambda _theme: self.viewport().update())

    # ---- which rows -----------------------------------------------------------------------------

    @property
    def listed(self) -> Listed:
        """The steps that have a row."""
        return self._listed

    def show_listed(self, listed: Listed) -> None:
        """Show other rows; the current step comes into sight where it has one."""
        self._listed = listed
        self._set_range()
        self.follow()

    def show_more(self) -> None:
        """More rows have been found."""
        self._set_range()
        self.viewport().update()

    @staticmethod
    def height_of(rows: int) -> int:
        """Pixels that so many rows need."""
        return _HEADER + rows * TABLE_ROW

    @property
    def rows_shown(self) -> int:
        """Whole rows that fit."""
        return max(1, (self.viewport().height() - _HEADER) // TABLE_ROW)

    @property
    def first_row(self) -> int:
        """The uppermost row in sight."""
        bar, top = self.verticalScrollBar(), self._top_row
        if bar.maximum() == top:
            return bar.value()
        return round(bar.value() / max(bar.maximum(), 1) * top)

    @property
    def _top_row(self) -> int:
        """The first row when scrolled to the end."""
        return max(len(self._listed) - self.rows_shown, 0)

    def follow(self) -> None:
        """Scroll so that the current step is in sight, with some of what comes next."""
        self._use_trace()
        row, shown = self._row_to_follow(), self.rows_shown
        first = self.first_row
        if row is not None and not first + 1 <= row < first + shown - 2:
            self._scroll_to(row - shown // 2)
        self._repaint_what_changed()

    def _use_trace(self) -> None:
        """Without a filter the rows are those of the trace at hand."""
        trace = self._session.debugger.trace
        if self._listed.trace is not trace and self._listed.filter.is_empty:
            self._listed = Listed(trace, StepFilter())
        self._set_range()

    def _row_to_follow(self) -> int | None:
        """The row of the current step, or where it would be."""
        n = self._session.debugger.cursor
        return self._listed.below(n) if self._listed.is_ascending else self._listed.row_of(n)

    def _repaint_what_changed(self) -> None:
        """The rows between the step before and this one, in the same layer of the same list."""
        n, prefix = self._session.debugger.cursor, self._prefix()
        before, self._followed = self._followed, (self._listed, prefix, n)
        if before is None or before[:2] != self._followed[:2] or not self._listed.is_ascending:
            self.viewport().update()
            return
        among = (self._listed.below(m) - self.first_row for m in (before[2], n))
        first, last = sorted(min(max(row, 0), self.rows_shown) for row in among)
        top, height = _HEADER + first * TABLE_ROW, (last - first + 1) * TABLE_ROW
        self.viewport().update(0, top, self.viewport().width(), height)

    def _prefix(self) -> str:
        """The level that the header names and addresses leave out; none in a filtered list."""
        if not self._listed.filter.is_empty:
            return ""
        debugger = self._session.debugger
        return layer_of(debugger.sequence.step(debugger.cursor).place)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move the rows that stay in sight; only the new ones are painted."""
        whole_pixels = self.devicePixelRatioF().is_integer()
        if not whole_pixels or self.verticalScrollBar().maximum() != self._top_row:
            self.viewport().update()
            return
        height = self.rows_shown * TABLE_ROW
        rows = QRect(0, _HEADER, self.viewport().width(), height)
        self.viewport().scroll(0, max(min(dy * TABLE_ROW, height), -height), rows)

    def _set_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.rows_shown)
        bar.setSingleStep(1)
        bar.setRange(0, min(self._top_row, _MOST_SCROLL))

    def _scroll_to(self, first: int) -> None:
        bar, top = self.verticalScrollBar(), self._top_row
        first = min(max(first, 0), top)
        bar.setValue(first if bar.maximum() == top else round(first / top * bar.maximum()))

    def step_at(self, y: float) -> int | None:
        """The step in the row at a height."""
        row = int((y - _HEADER) // TABLE_ROW)
        there = 0 <= row < self.rows_shown and self.first_row + row < len(self._listed)
        return self._listed[self.first_row + row] if there else None

    # ---- events ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another number of rows fits."""
        self._set_range()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the step of the row."""
        n = self.step_at(event.position().y())
        if n is not None and event.button() == Qt.MouseButton.LeftButton:
            self.step_asked.emit(n)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the row under the pointer; by key, of the current step."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        n = self._session.debugger.cursor if by_key else self.step_at(event.pos().y())
        if n is not None:
            self.menu_asked.emit(n, event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Home is the first step here."""
        if isinstance(event, QKeyEvent) and takes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down by one step, Page up and down by a page, Home, End."""
        page = self.rows_shown
        moves = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -len(self._listed),
            Qt.Key.Key_End: len(self._listed),
        }
        if event.key() not in moves or len(self._listed) == 0:
            super().keyPressEvent(event)
            return
        self.step_asked.emit(self._listed[self._row_after(moves[Qt.Key(event.key())])])

    def _row_after(self, offset: int) -> int:
        """The row so many further than the current step's, or than where that would be."""
        n, last = self._session.debugger.cursor, len(self._listed) - 1
        row = self._listed.row_of(n)
        if row is None:
            row = self._listed.below(n) if self._listed.is_ascending else 0
            offset -= offset > 0 and self._listed.is_ascending  # the row there is the next step's
            offset *= self._listed.is_ascending
        return min(max(row + offset, 0), last)

    # ---- painting -------------------------------------------------------------------------------

    def _columns(self) -> tuple[QRectF, ...]:
        """Boxes of the header: step, address, term, value."""
        width = self.viewport().width()
        digits = len(format_count(len(self._session.debugger.trace)))
        step = _MARK + max(44, 8 * digits)
        value = 96
        share = 0.42 if self._listed.filter.is_empty else 0.54  # addresses are whole then
        address = max(120.0, (width - step - value) * share)
        return (
            QRectF(0, 0, step, _HEADER),
            QRectF(step + 12, 0, address - 12, _HEADER),
            QRectF(step + address, 0, max(width - step - address - value, 0), _HEADER),
            QRectF(width - value, 0, value - PADDING, _HEADER),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Header and visible rows."""
        painter = QPainter(self.viewport())
        theme = self._appearance.theme
        painter.fillRect(self.viewport().rect(), QColor(theme.surface))
        first, prefix = self.first_row, self._prefix()
        if event.rect().top() < _HEADER:
            self._paint_header(painter, prefix)
        columns = self._columns()
        for row in range(self.rows_shown):
            line = QRect(0, _HEADER + row * TABLE_ROW, self.viewport().width(), TABLE_ROW)
            if first + row < len(self._listed) and event.region().intersects(line):
                self._paint_row(painter, self._listed[first + row], line.y(), prefix, columns)

    def _paint_header(self, painter: QPainter, prefix: str) -> None:
        theme = self._appearance.theme
        step, address, term, value = self._columns()
        painter.setFont(ui_font(Size.CAPTION))
        painter.setPen(QColor(theme.text3))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(step, right, "Step")
        prefix = self._session.debugger.prefix + prefix
        title = f"Address in {prefix}" if prefix else "Address"
        middle, room = Qt.TextElideMode.ElideMiddle, int(address.width()) - 8
        painter.drawText(address, left, painter.fontMetrics().elidedText(title, middle, room))
        painter.drawText(term, left, "Term")
        painter.drawText(value, right, "Value")
        painter.fillRect(QRectF(0, _HEADER - 1, self.viewport().width(), 1), QColor(theme.divider))

    def _paint_row(
        self, painter: QPainter, n: int, y: float, prefix: str, columns: tuple[QRectF, ...]
    ) -> None:
        theme, debugger = self._appearance.theme, self._session.debugger
        current, pending = n == debugger.cursor, n > debugger.cursor
        if current:
            line = QRectF(0, y, self.viewport().width(), TABLE_ROW)
            painter.fillRect(line, QColor(theme.accent_soft))
            paint_icon(painter, "marker", QRectF(8, y + 4, 15, 15), theme.accent)
        color = QColor(theme.text3 if pending else theme.text1)
        address, tex, number = self._texts(n)
        boxes = [box.translated(0, y).adjusted(0, 0, 0, TABLE_ROW - _HEADER) for box in columns]
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setPen(color)
        painter.setFont(ui_font(Size.TABLE, SEMIBOLD if current else REGULAR))
        painter.drawText(boxes[0], right, format_count(n))
        hidden = pending and not self._listed.filter.looks  # a look has seen the numbers already
        painter.drawText(boxes[3], right, "pending" if hidden else number)
        painter.setFont(mono_font(Size.TABLE))
        place = painter.fontMetrics().elidedText(
            shortened(address, prefix), Qt.TextElideMode.ElideLeft, int(boxes[1].width()) - 8
        )
        painter.drawText(boxes[1], Qt.AlignmentFlag.AlignVCenter, place)
        self._paint_term(painter, tex, boxes[2], color)

    def _texts(self, n: int) -> tuple[str, str, str]:
        """Address, term and value of a step, worked out once in a trace."""
        trace = self._session.debugger.trace
        if trace is not self._known_trace or len(self._known) > _MOST_KNOWN:
            self._known_trace, self._known = trace, {}
        if n not in self._known:
            term = trace[n]
            self._known[n] = (term.address, short_term(term), format_number(term.value))
        return self._known[n]

    def _paint_term(self, painter: QPainter, tex: str, box: QRectF, color: QColor) -> None:
        formula = typeset(tex, Size.TABLE, display=False)
        painter.save()
        painter.setClipRect(box)
        point = QPointF(box.x(), box.center().y() + (formula.ascent - formula.descent) / 2)
        formula.paint(painter, point.x(), point.y(), color)
        painter.restore()


def short_term(term: Term) -> str:
    """What a term is, on one line: its formula where that is short, else its name."""
    name, formula, _ = term.statement(Notation(term.trace.L))
    tall = any(sign in formula for sign in (r"\sum", r"\frac"))
    return on_one_line(name if tall else formula)


def layer_of(place: Address) -> str:
    """The layer around a place, or its pass where it has none."""
    return str(replace(place, j=None, letter=None, index=None, kind=None))


def shortened(address: str, prefix: str) -> str:
    """An address without the level that the header names."""
    return address.removeprefix(prefix + "/") if prefix else address


def takes(event: QKeyEvent) -> bool:
    """Whether this is a key of the window that the table wants for itself."""
    override = event.type() == QEvent.Type.ShortcutOverride
    return override and event.key() == Qt.Key.Key_Home and not event.modifiers()
