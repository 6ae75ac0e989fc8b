"""Tables of a few rows: how they look, and the model that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from bpstudio.ui.style import LIST_ROW

Index = QModelIndex | QPersistentModelIndex
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_BEGUN = "begun"


def table_view(
    model: QAbstractItemModel, name: str, tip: str, stretch: int, widths: Mapping[int, int]
) -> QTableView:
    """A table without a grid, one row chosen at a time; column ``stretch`` takes what is left."""
    view = QTableView()
    view.setModel(model)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setTabKeyNavigation(False)
    view.setToolTip(tip)
    view.setAccessibleName(name)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(LIST_ROW)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setMinimumSectionSize(20)
    for column, width in widths.items():
        view.setColumnWidth(column, width)
    header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    return view


def choose_row(view: QTableView, row: int) -> None:
    """Make a row the chosen one, or the last where there is none such."""
    count = view.model().rowCount()
    if count:
        column = max(view.currentIndex().column(), 0)
        view.setCurrentIndex(view.model().index(min(row, count - 1), column))


def begin_with(field: QLineEdit, text: str) -> None:
    """Fill a field that opens in a row; what is typed there stays while the table changes.

    A view fills its open field anew whenever the model says that a cell is another one.
    """
    if field.property(_BEGUN) is None:
        field.setProperty(_BEGUN, True)
        field.setText(text)
        field.selectAll()


class TypedName(QStyledItemDelegate):
    """A text that is typed anew in its row."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The usual field, named as its column."""
        field = super().createEditor(parent, option, index)
        title = index.model().headerData(index.column(), Qt.Orientation.Horizontal)
        field.setAccessibleName(str(title))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """It begins with the text."""
        assert isinstance(editor, QLineEdit)
        begin_with(editor, str(index.data(Qt.ItemDataRole.EditRole)))


def header_data(
    titles: Sequence[str],
    right: Sequence[int],
    section: int,
    orientation: Qt.Orientation,
    role: int,
) -> str | Qt.AlignmentFlag | None:
    """What a model says of its columns: titles, which stand as their columns do."""
    if orientation != Qt.Orientation.Horizontal:
        return None
    if role == Qt.ItemDataRole.DisplayRole:
        return titles[section]
    return alignment(section, right) if role == Qt.ItemDataRole.TextAlignmentRole else None


def alignment(column: int, right: Sequence[int]) -> Qt.AlignmentFlag:
    """Numbers stand at the right."""
    return RIGHT if column in right else LEFT
