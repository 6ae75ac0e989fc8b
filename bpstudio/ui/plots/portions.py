"""Long work in portions of a few milliseconds, between which the window stays alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

PORTION = 0.008  # seconds
IDLE_SHARE = 4  # while others have much to do, a portion is followed by that many times its rest

Work = Callable[[], Iterator[None]]
"""Makes the work from what there is when it begins; what it comes to is shown in its last turn."""


class Portions(QObject):
    """The work of one widget, which rests while the widget is out of sight.

    There is one piece of work in hand. Another asked for meanwhile waits for it, so that
    something is shown also where new work comes faster than it is done; of those that wait only
    the last is begun. What was begun before others became busy, or were no more, waits for
    nothing: it is of what was before.
    """

    def __init__(self, owner: QWidget, is_busy: Callable[[], bool]) -> None:
        """``is_busy``: whether there is much to do elsewhere."""
        super().__init__(owner)
        self._is_busy = is_busy
        self._in_hand: Iterator[None] | None = None
        self._was_busy = False  # others, when what is in hand was begun
        self._next: Work | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)
        owner.installEventFilter(self)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left to do."""
        return self._in_hand is None and self._next is None

    def ask(self, work: Work, now: bool = False) -> None:
        """Do this work; ``now``: in the place of what is in hand, which is not wanted any more."""
        self._next = work
        if now or self._was_busy != self._is_busy():
            self._in_hand = None
        if not self._timer.isActive():
            self._timer.start(0)

    def stop(self) -> None:
        """Do nothing more."""
        self._in_hand = self._next = None
        self._timer.stop()

    def _owner(self) -> QWidget:
        owner = self.parent()
        assert isinstance(owner, QWidget)
        return owner

    def _turn(self) -> None:
        if not self._owner().isVisible():
            return  # goes on when it comes into sight
        started = perf_counter()
        self._do_a_little()
        while not self.is_done and perf_counter() - started < PORTION:
            self._do_a_little()
        if not self.is_done:
            spent = perf_counter() - started
            self._timer.start(round(1000 * IDLE_SHARE * spent) if self._is_busy() else 0)

    def _do_a_little(self) -> None:
        if self._in_hand is None and self._next is not None:
            self._in_hand, self._next = self._next(), None
            self._was_busy = self._is_busy()
        if self._in_hand is not None and next(self._in_hand, self) is self:
            self._in_hand = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The widget comes into sight."""
        if event.type() == QEvent.Type.Show and not self.is_done:
            self._timer.start(0)
        return False
