"""The header of the matrices: layer, numbers, keeping, zooming, copying."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from bpstudio.ui.buttons import icon_button
from bpstudio.ui.matrices.caption import Note
from bpstudio.ui.matrices.layer_choice import LayerChoice
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.style import GAP, HEADER_HEIGHT, PADDING, set_role
from bpstudio.ui.theme import Appearance

_LEAST = 300
_ROOM_FOR_HINT = 560
_ROOM_FOR_WORDS = 640
_ROOM_FOR_ZOOM = 500
_ROOM_FOR_NUMBERS = 420


class Header(QWidget):
    """Title and controls; words give way where it is narrow, then what has keys as well."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "header")
        self.setFixedHeight(HEADER_HEIGHT)
        self.title, self.hint = _label("Matrices", "title"), Note()
        self.layer_word, self.layer = _label("Layer", "label"), LayerChoice()
        self.numbers_word = _label("Numbers", "label")
        self.numbers = SegmentedControl(
            (
                Segment("on", "On", "Numbers in the cells where they have room"),
                Segment("off", "Off", "Colours only"),
            ),
            "Numbers in the cells",
        )
        self.pin = icon_button("pin", "Keep this layer while stepping", appearance)
        self.pin.setCheckable(True)
        self.larger = icon_button("zoom-in", "Larger cells", appearance, "Ctrl++")
        self.smaller = icon_button("zoom-out", "Smaller cells", appearance, "Ctrl+−")
        self.copy = icon_button("copy", "Copy the matrix as a table", appearance, "Ctrl+C")
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 0, GAP, 1)
        row.setSpacing(GAP)
        row.addWidget(self.title)
        row.addWidget(self.hint, 1)
        row.addStretch(0)
        for widget in (
            *(self.layer_word, self.layer, self.pin, self.numbers_word, self.numbers),
            *(self.smaller, self.larger, self.copy),
        ):
            row.addWidget(widget)

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for things to give way."""
        return QSize(_LEAST, HEADER_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What has the least to say goes first."""
        width = self.width()
        self.hint.setVisible(width >= _ROOM_FOR_HINT)
        for word in (self.layer_word, self.numbers_word):
            word.setVisible(width >= _ROOM_FOR_WORDS)
        for button in (self.larger, self.smaller):
            button.setVisible(width >= _ROOM_FOR_ZOOM)
        self.numbers.setVisible(width >= _ROOM_FOR_NUMBERS)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    set_role(label, role)
    return label
