"""The sign that a past update is looked at, with the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from bpstudio.ui.style import does, set_role, set_style_property


class PastSign(QWidget):
    """A filled chip "Update 128 of 6 000" and a link back to now; hidden in the present."""

    def __init__(self, present: QAction) -> None:
        super().__init__()
        self.chip = QLabel()
        set_role(self.chip, "current")
        self.chip.setToolTip("What is shown is in the past of the recorded run")
        self.back = QToolButton()
        self.back.setText(present.text())
        self.back.setAccessibleName(present.text())
        self.back.setCursor(Qt.CursorShape.PointingHandCursor)
        self.back.clicked.connect(present.trigger)
        set_style_property(self.back, "flat_link", True)
        self.back.setStyleSheet("QToolButton { min-height: 0; padding: 0; border: none; }")
        does(self.back, "present")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.chip)
        row.addWidget(self.back)
        self.hide()

    def show_place(self, words: str) -> None:
        """Which update is visited; "" for none."""
        self.chip.setText(words)
        self.setVisible(bool(words))
