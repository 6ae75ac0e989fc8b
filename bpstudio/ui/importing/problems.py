"""The list of problems: line, column, what is wrong, and what becomes of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from bpstudio.files.import_options import ImportOptions
from bpstudio.files.importing import Problem
from bpstudio.files.other_mark import treatment
from bpstudio.files.preview import Preview, Shown
from bpstudio.ui.form import combo
from bpstudio.ui.icons import icon
from bpstudio.ui.importing.head import CLASS_FILLINGS, FILLINGS
from bpstudio.ui.style import LIST_ROW
from bpstudio.ui.theme import Appearance

MOST = 200  # in the list; of more the first
IN_SIGHT = 12  # rows, at the most
_TITLES = ("", "Line", "Row", "Column", "What", "Treatment")
_WIDTHS = (28, 52, 52, 130, 200, 150)
_OUT, _AS_MISSING = ("Leave row out", "leave out"), ("Treat as missing", "missing")


class ProblemList(QTableWidget):
    """A row a problem; what is chosen in one holds for its whole column."""

    treated = Signal(int, str, object)
    """The number of a column, "missing" or "unreadable", and the treatment."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(0, len(_TITLES), parent)
        self._appearance = appearance
        self.problems: tuple[Problem, ...] = ()
        self._preview: Preview | None = None
        self._said = ImportOptions()
        self.verticalScrollBar().valueChanged.connect(self._offer_in_sight)
        self.setHorizontalHeaderLabels(_TITLES)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(LIST_ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for place, width in enumerate(_WIDTHS):
            self.setColumnWidth(place, width)
        header.setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        self.setShowGrid(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Problems of the file")
        self.setToolTip("Choose one to see its place above")

    def show_preview(self, preview: Preview | None, said: ImportOptions) -> None:
        """Other problems."""
        self._preview, self._said = preview, said
        self.blockSignals(True)
        self.clearSpans()
        self.problems = () if preview is None else preview.problems[:MOST]
        data = None if preview is None else preview.data
        notes = () if data is None else data.notes
        self.setRowCount(len(self.problems) + len(notes))
        for row, problem in enumerate(self.problems):
            assert preview is not None
            self._fill_row(row, problem, preview)
        for row, note in enumerate(notes, start=len(self.problems)):
            self._fill_note(row, note)
        self.blockSignals(False)
        self._offer_in_sight()

    def _fill_note(self, row: int, note: str) -> None:
        """What was done or left out, and is no problem."""
        theme = self._appearance.theme
        self.removeCellWidget(row, 5)
        items = [QTableWidgetItem(text) for text in ("", note, *("",) * (len(_TITLES) - 2))]
        items[0].setIcon(icon("info", theme, 16, theme.text2))
        items[0].setToolTip("For information")
        items[1].setToolTip(note)
        for place, item in enumerate(items):
            self.setItem(row, place, item)
        self.setSpan(row, 1, 1, len(_TITLES) - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are in sight."""
        super().resizeEvent(event)
        self._offer_in_sight()

    def _offer_in_sight(self, *_: object) -> None:
        """The treatments of the rows in sight; 200 of them would hold up every change."""
        preview, first = self._preview, max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        end = min(len(self.problems), (last if last >= 0 else first + IN_SIGHT) + 2)
        for row in range(first, end):
            problem = self.problems[row]
            if preview is None or problem.column is None or self.cellWidget(row, 5) is not None:
                continue
            shown, mark = preview.columns[problem.column], preview.options.decimal or "."
            self.setCellWidget(row, 5, self._treatment(problem, shown, self._said, mark))

    def _fill_row(self, row: int, problem: Problem, preview: Preview) -> None:
        theme = self._appearance.theme
        name, color = ("error", theme.error) if problem.leaves_out else ("warning", theme.warning)
        shown = None if problem.column is None else preview.columns[problem.column]
        column = "the whole line" if shown is None else shown.column.name
        texts = ("", str(problem.line), str(problem.row), column, problem.what, "")
        items = [QTableWidgetItem(text) for text in texts]
        for place, item in enumerate(items):
            item.setToolTip(item.text())
            self.setItem(row, place, item)
        items[0].setIcon(icon(name, theme, 16, color))
        items[0].setToolTip("Left out" if problem.leaves_out else "Made good")
        if shown is None:
            items[-1].setText("Left out")
            items[-1].setForeground(QColor(theme.text3))
        if self.cellWidget(row, 5) is not None:
            self.removeCellWidget(row, 5)

    def _treatment(
        self, problem: Problem, shown: Shown, said: ImportOptions, mark: str
    ) -> QComboBox:
        own = said.column(shown.column.index)
        what = "missing" if problem.missing else "unreadable"
        items = _treatments(problem, shown, mark)
        box = combo(f"What becomes of such cells of {shown.column.name}", items)
        value = own.missing if problem.missing else treatment(shown.column, said)
        box.setCurrentIndex(max(0, box.findData(value)))
        box.setEnabled(len(items) > 1)
        index = shown.column.index
        box.activated.connect(partial(self._send, index, what, items))
        return box

    def _send(self, index: int, what: str, items: tuple[tuple[str, str], ...], n: int) -> None:
        self.treated.emit(index, what, items[n][1])


def _treatments(problem: Problem, shown: Shown, mark: str) -> tuple[tuple[str, str], ...]:
    """What can become of a problem cell: a target is never made up."""
    is_feature = shown.role == "feature"
    if problem.missing:
        fillings = CLASS_FILLINGS if shown.kind == "class" else FILLINGS
        return fillings if is_feature else fillings[:1]
    items = [_OUT, _AS_MISSING] if is_feature else [_OUT]
    if problem.readable:
        items.append((f"Read {'.' if mark == ',' else ','} as {mark}", "read"))
    if problem.grouped is not None:
        text = f"{problem.grouped:.10g}".replace(".", mark)
        items.append((f"Read as {text}", "thousands"))
    return tuple(items)
