"""The strip over the panels that says how far a file is read, and lets one call it off."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolBar

from bpstudio.ui.icons import icon
from bpstudio.ui.message_bar import HEIGHT
from bpstudio.ui.style import set_role, set_style_property
from bpstudio.ui.theme import Appearance

_STEPS, _WIDTH = 1000, 220


class ReadingStrip(QToolBar):
    """One line, gone while nothing is read."""

    cancelled = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__("Reading")
        self._appearance = appearance
        self.text, self.bar = QLabel(), QProgressBar()
        self.cancel = QPushButton("Cancel (Esc)")
        self._icon = QLabel()
        self.setObjectName("reading")
        self.setMovable(False)
        set_role(self, "messages")
        self._holder = self.addWidget(self._line())
        self.cancel.clicked.connect(self.cancelled)
        appearance.changed.connect(self._retint)
        self._retint()
        self.show_nothing()

    def _line(self) -> QFrame:
        line = QFrame()
        set_role(line, "message")
        set_style_property(line, "kind", "note")
        line.setFixedHeight(HEIGHT)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(10, 0, 8, 0)
        layout.setSpacing(8)
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_WIDTH)
        self.bar.setToolTip("How much of the file is read")
        self.bar.setAccessibleName("How much of the file is read")
        set_style_property(self.cancel, "flat_link", True)
        self.cancel.setCursor(Qt.CursorShape.PointingHandCursor)
        self.cancel.setToolTip("Keep the data that is open (Esc)")
        for part in (self._icon, self.text, self.bar, self.cancel):
            layout.addWidget(part)
        layout.addStretch(1)
        return line

    def show_progress(self, name: str, fraction: float) -> None:
        """How much of the file of this name is read, 0 … 1."""
        self.text.setText(f"Reading {name} … {round(100 * fraction)}\u2009%")
        self.bar.setValue(round(_STEPS * fraction))
        self._set_shown(True)

    def show_nothing(self) -> None:
        """Nothing is read."""
        self._set_shown(False)

    def _set_shown(self, on: bool) -> None:
        if self._holder.isVisible() != on or self.isHidden() == on:
            self._holder.setVisible(on)
            self.setVisible(on)

    def _retint(self) -> None:
        theme = self._appearance.theme
        self._icon.setPixmap(icon("file", theme, 16, theme.accent).pixmap(16, 16))
