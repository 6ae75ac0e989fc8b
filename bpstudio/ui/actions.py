"""The one table of actions: menus, toolbar, keys, tooltips and the key sheet are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from bpstudio.debugger.session import Session


@dataclass(frozen=True, slots=True)
class Spec:
    """One action. ``keys`` are tried in order, the first is shown; ``hint`` ends the tooltip."""

    name: str
    text: str
    menu: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    hint: str = ""
    checkable: bool = False


SEPARATOR = "-"

ACTIONS: tuple[Spec, ...] = (
    Spec("open", "Open CSV…", "File", ("Ctrl+O",), "folder-open", "Choose a data file"),
    Spec(
        "default", "Open the Iris example", "File", (), "data", "The data the program starts with"
    ),
    Spec(
        "load_weights",
        "Load weights…",
        "File",
        ("Ctrl+Shift+O",),
        "folder-open",
        "From JSON or npz",
    ),
    Spec("save_weights", "Save weights…", "File", ("Ctrl+Shift+S",), "save", "As they stand"),
    Spec("export", "Export trace…", "File", ("Ctrl+E",), "export", "Write every step to a file"),
    Spec("quit", "Quit", "File", ("Ctrl+Q",)),
    Spec("copy_address", "Copy address", "Edit", ("Ctrl+Shift+C",), "copy", "Of the current step"),
    Spec("copy_latex", "Copy derivation as LaTeX", "Edit", ("Ctrl+Alt+C",), "copy"),
    Spec("to_start", "Start of the pass", "Debug", ("Ctrl+Shift+F5", "Ctrl+Home"), "to-start"),
    Spec(
        "back_out",
        "Step back out",
        "Debug",
        ("Ctrl+Shift+F11",),
        "back-out",
        "Before this node or layer",
    ),
    Spec(
        "back_over",
        "Step back over",
        "Debug",
        ("Ctrl+F10",),
        "back-over",
        "Before this weight or node",
    ),
    Spec("back_into", "Step back", "Debug", ("Ctrl+F11", "Left"), "step-back", "One term back"),
    Spec("into", "Into", "Debug", ("F11", "Right"), "into", "One term forward"),
    Spec("over", "Over", "Debug", ("F10",), "over", "Over this weight or node"),
    Spec("out", "Out", "Debug", ("Shift+F11",), "out", "Out of this node or layer"),
    Spec("to_end", "End of the pass", "Debug", ("Ctrl+End",), "to-end"),
    Spec("goto", "Go to step or address", "Debug", ("Ctrl+G",), "search"),
    Spec(
        "backward",
        "Go to the backward pass",
        "Debug",
        ("Ctrl+Alt+B",),
        "sigma",
        "Its first term, ∂C₀/∂a",
    ),
    Spec("next_row", "Next sample", "Debug", ("Ctrl+PgDown",), "chevron-down"),
    Spec("previous_row", "Previous sample", "Debug", ("Ctrl+PgUp",), "chevron-up"),
    Spec(
        "whole_batch",
        "Pass over a whole batch",
        "Debug",
        ("Ctrl+Alt+W",),
        "table",
        "With the mean over its samples",
        True,
    ),
    Spec("train", "Train", "Train", ("Space",), "train", "Or pause"),
    Spec(
        "restart",
        "Back to the first weights",
        "Train",
        ("Ctrl+R",),
        "restart",
        "The same draw of the same seed",
    ),
    Spec("new_seed", "Draw a new seed", "Train", ("Ctrl+Shift+R",), "dice"),
    Spec("edges_weights", "Edges show weights", "View", ("Ctrl+1",), "", "", True),
    Spec("edges_gradients", "Edges show gradients", "View", ("Ctrl+2",), "", "", True),
    Spec("nodes_a", "Nodes show a", "View", ("Ctrl+3",), "", "", True),
    Spec("nodes_z", "Nodes show z", "View", ("Ctrl+4",), "", "", True),
    Spec("nodes_dC_da", "Nodes show ∂C₀/∂a", "View", ("Ctrl+5",), "", "", True),
    Spec("fit", "Fit the network", "View", ("Ctrl+0",), "fit"),
    Spec("centre", "Centre on the step", "View", ("Home",), "centre"),
    Spec("zoom_in", "Zoom in", "View", ("Ctrl++", "Ctrl+="), "plus"),
    Spec("zoom_out", "Zoom out", "View", ("Ctrl+-",), "minus"),
    Spec("explain", "Explain this factor", "View", ("Ctrl+I",), "help", "", True),
    Spec("legend", "Legend of the notation", "View", ("Ctrl+L",), "info", "", True),
    Spec("light_dark", "Light or dark", "View", ("Ctrl+Alt+L",), "moon"),
    Spec("system_theme", "Theme follows the system", "View", (), "", "", True),
    Spec("reduced_motion", "Reduce motion", "View", (), "", "", True),
    Spec("experiment", "Experiment", "Window", ("Ctrl+Alt+1",), "sliders", "Show or hide it", True),
    Spec("loss", "Loss", "Window", ("Ctrl+Alt+2",), "chart"),
    Spec("steps", "Steps", "Window", ("Ctrl+Alt+3",), "table"),
    Spec("data", "Data", "Window", ("Ctrl+Alt+4",), "data"),
    Spec("next_panel", "Next panel", "Window", ("F6",)),
    Spec("previous_panel", "Previous panel", "Window", ("Shift+F6",)),
    Spec("reset_layout", "Reset the layout", "Window"),
    Spec("keys", "Keys", "Help", ("F1",), "keyboard", "Every action and its key"),
    Spec("about", "About bpstudio", "Help", (), "info"),
)

MENUS = ("File", "Edit", "View", "Debug", "Train", "Window", "Help")

# Where a menu has a line before an action.
GROUPS = frozenset(
    {
        "load_weights",
        "export",
        "quit",
        "into",
        "to_end",
        "goto",
        "next_row",
        "restart",
        "nodes_a",
        "fit",
    }
    | {"explain", "light_dark", "loss", "next_panel", "about"}
)


def specs_of(menu: str) -> Iterator[Spec]:
    """The actions of a menu, in order."""
    return (spec for spec in ACTIONS if spec.menu == menu)


def find(name: str) -> Spec:
    """The action of that name."""
    return next(spec for spec in ACTIONS if spec.name == name)


def key_text(spec: Spec) -> str:
    """Its keys as people read them: "Ctrl+F11 or ←"."""
    native = QKeySequence.SequenceFormat.NativeText
    texts = [QKeySequence(key).toString(native) for key in spec.keys]
    arrows = {"Left": "←", "Right": "→", "Space": "Space"}
    return " or ".join(arrows.get(text, text) for text in texts)


def tooltip(spec: Spec) -> str:
    """Name, hint and key, as shown over every control that triggers it."""
    text = spec.text.rstrip("…")
    if spec.hint:
        text += f": {spec.hint[0].lower()}{spec.hint[1:]}"
    return f"{text} ({key_text(spec)})" if spec.keys else text


def make_actions(
    parent: QWidget, handlers: Mapping[str, Callable[[], object]]
) -> dict[str, QAction]:
    """A QAction for each row of the table, its handler connected. KeyError where one is missing."""
    actions = {}
    for spec in ACTIONS:
        action = QAction(spec.text, parent)
        action.setObjectName(spec.name)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setToolTip(tooltip(spec))
        action.setStatusTip(tooltip(spec))
        action.setCheckable(spec.checkable)
        handler = handlers[spec.name]
        action.triggered.connect(lambda _checked=False, call=handler: call())
        parent.addAction(action)
        actions[spec.name] = action
    return actions


_STEPPING = ("to_start", "back_out", "back_over", "back_into", "into", "over", "out", "to_end")
_BACKWARD = ("to_start", "back_out", "back_over", "back_into")


def disabled(session: Session) -> frozenset[str]:
    """The actions that make no sense now: stepping while training, and off either end."""
    if session.is_training:
        return frozenset({*_STEPPING, "goto", "backward", "whole_batch"})
    off: set[str] = set()
    debugger = session.debugger
    if debugger.cursor == 0:
        off.update(_BACKWARD)
    if debugger.cursor == len(debugger.trace) - 1:
        off.update(set(_STEPPING) - set(_BACKWARD))
    return frozenset(off)
