"""Panels are brought up to date while they are in sight, and else when they come into sight."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from bpstudio.debugger.notices import Changes

Refresh = Callable[[Changes], object]


class InSight(QObject):
    """What each panel out of sight has not been told yet."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._refresh: dict[QWidget, Refresh] = {}
        self._untold: dict[QWidget, Changes] = {}

    def watch(self, panel: QWidget, refresh: Refresh) -> None:
        """Keep a panel up to date by calling ``refresh``."""
        self._refresh[panel] = refresh
        panel.installEventFilter(self)

    def refreshes(self, changes: Changes) -> list[Callable[[], None]]:
        """A call for each panel."""
        return [partial(self._tell, panel, changes) for panel in self._refresh]

    def _tell(self, panel: QWidget, changes: Changes) -> None:
        changes |= self._untold.pop(panel, frozenset())
        if panel.isVisible():
            self._refresh[panel](changes)
        else:
            self._untold[panel] = changes

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A panel comes into sight: it is told what it missed before it is painted."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            changes = self._untold.pop(watched, frozenset())
            if changes:
                self._refresh[watched](changes)
        return False
