"""The tree of an origin for Qt: rows are made when they are unfolded, a portion at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bpstudio.core.notation import MINUS, format_count, format_number, format_signed, plain
from bpstudio.core.origin_values import Items, OriginItem
from bpstudio.ui.painted_rows import ROW

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
PORTION = 24  # rows made at a time: about as many as are visible


class Row:
    """One row: an item, or (without one) the line that unfolds what is left of a long sum."""

    __slots__ = ("children", "item", "number", "parent", "place", "source")

    def __init__(
        self, item: OriginItem | None, parent: Row | None, place: int, number: int
    ) -> None:
        self.item = item
        self.parent = parent
        self.place = place
        self.number = number
        self.children: list[Row] | None = None
        self.source: Items | None = None

    @property
    def left(self) -> int:
        """How many of its siblings the line of a long sum stands for."""
        source = self.parent.source if self.parent is not None else None
        return 0 if self.item is not None or source is None else len(source) - self.place

    @property
    def path(self) -> tuple[int, ...]:
        """Its places from the root."""
        return () if self.parent is None else (*self.parent.path, self.place)


class OriginModel(QAbstractItemModel):
    """A root row, and below it what `expand` gives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._expand: Callable[[str], Items] = lambda address: Items(0, _nothing)
        self._opens: Callable[[OriginItem], bool] = lambda item: False

    def show_root(
        self,
        item: OriginItem | None,
        expand: Callable[[str], Items],
        opens: Callable[[OriginItem], bool],
    ) -> None:
        """Show another number (or none), and how to unfold the rows below it."""
        self.beginResetModel()
        self._rows = []
        self._expand, self._opens = expand, opens
        if item is not None:
            self._made(item, None, 0)
        self.endResetModel()

    @property
    def root(self) -> QModelIndex:
        """The first row."""
        return self.index(0, 0)

    @property
    def made(self) -> int:
        """How many rows there are so far."""
        return len(self._rows)

    def row_at(self, index: Index) -> Row | None:
        """The row of an index."""
        return self._rows[index.internalId()] if index.isValid() else None

    def unfold(self, index: Index) -> QModelIndex:
        """Put the next portion of a long sum in the place of its last line; → the first of it."""
        row = self.row_at(index)
        if row is None or row.parent is None or row.item is not None:
            return QModelIndex()
        parent, first = self.index_of(row.parent), row.place
        siblings = row.parent.children
        assert siblings is not None, "the line has siblings"
        self.beginRemoveRows(parent, first, first)
        siblings.pop()
        self.endRemoveRows()
        self._take(row.parent, parent)
        return self.index(first, 0, parent)

    def at_path(self, path: tuple[int, ...]) -> QModelIndex:
        """The row at these places; invalid where it is not made."""
        index = self.root
        for place in path:
            index = self.index(place, 0, index)
        return index

    def index_of(self, row: Row) -> QModelIndex:
        """The index of a row."""
        return self.createIndex(row.place, 0, row.number)

    # ---- what Qt asks ---------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _NO_INDEX) -> QModelIndex:
        """The child at a place."""
        above = self.row_at(parent)
        found = self._rows[:1] if above is None else above.children or []
        return self.index_of(found[row]) if 0 <= row < len(found) and column == 0 else _NO_INDEX

    def parent(self, index: Index = _NO_INDEX) -> Any:
        """The row above."""
        row = self.row_at(index)
        return _NO_INDEX if row is None or row.parent is None else self.index_of(row.parent)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Rows made so far."""
        above = self.row_at(parent)
        return min(len(self._rows), 1) if above is None else len(above.children or ())

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """One, painted as name, value and address."""
        return 1

    def hasChildren(self, parent: Index = _NO_INDEX) -> bool:
        """Whether a row can be unfolded."""
        row = self.row_at(parent)
        if row is None:
            return bool(self._rows)
        return row.item is not None and self._opens(row.item)

    def canFetchMore(self, parent: Index) -> bool:
        """Before a row is unfolded for the first time."""
        row = self.row_at(parent)
        return row is not None and row.children is None and self.hasChildren(parent)

    def fetchMore(self, parent: Index) -> None:
        """Make the first portion."""
        row = self.row_at(parent)
        if row is not None and row.item is not None and row.children is None:
            row.children, row.source = [], self._expand(row.item.address)
            self._take(row, parent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, and its words for screen readers and tooltip."""
        row = self.row_at(index)
        if role == ROW:
            return row
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(row)
        return tip(row) if role == Qt.ItemDataRole.ToolTipRole else None

    # ---- making rows ----------------------------------------------------------------------------

    def _take(self, row: Row, parent: Index) -> None:
        """The next portion of a row's children, and a line for what is left."""
        assert row.children is not None, "a row is unfolded before more is taken"
        assert row.source is not None, "a row is unfolded before more is taken"
        first = len(row.children)
        last = min(first + PORTION, len(row.source))
        rest = last < len(row.source)
        self.beginInsertRows(parent, first, last - 1 + rest)
        row.children += [self._made(row.source[n], row, n) for n in range(first, last)]
        if rest:
            row.children.append(self._made(None, row, last))
        self.endInsertRows()

    def _made(self, item: OriginItem | None, parent: Row | None, place: int) -> Row:
        row = Row(item, parent, place, len(self._rows))
        self._rows.append(row)
        return row


def _nothing(n: int) -> OriginItem:
    raise IndexError(n)


def value_text(item: OriginItem) -> str:
    """What stands in the column of values; addends have their sign, raw numbers all digits."""
    if item.kind == "data":
        return item.text or raw_text(item.value)
    if item.kind in ("addend", "addend_z"):
        return format_signed(item.value)
    return item.text or format_number(item.value)


def raw_text(value: float) -> str:
    """A number as the data file has it."""
    return f"{value:.12g}".replace("-", MINUS)


def spoken(row: Row) -> str:
    """A row in one line."""
    if row.item is None:
        return f"{format_count(row.left)} more"
    item = row.item
    name = plain(f"${item.name}$") if item.name else ""
    return ", ".join(filter(None, (name, item.note, value_text(item), item.place)))


def tip(row: Row) -> str:
    """All digits and the whole address."""
    if row.item is None:
        return "Click, or press Enter, to see more"
    digits = row.item.text or repr(row.item.value)
    return f"{digits}\n{row.item.address}"
