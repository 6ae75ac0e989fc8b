"""The menu of the sessions that are kept besides the one on screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QMenu

from bpstudio.core.limits import size_text
from bpstudio.ui.sessions import words
from bpstudio.ui.sessions.label import read_label
from bpstudio.ui.sessions.shelf import LABEL, Kept

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

NONE = "No other session is kept"


class RecentSessions(QMenu):
    """The last one first. It is filled when it is opened."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("Recent sessions", window)
        self._window = window
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)
        window.commands["recent_sessions"].setMenu(self)

    def open_in_middle(self) -> None:
        """Over the middle of the window: not everybody comes by way of the menus."""
        middle = self._window.mapToGlobal(self._window.rect().center())
        self._fill()
        self.popup(middle - QRect(QPoint(), self.sizeHint()).center())

    def _fill(self) -> None:
        self.clear()
        kept = self._window.sessions.recent()
        for each in kept:
            self._add(each)
        if not kept:
            self.addAction(NONE).setEnabled(False)

    def _add(self, kept: Kept) -> None:
        label = read_label(kept.path.with_suffix(LABEL))
        action = self.addAction(words.entry(label, kept.seconds).replace("&", "&&"))
        action.setToolTip(f"{label.file or kept.path}, {size_text(kept.n_bytes)}")
        action.triggered.connect(partial(self._window.sessions.open_kept, kept.path))
