"""Presentation mode: network and derivation side by side, large enough for a projector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from bpstudio.ui.presentation_page import PresentationPage

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

_DRAWN_FOR = (800, 500)  # pixels of the window at which everything has its ordinary size
_LEAST, _MOST = 1.25, 3.0
_NETWORK = 0.8  # of the enlargement: edges and nodes grow less than text


def scale_for(width: int, height: int) -> float:
    """How much larger everything is in a window of this size: 2 at 1600 × 1000."""
    scale = min(width / _DRAWN_FOR[0], height / _DRAWN_FOR[1])
    return min(max(scale, _LEAST), _MOST)


class Presentation(QObject):
    """Puts the window into presentation mode, and back as it was."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: PresentationPage | None = None
        self._before: Qt.WindowState = window.windowState()
        window.docks.presenting.connect(self._follow)

    @property
    def is_on(self) -> bool:
        """Whether the window presents."""
        return self._page is not None and self._page.isVisibleTo(self._window)

    def toggle(self) -> None:
        """Begin, or leave."""
        if self.is_on:
            self._window.docks.leave()
        else:
            self._begin()

    def _begin(self) -> None:
        window = self._window
        self._before = window.windowState()
        if self._page is None:
            self._page = self._make_page()
        page, docks = self._page, window.docks
        docks.present(page)
        page.fill(window.network, window.derivation, window.timeline)
        window.network.canvas.setFocus()
        window.setWindowState(self._before | Qt.WindowState.WindowFullScreen)
        self.fit()
        self.refresh()

    def _make_page(self) -> PresentationPage:
        window = self._window
        page = PresentationPage(window.commands, window.appearance)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), page)
        leave.activated.connect(window.docks.leave)
        return page

    def _follow(self, on: bool) -> None:
        """The bars go and come with the areas."""
        window = self._window
        for bar in (window.menuBar(), window.statusBar(), window.toolbar):
            bar.setVisible(not on)
        if not on:
            self._enlarge(1.0)
            window.setWindowState(self._before)
        window.show_enabled()

    def fit(self) -> None:
        """The window has another size."""
        if self.is_on:
            self._enlarge(scale_for(self._window.width(), self._window.height()))

    def _enlarge(self, scale: float) -> None:
        window = self._window
        window.network.enlarge(max(scale * _NETWORK, 1.0), presented=scale > 1)
        window.derivation.enlarge(scale, presented=scale > 1)
        window.timeline.enlarge(scale)
        window.message_bar.enlarge(scale)
        if self._page is not None:
            self._page.enlarge(scale)

    def refresh(self) -> None:
        """What is enabled, and by what Into steps."""
        if self._page is not None and self.is_on:
            self._page.refresh()
