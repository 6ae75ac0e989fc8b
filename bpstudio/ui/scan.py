"""Long looks through a pass, done in slices so that the window stays awake."""

from __future__ import annotations

from collections.abc import Callable, Generator
from time import perf_counter
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

_SLICE = 0.012  # seconds at a time
_FIRST = 0.016  # what is done within this is done at once


class Scan(QObject):
    """Runs a generator that yields its progress 0 … 1; the newest one ends the one before.

    It rests while its panel, if it has one, is out of sight.
    """

    progressed = Signal(float)
    """The share that is done, while it takes longer than a moment."""
    ended = Signal()
    """It is done, or was given up."""

    def __init__(self, parent: QObject, panel: QWidget | None = None) -> None:
        super().__init__(parent)
        if panel is not None:
            panel.installEventFilter(self)
        self._steps: Generator[float, None, Any] | None = None
        self._done: Callable[[Any], object] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_running(self) -> bool:
        """Whether something is looked for."""
        return self._steps is not None

    def run(self, steps: Generator[float, None, Any], done: Callable[[Any], object]) -> None:
        """Start it; ``done`` gets what the generator returns. Short ones are done on return."""
        self.cancel()
        self._steps, self._done = steps, done
        self._advance(_FIRST)
        if self._steps is not None:
            self._timer.start()

    def cancel(self) -> None:
        """Give it up; nobody hears of a result."""
        if self._steps is None:
            return
        self._steps.close()
        self._end()

    def eventFilter(self, _panel: QObject, event: QEvent) -> bool:
        """The panel goes out of sight, or comes into it."""
        if event.type() == QEvent.Type.Hide:
            self._timer.stop()
        elif event.type() == QEvent.Type.Show and self.is_running:
            self._timer.start()
        return False

    def _go_on(self) -> None:
        self._advance(_SLICE)

    def _advance(self, seconds: float) -> None:
        end = perf_counter() + seconds
        share = 0.0
        while self._steps is not None and perf_counter() < end:
            try:
                share = next(self._steps)
            except StopIteration as stop:
                done = self._done
                self._end()
                if done is not None:
                    done(stop.value)
                return
        if self._steps is not None:
            self.progressed.emit(share)

    def _end(self) -> None:
        self._steps, self._done = None, None
        self._timer.stop()
        self.ended.emit()
