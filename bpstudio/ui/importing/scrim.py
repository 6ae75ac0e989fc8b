"""The tone over a window while a dialog is before it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from bpstudio.ui.theme import Appearance

_OPACITY = 0.32


class Scrim(QWidget):
    """Dims the window behind a dialog as long as it is there."""

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__(window)
        self._appearance = appearance
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It covers the window, however large that is."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """One flat tone."""
        del event
        theme = self._appearance.theme
        tone = QColor(theme.window if theme.dark else theme.text1)
        tone.setAlphaF(_OPACITY)
        painter = QPainter(self)
        painter.fillRect(self.rect(), tone)
        painter.end()
