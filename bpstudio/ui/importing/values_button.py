"""Which values of a column mean validation: a menu of check marks behind a button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget


class ValuesButton(QPushButton):
    """Says the values that are chosen; opens on Space, a value is (un)checked by Enter."""

    chosen = Signal(tuple)
    """The values that mean validation now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[str, ...] = ()
        self._menu = QMenu(self)
        self._menu.triggered.connect(self._take)
        self.setMenu(self._menu)
        self.setAutoDefault(False)
        self.setStyleSheet("text-align: left")
        self.setMinimumWidth(64)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_values(self, column: str, values: Sequence[str], kept: Sequence[str]) -> None:
        """Other values; those kept for validation have a mark."""
        self._values = tuple(values)
        self._menu.clear()
        for value in values:
            action = self._menu.addAction(value or "(empty)")
            action.setCheckable(True)
            action.setChecked(value in kept)
        said = ", ".join(kept) or "none"
        self.setText(said)
        self.setToolTip(f"Values of {column} whose rows are kept for validation: {said}")
        self.setAccessibleName(self.toolTip())

    def _take(self, _action: QAction) -> None:
        pairs = zip(self._values, self._menu.actions(), strict=True)
        self.chosen.emit(tuple(value for value, action in pairs if action.isChecked()))
