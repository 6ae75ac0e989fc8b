"""A button with the look of a form's that triggers an action and goes with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QPushButton

from bpstudio.ui.icons import icon
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import set_primary, set_style_property


class ActionButton(QPushButton):
    """Off where the action is off; filled while it is what the user most likely wants.

    Unlike a button that has the action as its own, it has a text and a size of its own.
    """

    def __init__(self, action: QAction, text: str) -> None:
        super().__init__(text)
        self._action = action
        self._icon = ""
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        set_style_property(self, "flat", True)

    def show_as(self, text: str, icon_name: str, primary: bool, tip: str, theme: Theme) -> None:
        """Another text, icon and look."""
        self.setText(text)
        self.setAccessibleName(text or self._action.text())
        self.setToolTip(tip)
        self.setEnabled(self._action.isEnabled())
        set_primary(self, primary)
        filled = primary and self.isEnabled()
        color, size = theme.on_accent if filled else theme.text1, self.iconSize().width()
        self.setIcon(icon(icon_name, theme, size, color) if icon_name else QIcon())
