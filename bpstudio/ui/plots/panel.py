"""A plot as a panel of the window. Its view is made when it first comes into sight."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpstudio.debugger.notices import Change, Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

if TYPE_CHECKING:
    from bpstudio.ui.plot_actions import PlotActions
    from bpstudio.ui.plots.view import PlotView

EVERYTHING: Changes = frozenset(get_args(Change))


class PlotPanel(QWidget):
    """Holds the view of `module` in `bpstudio.ui.plots`, which calls it `View`.

    pyqtgraph takes a fifth of the start to load, so nothing here imports it before it is needed.
    """

    def __init__(
        self, module: str, session: Session, appearance: Appearance, attempt: Attempt
    ) -> None:
        super().__init__()
        set_role(self, "panel")
        self._module = module
        self._given = session, appearance, attempt
        self._view: PlotView | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)

    def minimumSizeHint(self) -> QSize:
        """Room for ten classes one under the other, whether the view is made or not."""
        return QSize(200, 196)

    @property
    def view(self) -> PlotView:
        """The plot with its controls; made when first asked for."""
        if self._view is None:
            made: PlotView = import_module(f"bpstudio.ui.plots.{self._module}").View(*self._given)
            self._view = made
            layout = self.layout()
            assert layout is not None
            layout.addWidget(made)
            made.show()  # at once: the layout would do so in the next turn of the loop
        return self._view

    @property
    def plot_actions(self) -> PlotActions | None:
        """What can be done with the plot; None before it is made."""
        return None if self._view is None else self._view.plot_actions

    def refresh(self, changes: Changes) -> None:
        """Show what changed; the first time, everything."""
        changes = EVERYTHING if self._view is None else changes
        self.view.refresh(changes)
        self.view.prepare_for_paint()


def plot_panel(module: str) -> Callable[[Session, Appearance, Attempt], QWidget]:
    """How the table of panels makes the panel of a plot."""
    return partial(PlotPanel, module)
