"""Docks that can show a page instead of all areas, and bring them back as they were."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QWidget

from bpstudio.ui.dock_sizes import Arrangement, Sizes
from bpstudio.ui.docking import Docks
from bpstudio.ui.panel_table import Layout


class Presented(NamedTuple):
    """A page that is shown instead of all areas, and how they and the window were."""

    page: QWidget
    focused: QWidget | None
    arrangement: Arrangement
    chosen_sizes: Sizes | None
    size: QSize


class PresentingDocks(Docks):
    """Whatever shows other panels leaves the page first."""

    presenting = Signal(bool)
    """Whether a page is shown instead of all areas, from now on."""

    _presented: Presented | None = None
    _before: Presented | None = None  # to come back when the window is as large again

    def present(self, page: QWidget) -> None:
        """Show a page instead of all areas. It may take panels, the network and the timeline."""
        self.leave()
        before = (self._window.focusWidget(), self.arrangement, self._chosen_sizes)
        self._presented = Presented(page, *before, self._window.size())
        for dock in self._docks:
            dock.hide()
        self._stage.addWidget(page)
        self._stage.setCurrentWidget(page)
        self.presenting.emit(True)

    def leave(self) -> None:
        """Everything as it was before a page was shown; nothing happens where none is."""
        before, self._presented = self._presented, None
        if before is None:
            return
        self._stage.removeWidget(before.page)
        before.page.setParent(self._out_of_sight)
        self._centre.insertWidget(0, self._network)
        self.bottom.take_timeline()
        for dock in self._docks:
            dock.show()
        self._place_all()
        self.presenting.emit(False)
        self._before = before
        self._put_back(before)
        if before.focused is not None and before.focused.isVisibleTo(self._window):
            before.focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def window_resized(self) -> None:
        """Once the window is as large as it was before a page was shown, so are the areas."""
        if self._before is not None and self._before.size == self._window.size():
            self._put_back(self._before)

    def _put_back(self, before: Presented) -> None:
        if before.size == self._window.size():
            self._before = None
        self.restore(before.arrangement)
        self._chosen_sizes = before.chosen_sizes

    @property
    def _docks(self) -> tuple[QDockWidget, ...]:
        return self._left_dock, self._right_dock, self._bottom_dock

    # ---- what leaves it -------------------------------------------------------------------------

    def choose(self, layout: Layout) -> None:
        """Another layout, with the sizes of the design."""
        self.leave()
        super().choose(layout)

    def show_panel(self, name: str) -> QWidget:
        """Bring a panel to the front."""
        self.leave()
        return super().show_panel(name)

    def restore(self, arrangement: Arrangement) -> None:
        """As it was then."""
        self.leave()
        super().restore(arrangement)

    def arrange(self) -> None:
        """The window became narrow, or wide again: of importance when the page is left."""
        if self._presented is None:
            super().arrange()

    @property
    def arrangement(self) -> Arrangement:
        """What `restore` brings back: how it was before the page."""
        return super().arrangement if self._presented is None else self._presented.arrangement
