"""Which panel has the keys, and giving them to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

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
    """Give the keys to a panel's first control, else to the panel, else to the window."""
    reason = Qt.FocusReason.ShortcutFocusReason
    (first_control(panel) or panel).setFocus(reason)
    now = QApplication.focusWidget()
    if now is None or not holds(panel, now):  # its proxy is out of sight
        panel.window().setFocus(reason)


@contextmanager
def kept_focus(window: QWidget, place: QWidget) -> Iterator[None]:
    """What had the keys of a window has them afterwards, else ``place``, else the window."""
    had: QWidget | None = window.focusWidget()
    yield
    if had is None:
        return
    here = had.window() is window and had.isVisibleTo(window) and had.isEnabled()
    other = place if place.isVisibleTo(window) else window
    (had if here else other).setFocus(Qt.FocusReason.OtherFocusReason)


def holds(panel: QWidget, widget: QWidget) -> bool:
    """Whether the widget is the panel or in it."""
    return panel is widget or panel.isAncestorOf(widget)


def first_control(panel: QWidget) -> QWidget | None:
    """The first widget in a panel that takes the focus."""
    for widget in (panel, *panel.findChildren(QWidget)):
        there = widget.isVisible() and widget.isEnabled()
        if there and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return widget
    return None
