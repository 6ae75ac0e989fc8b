"""A button that takes down the next key that is pressed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

_MODIFIERS = {
    Qt.Key.Key_Control,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_unknown,
}
_KEY_EVENTS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
WAITING = "Press the new key, or Esc"


class KeyRecorder(QPushButton):
    """Pressed, it waits for one key with its modifiers; Esc, or leaving it, calls that off."""

    recorded = Signal(str)
    """The key as Qt writes it portably."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._idle_text = text
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.toggled.connect(self._show_waiting)

    def _show_waiting(self, waiting: bool) -> None:
        self.setText(WAITING if waiting else self._idle_text)

    def event(self, event: QEvent) -> bool:
        """While waiting every key is taken, Tab and the window's own as well."""
        if self.isChecked() and event.type() in _KEY_EVENTS and isinstance(event, QKeyEvent):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._take(event)
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Another control has the keys: nothing is waited for."""
        self.setChecked(False)
        super().focusOutEvent(event)

    def _take(self, event: QKeyEvent) -> None:
        if event.key() in _MODIFIERS:
            return
        self.setChecked(False)
        if event.key() != Qt.Key.Key_Escape or event.modifiers():
            self.recorded.emit(key_of(event))


def key_of(event: QKeyEvent) -> str:
    """The key of an event, portably; Shift is left out where it only makes another sign."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    sign = event.text()
    if len(sign) == 1 and sign.isprintable() and not sign.isalpha() and sign != " ":
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    sequence = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)
