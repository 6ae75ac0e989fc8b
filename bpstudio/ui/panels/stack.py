"""The call stack: the levels around the current step, each a place to go to."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
)
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QListView, QMenu, QVBoxLayout, QWidget

from bpstudio.core.frames import Frame, frames
from bpstudio.core.notation import plain
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.painted_rows import ROW, PaintedRows
from bpstudio.ui.stack_rows import paint_frame, result_of, span_of
from bpstudio.ui.style import TABLE_ROW, set_role
from bpstudio.ui.theme import Appearance
from bpstudio.ui.visiting import frames_in_run

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class StackPanel(QWidget):
    """One row a level, from the batch inwards; the last row is the step itself."""

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
        self._attempt = attempt
        self.model = FrameModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaintedRows(paint_frame, TABLE_ROW, self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("Call stack: the levels around the current step")
        self.list.setToolTip("Click a level to go to its first step (Enter)")
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.clicked.connect(lambda index: self.goto_start(index.row()))
        self.list.activated.connect(lambda index: self.goto_start(index.row()))
        self.list.customContextMenuRequested.connect(self._open_menu)
        appearance.changed.connect(lambda _theme: self.list.viewport().update())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)

    def refresh(self, changes: Changes) -> None:
        """The levels around the step as it is now; the last one is chosen."""
        if changes & {"cursor", "trace", "network", "data", "experiment", "run"}:
            debugger = self._session.debugger
            self.list.setEnabled(not self._session.is_training)
            around = frames(debugger.trace, debugger.cursor)
            self.model.show_frames(frames_in_run(around, debugger.visited))
            self.list.setCurrentIndex(self.model.index(len(self.model.frames) - 1))

    def goto_start(self, row: int) -> None:
        """Go to the first step of a level; that level stays chosen."""
        frame = self.model.frames[row]
        in_run = frame.address.startswith("e")
        place = frame.address if in_run else frame.steps.start
        if self._attempt(lambda: self._session.goto(place)):
            self.list.setCurrentIndex(self.model.index(row))

    def goto_end(self, row: int) -> None:
        """Run to the last step of a level, unless a breakpoint comes first."""
        frame = self.model.frames[row]
        if self._attempt(lambda: self._session.debugger.run_to(frame.steps[-1])):
            self.list.setCurrentIndex(self.model.index(row))

    def menu_of(self, row: int) -> QMenu:
        """What can be done with a level."""
        menu = QMenu(self)
        for text, call in (
            ("Go to its first step", self.goto_start),
            ("Run to its end", self.goto_end),
        ):
            action = QAction(text, menu)
            action.triggered.connect(lambda _checked=False, call=call: call(row))
            menu.addAction(action)
        return menu

    def _open_menu(self, at: QPoint) -> None:
        index = self.list.indexAt(at)
        if index.isValid():
            menu = self.menu_of(index.row())
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.list.viewport().mapToGlobal(at))


class FrameModel(QAbstractListModel):
    """The frames on show."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frames: tuple[Frame, ...] = ()

    def show_frames(self, shown: tuple[Frame, ...]) -> None:
        """Show these; the same ones again leave everything as it is."""
        if shown != self.frames:
            self.beginResetModel()
            self.frames = shown
            self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """How many levels there are around the step, and the step."""
        return 0 if parent.isValid() else len(self.frames)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The frame, and its words for screen readers and tooltip."""
        frame = self.frames[index.row()]
        if role == ROW:
            return frame, index.row() == len(self.frames) - 1
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(frame)
        return tip(frame) if role == Qt.ItemDataRole.ToolTipRole else None


def spoken(frame: Frame) -> str:
    """A frame in one line."""
    words = (plain(frame.label), plain(frame.position), result_of(frame))
    return ", ".join(filter(None, words))


def tip(frame: Frame) -> str:
    """Address, and which steps the level takes."""
    return f"{frame.address or 'The whole pass'}: {span_of(frame)}"
