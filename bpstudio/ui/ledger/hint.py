"""What stands in the place of a list that is not there: a sentence, a button, how far it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from bpstudio.ui.style import PADDING, set_role


class Hint(QWidget):
    """Centred in its place."""

    def __init__(self, button: str, tip: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self.text, "label")
        self.button = QPushButton(button)
        self.button.setToolTip(tip)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, 0, PADDING, 0)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self.text)
        column.addLayout(row)
        column.addStretch(1)

    def say(self, text: str, offer: bool = False) -> None:
        """The sentence, with or without the button."""
        self.text.setText(text)
        self.setAccessibleName(text)
        self.button.setVisible(offer)


def progress_line() -> QProgressBar:
    """How much of the work is done; out of sight while there is none."""
    made = QProgressBar()
    made.setRange(0, 1000)
    made.setTextVisible(False)
    made.setFixedHeight(4)
    made.setAccessibleName("How much is worked out")
    made.setToolTip("Esc gives up")
    made.hide()
    return made
