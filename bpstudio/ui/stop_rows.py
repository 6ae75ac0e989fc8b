"""Stop conditions as rows: on, condition, value now, hits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from bpstudio.core.notation import counted, format_reading
from bpstudio.debugger.session import Session
from bpstudio.debugger.stop_values import Value
from bpstudio.debugger.training_stops import TrainingStop
from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.tables import alignment, header_data
from bpstudio.ui.theme import Appearance

ON, CONDITION, NOW, HITS = range(4)
TITLES = ("On", "Condition", "Now", "Hits")
Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class StopRows(QAbstractTableModel):
    """The conditions of a session as they were when last looked at.

    Turning one on or off, and typing it anew, are verbs: ``change`` is called with them.
    """

    def __init__(self, session: Session, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._appearance = session, appearance
        self.stops: tuple[TrainingStop, ...] = ()
        self.values: Mapping[int, Value] = {}
        self.problems: Mapping[int, str] = {}  # why one cannot be read in this network

    def reload(self) -> None:
        """Look again."""
        stops = self._session.stops
        if [stop.id for stop in stops] == [stop.id for stop in self.stops]:
            self.stops = stops
            self._tell()
            return
        self.beginResetModel()
        self.stops = stops
        self.endResetModel()

    def show_values(self, values: Mapping[int, Value]) -> None:
        """What the conditions read now."""
        self.values = values
        self._tell()

    def _tell(self) -> None:
        if self.stops:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.stops) - 1, HITS))

    def stop(self, row: int) -> TrainingStop | None:
        """The condition in a row."""
        return self.stops[row] if 0 <= row < len(self.stops) else None

    def row_of(self, number: int) -> int | None:
        """The row of a condition."""
        rows = (row for row, stop in enumerate(self.stops) if stop.id == number)
        return next(rows, None)

    def is_hit(self, stop: TrainingStop) -> bool:
        """Whether it is the one that paused training."""
        snapshot = self._session.snapshot
        hit = None if snapshot is None else snapshot.hit
        return hit is not None and hit.stop.id == stop.id

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """One a condition."""
        return 0 if parent.isValid() else len(self.stops)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """On, condition, now, hits."""
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Titles."""
        return header_data(TITLES, (NOW, HITS), section, orientation, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The condition can be typed anew; the box is turned by the panel."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == CONDITION else flags

    def data(self, index: Index, role: int = 0) -> Any:
        """Texts and looks."""
        stop = self.stop(index.row())
        if stop is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.CheckStateRole and column == ON:
            return Qt.CheckState.Checked if stop.enabled else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.text(stop, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(stop)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(stop, column)
        return self._look(stop, column, role)

    def _look(self, stop: TrainingStop, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column, (NOW, HITS))
        if role == Qt.ItemDataRole.FontRole:
            if column == CONDITION:
                return mono_font(Size.TABLE)
            met = column == HITS and self._count(stop) > 0
            return ui_font(Size.TABLE, SEMIBOLD if met else REGULAR)
        theme = self._appearance.theme
        if role == Qt.ItemDataRole.ForegroundRole:
            idle = not stop.enabled or stop.id in self.problems
            pale = idle or (column == HITS and not self._count(stop))
            return QColor(theme.text3 if pale else theme.text1)
        if role == Qt.ItemDataRole.BackgroundRole and self.is_hit(stop):
            return QColor(theme.accent_soft)
        return None

    def _tip(self, stop: TrainingStop, column: int) -> str | None:
        problem = self.problems.get(stop.id)
        if problem is not None:
            return f"{stop.text}\nIt waits for a network that it fits: {problem}"
        return stop.text if column == CONDITION else None

    def text(self, stop: TrainingStop, column: int) -> str:
        """What a cell says."""
        if column == CONDITION:
            return stop.text
        if column == NOW:
            return _written(self.values.get(stop.id))
        return self._hits(stop) if column == HITS else ""

    def _hits(self, stop: TrainingStop) -> str:
        if not stop.enabled:
            return "off"
        if stop.id in self.problems:
            return "does not fit"
        count = self._count(stop)
        hits = counted(count, "hit")
        return f"{hits}, {'log' if stop.log else 'stop'}"

    def _count(self, stop: TrainingStop) -> int:
        return self._session.stop_counts.get(stop.id, 0)

    def spoken(self, stop: TrainingStop) -> str:
        """For a screen reader."""
        now = _written(self.values.get(stop.id))
        here = ", paused training" if self.is_hit(stop) else ""
        problem = f": {self.problems[stop.id]}" if stop.id in self.problems else ""
        return f"{stop.text}, now {now}, {self._hits(stop)}{problem}{here}"


def _written(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format_reading(value)
