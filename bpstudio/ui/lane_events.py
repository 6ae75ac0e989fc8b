"""What lanes and curves with a playhead hear before the window does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent

_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


def takes(event: QEvent) -> bool:
    """Whether it is a key of the window that moves the playhead instead; then it is accepted."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() not in _KEYS or event.modifiers() & ~_KEYPAD:
        return False
    event.accept()
    return True


def heard(event: QEvent, show_tip: Callable[[QHelpEvent], None]) -> bool:
    """Whether it is such a key, or hovering, which names what is under the pointer."""
    if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
        show_tip(event)
        return True
    return takes(event)
