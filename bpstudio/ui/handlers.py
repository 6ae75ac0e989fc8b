"""What each action of the table does, and which of them show a check."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from bpstudio.files.example import EXAMPLES
from bpstudio.ui import dialogs
from bpstudio.ui.actions import UNITS
from bpstudio.ui.canvas.state import EdgeMode, NodeMode
from bpstudio.ui.command_palette import CommandPalette
from bpstudio.ui.derivation_export import ask_derivation
from bpstudio.ui.files import ASK
from bpstudio.ui.key_dialog import KeyDialog
from bpstudio.ui.key_sheet import KeySheet
from bpstudio.ui.panel_focus import kept_focus
from bpstudio.ui.panel_table import PANELS
from bpstudio.ui.panels.check import CheckPanel
from bpstudio.ui.panels.experiment import new_seed
from bpstudio.ui.update_dialog import UpdateDialog
from bpstudio.ui.visiting import address_now

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

Handlers = dict[str, Callable[[], object]]


def handlers(window: MainWindow) -> Handlers:
    """A call for each name in the table of actions."""
    return {
        **_file_and_edit(window),
        **_running(window),
        **_stepping(window),
        **_marking(window),
        **_experiment(window),
        **_view(window),
        **_window_and_help(window),
    }


def checked(window: MainWindow) -> dict[str, bool]:
    """Which checkable actions are on; those not named are off."""
    return {
        "whole_batch": window.session.whole_batch,
        f"by_{window.debug.unit}": True,
        f"edges_{window.network.edges_mode}": True,
        f"nodes_{window.network.node_mode}": True,
        "explain": window.derivation.explanation_wanted,
        "legend": window.derivation.legend_shown,
        "system_theme": window.appearance.choice == "system",
        "reduced_motion": window.settings.reduced_motion,
        "ask_first": window.settings.flag(ASK),
        "experiment": window.docks.is_shown("experiment"),
        "presentation": window.presentation.is_on,
        f"layout_{window.docks.layout}": True,
    }


def _verb_of(window: MainWindow) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Makes of a verb one whose refusal is said in the message bar."""
    return lambda call: partial(window.attempt, call)


def _file_and_edit(window: MainWindow) -> Handlers:
    files = window.files
    return {
        "open": files.ask_open,
        "ask_first": files.toggle_ask,
        "import": files.ask_import,
        "generate": files.ask_generate,
        "paint": files.ask_paint,
        "default": files.open_example,
        **{f"example_{name}": partial(files.open_example, name) for name in EXAMPLES},
        "new_session": window.sessions.new,
        "open_session": window.sessions.ask_open,
        "recent_sessions": lambda: window.recent_sessions.open_in_middle(),
        "save_session": window.sessions.save,
        "save_session_as": window.sessions.ask_save_as,
        "load_weights": files.ask_load_weights,
        "save_weights": files.ask_save_weights,
        "export": files.exports.ask,
        "export_derivation": lambda: ask_derivation(window),
        "export_picture": lambda: window.pictures.ask(),
        "export_animation": lambda: window.animations.ask(),
        "quit": window.close,
        "copy_address": lambda: copy(address_now(window.session.debugger)),
        "copy_latex": window.derivation.copy_tex,
        "change_keys": lambda: KeyDialog(window.keys, window).open(),
    }


def _stepping(window: MainWindow) -> Handlers:
    session, debugger = window.session, window.session.debugger
    verb = _verb_of(window)
    return {
        "to_start": verb(debugger.to_start),
        "back_out": verb(debugger.step_back_out),
        "back_over": verb(debugger.step_back_over),
        "back_into": lambda: window.debug.step(forward=False),
        "into": window.debug.step,
        "over": verb(debugger.step_over),
        "out": verb(debugger.step_out),
        "to_end": verb(debugger.to_end),
        "goto": lambda: _focus_goto(window),
        "backward": lambda: window.goto(f"s{session.row}/back"),
        "next_row": verb(lambda: session.choose_neighbour(1)),
        "previous_row": verb(lambda: session.choose_neighbour(-1)),
        "whole_batch": verb(lambda: session.choose_whole_batch(not session.whole_batch)),
    }


def _running(window: MainWindow) -> Handlers:
    debug = window.debug
    return {
        "continue": lambda: debug.run(forward=True),
        "reverse_continue": lambda: debug.run(forward=False),
        "run_to": debug.run_to_selection,
        "stop": debug.stop,
        **{f"by_{unit}": partial(debug.step_by, unit) for unit, _name, _key in UNITS},
    }


def _marking(window: MainWindow) -> Handlers:
    debug, debugger = window.debug, window.session.debugger
    verb = _verb_of(window)
    return {
        "breakpoint": debug.toggle_breakpoint,
        "no_breakpoints": verb(debugger.clear_breakpoints),
        "watch": debug.toggle_watch,
        "bookmark": verb(debugger.toggle_bookmark),
        "check_term": lambda: _check_term(window),
        "next_bookmark": verb(debugger.next_bookmark),
        "undo": verb(debugger.undo),
        "redo": verb(debugger.redo),
    }


def _experiment(window: MainWindow) -> Handlers:
    session = window.session
    verb = _verb_of(window)
    return {
        "train": window.run_watch.train_or_pause,
        "restart": verb(session.restart),
        "goto_update": lambda: UpdateDialog(session, window.attempt, window).show(),
        "present": verb(session.present),
        "new_seed": verb(lambda: session.change(seed=new_seed(session))),
    }


def _view(window: MainWindow) -> Handlers:
    network, modes = window.network, partial(_show_modes, window)
    return {
        "edges_weights": lambda: modes(edges="weights"),
        "edges_gradients": lambda: modes(edges="gradients"),
        "nodes_a": lambda: modes(nodes="a"),
        "nodes_z": lambda: modes(nodes="z"),
        "nodes_dC_da": lambda: modes(nodes="dC_da"),
        "fit": network.fit,
        "centre": network.centre_on_step,
        "zoom_in": network.zoom_in,
        "zoom_out": network.zoom_out,
        "explain": window.derivation.toggle_explanation,
        "legend": window.derivation.toggle_legend,
        "presentation": window.presentation.toggle,
        "light_dark": lambda: _choose_theme(
            window, "light" if window.appearance.theme.dark else "dark"
        ),
        "system_theme": lambda: _choose_theme(window, "system"),
        "reduced_motion": lambda: _toggle_motion(window),
    }


def _window_and_help(window: MainWindow) -> Handlers:
    return {
        **{spec.name: partial(window.show_panel, spec.name) for spec in PANELS},
        "experiment": lambda: _toggle_experiment(window),
        "layout_step": lambda: window.choose_layout("step"),
        "layout_debug": lambda: window.choose_layout("debug"),
        "layout_train": lambda: window.choose_layout("train"),
        "next_panel": lambda: window.focus_neighbour(1),
        "previous_panel": lambda: window.focus_neighbour(-1),
        "reset_layout": lambda: window.docks.choose(window.docks.layout),
        "keys": lambda: _key_sheet(window).open(),
        "palette": lambda: CommandPalette(
            window.commands, window.keys, window.appearance, window
        ).show(),
        "about": lambda: dialogs.show_about(window),
    }


def _show_modes(
    window: MainWindow, edges: EdgeMode | None = None, nodes: NodeMode | None = None
) -> None:
    window.network.set_modes(edges, nodes)
    window.show_enabled()


def _choose_theme(window: MainWindow, choice: str) -> None:
    window.appearance.choose(choice)
    window.settings.theme = choice
    window.show_enabled()


def _toggle_motion(window: MainWindow) -> None:
    settings = window.settings
    settings.motion = "full" if settings.reduced_motion else "reduced"
    window.network.set_reduced_motion(settings.reduced_motion)
    window.show_enabled()


def _key_sheet(window: MainWindow) -> KeySheet:
    return KeySheet(window.keys, window.commands["change_keys"].trigger, window)


def _check_term(window: MainWindow) -> None:
    panel = window.panels["check"]
    assert isinstance(panel, CheckPanel)
    window.docks.show_panel("check")
    window.attempt(panel.check)


def _focus_goto(window: MainWindow) -> None:
    window.toolbar.goto.setFocus(Qt.FocusReason.ShortcutFocusReason)
    window.toolbar.goto.selectAll()


def _toggle_experiment(window: MainWindow) -> None:
    """Close the left side where the experiment is in front, else bring it there."""
    if window.docks.is_shown("experiment"):
        with kept_focus(window, window.network):
            window.docks.side.show_panel(False)
    else:
        window.show_panel("experiment")


def copy(text: str) -> None:
    """Put a text on the clipboard."""
    QApplication.clipboard().setText(text)
