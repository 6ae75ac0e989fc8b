"""Doing only the last of many requests that come faster than they can be shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

FRAME_MS = 16


class Latest(QObject):
    """Does the first request at once, and then at most one a frame: the newest one.

    A frame is left to others after each: what was done is shown, however long it took.
    """

    def __init__(self, do: Callable[[int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._do = do
        self._wanted: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._go_on)

    def ask(self, number: int) -> None:
        """Do this one, in place of what still waits."""
        self._wanted = number
        if not self._timer.isActive():
            self._go_on()

    def _go_on(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._do(wanted)
            self._timer.start()
