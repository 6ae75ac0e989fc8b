"""The docks around the network, and their sizes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from bpstudio.ui.bottom import BottomPanel
from bpstudio.ui.side import OPEN, STRIP, Side

NARROW = 1280  # below it the left side collapses to a strip
_AREA = Qt.DockWidgetArea


class Docks:
    """Left, right and bottom dock of a window."""

    def __init__(
        self, window: QMainWindow, left: Side, right: QWidget, bottom: BottomPanel
    ) -> None:
        self._window = window
        self._side, self._bottom = left, bottom
        window.setDockNestingEnabled(False)
        window.setCorner(Qt.Corner.BottomRightCorner, _AREA.RightDockWidgetArea)
        window.setCorner(Qt.Corner.BottomLeftCorner, _AREA.BottomDockWidgetArea)
        self._left_dock = _dock(window, "Experiment", left, _AREA.LeftDockWidgetArea)
        self._right_dock = _dock(window, "Derivation", right, _AREA.RightDockWidgetArea)
        self._bottom_dock = _dock(window, "Timeline", bottom, _AREA.BottomDockWidgetArea)
        left.toggled.connect(self._show_side)
        self.reset()

    def reset(self) -> None:
        """The sizes of the design."""
        narrow = is_narrow(self._window)
        self._side.show_panel(not narrow)
        self._set_widths(STRIP if narrow else OPEN, 420 if narrow else 468)
        height = 202 if narrow else 308
        self._window.resizeDocks([self._bottom_dock], [height], Qt.Orientation.Vertical)

    def _set_widths(self, left: int, right: int) -> None:
        docks = [self._left_dock, self._right_dock]
        self._window.resizeDocks(docks, [left, right], Qt.Orientation.Horizontal)

    def _show_side(self, on: bool) -> None:
        width = OPEN if on else STRIP
        self._window.resizeDocks([self._left_dock], [width], Qt.Orientation.Horizontal)


def is_narrow(window: QWidget) -> bool:
    """Whether a window has too little room for everything side by side."""
    return window.width() < NARROW


def _dock(window: QMainWindow, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
    dock = QDockWidget(title, window)
    dock.setObjectName(title)
    dock.setWidget(widget)
    dock.setTitleBarWidget(QWidget(dock))  # every panel has a header of its own
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    window.addDockWidget(area, dock)
    return dock
