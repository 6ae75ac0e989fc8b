"""Keys that a list takes for itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def plain_key(event: QEvent) -> Qt.Key | None:
    """The key that was pressed without Ctrl, Alt or Shift; None for any other event."""
    if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
        return None
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    return Qt.Key(event.key())


def is_enter(event: QEvent) -> bool:
    """Whether the key Enter was pressed, either one."""
    if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
        return False
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
