"""The bar over a list: its name, a count, and buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from bpstudio.ui.buttons import icon_button
from bpstudio.ui.style import GAP, HEADER_HEIGHT, LIST_ROW, PADDING, set_role
from bpstudio.ui.theme import Appearance


class ListHeader(QWidget):
    """Name at the left, what there is to say beside it, buttons at the right.

    Without a title, in a tab that has the name already, it is as low as a row.
    """

    def __init__(self, title: str, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "header")
        self.setFixedHeight(HEADER_HEIGHT if title else LIST_ROW)
        self._appearance = appearance
        self.words = QLabel()
        set_role(self.words, "label")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(PADDING, 0, GAP, 0)
        self._row.setSpacing(2)
        if title:
            name = QLabel(title)
            set_role(name, "title")
            self._row.addWidget(name)
            self._row.addSpacing(6)
        self._row.addWidget(self.words)
        self._row.addStretch(1)

    def say(self, text: str) -> None:
        """A count, or what is going on."""
        self.words.setText(text)

    def button(
        self, icon: str, title: str, act: Callable[[], object], keys: str = ""
    ) -> QToolButton:
        """A button that shows an icon."""
        made = icon_button(icon, title, self._appearance, keys)
        made.clicked.connect(act)
        self._row.addWidget(made)
        return made

    def menu_button(self, title: str, make: Callable[[], QMenu]) -> QToolButton:
        """A button that opens a menu, made anew each time."""
        made = icon_button("more", title, self._appearance)
        self._make_menu = make
        made.clicked.connect(self._open_menu)
        self._row.addWidget(made)
        self._menu_place = made
        return made

    def _open_menu(self) -> None:
        place = self._menu_place
        self._make_menu().popup(place.mapToGlobal(QPoint(0, place.height())))
