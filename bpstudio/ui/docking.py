"""The areas around the network, the layouts, and their sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QWidget

from bpstudio.ui.areas import Area, Page, stacked
from bpstudio.ui.bottom import BottomPanel
from bpstudio.ui.dock_sizes import WIDTHS, Arrangement, Sizes, bottom_height, is_narrow
from bpstudio.ui.panel_focus import kept_focus
from bpstudio.ui.panel_table import (
    FRONT,
    NARROW_PLACES,
    PLACES,
    WITHOUT_NETWORK,
    Layout,
    PanelSpec,
    Place,
    arranged,
)
from bpstudio.ui.side import STRIP, Side

_ROUNDING = 2  # pixels by which a dock may differ from what it was set to
# Areas whose panels have no title of their own where the network is out of sight.
_NAMELESS: tuple[Place, ...] = ("below", "right below")
_BOTTOM: tuple[Place, ...] = ("bottom left", "bottom right")
_OF_A_STEP = ("derivation", "steps")  # panels that show the current step
_DOCK = Qt.DockWidgetArea
_DOWN, _ACROSS = Qt.Orientation.Vertical, Qt.Orientation.Horizontal


class Docks(QObject):
    """Every panel in its area. Those that a layout lacks are kept out of sight."""

    changed = Signal()
    """Another layout, other pages, or the left side was opened or closed."""

    def __init__(
        self,
        window: QMainWindow,
        network: QWidget,
        timeline: QWidget,
        panels: Mapping[str, QWidget],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panels = panels
        self._out_of_sight = QWidget(window)
        self._out_of_sight.hide()
        self._asked: frozenset[str] = frozenset()
        self._chosen_sizes: Sizes | None = None  # where they are not those of the design
        self._restored: Arrangement | None = None  # until the window is seen
        self.layout: Layout = "step"
        self.areas = {place: Area(place.capitalize(), "bottom" in place) for place in PLACES}
        self._bottom_height = 0
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self._set_bottom)
        for place in _BOTTOM:
            self.areas[place].currentChanged.connect(self._fit_bottom)
        self._left = stacked((self.areas["left"], self.areas["left below"]), _DOWN)
        self.side = Side(self._left)
        self._network = network
        self._centre = stacked((network, self.areas["below"]), _DOWN)
        on_the_right: tuple[Place, ...] = ("right", "right middle", "right below")
        self._right = stacked(tuple(self.areas[place] for place in on_the_right), _DOWN)
        self.bottom = BottomPanel(timeline, self.areas["bottom left"], self.areas["bottom right"])
        self._stage = QStackedWidget()  # what is around the network, or a page instead of all
        self._stage.addWidget(self._centre)
        self._put_around(window)
        self.side.toggled.connect(self._show_side)
        self.choose("step")

    def _put_around(self, window: QMainWindow) -> None:
        window.setCentralWidget(self._stage)
        window.setDockNestingEnabled(False)
        window.setCorner(Qt.Corner.BottomRightCorner, _DOCK.RightDockWidgetArea)
        window.setCorner(Qt.Corner.BottomLeftCorner, _DOCK.BottomDockWidgetArea)
        self._left_dock = _dock(window, "Left side", self.side, _DOCK.LeftDockWidgetArea)
        self._right_dock = _dock(window, "Right side", self._right, _DOCK.RightDockWidgetArea)
        self._bottom_dock = _dock(window, "Bottom", self.bottom, _DOCK.BottomDockWidgetArea)

    # ---- which panels ---------------------------------------------------------------------------

    def choose(self, layout: Layout) -> None:
        """Another layout, with the sizes of the design."""
        with kept_focus(self._window, self._network):
            self._put(layout, frozenset(), FRONT[layout])
            self._chosen_sizes = None
            self.reset()

    @property
    def arrangement(self) -> Arrangement:
        """What `restore` brings back."""
        on_top = tuple(area.on_top for area in self.areas.values() if area.on_top)
        return Arrangement(self.layout, self._asked, on_top, self.side.is_open, self._sizes())

    def restore(self, arrangement: Arrangement) -> None:
        """As it was. Sizes wait for a window that is as wide, or as narrow, as it was then."""
        asked = arrangement.asked & frozenset(self._panels)
        self._put(arrangement.layout, asked, arrangement.on_top)
        self._chosen_sizes = arrangement.sizes
        self.reset()
        if arrangement.sizes.narrow == is_narrow(self._window):
            self.side.show_panel(arrangement.side_open)
        self._restored = None if self._window.isVisible() else arrangement

    def _put(self, layout: Layout, asked: frozenset[str], on_top: Iterable[str]) -> None:
        self.layout, self._asked = layout, asked
        self._place_all(on_top)

    def arrange(self) -> None:
        """The window became narrow, or wide again, or is seen for the first time."""
        restored, self._restored = self._restored, None
        if restored is not None:
            self.restore(restored)
            self._restored = None
            return
        with kept_focus(self._window, self._network):
            self._place_all()
            self.reset()

    def show_panel(self, name: str) -> QWidget:
        """Bring a panel to the front, into the window where the layout lacks it; → the panel."""
        if not any(name in area.names for area in self.areas.values()):
            self._asked |= {name}
            self._place_all((name,))
        place = next(place for place, area in self.areas.items() if area.bring(name))
        if place.startswith("left"):
            self.side.show_panel(True)
        self.changed.emit()
        return self._panels[name]

    def show_step(self, asked_by: str = "") -> None:
        """Bring the table of steps to the front where nothing in sight shows the current one.

        ``asked_by``: the panel that led there; it stays in front where it is.
        """
        area = next((area for area in self.areas.values() if "steps" in area.names), None)
        seen = self.layout not in WITHOUT_NETWORK or any(map(self.is_shown, _OF_A_STEP))
        if area is not None and not seen and asked_by not in area.names:
            area.bring("steps")
            self.changed.emit()

    def is_shown(self, name: str) -> bool:
        """Whether a panel is in front, not behind another or in a closed side."""
        place = next((place for place, area in self.areas.items() if area.on_top == name), "")
        return bool(place) and (self.side.is_open or not place.startswith("left"))

    def _place_all(self, on_top: Iterable[str] = ()) -> None:
        """Every panel where it belongs, these on top, and else those that were."""
        # where areas become one, what was on top of the one that stays is on top again
        order = sorted(PLACES, key=lambda place: place not in NARROW_PLACES)
        front = [*(self.areas[place].on_top for place in order), *on_top]
        places = arranged(self.layout, self._asked, is_narrow(self._window))
        self._window.setUpdatesEnabled(False)
        without = self.layout in WITHOUT_NETWORK
        self._network.setVisible(not without)
        for place in _NAMELESS:
            self.areas[place].setTabBarAutoHide(not without)
        self._put_pages({place: self._pages(specs) for place, specs in places.items()}, front)
        self.side.name_strip(places["left"][0].title if places["left"] else "")
        self._window.setUpdatesEnabled(True)
        self.changed.emit()

    def _pages(self, specs: Iterable[PanelSpec]) -> list[Page]:
        return [(spec.name, spec.title, self._panels[spec.name]) for spec in specs]

    def _put_pages(self, places: Mapping[Place, list[Page]], front: list[str]) -> None:
        """All areas let go of what they lose before one of them has it: none is shown in passing.

        Of several of an area that are to be on top the last one is.
        """
        for place, pages in places.items():
            self.areas[place].make_room(pages)
        shown = {name for pages in places.values() for name, _title, _panel in pages}
        for name, panel in self._panels.items():
            if name not in shown:
                panel.setParent(self._out_of_sight)
        for place, pages in places.items():
            names = [name for name, _title, _panel in pages]
            on_top = [name for name in front if name in names]
            self.areas[place].put(pages, on_top[-1] if on_top else "")

    def panels_in_sight(self, places: tuple[Place, ...]) -> list[QWidget]:
        """The panels on top of these areas."""
        names = (self.areas[place].on_top for place in places)
        return [self._panels[name] for name in names if name and self.is_shown(name)]

    # ---- sizes ----------------------------------------------------------------------------------

    def reset(self) -> None:
        """The sizes that were chosen, else those of the design."""
        narrow, chosen = is_narrow(self._window), self._chosen_sizes
        if chosen is not None and chosen.narrow == narrow:
            self._resize(chosen)
            return
        left, least, right = WIDTHS[self.layout]
        self.side.set_least(least)
        self.side.show_panel(not narrow)
        widths = [STRIP if narrow else left, 420 if narrow else right]
        self._window.resizeDocks([self._left_dock, self._right_dock], widths, _ACROSS)
        self._set_bottom()
        self._left.setSizes([550, 450])
        self._centre.setSizes([530, 470])
        self._right.setSizes([250, 250, 400] if self.layout == "train" else [600, 0, 400])

    def _set_bottom(self) -> None:
        self._bottom_height = self._bottom_wanted()
        self._window.resizeDocks([self._bottom_dock], [self._bottom_height], _DOWN)

    def _bottom_wanted(self) -> int:
        design = bottom_height(self.layout, self._window.height(), is_narrow(self._window))
        return max(design, self._bottom_needed())

    def _bottom_needed(self) -> int:
        """What the panels in front need; those over them give way."""
        areas = [self.areas[place] for place in _BOTTOM if self.areas[place].names]
        needed = max((area.minimumSizeHint().height() for area in areas), default=0)
        return self.bottom.timeline.height() + needed

    def _fit_bottom(self) -> None:
        """Another panel is in front: as high as the design has it, or as the panel needs.

        A height that the user chose stays.
        """
        if abs(self._bottom_dock.height() - self._bottom_height) <= _ROUNDING:
            self._fitting.start()  # when the page before asks for nothing any more

    def _sizes(self) -> Sizes:
        left, right, bottom = self._left_dock, self._right_dock, self._bottom_dock
        parts = (self._left, self._centre, self._right, self.bottom.splitter)
        inside = [tuple(splitter.sizes()) for splitter in parts]
        docks = (left.width(), right.width(), bottom.height())
        return Sizes(is_narrow(self._window), docks, *inside)

    def _resize(self, sizes: Sizes) -> None:
        left, right, bottom = sizes.docks
        self.side.set_least(WIDTHS[self.layout][1])
        self._window.resizeDocks([self._left_dock, self._right_dock], [left, right], _ACROSS)
        self._fitting.stop()
        self._bottom_height = self._bottom_wanted()
        self._window.resizeDocks([self._bottom_dock], [bottom], _DOWN)
        self._left.setSizes(list(sizes.left))
        self._centre.setSizes(list(sizes.centre))
        self._right.setSizes(list(sizes.right))
        self.bottom.splitter.setSizes(list(sizes.bottom))

    def _show_side(self, on: bool) -> None:
        wide, least, _right = WIDTHS[self.layout]
        width = (least if is_narrow(self._window) else wide) if on else STRIP
        self._window.resizeDocks([self._left_dock], [width], _ACROSS)
        self.changed.emit()


def _dock(window: QMainWindow, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
    dock = QDockWidget(title, window)
    dock.setObjectName(title)
    dock.setWidget(widget)
    dock.setTitleBarWidget(QWidget(dock))  # every panel has a header of its own
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    window.addDockWidget(area, dock)
    return dock
