"""The one table of actions: menus, toolbar, keys, tooltips, key sheet and command palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpstudio.ui.panel_table import PANELS


@dataclass(frozen=True, slots=True)
class Spec:
    """One action. ``keys`` are those of a new user, most important first; ``hint`` goes on with
    its name in the tooltip."""

    name: str
    text: str
    menu: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    hint: str = ""
    checkable: bool = False


PANEL_SPECS = tuple(
    Spec(
        panel.name,
        panel.title,
        "Window",
        (panel.key,) if panel.key else (),
        panel.icon,
        "Bring it to the front",
        panel.name == "experiment",
    )
    for panel in PANELS
)

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
    Spec("change_keys", "Change keys…", "Edit", (), "keyboard", "Give actions other keys"),
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
    *PANEL_SPECS,
    Spec("layout_step", "Layout: Step", "Window", (), "", "For one term after the other", True),
    Spec("layout_debug", "Layout: Debug", "Window", (), "", "For breakpoints and watches", True),
    Spec("next_panel", "Next panel", "Window", ("F6",)),
    Spec("previous_panel", "Previous panel", "Window", ("Shift+F6",)),
    Spec("reset_layout", "Reset the layout", "Window"),
    Spec(
        "palette",
        "Command palette",
        "Help",
        ("Ctrl+Shift+P",),
        "search",
        "Find an action by a few of its letters",
    ),
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
        "change_keys",
        "into",
        "to_end",
        "goto",
        "next_row",
        "restart",
        "nodes_a",
        "fit",
    }
    | {"explain", "light_dark", "layout_step", "next_panel", "about"}
)


def specs_of(menu: str) -> Iterator[Spec]:
    """The actions of a menu, in order."""
    return (spec for spec in ACTIONS if spec.menu == menu)


def find(name: str) -> Spec:
    """The action of that name."""
    return next(spec for spec in ACTIONS if spec.name == name)
