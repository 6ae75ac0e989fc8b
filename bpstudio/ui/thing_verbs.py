"""What is done to a thing of the picture: its breakpoint, its weight, its context menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from bpstudio.core.address import parse_address
from bpstudio.core.leaves import find_leaf
from bpstudio.ui.analysis.parameter import parameter_at
from bpstudio.ui.breakpoint_editor import edit_breakpoint
from bpstudio.ui.canvas.navigate import address_of
from bpstudio.ui.canvas.state import Thing
from bpstudio.ui.panels.ledger import LedgerPanel
from bpstudio.ui.panels.origin import OriginPanel
from bpstudio.ui.panels.paths import PathsPanel
from bpstudio.ui.panels.samples import SamplesPanel
from bpstudio.ui.targets import breakpoint_at, watch_at
from bpstudio.ui.thing_marks import thing_of

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

_OF_THE_PICTURE = ("fit", "centre", "export_picture", "export_animation")
Entry = tuple[str, Callable[[], object]] | None


class ThingVerbs:
    """Verbs on what lies under the pointer, in the network or in a matrix."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._debugger = window.session.debugger

    def address(self, thing: Thing) -> str | None:
        """The step that a thing stands for."""
        network = self._window.network
        state = network.canvas.state
        return address_of(state, network.node_mode, thing) if state is not None else None

    # ---- its breakpoint -------------------------------------------------------------------------

    def toggle_breakpoint(self, thing: Thing) -> None:
        """Set one; take a plain one away; turn one with a condition or line on or off."""
        debugger, attempt = self._debugger, self._window.attempt
        place = self.address(thing)
        there = [point for point in debugger.breakpoints if thing_of(point) == thing]
        if not there:
            if place is not None:
                attempt(lambda: debugger.add_breakpoint(**breakpoint_at(place)))
            return
        for point in there:
            if point.when or point.log or point.hits > 1:
                change = partial(debugger.change_breakpoint, point.id, enabled=not point.enabled)
                attempt(change)
            else:
                attempt(partial(debugger.remove_breakpoint, point.id))

    # ---- its number -----------------------------------------------------------------------------

    def drag_weight(self, l: int, j: int, k: int, value: float, finished: bool) -> None:
        """A weight follows the pointer; the whole drag is one entry of undo."""
        self._drag(partial(self._debugger.set_weight, l, j, k, value, merge=True), finished)

    def drag_bias(self, l: int, j: int, value: float, finished: bool) -> None:
        """A bias follows the pointer."""
        self._drag(partial(self._debugger.set_bias, l, j, value, merge=True), finished)

    def _drag(self, change: Callable[[], object], finished: bool) -> None:
        self._window.attempt(change)
        if finished:
            self._debugger.finish_edit()

    # ---- its menu -------------------------------------------------------------------------------

    def open_menu(self, what: object, at: QPoint) -> None:
        """The menu of a thing, or of the number at an address."""
        place = self.address(what) if isinstance(what, tuple) else what
        if isinstance(place, str):
            _pop_up(self.menu_of(place), at)

    def open_menu_in_network(self, thing: Thing | None, at: QPoint) -> None:
        """The menu of a thing in the network; where there is none, that of the whole picture."""
        if thing is None:
            _pop_up(self.picture_menu(), at)
        else:
            self.open_menu(thing, at)

    def picture_menu(self) -> QMenu:
        """What can be done with the picture of the network."""
        menu = QMenu(self._window)
        for name in _OF_THE_PICTURE:
            menu.addAction(self._window.commands[name])
        return menu

    def menu_of(self, place: str) -> QMenu:
        """What can be done with the number of a step."""
        menu = QMenu(self._window)
        for entry in self._entries(place):
            if entry is None:
                menu.addSeparator()
            else:
                text, call = entry
                menu.addAction(text).triggered.connect(lambda _on=False, call=call: call())
        return menu

    def _entries(self, place: str) -> tuple[Entry, ...]:
        window = self._window
        debug = window.debug
        copy = ("Copy address", lambda: QApplication.clipboard().setText(place))
        if find_leaf(place) is not None:  # given, not computed: there is no step to run to
            return (*self._origin(place), *self._changes(place), copy)
        return (
            ("Run to here", lambda: debug.run_to(place)),
            ("Go to here", lambda: window.goto(place)),
            *self._origin(place),
            None,
            ("Breakpoint", lambda: debug.toggle_breakpoint_at(place)),
            ("Breakpoint with a condition…", lambda: self._ask_breakpoint(place)),
            ("Watch", lambda: debug.toggle_watch_of(watch_at(place))),
            *self._analyses(place),
            *self._changes(place),
            None,
            copy,
        )

    def _analyses(self, place: str) -> tuple[Entry, ...]:
        """Of a weight: its paths, and the samples that pull it."""
        at = parse_address(place)
        if at.letter != "k" or at.l is None or at.j is None or at.index is None:
            return ()
        weight = (at.l, at.j, at.index)
        return (
            ("Paths of this weight", lambda: self._show_weight("paths", *weight)),
            ("Which samples pull it?", lambda: self._show_weight("samples", *weight)),
        )

    def _show_weight(self, name: str, l: int, j: int, k: int) -> None:
        panel = self._window.panels[name]
        assert isinstance(panel, PathsPanel | SamplesPanel)
        self._window.docks.show_panel(name)
        self._window.attempt(lambda: panel.show_weight(l, j, k))

    def _changes(self, place: str) -> tuple[Entry, ...]:
        if parameter_at(place) is None:
            return ()
        return (("Who changed it?", lambda: self.show_changes(place)),)

    def show_changes(self, place: str) -> None:
        """The ledger of the parameter that an address is about."""
        panel, parameter = self._window.panels["ledger"], parameter_at(place)
        assert isinstance(panel, LedgerPanel)
        if parameter is not None:
            self._window.show_panel("ledger")
            self._window.attempt(lambda: panel.show_weight(*parameter))

    def _origin(self, place: str) -> tuple[Entry, ...]:
        return (("Where does it come from?", lambda: self.show_origin(place)),)

    def show_origin(self, place: str) -> None:
        """The origin of the number at an address, in its panel."""
        panel = self._window.panels["origin"]
        assert isinstance(panel, OriginPanel)
        self._window.show_panel("origin")
        self._window.attempt(lambda: panel.show_origin(place))

    def _ask_breakpoint(self, place: str) -> None:
        window = self._window
        edit_breakpoint(window.session, window.attempt, window, **breakpoint_at(place))


def _pop_up(menu: QMenu, at: QPoint) -> None:
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(at)
