"""The loss while training. Its plot is made when there is something to draw."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from bpstudio.debugger.recording import Recording
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

if TYPE_CHECKING:
    from bpstudio.ui.loss_plot import LossPlot
    from bpstudio.ui.plot_actions import PlotActions

_EMPTY = "Train to see the loss fall (Space)."


class LossPanel(QWidget):
    """A sentence before the first training, then the curves."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session, self._appearance, self._attempt = session, appearance, attempt
        self._shown: tuple[object, ...] = ()
        self._curves: LossPlot | None = None
        self._painted = False
        self._when_painted = QTimer(self, singleShot=True, interval=0)
        self._when_painted.timeout.connect(self._draw_late)
        self._empty = QLabel(_EMPTY)
        set_role(self._empty, "label")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    @property
    def curves(self) -> LossPlot:
        """The plot. Made when first asked for: pyqtgraph takes a fifth of the start to load."""
        if self._curves is None:
            module = import_module("bpstudio.ui.loss_plot")
            self._curves = module.LossPlot(self._session, self._appearance, self._attempt)
            self.stack.addWidget(self._curves)
        return self._curves

    @property
    def plot_actions(self) -> PlotActions | None:
        """What can be done with the plot; None while there is nothing to draw."""
        is_shown = self._curves is not None and self.stack.currentWidget() is self._curves
        return self.curves.plot_actions if is_shown else None

    def make_curves(self) -> None:
        """Make the plot before it is needed, so that the first training does not wait for it."""
        self.curves.ensurePolished()

    def refresh(self, changes: frozenset[str]) -> None:
        """Draw the runs as they were last looked at, and where one is in them."""
        session = self._session
        names = tuple(run.name for run in session.recordings)
        place = (session.recording, session.debugger.visited)
        shown = (session.snapshot, session.recordings, names, *place)
        if not changes & {"run", "trace"} or shown == self._shown:
            return
        snapshot, recording = session.snapshot, session.recording
        is_empty = snapshot is None or snapshot.batch_losses.count == 0 or not recording
        self._empty.setText(_EMPTY if is_empty else "")
        if not is_empty and self._curves is None and self.isVisible() and not self._painted:
            return  # a run is there at the start: the window is painted first
        self._shown = shown
        if snapshot is None or recording is None or is_empty:
            self.stack.setCurrentIndex(0)
            return
        if recording.segments:
            self.curves.show_runs()
            self.stack.setCurrentWidget(self.curves)

    def paintEvent(self, event: QPaintEvent) -> None:
        """What waited for the first painting is drawn after it."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self._when_painted.start()

    def _draw_late(self) -> None:
        self.refresh(frozenset({"run"}))

    def hide_runs(self, hidden: frozenset[Recording]) -> None:
        """The curves of these runs are not shown."""
        if self._curves is not None or hidden:
            self.curves.hide_runs(hidden)
