"""The table of actions as Qt's actions: their keys, tooltips, and whether they can be used now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from bpstudio.ui.actions import ACTIONS
from bpstudio.ui.key_map import KeyMap
from bpstudio.ui.style import DOES

Commands = Mapping[str, QAction]
"""Qt's action of each row of the table, by its name."""


def make_commands(
    parent: QWidget, handlers: Mapping[str, Callable[[], object]], keys: KeyMap
) -> Commands:
    """An action for each row of the table, its handler connected. KeyError where one is missing."""
    commands = {}
    for spec in ACTIONS:
        action = QAction(spec.text, parent)
        action.setObjectName(spec.name)
        action.setCheckable(spec.checkable)
        handler = handlers[spec.name]
        action.triggered.connect(lambda _checked=False, call=handler: call())
        parent.addAction(action)
        commands[spec.name] = action
    show_keys(commands, keys)
    return commands


def show_keys(commands: Commands, keys: KeyMap) -> None:
    """Let the actions have the keys that are in force."""
    for name, action in commands.items():
        action.setShortcuts([QKeySequence(key) for key in keys.keys(name)])
        action.setToolTip(keys.tooltip(name))
        action.setStatusTip(keys.tooltip(name))


def show_state(
    commands: Commands,
    off: Mapping[str, str],
    on: Mapping[str, bool],
    texts: Mapping[str, str],
) -> None:
    """Which actions can be used, which are checked, and what some of them are about now."""
    for spec in ACTIONS:
        action = commands[spec.name]
        action.setText(texts.get(spec.name, spec.text))
        action.setEnabled(spec.name not in off)
        action.setWhatsThis(off.get(spec.name, ""))
        if spec.checkable:
            action.setChecked(on.get(spec.name, False))


def show_tips(window: QWidget, commands: Commands) -> None:
    """The tooltips, with the keys in force, of the controls that do what an action does."""
    for widget in window.findChildren(QWidget):
        name = widget.property(DOES)
        if isinstance(name, str):
            widget.setToolTip(commands[name].toolTip())
