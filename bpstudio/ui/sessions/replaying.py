"""Whether the runs of an opened session come out the same here: replayed beside the window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from bpstudio import sessions
from bpstudio.files.run_replay import Replay
from bpstudio.ui.sessions import words
from bpstudio.ui.sessions.background import Background, words_of

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

# seconds that are replayed: of a file, and of what was kept here
LONGEST, SHORT = 60.0, 2.0
READY_MS = 2000  # until a window that was just started has loaded what it needs


class Replaying:
    """One session at a time; what came of it is said in the message bar."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._checking = Background("bpstudio replay", window)
        self._called_off = threading.Event()
        self._next: Callable[[], None] | None = None
        self._soon = QTimer(window, singleShot=True)
        self._soon.timeout.connect(self._begin)

    def check(self, opened: sessions.OpenedSession, name: str = "") -> None:
        """Replay what was recorded, and compare it to the bit.

        Without a name it is one that was kept here: that has time until the window is ready, and
        only a difference is worth saying.
        """
        if not opened.saved.runs:
            return
        self.call_off()
        called_off = self._called_off = threading.Event()
        check = partial(sessions.check, opened.saved, LONGEST if name else SHORT, called_off.is_set)
        ended = partial(self._say, name, self._window.message_bar.text)
        self._next = partial(self._checking.start, check, ended)
        self._soon.start(0 if name else READY_MS)

    def call_off(self) -> None:
        """Another session is on screen: whatever comes of this one does not matter."""
        self._called_off.set()
        self._soon.stop()
        self._checking.forget()

    def stop(self) -> None:
        """Call it off, and wait until it has ended."""
        self.call_off()
        self._checking.stop()

    def _begin(self) -> None:
        begin, self._next = self._next, None
        if begin is not None:
            begin()

    def _say(self, name: str, said: str, replay: Replay | None, error: Exception | None) -> None:
        bar = self._window.message_bar
        difference = replay.difference if replay is not None else words_of(error or MemoryError())
        if difference:
            bar.show_error(words.differs(name, difference), standing=True)
        elif replay is not None and name and bar.text == said:
            bar.show_note(words.replayed(name, replay.updates, replay.complete))
