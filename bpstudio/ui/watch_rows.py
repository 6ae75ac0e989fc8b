"""Watches as rows: expression, history as a sparkline, value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from bpstudio.core.notation import format_number
from bpstudio.core.trace import Trace
from bpstudio.debugger.limits import limits_of
from bpstudio.debugger.session import Session
from bpstudio.debugger.watches import Watch
from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.palette import Theme
from bpstudio.ui.row_focus import paint_focus
from bpstudio.ui.sparkline import SPARK, Sparkline
from bpstudio.ui.style import PADDING
from bpstudio.ui.theme import current_theme
from bpstudio.ui.typed_anew import TypedAnew

VALUE = 84  # room for the value
_GAP = 10
_LEAST_SPARK = 36  # pixels of history that still show a course
LINE = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex
Floats = NDArray[np.float64]
_NO_INDEX = QModelIndex()


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """What a row shows. ``history`` is that of a step before until it ``is_recent``."""

    watch: Watch
    value: float | bool | None
    changed: bool = False
    history: Floats | None = None
    limits: tuple[float, ...] = ()
    is_recent: bool = False

    @property
    def value_text(self) -> str:
        """The value as it is written."""
        if self.value is None:
            return "pending"
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        return format_number(self.value)

    @property
    def spoken(self) -> str:
        """For a screen reader."""
        return f"{self.watch.text}, {self.value_text}{', just changed' if self.changed else ''}"


class WatchRows(QAbstractListModel):
    """The watches of a session with their values, as they were when last looked at."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._lines: tuple[Line, ...] = ()
        self._trace: Trace | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """What the rows show."""
        return self._lines

    def reload(self, moved: bool) -> None:
        """Look again. ``moved``: the cursor or the trace is another, so values may have changed."""
        debugger = self._session.debugger
        before = {line.watch: line for line in self._lines}
        is_new, self._trace = self._trace is not debugger.trace, debugger.trace
        lines = tuple(self._line(watch, before.get(watch), moved) for watch in debugger.watches)
        if is_new:  # another pass: what was there is no part of its history
            lines = tuple(replace(line, history=None, is_recent=False) for line in lines)
        same = [line.watch.id for line in lines] == [line.watch.id for line in self._lines]
        if same:
            self._lines = lines
            self._tell(0, len(lines) - 1)
            return
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def _line(self, watch: Watch, before: Line | None, moved: bool) -> Line:
        debugger = self._session.debugger
        limits = limits_of(watch.text, debugger.breakpoints)
        if before is not None and not moved:
            return replace(before, limits=limits)
        value = debugger.watch_value(watch.id)
        changed = before is not None and value is not None and not _same(value, before.value)
        return Line(watch, value, changed, before.history if before else None, limits)

    def next_to_work_out(self) -> int | None:
        """A row whose history is to be worked out."""
        rows = (row for row, line in enumerate(self._lines) if not line.is_recent)
        return next(rows, None)

    def work_out_history(self, row: int) -> None:
        """Work out the history of a row."""
        history = self._session.debugger.watch_history(self._lines[row].watch.id)
        line = replace(self._lines[row], history=history, is_recent=True)
        self._lines = (*self._lines[:row], line, *self._lines[row + 1 :])
        self._tell(row, row)

    def _tell(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, 0))

    def watch(self, row: int) -> Watch | None:
        """The watch in a row."""
        return self._lines[row].watch if 0 <= row < len(self._lines) else None

    def row_of(self, number: int) -> int | None:
        """The row of a watch."""
        rows = (row for row, line in enumerate(self._lines) if line.watch.id == number)
        return next(rows, None)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """One a watch."""
        return 0 if parent.isValid() else len(self._lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What is watched can be edited in place."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = 0) -> Any:
        """The line; in words for who cannot see it."""
        if not 0 <= index.row() < len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return line.watch.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.watch.text}: {'pending' if line.value is None else repr(line.value)}"
        return line.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None


def _same(value: float | bool, before: float | bool | None) -> bool:
    both_nan = before is not None and value != value and before != before
    return both_nan or value == before


class WatchRow(TypedAnew):
    """Paints a row, and lets its expression be typed anew."""

    wanted = 0.0
    """Width of the longest expression."""

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """The field takes the whole row."""
        editor.setGeometry(option.rect.adjusted(PADDING - 7, 1, -PADDING, -1))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        theme, line, rect = current_theme(), index.data(LINE), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, QColor(theme.accent_soft if line.changed else theme.surface))
        boxes = columns(rect, self.wanted)
        _paint_expression(painter, line, boxes[0], theme)
        if line.history is not None:
            spark = Sparkline(line.history, line.limits)
            spark.paint(painter, boxes[1], theme, line.changed)
        _paint_value(painter, line, boxes[2], theme)
        paint_focus(painter, option, theme)
        painter.restore()


def columns(rect: QRect, wanted: float = 0.0) -> tuple[QRectF, QRectF, QRectF]:
    """Boxes of expression, history and value.

    The history has what the longest expression, ``wanted`` pixels wide, leaves it; a narrow list,
    or one of long expressions, does without.
    """
    right, left = rect.right() + 1 - PADDING, rect.left() + PADDING
    value = QRectF(right - VALUE, rect.top(), VALUE, rect.height())
    top = rect.top() + (rect.height() - SPARK.height()) / 2
    room = min(value.left() - 2 * _GAP - left - wanted, SPARK.width())
    width = 0.0 if rect.width() < 260 or room < _LEAST_SPARK else room
    spark = QRectF(value.left() - width - (_GAP if width else 0), top, width, SPARK.height())
    return QRectF(left, rect.top(), spark.left() - left - _GAP, rect.height()), spark, value


def wanted_width(lines: Iterable[Line]) -> float:
    """Pixels that the longest expression needs."""
    metrics = QFontMetricsF(mono_font(Size.TABLE))
    return max((metrics.horizontalAdvance(line.watch.text) for line in lines), default=0.0)


def _paint_expression(painter: QPainter, line: Line, box: QRectF, theme: Theme) -> None:
    painter.setFont(mono_font(Size.TABLE))
    painter.setPen(QColor(theme.text1))
    text = painter.fontMetrics().elidedText(
        line.watch.text, Qt.TextElideMode.ElideRight, int(box.width())
    )
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)


def _paint_value(painter: QPainter, line: Line, box: QRectF, theme: Theme) -> None:
    pending = line.value is None
    painter.setFont(ui_font(Size.TABLE, REGULAR if pending else SEMIBOLD))
    painter.setPen(QColor(theme.text3 if pending else theme.text1))
    aligned = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(box, aligned, line.value_text)
