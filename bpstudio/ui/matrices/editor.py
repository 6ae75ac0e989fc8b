"""The field in which a number is changed in its cell."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from bpstudio.ui.fields import RealField

LARGEST = 1.7e308
_LEAST = (148, 28)
_HALF = "+-\u2212., "  # of these alone no number has come yet


class CellEditor(RealField):
    """Opens over a cell; Enter or leaving it takes the number, Esc does not."""

    entered = Signal(float)
    """Another number than before."""
    closed = Signal(bool)
    """Whether it had the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(-LARGEST, LARGEST, 0.0, parent)
        self._before, self._place = 0.0, parent
        self._is_open = False
        self.setToolTip("Enter takes the number, Esc leaves it as it was")
        self.hide()

    def open(self, box: QRect, name: str, value: float, typed: str = "") -> None:
        """Show the field over a box; ``typed`` replaces what is there."""
        self._before = value
        self.setAccessibleName(name)
        self.setValue(value)
        self.place(box)
        self._is_open = True
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if typed:
            self.lineEdit().setText(typed)
        else:
            self.selectAll()

    def place(self, box: QRect) -> None:
        """Over a box, moved so far that all of it is seen."""
        width, height = max(box.width(), _LEAST[0]), max(box.height(), _LEAST[1])
        room = self._place.rect()
        left = max(min(box.left(), room.width() - width), 0)
        top = max(min(box.top(), room.height() - height), 0)
        self.setGeometry(left, top, width, height)

    @property
    def is_open(self) -> bool:
        """Whether a number is being edited."""
        return self._is_open

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes, Esc leaves; the rest is typing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif event.key() == Qt.Key.Key_Escape:
            self.give_up()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A click elsewhere takes the number where it is one."""
        if self._is_open and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._take()
            self.give_up()
        super().focusOutEvent(event)

    def fixup(self, text: str) -> str:
        """What was typed is refused when it is taken, not when Qt puts it back."""
        return text

    def _take(self) -> None:
        if not self.hasAcceptableInput():
            self.mark()
            if self.text().strip(_HALF):
                self.refused.emit(self.text())
            return
        value = self.valueFromText(self.lineEdit().text())
        changed = self.lineEdit().text() != self.textFromValue(self._before)
        self.give_up()
        if changed and value != self._before:
            self.entered.emit(value)

    def give_up(self) -> None:
        """Close without a number. What takes the focus away from now on is no answer."""
        if self._is_open:
            self._is_open = False
            had_focus = self.hasFocus()
            self.hide()
            self.closed.emit(had_focus)
