"""The header of the Origin panel: back and forward, which way round, largest first, pin."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from bpstudio.ui.buttons import icon_button
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.style import HEADER_HEIGHT, PADDING, set_role
from bpstudio.ui.theme import Appearance

COMES_FROM, USED_BY = "from", "by"


class OriginHeader(QWidget):
    """The controls; what they do is the panel's."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        set_role(self, "header")
        self.setFixedHeight(HEADER_HEIGHT)
        title = QLabel("Origin")
        set_role(title, "title")
        self.back = icon_button("arrow-left", "Back to the number before", appearance, "Alt+Left")
        self.forward = icon_button("arrow-right", "Forward again", appearance, "Alt+Right")
        self.way = SegmentedControl(
            (
                Segment(COMES_FROM, "Comes from", "What the number was made of"),
                Segment(USED_BY, "Used by", "What was made of the number"),
            ),
            "Which way round",
        )
        self.sort = _toggle("sort", "Addends of sums by size, the largest first", appearance)
        self.pin = _toggle("pin", "Stay at this number while stepping", appearance)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 0, PADDING, 0)
        row.setSpacing(4)
        left: tuple[QWidget, ...] = (title, self.back, self.forward)
        right: tuple[QWidget, ...] = (self.way, self.sort, self.pin)
        for widget in left:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in right:
            row.addWidget(widget)


def _toggle(icon: str, title: str, appearance: Appearance) -> QToolButton:
    button = icon_button(icon, title, appearance)
    button.setCheckable(True)
    return button
