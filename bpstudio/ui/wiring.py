"""What the window's parts tell each other: every signal that crosses from one to another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bpstudio.ui import commands
from bpstudio.ui.panels.check import CheckPanel
from bpstudio.ui.pictures.wish import DERIVATION

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

_PANEL_KEYS = ("into", "explain", "legend")


def connect(window: MainWindow) -> None:
    """Once, when everything is there."""
    _connect_network(window)
    _connect_panels(window)
    window.derivation.step_requested.connect(window.commands["into"].trigger)
    window.derivation.picture_requested.connect(lambda: window.pictures.ask(DERIVATION))
    window.derivation.explanation_toggled.connect(lambda _on: window.showing.show_derivation())
    window.toolbar.goto.asked.connect(window.goto_typed)
    window.experiment.data.open_requested.connect(window.files.ask_open)
    window.experiment.data.target_requested.connect(window.files.choose_target)
    window.experiment.data.task_requested.connect(window.files.choose_task)
    window.debug.search.changed.connect(window.show_search)
    window.docks.changed.connect(window.show_enabled)
    window.appearance.changed.connect(window.toolbar.retheme)
    window.keys.changed.connect(lambda: show_keys(window))
    show_keys(window)


def _connect_network(window: MainWindow) -> None:
    network, things = window.network, window.things
    network.step_requested.connect(window.debug.run_to)
    network.selected.connect(window.showing.choose_goal)
    network.selected.connect(lambda _thing: window.show_enabled())
    network.modes_changed.connect(window.show_enabled)
    network.breakpoint_toggled.connect(things.toggle_breakpoint)
    network.weight_dragged.connect(things.drag_weight)
    network.bias_dragged.connect(things.drag_bias)
    network.menu_requested.connect(things.open_menu_in_network)
    network.set_reduced_motion(window.settings.reduced_motion)


def _connect_panels(window: MainWindow) -> None:
    """A panel that has one of these signals need not be named anywhere but in the table."""
    answers = {
        "panel_requested": window.show_panel,  # the name of a panel
        "run_requested": window.debug.run_to,
        "changes_requested": window.things.show_changes,  # an address of a parameter
        "origin_requested": window.things.show_origin,  # an address of any number
        "menu_requested": window.things.open_menu,  # a thing or an address, and where on screen
        "selected": window.network.canvas.select,  # a thing
        "hidden_changed": window.loss.hide_runs,  # recordings whose curves are not shown
    }
    for asked_by, panel in window.panels.items():
        if hasattr(panel, "address_requested"):  # an address of a step
            panel.address_requested.connect(partial(lead_to, window, asked_by))
        for name, answer in answers.items():
            signal = getattr(panel, name, None)
            if signal is not None:
                signal.connect(answer)


def lead_to(window: MainWindow, asked_by: str, place: str) -> None:
    """Go where a panel leads to, and let the step be seen."""
    if window.goto(place):
        window.docks.show_step(asked_by)


def show_keys(window: MainWindow) -> None:
    """The keys in force, wherever one is written."""
    commands.show_keys(window.commands, window.keys)
    commands.show_tips(window, window.commands)
    window.derivation.set_keys(*map(window.keys.first, _PANEL_KEYS))
    check = window.panels["check"]
    assert isinstance(check, CheckPanel)
    check.set_key(window.keys.first("check_term"))
    window.docks.side.strip.say(window.keys.tooltip("experiment"))
    window.toolbar.show_keys()
    window.row.show_keys(window.keys)
