"""The rows of the file as the preview has them: problem cells framed, lost rows tinted."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from bpstudio.files.importing import Problem
from bpstudio.files.preview import Preview
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.palette import mix
from bpstudio.ui.style import TABLE_ROW
from bpstudio.ui.theme import Appearance

Index = QModelIndex | QPersistentModelIndex
COLUMN_WIDTH = 142
LEFT = ("Line", "Row")
LEFT_WIDTH = 52
_NO_INDEX = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class LinesModel(QAbstractTableModel):
    """Cells as text; problems by their place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.preview: Preview | None = None
        self._problems: dict[tuple[int, int | None], Problem] = {}
        self._lost: set[int] = set()

    def show_preview(self, preview: Preview | None) -> None:
        """Other rows."""
        self.beginResetModel()
        self.preview = preview
        problems = () if preview is None else preview.problems
        self._problems = {(p.line, p.column): p for p in problems}
        self._lost = {p.line for p in problems if p.leaves_out}
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if self.preview is None or parent.isValid() else len(self.preview.lines)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if self.preview is None or parent.isValid() else len(self.preview.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell; its problem as the tooltip."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            problem = self.problem(index)
            return None if problem is None else f"{self._place(problem)}: {problem.what}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self.is_number(index.column()) else _LEFT
        return None

    def text(self, index: Index) -> str:
        """A cell; "empty" where it has no value, and of a broken line what is wrong with it."""
        assert self.preview is not None
        line = self.preview.lines[index.row()]
        if line.broken:
            problem = self._problems.get((line.line, None))
            return problem.what if problem is not None and index.column() == 0 else ""
        cell = line.cells[index.column()]
        return "empty" if cell is None else cell

    def is_number(self, column: int) -> bool:
        """Whether a column is read as numbers."""
        return self.preview is not None and self.preview.columns[column].low is not None

    def is_used(self, column: int) -> bool:
        """Whether a column is not ignored."""
        return self.preview is not None and self.preview.columns[column].role != "ignore"

    def problem(self, index: Index) -> Problem | None:
        """What is wrong with a cell, or with its whole line."""
        assert self.preview is not None
        line = self.preview.lines[index.row()]
        whole = self._problems.get((line.line, None)) if index.column() == 0 else None
        return self._problems.get((line.line, index.column()), whole)

    def _place(self, problem: Problem) -> str:
        is_text = self.preview is not None and self.preview.options.encoding is not None
        return f"Line {problem.line}" if is_text else f"Row {problem.row}"

    def is_lost(self, row: int) -> bool:
        """Whether a row is left out."""
        assert self.preview is not None
        return self.preview.lines[row].line in self._lost

    def row_of(self, line: int) -> int:
        """The place of a line of the file; −1 where the preview does not reach it."""
        lines = () if self.preview is None else self.preview.lines
        return next((n for n, each in enumerate(lines) if each.line == line), -1)


class LineCells(QStyledItemDelegate):
    """A cell with its frame: red where its row is left out, amber where it is made good."""

    def __init__(self, appearance: Appearance, model: LinesModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance, self._model = appearance, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, text, frame."""
        theme, model, box = self._appearance.theme, self._model, QRect(option.rect)
        problem = model.problem(index)
        ink = theme.text1 if model.is_used(index.column()) else theme.text3
        if model.is_lost(index.row()):
            painter.fillRect(box, QColor(mix(theme.surface, theme.error, 0.07)))
        if problem is not None:
            ink = theme.error if problem.leaves_out else theme.warning
            painter.setPen(QPen(QColor(ink), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        painter.setPen(QColor(theme.divider))
        painter.drawLine(box.topRight(), box.bottomRight())
        painter.setPen(QColor(ink))
        painter.setFont(ui_font(Size.TABLE))
        inner = box.adjusted(8, 0, -9, 0)
        text = painter.fontMetrics().elidedText(
            model.text(index), Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, model.data(index, Qt.ItemDataRole.TextAlignmentRole), text)


class LineNumbers(QHeaderView):
    """Line from 1 and row from 0, beside each row."""

    def __init__(self, appearance: Appearance, model: LinesModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._appearance, self._model = appearance, model
        self.setFixedWidth(LEFT_WIDTH * len(LEFT))
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(TABLE_ROW)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Two numbers, right-aligned."""
        theme, preview = self._appearance.theme, self._model.preview
        if preview is None:
            return
        lost = self._model.is_lost(logicalIndex)
        ground = mix(theme.surface, theme.error, 0.07) if lost else theme.surface
        painter.fillRect(rect, QColor(ground))
        painter.setPen(QColor(theme.text3))
        painter.setFont(ui_font(Size.TABLE))
        line = preview.lines[logicalIndex]
        for place, number in enumerate((line.line, line.row)):
            box = QRect(rect.x() + place * LEFT_WIDTH, rect.y(), LEFT_WIDTH - 10, rect.height())
            painter.drawText(box, _RIGHT, str(number))


def lines_view(appearance: Appearance, parent: QWidget) -> tuple[QTableView, LinesModel]:
    """The table of the rows, read by arrow keys."""
    view, model = QTableView(parent), LinesModel(parent)
    view.setModel(model)
    view.setItemDelegate(LineCells(appearance, model, view))
    view.setVerticalHeader(LineNumbers(appearance, model, view))
    view.horizontalHeader().hide()
    view.horizontalHeader().setDefaultSectionSize(COLUMN_WIDTH)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setShowGrid(False)
    view.setFrameShape(QTableView.Shape.NoFrame)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setTabKeyNavigation(False)
    view.setAccessibleName("Rows of the file")
    view.setToolTip("The rows as they are read; point at a framed cell for what is wrong")
    return view, model
