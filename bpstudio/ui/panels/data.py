"""The rows of the data file as the program understood them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from bpstudio.core.notation import MINUS
from bpstudio.debugger.session import Session
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.style import TABLE_ROW, set_role
from bpstudio.ui.theme import Appearance

Attempt = Callable[[Callable[[], object]], bool]
Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_FIXED = ("Row", "Line", "Used for")


class DataPanel(QWidget):
    """The table in its tab; a double click or Enter shows that row in the network."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session = session
        self.model = RowsModel(session, appearance)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setShowGrid(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setToolTip("Double-click a row, or press Enter, to show it in the network")
        self.view.setAccessibleName("Rows of the data file")
        self.view.setFont(ui_font(Size.TABLE))
        vertical = self.view.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(TABLE_ROW)
        self.view.horizontalHeader().setHighlightSections(False)
        self.view.setWordWrap(False)
        self.view.activated.connect(
            lambda index: attempt(lambda: session.choose_row(self.model.row_of(index.row())))
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def refresh(self, changes: frozenset[str]) -> None:
        """Show other data, or mark another row."""
        if "data" in changes:
            self.model.reload()
            self.view.resizeColumnsToContents()
        if changes & {"data", "trace"}:
            position = self._session.data.position(self._session.row)
            self.model.mark(position)
            self.view.scrollTo(self.model.index(position, 0))


class RowsModel(QAbstractTableModel):
    """Row, line, training or validation, the raw features and the target."""

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session = session
        self._appearance = appearance
        self._marked = -1
        self.reload()

    def reload(self) -> None:
        """Take over the session's data."""
        self.beginResetModel()
        self._data = self._session.data
        self._validation = set(self._data.validation.tolist())
        names = self._data.target_column_names or ("target",)
        self._titles = (*_FIXED, *self._data.feature_names, *names)
        self.endResetModel()

    def mark(self, position: int) -> None:
        """Mark the row that the network shows."""
        before, self._marked = self._marked, position
        for row in (before, position):
            if 0 <= row < len(self._data):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._titles) - 1))

    def row_of(self, position: int) -> int:
        """Row of the file, counted from 0."""
        return int(self._data.rows[position])

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Kept rows."""
        return 0 if parent.isValid() else len(self._data)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Fixed columns, features, target."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Titles."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        """Text, alignment, the mark of the current row."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role == Qt.ItemDataRole.BackgroundRole and index.row() == self._marked:
            return QColor(self._appearance.theme.accent_soft)
        return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        text = column == 2 or (
            column >= 3 + self._data.n_features and self._data.labels is not None
        )
        side = Qt.AlignmentFlag.AlignLeft if text else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter

    def _text(self, position: int, column: int) -> str:
        data = self._data
        if column == 0:
            return str(data.rows[position])
        if column == 1:
            return str(data.lines[position])
        if column == 2:
            return "validation" if position in self._validation else "training"
        if column < 3 + data.n_features:
            return f"{data.features[position, column - 3]:g}".replace("-", MINUS)
        if data.labels is not None:
            return data.target_names[int(data.labels[position])]
        return f"{data.target[position, column - 3 - data.n_features]:g}"
