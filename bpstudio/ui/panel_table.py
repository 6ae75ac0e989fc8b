"""The one table of panels: what each is called, its key, and where it is in each layout.

Adding a panel is one line here; menu, key, palette and docks follow. Panels are made from a
session, the appearance and a way to call verbs, and are told of changes while they are in sight.
What they ask for by signals of a known name is answered in `bpstudio.ui.wiring`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.derivation.panel import DerivationPanel
from bpstudio.ui.matrices.panel import MatricesPanel
from bpstudio.ui.panels.breakpoints import BreakpointsPanel
from bpstudio.ui.panels.check import CheckPanel
from bpstudio.ui.panels.data import DataPanel
from bpstudio.ui.panels.diagnoses import DiagnosesPanel
from bpstudio.ui.panels.experiment import ExperimentPanel
from bpstudio.ui.panels.inspector.panel import InspectorPanel
from bpstudio.ui.panels.ledger import LedgerPanel
from bpstudio.ui.panels.log import LogPanel
from bpstudio.ui.panels.loss import LossPanel
from bpstudio.ui.panels.origin import OriginPanel
from bpstudio.ui.panels.paths import PathsPanel
from bpstudio.ui.panels.runs import RunsPanel
from bpstudio.ui.panels.samples import SamplesPanel
from bpstudio.ui.panels.stack import StackPanel
from bpstudio.ui.panels.steps import StepsPanel
from bpstudio.ui.panels.stops import StopsPanel
from bpstudio.ui.panels.watches import WatchesPanel
from bpstudio.ui.plots.panel import plot_panel
from bpstudio.ui.theme import Appearance

Place = Literal[
    "left",
    "left below",
    "below",
    "bottom left",
    "bottom right",
    "right",
    "right middle",
    "right below",
    "",
]
"""An area of the window; "" is out of sight until it is asked for. "below" is below the network,
in the layout "train" in its place."""
Layout = Literal["step", "debug", "train"]
PLACES: tuple[Place, ...] = (
    "left",
    "left below",
    "below",
    "right",
    "right middle",
    "right below",
    "bottom left",
    "bottom right",
)
LAYOUTS: tuple[Layout, ...] = ("step", "debug", "train")
WITHOUT_NETWORK: tuple[Layout, ...] = ("train",)

# Where a narrow window puts what it has no room for.
NARROW_PLACES: dict[Place, Place] = {
    "below": "bottom right",
    "bottom left": "bottom right",
    "right middle": "right",
    "right below": "right",
}


@runtime_checkable
class Panel(Protocol):
    """What is told of changes."""

    def refresh(self, changes: Changes) -> None:
        """Show what changed."""


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel. Pages of one area are tabs in the order of the table."""

    name: str
    title: str
    key: str
    icon: str
    make: Callable[[Session, Appearance, Attempt], QWidget]
    step: Place
    debug: Place

    def place(self, layout: Layout) -> Place:
        """Its area in a layout."""
        return {"step": self.step, "debug": self.debug}.get(layout, TRAIN.get(self.name, ""))

    def home(self, layout: Layout) -> Place:
        """Where it goes when it is asked for: its area in this layout, else in another."""
        elsewhere = self.step or self.debug or TRAIN.get(self.name, "")
        return self.place(layout) or elsewhere or "bottom right"


# What is in front when a layout is chosen, where it has several panels in one area; in a narrow
# window, where areas become one, the last of them.
FRONT: dict[Layout, tuple[str, ...]] = {
    "step": ("loss", "steps", "derivation"),
    "debug": ("breakpoints", "log", "steps", "ledger", "origin"),
    "train": ("loss", "boundary", "flow", "stops", "runs"),
}


# Where panels are in the layout "Train"; the others are out of sight.
TRAIN: dict[str, Place] = {
    "experiment": "left",
    "loss": "below",
    "runs": "right",
    "stops": "right middle",
    "diagnoses": "right below",
    "flow": "bottom left",
    "histograms": "bottom left",
    "landscape": "bottom left",
    "confusion": "bottom left",
    "boundary": "bottom right",
    "steps": "bottom right",
    "watches": "bottom right",
    "ledger": "bottom right",
}


def layout_of(text: str) -> Layout:
    """The layout of that name; the first where there is none."""
    return next((layout for layout in LAYOUTS if layout == text), LAYOUTS[0])


def _derivation(_session: Session, _appearance: Appearance, _attempt: Attempt) -> QWidget:
    return DerivationPanel()


PANELS: tuple[PanelSpec, ...] = (
    # name, title, key, icon, class, in the layouts "Step" and "Debug"; TRAIN has the third
    PanelSpec("experiment", "Experiment", "Ctrl+Alt+1", "sliders", ExperimentPanel, "left", ""),
    PanelSpec("loss", "Loss", "Ctrl+Alt+2", "chart", LossPanel, "bottom left", "bottom left"),
    PanelSpec("steps", "Steps", "Ctrl+Alt+3", "table", StepsPanel, "bottom right", "bottom left"),
    PanelSpec("data", "Data", "Ctrl+Alt+4", "data", DataPanel, "bottom right", "bottom left"),
    PanelSpec("derivation", "Derivation", "Ctrl+Alt+5", "sigma", _derivation, "right", "right"),
    PanelSpec("origin", "Origin", "Ctrl+Alt+O", "link", OriginPanel, "right", "right"),
    PanelSpec("ledger", "Ledger", "Ctrl+Alt+U", "sort", LedgerPanel, "right", "right below"),
    PanelSpec(
        "inspector", "Inspector", "Ctrl+Alt+I", "search", InspectorPanel, "right", "right below"
    ),
    PanelSpec(
        "breakpoints", "Breakpoints", "Ctrl+Alt+6", "dot", BreakpointsPanel, "bottom right", "left"
    ),
    PanelSpec(
        "watches", "Watches", "Ctrl+Alt+7", "eye", WatchesPanel, "bottom right", "left below"
    ),
    PanelSpec("log", "Log", "Ctrl+Alt+8", "file", LogPanel, "", "bottom right"),
    PanelSpec(
        "stack", "Call stack", "Ctrl+Alt+9", "stack", StackPanel, "bottom right", "bottom right"
    ),
    PanelSpec("check", "Check", "Ctrl+Alt+N", "check", CheckPanel, "bottom left", "bottom right"),
    PanelSpec("paths", "Paths", "Ctrl+Alt+H", "network", PathsPanel, "bottom left", "bottom right"),
    PanelSpec(
        "samples", "Samples", "Ctrl+Alt+S", "data", SamplesPanel, "bottom left", "bottom right"
    ),
    PanelSpec("diagnoses", "Diagnoses", "", "warning", DiagnosesPanel, "bottom right", ""),
    PanelSpec("runs", "Runs", "Ctrl+Alt+R", "train", RunsPanel, "", ""),
    PanelSpec("stops", "Stop conditions", "Ctrl+Alt+K", "stop", StopsPanel, "", ""),
    PanelSpec("matrices", "Matrices", "Ctrl+Alt+0", "table", MatricesPanel, "", "below"),
    PanelSpec("flow", "Gradient flow", "", "chart", plot_panel("gradient_flow"), "bottom left", ""),
    PanelSpec("histograms", "Histograms", "", "chart", plot_panel("histograms"), "bottom left", ""),
    PanelSpec("boundary", "Boundary", "", "chart", plot_panel("boundary"), "bottom left", ""),
    PanelSpec("confusion", "Confusion", "", "table", plot_panel("confusion"), "bottom left", ""),
    PanelSpec("landscape", "Loss surface", "", "chart", plot_panel("landscape"), "bottom left", ""),
)


def arranged(layout: Layout, asked: frozenset[str], narrow: bool) -> dict[Place, list[PanelSpec]]:
    """The panels of each area; ``asked`` are those that the layout lacks and the user wants."""
    places: dict[Place, list[PanelSpec]] = {place: [] for place in PLACES}
    late: list[tuple[Place, PanelSpec]] = []
    for spec in PANELS:
        place = spec.home(layout) if spec.name in asked else spec.place(layout)
        centre = place == "below" and layout in WITHOUT_NETWORK
        if place and narrow and place in NARROW_PLACES and not centre:
            late.append((NARROW_PLACES[place], spec))
        elif place:
            places[place].append(spec)
    for place, spec in late:
        places[place].append(spec)
    return places
