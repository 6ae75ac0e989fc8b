"""Which panel has the keys, and giving them to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def focus_neighbour(panels: Sequence[QWidget], offset: int) -> None:
    """Give the keys to the panel after (1) or before (−1) the one that has them."""
    now = QApplication.focusWidget()
    at = next((n for n, panel in enumerate(panels) if now and holds(panel, now)), None)
    if at is None:
        at = -1 if offset > 0 else 0
    focus_panel(panels[(at + offset) % len(panels)])


def focus_panel(panel: QWidget) -> None:
    """Give the keys to a panel's first control."""
    first_control(panel).setFocus(Qt.FocusReason.ShortcutFocusReason)


def holds(panel: QWidget, widget: QWidget) -> bool:
    """Whether the widget is the panel or in it."""
    return panel is widget or panel.isAncestorOf(widget)


def first_control(panel: QWidget) -> QWidget:
    """The first widget in a panel that takes the focus."""
    for widget in (panel, *panel.findChildren(QWidget)):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return widget
    return panel
