"""Looking at a training run at frame rate, and saying why it ended."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from bpstudio.debugger.run_values import RunSnapshot
from bpstudio.debugger.training_stops import TrainingHit
from bpstudio.ui.panels.stops import StopsPanel

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

POLL_MS = 33  # how often a run is looked at


class RunWatch:
    """Polls the session while it trains."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._session = window.session
        self._told: RunSnapshot | TrainingHit | None = None  # the last end of a run that was said
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
        told = None if snapshot is None else snapshot.hit or snapshot
        if snapshot is None or told is self._told:
            return
        self._told = told
        bar = self._window.message_bar
        if snapshot.hit is not None:
            self._say_hit(snapshot.hit)
        elif snapshot.error is not None:
            bar.show_error(f"Training failed: {snapshot.error}", lasting=True)
        elif snapshot.halt is not None and snapshot.halt.kind != "interrupted":
            text, link = f"Training stopped: {snapshot.halt}", "Go to first cause"
            bar.show_error(text, link, self._to_cause, lasting=True)

    def _to_cause(self) -> None:
        self._lead(self._session.go_to_cause)

    def _lead(self, verb: Callable[[], object]) -> None:
        """Go to a step, and let it be seen where one is."""
        if self._window.attempt(verb):
            self._window.docks.show_step()

    def _say_hit(self, hit: TrainingHit) -> None:
        """Which condition paused training, where, and the numbers it read."""
        window, session = self._window, self._session
        reason = f"{hit.stop.text}{' with ' if hit.read else ''}{hit.read}, before its update"
        panel = window.panels["stops"]
        assert isinstance(panel, StopsPanel)

        def edit() -> None:
            window.docks.show_panel("stops")
            panel.edit_stop(hit.stop.id)

        links = (
            ("Go there", lambda: self._lead(lambda: session.visit(hit.T))),
            ("Edit condition", edit),
        )
        place = f"e{hit.epoch}/b{hit.batch}"
        window.message_bar.show_stop(place, reason, links, of_run=True)
