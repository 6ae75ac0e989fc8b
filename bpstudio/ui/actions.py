"""The one table of actions: menus, toolbar, keys, tooltips, key sheet and command palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpstudio.ui.panel_table import PANELS


@dataclass(frozen=True, slots=True)
class Spec:
    """One action. ``keys`` are those of a new user, most important first; ``hint`` goes on with
    its name in the tooltip; a ``submenu`` is named in the place of its first action."""

    name: str
    text: str
    menu: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    hint: str = ""
    checkable: bool = False
    submenu: str = ""


# unit, what it is called, and its key; the epochs of a recorded run come with it
UNITS = (
    ("term", "Term", "Alt+1"),
    ("node", "Node", "Alt+2"),
    ("layer", "Layer", "Alt+3"),
    ("sample", "Row", "Alt+4"),
    ("batch", "Batch", "Alt+5"),
    ("epoch", "Epoch", "Alt+6"),
)
STEP_BY = tuple(
    Spec(
        f"by_{unit}",
        f"Step by {name.lower()}",
        "Debug",
        (key,),
        "",
        "The unit of Into and Step back",
        True,
    )
    for unit, name, key in UNITS
)

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

_EXAMPLES = (
    ("default", "Iris", "The data the program starts with: three species by four lengths"),
    ("example_wine", "Wine", "Three cultivars by thirteen measurements"),
    ("example_breast_cancer", "Breast cancer", "Two diagnoses by thirty measurements"),
    ("example_diabetes", "Diabetes", "Regression: progression after a year"),
    ("example_digits", "Digits", "Ten digits of 8 × 8 pixels"),
    ("example_penguins", "Penguins", "Three species, with text and missing values"),
)
EXAMPLE_SPECS = tuple(
    Spec(name, f"Open the {title} example", "File", (), "data", hint, submenu="Open example")
    for name, title, hint in _EXAMPLES
)

ACTIONS: tuple[Spec, ...] = (
    Spec("open", "Open CSV…", "File", ("Ctrl+O",), "folder-open", "Choose a data file"),
    Spec(
        "import",
        "Import…",
        "File",
        ("Ctrl+Shift+I",),
        "table",
        "Look at a data file first, and correct how it is read",
    ),
    Spec(
        "ask_first",
        "Look before opening",
        "File",
        (),
        "",
        "Show every file in the import dialog first",
        True,
    ),
    Spec("generate", "Generate data…", "File", ("Ctrl+Shift+N",), "dice", "From a seed"),
    Spec(
        "paint",
        "Paint data…",
        "File",
        ("Ctrl+Shift+D",),
        "brush",
        "Set points on a plane by mouse or keys",
    ),
    *EXAMPLE_SPECS,
    Spec(
        "new_session",
        "New session",
        "File",
        ("Ctrl+N",),
        "file",
        "Start afresh with Iris; this session is kept under Recent sessions",
    ),
    Spec(
        "open_session",
        "Open session…",
        "File",
        ("Ctrl+F12",),
        "folder-open",
        "A session, or a recorded run, as it was left",
    ),
    Spec(
        "recent_sessions",
        "Recent sessions",
        "File",
        (),
        "stack",
        "Those that were kept by themselves, the last one first",
    ),
    Spec(
        "save_session",
        "Save session",
        "File",
        ("Ctrl+S",),
        "save",
        "Data, network, run, marks and layout to its file",
    ),
    Spec("save_session_as", "Save session as…", "File", ("F12",), "save", "To a file of your own"),
    Spec(
        "load_weights",
        "Load weights…",
        "File",
        ("Ctrl+Shift+O",),
        "folder-open",
        "From JSON, npz, safetensors or ONNX",
    ),
    Spec("save_weights", "Save weights…", "File", ("Ctrl+Shift+S",), "save", "As they stand"),
    Spec("export", "Export trace…", "File", ("Ctrl+E",), "export", "Write every step to a file"),
    Spec(
        "export_derivation",
        "Export derivation…",
        "File",
        ("Ctrl+Shift+E",),
        "export",
        "Of this weight, node or sample: LaTeX, Markdown or a web page",
    ),
    Spec(
        "export_picture",
        "Export picture…",
        "File",
        ("Ctrl+Shift+G",),
        "export",
        "Of the network, its derivation or a plot: SVG, PNG or PDF",
    ),
    Spec(
        "export_animation",
        "Export animation…",
        "File",
        ("Ctrl+Shift+M",),
        "export",
        "Of a stretch of steps: WebP, GIF or MP4",
    ),
    Spec("quit", "Quit", "File", ("Ctrl+Q",)),
    Spec("undo", "Undo", "Edit", ("Ctrl+Z",), "undo", "Take the last change by hand back"),
    Spec("redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", "Make it again"),
    Spec("copy_address", "Copy address", "Edit", ("Ctrl+Shift+C",), "copy", "Of the current step"),
    Spec("copy_latex", "Copy derivation as LaTeX", "Edit", ("Ctrl+Alt+C",), "copy"),
    Spec("change_keys", "Change keys…", "Edit", (), "keyboard", "Give actions other keys"),
    Spec("continue", "Continue", "Debug", ("F5",), "play", "To the next breakpoint"),
    Spec("stop", "Stop", "Debug", ("Shift+F5",), "stop", "End what is running"),
    Spec(
        "reverse_continue",
        "Reverse-continue",
        "Debug",
        ("Ctrl+F5",),
        "reverse-continue",
        "Back to the breakpoint before",
    ),
    Spec("run_to", "Run to the selection", "Debug", ("F7",), "run-to", "The node or edge chosen"),
    Spec("into", "Into", "Debug", ("F11", "Right"), "into", "Forward by the unit of Step by"),
    Spec("over", "Over", "Debug", ("F10",), "over", "Over this weight or node"),
    Spec("out", "Out", "Debug", ("Shift+F11",), "out", "Out of this node or layer"),
    Spec(
        "back_into",
        "Step back",
        "Debug",
        ("Ctrl+F11", "Left"),
        "step-back",
        "Back by the unit of Step by",
    ),
    Spec(
        "back_over",
        "Step back over",
        "Debug",
        ("Ctrl+F10",),
        "back-over",
        "Before this weight or node",
    ),
    Spec(
        "back_out",
        "Step back out",
        "Debug",
        ("Ctrl+Shift+F11",),
        "back-out",
        "Before this node or layer",
    ),
    *STEP_BY,
    Spec(
        "breakpoint",
        "Breakpoint",
        "Debug",
        ("F9",),
        "dot",
        "On the selected node or edge, else on the current step; again takes it away",
    ),
    Spec("no_breakpoints", "Remove all breakpoints", "Debug", ("Ctrl+Shift+F9",), "trash"),
    Spec(
        "watch",
        "Watch",
        "Debug",
        ("Shift+F9",),
        "eye",
        "The selected node or edge, else the current step; again ends it",
    ),
    Spec("bookmark", "Bookmark", "Debug", ("Ctrl+B",), "flag", "Mark the current step, or not"),
    Spec("next_bookmark", "Next bookmark", "Debug", ("Ctrl+Shift+B",)),
    Spec(
        "check_term",
        "Check this term",
        "Debug",
        ("Ctrl+K",),
        "check",
        "Compare it with its numeric derivative",
    ),
    Spec(
        "to_start",
        "Restart the pass",
        "Debug",
        ("Ctrl+Shift+F5", "Ctrl+Home"),
        "restart",
        "From its first step",
    ),
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
    Spec(
        "goto_update",
        "Go to update…",
        "Train",
        ("Ctrl+Alt+G",),
        "chart",
        "Visit any update of the recorded run",
    ),
    Spec(
        "present",
        "Back to now",
        "Train",
        ("Ctrl+Alt+End",),
        "to-end",
        "From the past of the run to the weights as they stand",
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
    Spec(
        "presentation",
        "Presentation mode",
        "View",
        ("Ctrl+Alt+P",),
        "presentation",
        "Network and derivation alone, large enough for a projector; Esc leaves it",
        True,
    ),
    Spec("light_dark", "Light or dark", "View", ("Ctrl+Alt+L",), "moon"),
    Spec("system_theme", "Theme follows the system", "View", (), "", "", True),
    Spec("reduced_motion", "Reduce motion", "View", (), "", "", True),
    *PANEL_SPECS,
    Spec("layout_step", "Layout: Step", "Window", (), "", "For one term after the other", True),
    Spec("layout_debug", "Layout: Debug", "Window", (), "", "For breakpoints and watches", True),
    Spec("layout_train", "Layout: Train", "Window", (), "", "For runs and what stops them", True),
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
        "new_session",
        "load_weights",
        "export",
        "quit",
        "change_keys",
        "into",
        "goto",
        "next_row",
        "restart",
        "goto_update",
        "new_seed",
        "copy_address",
        "back_into",
        "by_term",
        "breakpoint",
        "bookmark",
        "to_start",
        "nodes_a",
        "fit",
    }
    | {"explain", "presentation", "light_dark", "layout_step", "next_panel", "about"}
)


def specs_of(menu: str) -> Iterator[Spec]:
    """The actions of a menu, in order."""
    return (spec for spec in ACTIONS if spec.menu == menu)


def find(name: str) -> Spec:
    """The action of that name."""
    return next(spec for spec in ACTIONS if spec.name == name)
