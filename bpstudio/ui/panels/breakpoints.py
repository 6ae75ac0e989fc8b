"""The breakpoints: what each watches, when it stops, and how often it was met."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QMenu, QVBoxLayout, QWidget

from bpstudio.core.errors import InputError
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.looking import next_match
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.breakpoint_editor import edit_breakpoint
from bpstudio.ui.breakpoint_rows import BreakpointRow, BreakpointRows
from bpstudio.ui.list_header import ListHeader
from bpstudio.ui.list_or_hint import ListOrHint
from bpstudio.ui.scan import Scan
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

_EMPTY = "Select an edge and press F9, or add one here."
_CHANGES = {"breakpoints", "cursor", "trace", "data", "experiment", "run"}


class BreakpointsPanel(QWidget):
    """The list under its header. Space turns on or off, Enter edits, Delete removes."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session, self._appearance, self._attempt = session, appearance, attempt
        self._scan = Scan(self)
        self.header = ListHeader("Breakpoints", appearance)
        self.add = self.header.button("plus", "Add a breakpoint", self.add_new)
        self.all_off = self.header.button("all-off", "Turn all off", self.turn_all)
        self.more = self.header.menu_button("More for breakpoints", self._menu_of_all)
        self.rows = BreakpointRows(session, self)
        self.view = QListView()
        self._build()
        appearance.changed.connect(self.view.viewport().update)
        self._scan.progressed.connect(self._show_progress)
        self._scan.ended.connect(self._count)
        self._show()

    def _build(self) -> None:
        view = self.view
        view.setModel(self.rows)
        view.setItemDelegate(BreakpointRow(view))
        view.setUniformItemSizes(True)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName("Breakpoints")
        view.setToolTip(
            "Double-click goes to the next match; Space turns on or off, Enter edits, "
            "Delete removes"
        )
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.doubleClicked.connect(self._go_to_next)
        view.installEventFilter(self)
        self.stack = ListOrHint(_EMPTY, view)
        self.setFocusProxy(self.stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.stack, 1)

    def refresh(self, changes: frozenset[str]) -> None:
        """Show what there is, and how often it was met by now."""
        if changes & _CHANGES:
            self._scan.cancel()
            self._show()

    def _show(self) -> None:
        chosen = self.chosen
        self.rows.reload()
        self.stack.show_list(self.rows.rowCount() > 0)
        if chosen is not None and self.rows.row_of(chosen.id) is not None:
            self.view.setCurrentIndex(self.rows.index(self.rows.row_of(chosen.id) or 0, 0))
        self._count()

    def _count(self) -> None:
        points = self._session.debugger.breakpoints
        on = sum(point.enabled for point in points)
        off = len(points) - on
        parts = [f"{on} on"] * bool(points) + [f"{off} off"] * bool(off)
        self.header.say(", ".join(parts))
        title = "Turn all off" if on else "Turn all on"
        self.all_off.setToolTip(title)
        self.all_off.setAccessibleName(title)
        self.all_off.setEnabled(bool(points))

    def _show_progress(self, share: float) -> None:
        self.header.say(f"Looking for the next match, {share:.0%}")

    # ---- verbs --------------------------------------------------------------------------------

    @property
    def chosen(self) -> Breakpoint | None:
        """The breakpoint of the current row."""
        return self.rows.point(self.view.currentIndex().row())

    def add_new(self) -> None:
        """Ask for a new breakpoint, at the current term to begin with."""
        step = self._session.debugger.step.step
        edit_breakpoint(self._session, self._attempt, self, kind=step.kind, l=step.l, j=step.j)

    def edit(self) -> None:
        """Change the chosen one."""
        if self.chosen is not None:
            edit_breakpoint(self._session, self._attempt, self, self.chosen)

    def edit_breakpoint(self, number: int) -> None:
        """Choose the breakpoint of that number and change it."""
        row = self.rows.row_of(number)
        if row is not None:
            self.view.setCurrentIndex(self.rows.index(row, 0))
            self.edit()

    def toggle(self) -> None:
        """Turn the chosen one on or off."""
        point = self.chosen
        if point is not None:
            change = self._session.debugger.change_breakpoint
            self._attempt(partial(change, point.id, enabled=not point.enabled))

    def remove(self) -> None:
        """Take the chosen one away; the next one is chosen."""
        point, row = self.chosen, self.view.currentIndex().row()
        if point is None:
            return
        self._attempt(partial(self._session.debugger.remove_breakpoint, point.id))
        left = self.rows.rowCount()
        if left:
            self.view.setCurrentIndex(self.rows.index(min(row, left - 1), 0))

    def turn_all(self) -> None:
        """All off where one is on, else all on."""
        debugger = self._session.debugger
        on = any(point.enabled for point in debugger.breakpoints)
        for point in debugger.breakpoints:
            if point.enabled == on:
                self._attempt(partial(debugger.change_breakpoint, point.id, enabled=not on))

    def remove_all(self) -> None:
        """Take all away."""
        self._attempt(self._session.debugger.clear_breakpoints)

    def go_to_match(self, forward: bool = True) -> None:
        """Go to the next (or the last) step at which the chosen one is met."""
        point, debugger = self.chosen, self._session.debugger
        if point is not None and not self._session.is_training:
            steps = next_match(debugger.facts, point, debugger.cursor, forward)
            self._scan.run(steps, partial(self._arrive, forward))

    def _arrive(self, forward: bool, index: int | None) -> None:
        if index is None:
            self._attempt(partial(_refuse, forward))
        else:
            self._attempt(partial(self._session.debugger.goto, index))

    # ---- events -------------------------------------------------------------------------------

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The keys of the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            act = self._keys.get(Qt.Key(event.key()))
            if act is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                act()
                return True
            if event.key() == Qt.Key.Key_Escape and self._scan.is_running:
                self._scan.cancel()
                return True
        return False

    @property
    def _keys(self) -> dict[Qt.Key, Callable[[], None]]:
        return {
            Qt.Key.Key_Space: self.toggle,
            Qt.Key.Key_Return: self.edit,
            Qt.Key.Key_Enter: self.edit,
            Qt.Key.Key_Delete: self.remove,
        }

    def _go_to_next(self, _index: QModelIndex) -> None:
        self.go_to_match()

    def _show_menu(self, at: QPoint) -> None:
        menu = self._menu_of_one()
        if menu is not None:
            menu.popup(self.view.viewport().mapToGlobal(at))

    def _menu_of_one(self) -> QMenu | None:
        point = self.chosen
        if point is None:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Go to the next match", self.go_to_match)
        menu.addAction("Go to the last match before", partial(self.go_to_match, False))
        menu.addSeparator()
        menu.addAction("Edit…\tEnter", self.edit)
        menu.addAction("Turn off\tSpace" if point.enabled else "Turn on\tSpace", self.toggle)
        menu.addAction("Remove\tDel", self.remove)
        return menu

    def _menu_of_all(self) -> QMenu:
        menu = self._menu_of_one() or QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.chosen is not None:
            menu.addSeparator()
        everything = menu.addAction("Remove all", self.remove_all)
        everything.setEnabled(self.rows.rowCount() > 0)
        return menu


def _refuse(forward: bool) -> None:
    where = "after" if forward else "before"
    raise InputError(f"this breakpoint is not met {where} the current step in this pass")
