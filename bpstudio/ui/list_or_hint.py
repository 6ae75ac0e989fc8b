"""A list, or one sentence while it is empty."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from bpstudio.ui.style import PADDING, set_role


class ListOrHint(QStackedWidget):
    """Whichever is shown takes the keys."""

    def __init__(self, hint: str, view: QWidget) -> None:
        super().__init__()
        self.hint = QLabel(hint)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setContentsMargins(PADDING, 0, PADDING, 0)
        self.hint.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_role(self.hint, "label")
        self._view = view
        self.addWidget(self.hint)
        self.addWidget(view)
        self.show_list(False)

    def show_list(self, some: bool) -> None:
        """The list where there is something in it."""
        shown = self._view if some else self.hint
        self.setFocusProxy(shown)
        self.setCurrentWidget(shown)
