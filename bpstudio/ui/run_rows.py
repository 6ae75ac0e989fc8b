"""Runs as rows: shown, line, name, from, to, validation loss and accuracy."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bpstudio.core.notation import format_number
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.run_values import RunSnapshot
from bpstudio.debugger.session import Session
from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.run_looks import RunLook, run_look
from bpstudio.ui.tables import alignment, header_data
from bpstudio.ui.theme import Appearance, current_theme

SHOW, LINE, NAME, FROM, TO, LOSS, ACCURACY = range(7)
TITLES = ("Show", "", "Name", "From", "To", "Valid. loss", "Accuracy")
LOOK = Qt.ItemDataRole.UserRole
_NUMBERS = (LOSS, ACCURACY)
Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class RunRows(QAbstractTableModel):
    """The recordings of a session as they were when last looked at."""

    renamed = Signal(int, str)
    """A row, and the name that was typed."""

    def __init__(self, session: Session, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._appearance = session, appearance
        self.runs: tuple[Recording, ...] = ()
        self.hidden: frozenset[Recording] = frozenset()
        self._texts: dict[tuple[Recording, int], str] = {}

    def reload(self) -> None:
        """Look again."""
        runs = self._session.recordings
        columns = (NAME, FROM, TO, LOSS, ACCURACY)
        self._texts = {(run, column): self._text(run, column) for run in runs for column in columns}
        if runs == self.runs:
            self.tell()
            return
        self.beginResetModel()
        self.runs = runs
        self.hidden &= frozenset(runs)
        self.endResetModel()

    def tell(self) -> None:
        """The same rows, with other numbers."""
        if self.runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.runs) - 1, ACCURACY))

    def run(self, row: int) -> Recording | None:
        """The run in a row."""
        return self.runs[row] if 0 <= row < len(self.runs) else None

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """One a run."""
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Seven."""
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Titles."""
        return header_data(TITLES, _NUMBERS, section, orientation, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A name can be typed anew; the box is turned by the panel."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else flags

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        """A name was typed."""
        if index.column() == NAME and role == Qt.ItemDataRole.EditRole:
            self.renamed.emit(index.row(), str(value))
        return False

    def data(self, index: Index, role: int = 0) -> Any:
        """Texts and looks."""
        run = self.run(index.row())
        if run is None:
            return None
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.text(run, column)
        if role == LOOK:
            return run_look(self._session, run, self._appearance.theme)
        if role == Qt.ItemDataRole.CheckStateRole and column == SHOW:
            shown = run not in self.hidden
            return Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(run)
        return self._look(run, column, role)

    def _look(self, run: Recording, column: int, role: int) -> Any:
        theme, current = self._appearance.theme, run is self._session.recording
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column, _NUMBERS)
        if role == Qt.ItemDataRole.FontRole:
            if column in (FROM, TO):
                return mono_font(Size.TABLE)
            strong = column == LOSS or (column == NAME and current)
            return ui_font(Size.TABLE, SEMIBOLD if strong else REGULAR)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(theme.accent_text if column == FROM else theme.text1)
        if role == Qt.ItemDataRole.BackgroundRole and current:
            return QColor(theme.accent_soft)
        return None

    def text(self, run: Recording, column: int) -> str:
        """What a cell says, as wide as the columns were told."""
        return self._texts.get((run, column), "")

    def _text(self, run: Recording, column: int) -> str:
        if column == NAME:
            return run.name
        if column in (FROM, TO):
            end = self._session.length_of(run)
            return _place(run, run.branched_at if column == FROM else end)
        snapshot = self._session.snapshot_of(run) if column in _NUMBERS else None
        if snapshot is None:
            return ""
        return _loss(snapshot) if column == LOSS else _accuracy(snapshot)

    def spoken(self, run: Recording) -> str:
        """For a screen reader."""
        parts = [self.text(run, column) for column in (NAME, FROM, TO, LOSS, ACCURACY)]
        name, start, end, loss, accuracy = parts
        current = ", training goes on in it" if run is self._session.recording else ""
        shown = "hidden" if run in self.hidden else "shown"
        return (
            f"{name}{current}, from {start} to {end}, validation loss {loss}, "
            f"accuracy {accuracy}, {shown}"
        )


def _place(run: Recording, T: int) -> str:
    if not run.segments:
        return "–"
    epoch, batch = run.place(min(T, run.length))
    return f"e{epoch}/b{batch}"


def _loss(snapshot: RunSnapshot) -> str:
    value = snapshot.validation_losses.last
    return "–" if math.isnan(value) else format_number(value)


def _accuracy(snapshot: RunSnapshot) -> str:
    share = snapshot.validation_accuracies.last
    share = snapshot.epoch_accuracies.last if math.isnan(share) else share
    return "–" if math.isnan(share) else f"{100 * share:.1f}\u2009%"


class LineSample(QStyledItemDelegate):
    """The line of a run's curve with its marker."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """In the middle of the cell."""
        super().paint(painter, option, index)
        look = index.data(LOOK)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        y = box.center().y()
        painter.setPen(QPen(QColor(look.color), 2))
        painter.drawLine(QPointF(box.left() + 4, y), QPointF(box.right() - 4, y))
        self._paint_marker(painter, look, box)
        painter.restore()

    def _paint_marker(self, painter: QPainter, look: RunLook, box: QRectF) -> None:
        if not look.symbol:
            return
        painter.setBrush(QColor(current_theme().surface))
        painter.setPen(QPen(QColor(look.color), 1.5))
        paint_symbol(painter, look.symbol, box.center())


def paint_symbol(painter: QPainter, symbol: str, center: QPointF) -> None:
    """A circle, a square, or a polygon with as many corners as tells it from the others."""
    half = 4.0
    square = QRectF(center.x() - half, center.y() - half, 2 * half, 2 * half)
    if symbol == "o":
        painter.drawEllipse(square)
    elif symbol == "s":
        painter.drawRect(square)
    else:
        corners = {"t1": ((0, -1), (1, 1), (-1, 1)), "d": ((0, -1), (1, 0), (0, 1), (-1, 0))}
        shape = corners.get(symbol, ((0, -1), (1, -0.2), (0.6, 1), (-0.6, 1), (-1, -0.2)))
        painter.drawPolygon(QPolygonF([center + QPointF(x, y) * half for x, y in shape]))
