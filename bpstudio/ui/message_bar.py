"""The message bar: one sentence at a time, over the panels it concerns."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from bpstudio.ui.icons import icon
from bpstudio.ui.style import set_role, set_style_property
from bpstudio.ui.theme import Appearance

HEIGHT = 36
_MARGIN = 8  # above and below the text


class MessageBar(QFrame):
    """What, where, what next; with at most one button. The next message replaces it."""

    shown = Signal(bool)
    """Whether there is a message now."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._kind = "error"
        self._act: Callable[[], object] | None = None
        self._lasting = False
        set_role(self, "message")
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = QPushButton()
        self._close = QToolButton()
        self._build()
        appearance.changed.connect(self._retint)

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 8, 0)  # after the edge of 3
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._action)
        layout.addWidget(self._close)
        self._close.setToolTip("Close this message (Esc)")
        self._close.setAccessibleName("Close this message")
        self._close.setFixedSize(26, 26)
        self._close.clicked.connect(self.dismiss)
        self._action.clicked.connect(self._run_action)

    @property
    def text(self) -> str:
        """The sentence on show; empty while there is none."""
        return self._text.text()

    def show_error(
        self,
        text: str,
        label: str = "",
        act: Callable[[], object] | None = None,
        lasting: bool = False,
    ) -> None:
        """A problem, with one remedy as a button where there is one.

        A ``lasting`` one is more than a refused verb: doing something else does not settle it.
        """
        self._show("error", text, label, act)
        self._lasting = lasting

    def show_note(
        self, text: str, label: str = "", act: Callable[[], object] | None = None
    ) -> None:
        """Something done that the user should know of."""
        self._show("note", text, label, act)

    def settle(self, lasting: bool = False) -> None:
        """Something else was done: what was refused before no longer matters."""
        if self.text and self._kind == "error" and (lasting or not self._lasting):
            self.dismiss()

    def dismiss(self) -> None:
        """Hide the bar."""
        self._act = None
        self._lasting = False
        self._text.setText("")
        self.shown.emit(False)

    def _show(self, kind: str, text: str, label: str, act: Callable[[], object] | None) -> None:
        self._kind = kind
        self._lasting = False
        self._act = act
        self._text.setText(as_sentence(text))
        self._text.setAccessibleName(self.text)
        self._action.setText(label)
        self._action.setToolTip(label)
        self._action.setVisible(bool(label))
        set_style_property(self, "kind", kind)
        self._retint()
        self.shown.emit(True)
        self._fit_text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A long sentence takes a second line where the window is narrow."""
        super().resizeEvent(event)
        self._fit_text()

    def _fit_text(self) -> None:
        needed = self._text.heightForWidth(max(self._text.width(), 100))
        self.setFixedHeight(max(HEIGHT, needed + 2 * _MARGIN))

    def _run_action(self) -> None:
        act = self._act
        self.dismiss()
        if act is not None:
            act()

    def _retint(self) -> None:
        theme = self._appearance.theme
        name, color = ("error", theme.error) if self._kind == "error" else ("info", theme.accent)
        self._icon.setPixmap(icon(name, theme, 16, color).pixmap(16, 16))
        self._close.setIcon(icon("close", theme))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the bar while the focus is in it."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)


def as_sentence(text: str) -> str:
    """With a capital and a full stop; a file's name or an address keeps its first letter."""
    first = text.partition(" ")[0]
    if first.isalpha():
        text = text[0].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
