"""The lower dock: the timeline over two groups of tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpstudio.ui.areas import Area, stacked
from bpstudio.ui.style import set_role


class BottomPanel(QWidget):
    """Lays out what it is given; knows no panel by its class."""

    def __init__(self, timeline: QWidget, left: Area, right: Area) -> None:
        super().__init__()
        set_role(self, "panel")
        self.timeline = timeline
        self.splitter = stacked((left, right), Qt.Orientation.Horizontal)
        self.splitter.setSizes([500, 500])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.take_timeline()
        layout.addWidget(self.splitter, 1)

    def take_timeline(self) -> None:
        """The timeline is here, over the tabs."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, self.timeline)
        self.timeline.show()
