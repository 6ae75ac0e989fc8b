"""What is said beside a plot; it scrolls where there is more than fits."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea

from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.style import set_role

_WIDTH, _WIDEST = 172, 260


class ReadOut(QScrollArea):
    """A rich text. Keys reach it only while there is something to scroll.

    It becomes wider where its numbers need it, and stays so: the plot beside it keeps its size.
    """

    def __init__(self) -> None:
        super().__init__()
        self._label = label = QLabel()
        set_role(label, "panel")
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setFont(ui_font(Size.TABLE))
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        label.setWordWrap(True)
        label.setContentsMargins(0, 4, 4, 0)
        self.setWidget(label)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(_WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Numbers of the plot")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._scrolls)

    def text(self) -> str:
        """What is said."""
        return self._label.text()

    def setText(self, text: str) -> None:
        """Say something else, from its beginning."""
        if text != self._label.text():
            self._label.setText(text)
            needed = min(self._label.minimumSizeHint().width(), _WIDEST)
            if needed > self.width():
                self.setFixedWidth(needed)

    def _scrolls(self, _least: int, most: int) -> None:
        policy = Qt.FocusPolicy
        self.setFocusPolicy(policy.StrongFocus if most else policy.NoFocus)
