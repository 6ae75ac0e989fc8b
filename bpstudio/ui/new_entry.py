"""A field over a list, to add to it by typing; out of sight until it is asked for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal

from bpstudio.ui.expression_field import ExpressionField, FieldWithProblem
from bpstudio.ui.plain_keys import plain_key
from bpstudio.ui.style import PADDING


class NewEntry(FieldWithProblem):
    """Enter says what was typed where it can be used; Esc closes the field."""

    typed = Signal(str)
    """A text that can be used; the field keeps it until it is cleared."""
    closed = Signal()

    def __init__(self, field: ExpressionField, placeholder: str) -> None:
        super().__init__(field)
        self.setContentsMargins(PADDING, 6, PADDING, 4)
        self.hide()
        field.setPlaceholderText(placeholder)
        field.returnPressed.connect(self._say_typed)
        field.installEventFilter(self)

    def ask(self) -> None:
        """Open the field."""
        self.show()
        self.field.setFocus()

    def _say_typed(self) -> None:
        text = self.field.text()
        if text.strip() and not self.field.insist():
            self.typed.emit(text)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Esc, while no list of what can stand there is open."""
        if plain_key(event) != Qt.Key.Key_Escape or self.field.is_offering:
            return False
        self.field.clear()
        self.hide()
        self.closed.emit()
        return True
