"""Buttons that panels make for themselves; what is in the table of actions comes from there."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton

from bpstudio.ui.icons import ICON_SIZE, TintedIcon
from bpstudio.ui.theme import Appearance


def icon_button(icon: str, title: str, appearance: Appearance, keys: str = "") -> QToolButton:
    """A button that shows an icon only; its title is read out and is the tooltip, with the keys."""
    button = QToolButton()
    TintedIcon(button, icon, appearance)
    button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    button.setAutoRaise(True)
    button.setAccessibleName(title)
    button.setToolTip(tip(title, keys))
    return button


def tip(title: str, keys: str = "") -> str:
    """A tooltip: what the control does, and the keys that do the same."""
    return f"{title} ({keys})" if keys else title
