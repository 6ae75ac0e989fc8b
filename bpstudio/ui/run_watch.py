"""Looking at a training run at frame rate, and saying why it ended."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from bpstudio.debugger.run import RunSnapshot

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

POLL_MS = 33  # how often a run is looked at


class RunWatch:
    """Polls the session while it trains."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._session = window.session
        self._told: RunSnapshot | None = None  # the end of a run that was said
        self._timer = QTimer(window)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def is_on(self) -> bool:
        """Whether the run is being looked at."""
        return self._timer.isActive()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def train_or_pause(self) -> None:
        """Start or go on; or pause, where it runs."""
        session = self._session
        self._window.attempt(session.pause if session.is_training else session.train)

    def refresh(self) -> None:
        """A run may have begun, been replaced or ended."""
        training = self._session.is_training
        if training or self._session.snapshot is None:
            self._window.message_bar.settle(lasting=True)
        if training != self.is_on:
            (self._timer.start if training else self._timer.stop)()
            self._window.toolbar.show_enabled()
        if not training:
            self._say_why_it_ended()

    def _poll(self) -> None:
        """Look at the run at frame rate; frames are dropped, never queued."""
        if self._window.showing.is_busy:
            return
        started = perf_counter()
        if self._session.poll():
            self._window.showing.rest_after(perf_counter() - started)

    def _say_why_it_ended(self) -> None:
        """Once a run, which may have ended before it was first looked at."""
        snapshot = self._session.snapshot
        if snapshot is None or snapshot is self._told:
            return
        self._told = snapshot
        bar = self._window.message_bar
        if snapshot.error is not None:
            bar.show_error(f"Training failed: {snapshot.error}", lasting=True)
        elif snapshot.halt is not None and snapshot.halt.kind != "interrupted":
            bar.show_error(f"Training stopped: {snapshot.halt}", lasting=True)
