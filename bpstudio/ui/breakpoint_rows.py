"""Breakpoints as rows of two lines: the model of the list, and how a row is painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from bpstudio.core.notation import Notation, plain
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.session import Session
from bpstudio.ui import breakpoint_words as words
from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.mixed_text import MixedText
from bpstudio.ui.palette import Theme
from bpstudio.ui.row_focus import paint_focus
from bpstudio.ui.style import PADDING
from bpstudio.ui.theme import current_theme

ROW = 42
_MARK = 13  # the width of a marker, px
_TEXT = 34  # where the text begins
_RIGHT = 92  # room for the counts
_LINE = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


@dataclass(frozen=True, slots=True)
class Line:
    """What a row shows."""

    point: Breakpoint
    subject: str
    count: int | None
    stopped: bool

    @property
    def spoken(self) -> str:
        """For a screen reader."""
        text = words.spoken(self.point, plain(self.subject), self.count)
        return f"{text}, stopped here" if self.stopped else text


class BreakpointRows(QAbstractListModel):
    """The breakpoints of a session, as they were when last looked at."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._lines: tuple[Line, ...] = ()

    def reload(self) -> None:
        """Look again; rows that stay only change."""
        lines = tuple(map(self._line, self._session.debugger.breakpoints))
        same = [line.point.id for line in lines] == [line.point.id for line in self._lines]
        if same:
            self._lines = lines
            if lines:
                self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, 0))
            return
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def _line(self, point: Breakpoint) -> Line:
        debugger = self._session.debugger
        notation = Notation(debugger.trace.L, relative=False)
        stop = debugger.stop
        stopped = stop is not None and stop.breakpoint is not None
        here = stopped and stop is not None and stop.breakpoint == point
        counted = point.enabled and not self._session.is_training  # then the pass never lasts
        count = debugger.hit_count(point.id) if counted else None
        return Line(point, words.subject(point, notation), count, here)

    def point(self, row: int) -> Breakpoint | None:
        """The breakpoint in a row."""
        return self._lines[row].point if 0 <= row < len(self._lines) else None

    def row_of(self, number: int) -> int | None:
        """The row of a breakpoint."""
        rows = (row for row, line in enumerate(self._lines) if line.point.id == number)
        return next(rows, None)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """One a breakpoint."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = 0) -> Any:
        """The line; in plain words for who cannot see it."""
        if not 0 <= index.row() < len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == _LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(line.subject)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        return None


class BreakpointRow(QStyledItemDelegate):
    """Marker, what it watches over its rule, and the counts at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines high."""
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        theme, line, rect = current_theme(), index.data(_LINE), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, QColor(theme.accent_soft if line.stopped else theme.surface))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(theme.divider))
        center = QPointF(rect.left() + PADDING + _MARK / 2, rect.top() + 14)
        paint_marker(painter, words.marker(line.point), center, theme, line.point.enabled)
        _paint_text(painter, line, rect, theme)
        _paint_counts(painter, line, rect, theme)
        paint_focus(painter, option, theme)
        painter.restore()


def _paint_text(painter: QPainter, line: Line, rect: QRect, theme: Theme) -> None:
    color = theme.text1 if line.point.enabled else theme.text3
    box = QRectF(rect.left() + _TEXT, rect.top(), rect.width() - _TEXT - _RIGHT, ROW)
    painter.save()
    painter.setClipRect(box)
    text = MixedText(line.subject, Size.TABLE, 18)
    room = QRectF(box.left(), box.top() + 4, max(text.natural_width, box.width()) + 1, 18)
    text.paint(painter, room, theme, color)
    painter.restore()
    painter.setFont(mono_font(Size.CAPTION))
    painter.setPen(QColor(theme.text2 if line.point.enabled else theme.text3))
    low = QRectF(box.left(), box.top() + 22, box.width(), 16)
    rule = painter.fontMetrics().elidedText(
        words.rule(line.point), Qt.TextElideMode.ElideRight, int(low.width())
    )
    painter.drawText(low, Qt.AlignmentFlag.AlignVCenter, rule)


def _paint_counts(painter: QPainter, line: Line, rect: QRect, theme: Theme) -> None:
    """ "3 of 3" with the first number set off, over what happens then."""
    right = rect.right() - PADDING
    number, of = words.count_text(line.point, line.count)
    painter.setPen(QColor(theme.text1 if line.point.enabled else theme.text3))
    top = QRectF(right - _RIGHT, rect.top() + 4, _RIGHT, 18)
    aligned = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.setFont(ui_font(Size.TABLE, REGULAR))
    painter.drawText(top, aligned, of)
    top.setRight(right - painter.fontMetrics().horizontalAdvance(of))
    met = line.point.enabled and bool(line.count)
    painter.setFont(ui_font(Size.TABLE, SEMIBOLD if met else REGULAR))
    painter.drawText(top, aligned, number)
    painter.setFont(ui_font(Size.CAPTION))
    painter.setPen(QColor(theme.text3))
    low = QRectF(right - _RIGHT, rect.top() + 22, _RIGHT, 16)
    painter.drawText(low, aligned, words.action_text(line.point))


def paint_marker(
    painter: QPainter, shape: str, center: QPointF, theme: Theme, filled: bool = True
) -> None:
    """A breakpoint's mark, hollow where it is off; the shape tells what the colour alone would."""
    red = QColor(theme.breakpoint)
    half = _MARK / 2 - 1
    painter.setPen(QPen(red, 1.5))
    painter.setBrush(red if filled and shape != "ring" else Qt.BrushStyle.NoBrush)
    if shape == "diamond":
        painter.drawPolygon(_diamond(center, half))
    else:
        painter.drawEllipse(center, half - 0.5, half - 0.5)
    if shape == "ring" and filled:
        for y in (-1.5, 1.5):
            painter.drawLine(center + QPointF(-2.5, y), center + QPointF(2.5, y))


def _diamond(center: QPointF, half: float) -> QPolygonF:
    corners = ((0, -half), (half, 0), (0, half), (-half, 0))
    return QPolygonF([center + QPointF(x, y) for x, y in corners])
