"""What is the matter with the network in training, in words, while it goes on."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QVBoxLayout, QWidget

from bpstudio.core.diagnoses import Diagnosis, diagnose
from bpstudio.core.notation import counted
from bpstudio.debugger.session import Session
from bpstudio.debugger.situation import situation_of
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.diagnosis_rows import DiagnosisRow, DiagnosisRows, as_text, is_on_show
from bpstudio.ui.list_header import ListHeader
from bpstudio.ui.list_or_hint import ListOrHint
from bpstudio.ui.plain_keys import is_enter
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

INTERVAL = 500  # ms, at least, from one look to the next while training
_EMPTY = "Train to hear how learning goes (Space)."
_CONCERNED = frozenset({"network", "data", "experiment", "run"})
_OF_A_STEP = re.compile(r"(fwd|loss|back|mean|update)/")
_OF_A_RUN = re.compile(r"e\d+/b\d+")


class DiagnosesPanel(QWidget):
    """Warnings, notes and what is in order, each with a way to see it."""

    address_requested = Signal(str)
    """An address of the pass, or the place of an update, e3/b4."""
    panel_requested = Signal(str)
    """The name of the panel that shows it."""

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
        self._stale = False
        self.header = ListHeader("", appearance)
        self.copy = self.header.button("copy", "Copy all diagnoses", self.copy_all)
        self.view = _List()
        self.rows = DiagnosisRows(self.view)
        self._rest = QTimer(self)  # while it runs, another look is too soon
        self._rest.setSingleShot(True)
        self._rest.setInterval(INTERVAL)
        self._rest.timeout.connect(self._look_again)
        self._build()
        appearance.changed.connect(self.view.viewport().update)

    def _build(self) -> None:
        view = self.view
        view.setModel(self.rows)
        view.setItemDelegate(DiagnosisRow(view))
        view.clicked.connect(self._click)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.installEventFilter(self)
        self.stack = ListOrHint(_EMPTY, view)
        self.setFocusProxy(self.stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.stack, 1)

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: frozenset[str]) -> None:
        """Look at once, in training not too often."""
        if not changes & _CONCERNED:
            return
        if self._session.is_training and self._rest.isActive():
            self._stale = True
        else:
            self._look()

    def _look_again(self) -> None:
        if self._stale and self.isVisible():
            self._look()

    def _look(self) -> None:
        self._stale = False
        self._show(diagnose(situation_of(self._session)))
        if self._session.is_training:
            self._rest.start()

    def _show(self, diagnoses: tuple[Diagnosis, ...]) -> None:
        chosen = self.chosen
        self.rows.show_diagnoses(diagnoses)
        row = None if chosen is None else self.rows.row_like(chosen)
        if row is not None and row != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.rows.index(row, 0))
        self.header.say(self._words(diagnoses))
        self.header.setVisible(bool(diagnoses))
        self.stack.show_list(bool(diagnoses))

    def _words(self, diagnoses: tuple[Diagnosis, ...]) -> str:
        """ "2 warnings, 1 note, 4 in order, at e37/b6"."""
        levels: list[str] = [diagnosis.level for diagnosis in diagnoses]
        warnings, notes, fine = map(levels.count, ("warning", "note", "ok"))
        said = [
            counted(warnings, "warning") if warnings else "",
            counted(notes, "note") if notes else "",
            f"{fine} in order" if warnings or notes else "everything in order",
        ]
        at = self._session.debugger.visited or self._session.snapshot
        place = "" if at is None else f"at e{at.epoch}/b{at.batch}"
        words = ", ".join(word for word in (*said, place) if word)
        return words[:1].upper() + words[1:]

    # ---- verbs --------------------------------------------------------------------------------

    @property
    def chosen(self) -> Diagnosis | None:
        """The diagnosis of the current row."""
        return self.rows.diagnosis(self.view.currentIndex().row())

    def show_place(self, row: int) -> None:
        """Bring what a diagnosis is about into sight."""
        diagnosis = self.rows.diagnosis(row)
        if diagnosis is None:
            return
        if _OF_A_STEP.match(diagnosis.place) or _OF_A_RUN.fullmatch(diagnosis.place):
            self.address_requested.emit(diagnosis.place)
        else:
            self.panel_requested.emit(panel_of(diagnosis.place))

    def copy_all(self) -> None:
        """All of them to the clipboard, one under the other."""
        QGuiApplication.clipboard().setText("\n".join(map(as_text, self.rows.diagnoses)))

    # ---- events -------------------------------------------------------------------------------

    def _click(self, index: QModelIndex) -> None:
        if self.view.is_pointed_at_show(index):
            self.show_place(index.row())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Enter shows what the chosen row is about."""
        if not is_enter(event):
            return False
        self.show_place(self.view.currentIndex().row())
        return True

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = self.view.indexAt(at).row()
        menu.addAction("Show\tEnter", lambda: self.show_place(row)).setEnabled(row >= 0)
        menu.addAction("Copy all diagnoses", self.copy_all)
        menu.popup(self.view.viewport().mapToGlobal(at))


def panel_of(place: str) -> str:
    """The panel that shows the quantity of an expression: loss(validation), x[3], data …"""
    if place.startswith("update_ratio"):
        return "flow"
    return "data" if place.startswith(("x[", "data")) else "loss"


class _List(QListView):
    """Rows of their own heights, laid out anew when the width changes; a hand over "Show"."""

    def __init__(self) -> None:
        super().__init__()
        self._pointer = QPoint(-1, -1)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setAccessibleName("Diagnoses")
        self.setToolTip("Click Show, or press Enter, to see what it is about")

    def is_pointed_at_show(self, index: QModelIndex) -> bool:
        """Whether the pointer is on the "Show" of a row."""
        return index.isValid() and is_on_show(self.visualRect(index), self._pointer)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand where a click shows something."""
        self._point(event)
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Where it was pressed, also without a move before."""
        self._point(event)
        super().mousePressEvent(event)

    def _point(self, event: QMouseEvent) -> None:
        self._pointer = event.position().toPoint()
        link = self.is_pointed_at_show(self.indexAt(self._pointer))
        shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(QCursor(shape))
