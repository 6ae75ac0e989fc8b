"""Panels are brought up to date while they are in sight, and else when they come into sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from bpstudio.debugger.notices import Changes
from bpstudio.ui.panel_table import Panel


class InSight(QObject):
    """What each panel out of sight has not been told yet."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._panels: list[Panel] = []
        self._untold: dict[Panel, Changes] = {}

    def watch(self, panels: Iterable[QWidget]) -> None:
        """Keep these panels up to date; those that take no notice of changes are left alone."""
        for panel in panels:
            if isinstance(panel, Panel):
                self._panels.append(panel)
                panel.installEventFilter(self)

    def refreshes(self, changes: Changes) -> list[Callable[[], None]]:
        """A call for each panel."""
        return [partial(self._tell, panel, changes) for panel in self._panels]

    def _tell(self, panel: Panel, changes: Changes) -> None:
        changes |= self._untold.pop(panel, frozenset())
        if panel.isVisible():
            panel.refresh(changes)
        else:
            self._untold[panel] = changes

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A panel comes into sight: it is told what it missed before it is painted."""
        if event.type() == QEvent.Type.Show and isinstance(watched, Panel):
            changes = self._untold.pop(watched, frozenset())
            if changes:
                watched.refresh(changes)
        return False
