"""The timeline: the whole pass and the part we are in, as lanes to click and drag on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from bpstudio.core.notation import format_count
from bpstudio.debugger.places import place_of
from bpstudio.debugger.session import Session
from bpstudio.ui import lanes
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.latest import Latest
from bpstudio.ui.recording_lane import RecordingLane
from bpstudio.ui.style import PADDING, set_role
from bpstudio.ui.theme import Appearance
from bpstudio.ui.timeline_lanes import TimelineLanes

HEIGHT = 104
LOW = 56  # with one lane
_HEADER = 30
_AROUND = 8  # pixels above and below the lane where it is alone


class NumberField(QLineEdit):
    """The number of the current step; what is typed is taken on Enter, dropped on Esc."""

    asked = Signal(str)
    left = Signal()
    """The field was left without Enter, or by Esc."""

    def __init__(self) -> None:
        super().__init__()
        self.setToolTip("Number of the current step; type another to go there (Enter)")
        self.setAccessibleName("Number of the current step")
        self.setFixedWidth(110)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.returnPressed.connect(lambda: self.asked.emit(self.text()))
        self.editingFinished.connect(self.left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc shows the number again as it is."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            self.selectAll()
            return
        super().keyPressEvent(event)


class TimelinePanel(QWidget):
    """Header with the step's number, and the lanes."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._attempt = attempt
        set_role(self, "panel")
        self._narrow = False
        self._scale = 1.0
        self.recording = RecordingLane(session, appearance)
        self._visits = Latest(self._visit, self)
        self.recording.update_asked.connect(self._visits.ask)
        self.number = NumberField()
        self.number.asked.connect(self._goto)
        self.number.left.connect(self._show_number)
        self.total = QLabel()
        set_role(self.total, "label")
        self.part = QLabel()
        set_role(self.part, "hint")
        self.lanes = TimelineLanes(session, appearance)
        self.lanes.step_asked.connect(
            lambda n: self._attempt(lambda: self._session.debugger.goto(n))
        )
        self._lay_out()

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(PADDING, 0, PADDING, 0)
        header.setSpacing(8)
        title = QLabel("Timeline")
        set_role(title, "title")
        step = QLabel("Step")
        set_role(step, "label")
        for widget in (title, step, self.number, self.total, self.part):
            header.addWidget(widget)
        header.addStretch(1)
        self._header = bar = QWidget()
        bar.setLayout(header)
        bar.setFixedHeight(_HEADER)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(self.recording)
        whole.addWidget(self.lanes, 1)
        self._fit()

    def arrange(self, narrow: bool) -> None:
        """In a narrow window there is one lane."""
        self._narrow = narrow
        self.lanes.arrange(narrow, self._scale)
        self._fit()

    def enlarge(self, scale: float) -> None:
        """Above 1: one lane of blocks, so many times as large, and nothing else."""
        self._scale = scale
        self._header.setVisible(scale == 1)
        self.lanes.arrange(self._narrow, scale)
        self._fit()

    def _fit(self) -> None:
        """The lane of the recording needs room while there is one."""
        alone = self._scale > 1
        shown = self.recording.has_run and not (self._narrow or alone)
        self.recording.setVisible(shown)
        height = (LOW if self._narrow else HEIGHT) + shown * self.recording.height()
        if alone:
            height = self.lanes.height() + 2 * _AROUND
        if self.height() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)

    def _visit(self, T: int) -> None:
        visited = self._session.debugger.visited
        if visited is None or visited.T != T:
            self._attempt(lambda: self._session.visit(T))

    def _goto(self, text: str) -> None:
        debugger = self._session.debugger
        if text.strip():
            self._attempt(lambda: self._session.goto(place_of(text, debugger)))
        self._show_number()

    def _show_number(self) -> None:
        self.number.setText(format_count(self._session.debugger.cursor))

    def refresh(self, changes: frozenset[str]) -> None:
        """Show the step and the lanes around it."""
        if not changes & {"cursor", "trace", "data", "experiment", "run", "bookmarks"}:
            return
        self._fit()
        self.recording.update()
        debugger = self._session.debugger
        self._show_number()
        self.total.setText(f"of {format_count(len(debugger.trace))}, counted from 0")
        self.part.setText(lanes.detail_title(debugger.sequence, debugger.cursor))
        enabled = not self._session.is_training
        self.number.setEnabled(enabled)
        self.lanes.setEnabled(enabled)
        self.lanes.update()
