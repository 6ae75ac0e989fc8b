"""Going to an update of the recorded run by its number: a slider over the whole run."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.notation import format_count
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.fields import WholeField
from bpstudio.ui.latest import Latest
from bpstudio.ui.style import GAP, PADDING, set_role

_HINT = "Update of the run, counted from 0"


class UpdateDialog(QDialog):
    """Slider and number show each update as they move; what is chosen is visited at once."""

    def __init__(self, session: Session, attempt: Attempt, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._attempt = session, attempt
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Go to update")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.number = WholeField(0, 0, 0)
        self.place = QLabel()
        self.close_button = QPushButton("Close")
        self._visits = Latest(self._visit, self)
        self._build()
        self._show_run()
        for control in (self.slider, self.number):
            control.valueChanged.connect(self._choose)
        unsubscribe = session.subscribe(self._follow)
        self.destroyed.connect(lambda _self: unsubscribe())
        self.slider.setFocus()

    def _build(self) -> None:
        for control in (self.slider, self.number):
            control.setAccessibleName(_HINT)
            control.setToolTip(f"{_HINT} (arrow keys by one)")
        self.place.setMinimumWidth(90)
        set_role(self.place, "label")
        self.close_button.setToolTip("Close and stay at this update (Esc)")
        self.close_button.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for widget in (self.number, self.place):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        layout.setSpacing(GAP)
        layout.addWidget(self.slider)
        layout.addLayout(row)
        self.resize(520, self.sizeHint().height())

    def _show_run(self) -> None:
        """How long the run is, and where one is in it."""
        recording, visited = self._session.recording, self._session.debugger.visited
        if recording is None:
            self.close()
            return
        T = recording.length if visited is None else visited.T
        for control in (self.slider, self.number):
            control.blockSignals(True)
            control.setRange(0, recording.length)
            control.setValue(T)
            control.blockSignals(False)
        self.slider.setPageStep(max(1, recording.length // 20))
        epoch, batch = recording.place(T)
        self.place.setText(f"of {format_count(recording.length)}, e{epoch}/b{batch}")

    def _choose(self, T: int) -> None:
        self._visits.ask(T)

    def _visit(self, T: int) -> None:
        self._attempt(lambda: self._session.visit(T))

    def _follow(self, changes: frozenset[str]) -> None:
        if changes & {"run", "trace"}:
            self._show_run()
