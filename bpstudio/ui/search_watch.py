"""Driving a search through the pass in slices, so that the window goes on."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from bpstudio.debugger.searching import Search
from bpstudio.debugger.stops import Stop

SLICE = 0.01  # seconds of searching in a turn of the event loop


class SearchWatch(QObject):
    """At most one search at a time. A verb that comes in between ends it."""

    changed = Signal()
    """A long search began, got on, or ended."""
    ended = Signal(object, float)
    """Why it stopped, a `Stop`, and the seconds of searching."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._search: Search | None = None
        self._spent = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_on(self) -> bool:
        """Whether a search is on its way."""
        return self._timer.isActive()

    @property
    def progress(self) -> float:
        """The part of the way that is looked at, 0 … 1."""
        return self._search.progress if self._search is not None else 0.0

    def start(self, make: Callable[[], Search]) -> None:
        """Search; what takes no longer than a slice is done at once."""
        self._search, self._spent = make(), 0.0
        self._timer.start()
        self._go_on()

    def stop(self) -> None:
        """End the search; the cursor stays where it is."""
        if self._search is not None and self.is_on:
            self._end(self._search.cancel())

    def close(self) -> None:
        """End without a word."""
        self._timer.stop()
        self._search = None

    def _go_on(self) -> None:
        search = self._search
        if search is None:
            return
        started = perf_counter()
        stop = search.advance(SLICE)
        self._spent += perf_counter() - started
        if search is not self._search:
            return
        if stop is not None:
            self._end(stop)
        else:
            self.changed.emit()

    def _end(self, stop: Stop) -> None:
        self._timer.stop()
        self._search = None
        self.changed.emit()
        self.ended.emit(stop, self._spent)
