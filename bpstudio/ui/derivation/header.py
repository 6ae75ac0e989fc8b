"""The panel's header: its title, copying, the legend, and the menu for the rest."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from bpstudio.ui.icons import icon
from bpstudio.ui.style import HEADER_HEIGHT, PADDING, set_role
from bpstudio.ui.theme import current_theme


class Header(QWidget):
    """Title at the left, icon buttons at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: list[tuple[QToolButton, str]] = []
        set_role(self, "header")
        self.setFixedHeight(HEADER_HEIGHT)
        title = QLabel("Derivation")
        set_role(title, "title")
        self.copy = self._button("copy", "Copy as LaTeX")
        self.legend = self._button("sigma", "Notation: what every symbol means")
        self.legend.setCheckable(True)
        self.more = self._button("more", "More")
        self.menu = QMenu(self)
        self._arrange(title)
        self._tint()

    def _arrange(self, title: QLabel) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 0, PADDING - 5, 0)
        row.setSpacing(4)
        row.addWidget(title, 1)
        for button in (self.copy, self.legend, self.more):
            row.addWidget(button)
        self.more.clicked.connect(self._open_menu)

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(16, 16))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        self._icons.append((button, name))
        return button

    def add_to_menu(self, text: str, slot: Callable[[], object]) -> None:
        """One more entry behind "…"."""
        self.menu.addAction(text, slot)

    def set_key(self, button: QToolButton, key: str) -> None:
        """Name the shortcut in the tooltip."""
        told = button.accessibleName()
        button.setToolTip(f"{told} ({key})" if key else told)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        theme = current_theme()
        for button, name in self._icons:
            button.setIcon(icon(name, theme))

    def _open_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
