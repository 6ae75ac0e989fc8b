"""What log points wrote: where, the line, and the value there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
)
from PySide6.QtGui import QColor, QCursor, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.notation import counted, format_count, format_number
from bpstudio.debugger.log import LogLine
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.fonts import Size, mono_font, ui_font
from bpstudio.ui.list_header import ListHeader
from bpstudio.ui.list_or_hint import ListOrHint
from bpstudio.ui.plain_keys import is_enter
from bpstudio.ui.style import TABLE_ROW, set_role
from bpstudio.ui.tables import alignment, header_data
from bpstudio.ui.theme import Appearance

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_TITLES = ("Address", "Line", "Value")
_ADDRESS, _LINE, _VALUE = range(3)
_NUMBERS = (_VALUE,)
_EMPTY = "A breakpoint with a line to write shows it here, instead of stopping."


class LogPanel(QWidget):
    """The lines under a row with their number; the newest is at the end and in sight."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session, self._attempt = session, attempt
        self.header = ListHeader("", appearance)
        self.clear = self.header.button("trash", "Clear the log", self.clear_lines)
        self.model = LogLines(appearance, self)
        self.view = QTableView()
        self._build()
        appearance.changed.connect(self.view.viewport().update)
        self._show()

    def _build(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setToolTip("Click an address, or press Enter, to go to its step")
        view.setAccessibleName("Log lines")
        view.setMouseTracking(True)
        view.entered.connect(self._point)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(TABLE_ROW)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(_LINE, QHeaderView.ResizeMode.Stretch)
        view.setColumnWidth(_ADDRESS, 190)
        view.setColumnWidth(_VALUE, 110)
        view.clicked.connect(self._click)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.installEventFilter(self)
        self._lay_out()

    def _lay_out(self) -> None:
        self.stack = ListOrHint(_EMPTY, self.view)
        self.setFocusProxy(self.stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.stack, 1)

    def refresh(self, changes: frozenset[str]) -> None:
        """Show the lines that there are."""
        if "log" in changes:
            self._show()

    def _show(self) -> None:
        debugger = self._session.debugger
        self.model.show_lines(debugger.log)
        count, left_out = len(debugger.log), debugger.log_left_out
        words = counted(count, "line") if count else ""
        older = f", {format_count(left_out)} older ones let go" if left_out else ""
        self.header.say(words + older)
        self.header.setVisible(count > 0)
        self.stack.show_list(count > 0)
        self.view.scrollToBottom()

    # ---- verbs --------------------------------------------------------------------------------

    def clear_lines(self) -> None:
        """Forget all lines."""
        self._attempt(self._session.debugger.clear_log)

    def go_to(self, row: int) -> None:
        """Go to the step of a line, as far as the pass still has it."""
        line = self.model.line(row)
        if line is not None:
            self._attempt(lambda: self._session.goto(line.address))

    def copy_all(self) -> None:
        """All lines to the clipboard, one under the other."""
        lines = "\n".join(f"{line.address}\t{line.text}" for line in self.model.lines)
        QGuiApplication.clipboard().setText(lines)

    # ---- events -------------------------------------------------------------------------------

    def _click(self, index: QModelIndex) -> None:
        if index.column() == _ADDRESS:
            self.go_to(index.row())

    def _point(self, index: QModelIndex) -> None:
        link = index.column() == _ADDRESS
        shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor
        self.view.viewport().setCursor(QCursor(shape))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Enter goes to the step of the chosen line."""
        if not is_enter(event):
            return False
        self.go_to(self.view.currentIndex().row())
        return True

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = self.view.indexAt(at).row()
        menu.addAction("Go to this step\tEnter", lambda: self.go_to(row)).setEnabled(row >= 0)
        menu.addAction("Copy all lines", self.copy_all)
        menu.addAction("Clear the log", self.clear_lines)
        menu.popup(self.view.viewport().mapToGlobal(at))


class LogLines(QAbstractTableModel):
    """Address, line and value."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.lines: tuple[LogLine, ...] = ()

    def show_lines(self, lines: tuple[LogLine, ...]) -> None:
        """Show these; lines that only go on keep what is chosen."""
        known = len(self.lines)
        if known and lines[:known] == self.lines:
            if len(lines) > known:
                self.beginInsertRows(_NO_INDEX, known, len(lines) - 1)
                self.lines = lines
                self.endInsertRows()
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def line(self, row: int) -> LogLine | None:
        """The line in a row."""
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """One a line."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Address, line, value."""
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Titles."""
        return header_data(_TITLES, _NUMBERS, section, orientation, role)

    def data(self, index: Index, role: int = 0) -> Any:
        """Texts; addresses look like the links they are."""
        line = self.line(index.row())
        if line is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (line.address, line.text, format_number(line.value))[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(index.column(), _NUMBERS)
        if role == Qt.ItemDataRole.FontRole:
            size = Size.TABLE
            return ui_font(size) if index.column() == _VALUE else mono_font(size)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == _ADDRESS:
            return QColor(self._appearance.theme.accent_text)
        return None
