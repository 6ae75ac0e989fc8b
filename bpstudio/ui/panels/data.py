"""The rows of the data file as the program understood them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.notation import MINUS
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.message_bar import as_sentence
from bpstudio.ui.scaling_words import scaling_text
from bpstudio.ui.style import PADDING, TABLE_ROW, set_role
from bpstudio.ui.theme import Appearance

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_FIXED = ("Row", "Line", "Used for")
_HINTS = {0: "Row of the data, counted from 0", 1: "Line of the file, counted from 1"}
_MOST_WIDTH = 200
_CELL_PADDING = 34
_SAMPLES = 12  # cells that decide on the width of a column


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
        self._fitted: tuple[str, ...] = ()
        self.model = RowsModel(session, appearance)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(MarkedRow(self.view))
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
        self.view.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view.setWordWrap(False)
        self.view.activated.connect(
            lambda index: attempt(lambda: session.choose_row(self.model.row_of(index.row())))
        )
        self.part = QLabel()
        self.part.setContentsMargins(PADDING, 4, PADDING, 4)
        set_role(self.part, "hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.part)
        layout.addWidget(self.view)

    def refresh(self, changes: frozenset[str]) -> None:
        """Show other data, or mark another row."""
        if "data" in changes:
            self.model.reload()
            self._fit_columns()
            self._say_part()
        if changes & {"data", "trace"}:
            position = self._session.data.position(self._session.row)
            self.model.mark(position)
            self._follow()

    def _say_part(self) -> None:
        """What part of the file these rows are, where they are not all."""
        drawn = self._session.data.drawn
        self.part.setText("" if drawn is None else as_sentence(str(drawn)))
        self.part.setVisible(drawn is not None)

    def _fit_columns(self) -> None:
        """As wide as the title and some cells need; Qt's own way asks for every cell."""
        if self.model.titles == self._fitted:
            return
        self._fitted = self.model.titles
        metrics = self.view.fontMetrics()
        for column in range(self.model.columnCount()):
            texts = self.model.samples(column)
            needed = max(metrics.horizontalAdvance(text) for text in texts) + _CELL_PADDING
            self.view.setColumnWidth(column, min(needed, _MOST_WIDTH))

    def _follow(self) -> None:
        """Scroll so that the shown row is in sight."""
        position = self._session.data.position(self._session.row)
        self.view.scrollTo(self.model.index(position, self._column()))

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while the table was hidden."""
        super().showEvent(event)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The shown row stays in sight."""
        super().resizeEvent(event)
        self._follow()

    def _column(self) -> int:
        """A column in sight: following the row must not scroll sideways."""
        return max(self.view.columnAt(0), 0)


class MarkedRow(QStyledItemDelegate):
    """Paints the shown row's background: a style sheet leaves no room for the model's."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The mark below, the cell over it."""
        mark = index.data(Qt.ItemDataRole.BackgroundRole)
        if mark is not None:
            painter.fillRect(option.rect, mark)
        super().paint(painter, option, index)


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

    @property
    def titles(self) -> tuple[str, ...]:
        """What stands over the columns."""
        return self._titles

    def samples(self, column: int) -> tuple[str, ...]:
        """A column's title and some of its cells, spread over the rows."""
        rows = range(0, len(self._data), max(1, len(self._data) // _SAMPLES))
        return (self._titles[column], *(self._text(row, column) for row in rows))

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
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._hint(section)
        return None

    def _hint(self, section: int) -> str:
        """What a column is; of a feature how it is scaled."""
        k = section - len(_FIXED)
        if 0 <= k < self._data.n_features:
            return scaling_text(self._data, k)
        return _HINTS.get(section, self._titles[section])

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
        value = data.target[position, column - 3 - data.n_features]
        return f"{value:g}".replace("-", MINUS)
