"""The Origin panel: what a number was made of, down to the data and the seed, and what uses it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from bpstudio.core.errors import InputError
from bpstudio.core.leaves import find_leaf
from bpstudio.core.origin import Origin
from bpstudio.core.origin_values import Items, OriginItem
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.analysis.parameter import parameter_at
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.origin.formula import OriginFormula
from bpstudio.ui.origin.formula_parts import formula_parts
from bpstudio.ui.origin.header import COMES_FROM, OriginHeader
from bpstudio.ui.origin.history import History
from bpstudio.ui.origin.tree import OriginTree
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

_CONCERN = {"cursor", "trace", "network", "data", "experiment", "run"}
_HOW = "Enter goes to the step, Alt+Left back; arrows unfold and fold"


class OriginPanel(QWidget):
    """Follows the current step unless it is pinned; `show_origin` opens any other number."""

    address_requested = Signal(str)
    """The address of a step whose link was clicked; the panel goes there itself."""
    changes_requested = Signal(str)
    """The address of a parameter: who changed it?"""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session = session
        self._attempt = attempt
        self._history = History()
        self._origin = Origin(session.debugger.trace, session.data, session.provenance)
        self.header = OriginHeader(appearance)
        self.formula = OriginFormula(appearance)
        self.tree = OriginTree(appearance)
        self.tree.setToolTip(_HOW)
        self.notice = QLabel()
        self.notice.setWordWrap(True)
        self.notice.setMargin(12)
        set_role(self.notice, "hint")
        self._lay_out()
        self._connect()
        self.refresh(frozenset({"cursor", "trace"}))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.formula, self.notice):
            column.addWidget(widget)
        column.addWidget(self.tree, 1)

    def _connect(self) -> None:
        header = self.header
        header.back.clicked.connect(self.go_back)
        header.forward.clicked.connect(self.go_forward)
        header.way.chosen.connect(self._turn)
        header.sort.toggled.connect(self._sort)
        header.pin.toggled.connect(self._pin)
        self.tree.item_asked.connect(self._ask)
        self.tree.menu_asked.connect(self._open_menu)
        self.address_requested.connect(self._goto)
        for keys, call in (("Alt+Left", self.go_back), ("Alt+Right", self.go_forward)):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(call)
            self.addAction(action)

    # ---- which number ---------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """The address of the number whose origin is shown."""
        return self._history.current

    @property
    def is_pinned(self) -> bool:
        """Whether the panel stays at its number while stepping."""
        return self.header.pin.isChecked()

    def show_origin(self, address: str) -> None:
        """Open the origin of any number: a step, or a leaf such as s52/x0 or w/l3/j2/k2.

        InputError where the address names none.
        """
        self._origin.item(address)
        self._history.open(address.strip().strip("/"))
        self._show()

    def go_back(self) -> None:
        """The number before."""
        self._history.back()
        self._show()

    def go_forward(self) -> None:
        """The number after it."""
        self._history.forward()
        self._show()

    def refresh(self, changes: Changes) -> None:
        """Follow the step; show the same number with its new value where it is pinned."""
        if not changes & _CONCERN:
            return
        session = self._session
        self.setEnabled(not session.is_training)
        anew = bool(changes - {"cursor"})
        if anew:
            self._origin = Origin(session.debugger.trace, session.data, session.provenance)
        before = self.address
        if not self.is_pinned or not self._exists(before):
            self._history.follow(session.debugger.step.address)
        if anew or self.address != before:
            self._show(self.tree.unfolded if self.address == before else None)

    def _exists(self, address: str) -> bool:
        try:
            self._origin.item(address)
        except InputError:
            return False
        return True

    # ---- showing it -----------------------------------------------------------------------------

    def _show(self, unfolded: list[tuple[int, ...]] | None = None) -> None:
        """The number at the current place of the history; ``unfolded``: rows to open again."""
        item, why = self._current_item()
        self.notice.setText(why)
        self.notice.setVisible(bool(why))
        self.formula.setVisible(item is not None)
        self.formula.show_parts(None if item is None else formula_parts(self._origin, item))
        self.tree.rows.sample = _sample(self.address)
        self.tree.shown.show_root(item, self._unfold, self._opens)
        self.tree.setCurrentIndex(self.tree.shown.root)
        self.tree.unfold_again([()] if unfolded is None else unfolded)
        self.header.back.setEnabled(self._history.can_go_back)
        self.header.forward.setEnabled(self._history.can_go_forward)

    def _current_item(self) -> tuple[OriginItem | None, str]:
        """The number, or why it cannot be shown."""
        try:
            return self._origin.item(self.address), ""
        except InputError as error:
            return None, str(error)

    @property
    def _comes_from(self) -> bool:
        return self.header.way.key == COMES_FROM

    def _unfold(self, address: str) -> Items:
        if not self._comes_from:
            return self._origin.uses(address)
        return self._origin.children(address, largest=self.header.sort.isChecked())

    def _opens(self, item: OriginItem) -> bool:
        return item.opens if self._comes_from else bool(len(self._origin.uses(item.address)))

    def _turn(self, _way: str) -> None:
        self.header.sort.setEnabled(self._comes_from)
        name = "Origin of the number" if self._comes_from else "What uses the number"
        self.tree.setAccessibleName(name)
        self._show()

    def _sort(self, _on: bool) -> None:
        self._show()

    def _pin(self, on: bool) -> None:
        if not on:
            self.refresh(frozenset({"cursor"}))

    # ---- going there ----------------------------------------------------------------------------

    def _ask(self, item: OriginItem) -> None:
        """A step becomes the current one; a leaf, which is none, opens here."""
        if find_leaf(item.address) is None:
            self.address_requested.emit(item.address)
        else:
            self._attempt(partial(self.show_origin, item.address))

    def _goto(self, address: str) -> None:
        self._attempt(lambda: self._session.debugger.goto(address))

    def menu_of(self, item: OriginItem) -> QMenu:
        """What can be done with a row."""
        menu = QMenu(self)
        copy = QGuiApplication.clipboard().setText
        is_step = find_leaf(item.address) is None
        changes = parameter_at(item.address) is not None
        for text, call, enabled in (
            ("Go to this step", partial(self.address_requested.emit, item.address), is_step),
            ("Show its origin here", partial(self.show_origin, item.address), True),
            ("Who changed it?", partial(self.changes_requested.emit, item.address), changes),
            ("Copy the address", partial(copy, item.address), True),
            ("Copy the value", partial(copy, item.text or repr(item.value)), True),
        ):
            action = QAction(text, menu)
            action.setEnabled(enabled)
            action.triggered.connect(lambda _checked=False, call=call: self._attempt(call))
            menu.addAction(action)
        return menu

    def _open_menu(self, item: OriginItem, at: QPoint) -> None:
        menu = self.menu_of(item)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)


def _sample(address: str) -> str:
    """The sample that most addresses below this one start with."""
    first = address.partition("/")[0]
    return f"{first}/" if first[:1] == "s" and first[1:].isdigit() else ""
