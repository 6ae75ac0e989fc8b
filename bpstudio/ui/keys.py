"""Keys that a focused control needs for itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)

# Keys without Ctrl or Alt that are actions of the window, and the controls that keep them.
_OWNERS: dict[Qt.Key, tuple[type[QWidget], ...]] = {
    Qt.Key.Key_Space: (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView),
    Qt.Key.Key_Left: (QAbstractSlider, QLineEdit, QAbstractSpinBox, QAbstractItemView, QComboBox),
    Qt.Key.Key_Right: (QAbstractSlider, QLineEdit, QAbstractSpinBox, QAbstractItemView, QComboBox),
    Qt.Key.Key_Home: (QAbstractSlider, QLineEdit, QAbstractSpinBox, QAbstractItemView),
}


class ControlKeys(QObject):
    """Lets a focused button have the space bar, and a focused field its arrows."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept a shortcut's override where the focused control uses the key itself."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        focused = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Space and isinstance(focused, QAbstractSpinBox):
            event.ignore()  # a number has no spaces: the key is the window's
            return True
        owners = _OWNERS.get(Qt.Key(event.key())) if not _with_modifier(event) else None
        if owners and isinstance(focused, owners):
            event.accept()
            return True
        return False


def _with_modifier(event: QKeyEvent) -> bool:
    keypad = Qt.KeyboardModifier.KeypadModifier
    return bool(event.modifiers() & ~keypad)
