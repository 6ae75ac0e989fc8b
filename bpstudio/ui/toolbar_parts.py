"""Parts of the toolbar: what belongs together, and what is behind » in a narrow window."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget, QWidgetAction

from bpstudio.ui.commands import Commands
from bpstudio.ui.style import set_role
from bpstudio.ui.toolbar_fields import SpeedSlider

BEHIND = ("back_over", "back_out", "to_end", "next_bookmark", "restart")


def labelled(text: str, *controls: QWidget) -> QWidget:
    """Controls after what they are for; they stay together where the bar has no room."""
    group = QWidget()
    label = QLabel(text)
    set_role(label, "label")
    row = QHBoxLayout(group)
    row.setContentsMargins(4, 0, 4, 0)
    row.setSpacing(8)
    for widget in (label, *controls):
        row.addWidget(widget)
    return group


def more_button(commands: Commands, speed: SpeedSlider) -> QToolButton:
    """» with a menu of the speed of training and of actions that have no button."""
    button = QToolButton()
    button.setAccessibleName("More")
    button.setToolTip("More: speed of training, and actions without a button")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    menu.setToolTipsVisible(True)
    twin = SpeedSlider()
    twin.setValue(speed.value())
    twin.valueChanged.connect(speed.setValue)
    speed.valueChanged.connect(twin.setValue)
    holder = QWidgetAction(menu)
    holder.setDefaultWidget(labelled("Speed", twin, twin.words))
    menu.addAction(holder)
    menu.addSeparator()
    for name in BEHIND:
        menu.addAction(commands[name])
    button.setMenu(menu)
    return button
