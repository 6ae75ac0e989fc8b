"""One long call beside the window: a thread that calls nobody, looked at until it has ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer

from bpstudio.core.background import background_thread
from bpstudio.core.errors import InputError

LOOK_MS = 30

Ended = Callable[[Any, Exception | None], object]
"""Takes what the call gave, and what was wrong; None for nothing."""


class Background(QObject):
    """Makes calls; only what the last one gives counts."""

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._name = name
        self._threads: list[threading.Thread] = []
        self._outcome: list[tuple[Any, Exception | None]] = []
        self._ended: Ended | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self, call: Callable[[], Any], ended: Ended) -> None:
        """Make a call; ``ended`` is called with its outcome, in the window's thread."""
        outcome: list[tuple[Any, Exception | None]] = []
        self._outcome, self._ended = outcome, ended
        thread = background_thread(lambda: outcome.append(_attempted(call)), self._name)
        self._threads = [*filter(threading.Thread.is_alive, self._threads), thread]
        thread.start()
        self._timer.start()

    def forget(self) -> None:
        """Whatever is on its way does not count any more."""
        self._ended = None
        self._timer.stop()

    def finish(self, seconds: float = 10.0) -> Exception | None:
        """Wait for the call on its way and have its outcome taken; → what was wrong with it."""
        for thread in self._threads:
            thread.join(seconds)
        outcome = self._outcome if self._ended is not None else []
        self._look()
        return outcome[0][1] if outcome else None

    def stop(self, seconds: float = 10.0) -> None:
        """Forget what is on its way, and wait until it has ended."""
        self.forget()
        for thread in self._threads:
            thread.join(seconds)

    def _look(self) -> None:
        if not self._outcome:
            return
        (found, error), ended = self._outcome[0], self._ended
        self.forget()
        if ended is not None:
            ended(found, error)


def _attempted(call: Callable[[], Any]) -> tuple[Any, Exception | None]:
    try:
        return call(), None
    except Exception as error:  # noqa: BLE001 - whatever it is, the window must hear of it
        return None, error


def words_of(error: Exception) -> str:
    """What was wrong, for the user."""
    if isinstance(error, MemoryError):
        return "there is not enough memory for it"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, InputError):
        return str(error)
    return f"a mistake in bpstudio itself ({error!r})"
