"""The runs of a session: a row each, and where the chosen one first differs from its parent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import NamedTuple

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.notation import format_number
from bpstudio.debugger.divergence import Divergence, divergence_steps
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.fonts import Size, mono_font
from bpstudio.ui.list_header import ListHeader
from bpstudio.ui.list_or_hint import ListOrHint
from bpstudio.ui.plain_keys import plain_key
from bpstudio.ui.run_rows import ACCURACY, FROM, LINE, LOSS, NAME, SHOW, TO, LineSample, RunRows
from bpstudio.ui.scan import Scan
from bpstudio.ui.style import LIST_ROW, PADDING, set_role, set_style_property
from bpstudio.ui.tables import TypedName, choose_row, table_view
from bpstudio.ui.theme import Appearance

_EMPTY = "Train, then change a number or a setting in the past: training on from there is a branch."
_TIP = "Enter goes on in the chosen run, Space shows or hides its curve, F2 renames it"
_REST = 300  # ms before the first difference is looked for


Pair = tuple[Recording, Recording]


class _Known(NamedTuple):
    """What was found for two runs of these lengths; a difference stays the first one."""

    pair: Pair
    lengths: tuple[int, int]
    found: Divergence | None

    def holds(self, pair: Pair) -> bool:
        """Whether it is so for these two as well, as far as they go by now."""
        return self.pair == pair and (self.found is not None or self.lengths == _lengths(pair))


class RunsPanel(QWidget):
    """The table over the first difference of the chosen run."""

    hidden_changed = Signal(object)
    """The runs whose curves are not shown, a frozenset of `Recording`."""
    address_requested = Signal(str)
    """An address in the current run."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session, self._attempt = session, attempt
        self._known: _Known | None = None
        self._scan = Scan(self, panel=self)
        self.header = ListHeader("Runs", appearance)
        self.more = self.header.menu_button("More for runs", self._menu)
        self.rows = RunRows(session, appearance, self)
        widths = {SHOW: 44, LINE: 40, LOSS: 92, ACCURACY: 70}
        self.view = table_view(self.rows, "Runs", _TIP, NAME, widths)
        for column in (FROM, TO):  # an address cut short is another one
            mode = QHeaderView.ResizeMode.ResizeToContents
            self.view.horizontalHeader().setSectionResizeMode(column, mode)
        self.words = QLabel()
        self.place = QPushButton()
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(_REST)
        self._look.timeout.connect(self.find_difference)
        self._build()
        appearance.changed.connect(self.view.viewport().update)
        self._show()

    def _build(self) -> None:
        view = self.view
        view.setItemDelegateForColumn(LINE, LineSample(view))
        view.setItemDelegateForColumn(NAME, TypedName(view))
        view.clicked.connect(self._click)
        view.doubleClicked.connect(self._double_click)
        view.customContextMenuRequested.connect(self._show_menu)
        view.installEventFilter(self)
        view.selectionModel().currentRowChanged.connect(lambda _new, _old: self._ask_difference())
        self.rows.renamed.connect(self._rename)
        self.stack = ListOrHint(_EMPTY, view)
        self.setFocusProxy(self.stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self._difference_bar())

    def _difference_bar(self) -> QWidget:
        """Below the table: between which runs, and the first term that differs as a link."""
        self.bar = QWidget()
        set_role(self.bar, "footer")
        self.bar.setMinimumHeight(LIST_ROW + 2)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        set_role(self.words, "label")
        self.place.setFont(mono_font(Size.TABLE))
        self.place.setCursor(Qt.CursorShape.PointingHandCursor)
        set_style_property(self.place, "flat_link", True)
        self.place.clicked.connect(self.go_to_difference)
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(PADDING, 4, PADDING, 4)
        row.addWidget(self.words, 1)
        row.addWidget(self.place)
        self.bar.hide()
        return self.bar

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: frozenset[str]) -> None:
        """The runs there are, with their last numbers."""
        if changes & {"run", "experiment", "data"}:
            self._show()

    def _show(self) -> None:
        known, current = self.rows.runs, self._session.recording
        self.rows.reload()
        count = self.rows.rowCount()
        self.stack.show_list(count > 0)
        shown = count - len(self.rows.hidden)
        self.header.say(f"{count}, {shown} shown" if count > 1 else "")
        if self.rows.runs != known and current is not None:
            choose_row(self.view, self.rows.runs.index(current))
            self.hidden_changed.emit(self.rows.hidden)
        self._ask_difference()

    # ---- the first difference -----------------------------------------------------------------

    @property
    def _pair(self) -> Pair | None:
        """The chosen run after the one that it branched off."""
        chosen = self.chosen
        return None if chosen is None or chosen.parent is None else (chosen.parent, chosen)

    def _ask_difference(self) -> None:
        """Say it where it is known; else look for it soon, while nothing trains."""
        pair = self._pair
        self.bar.setVisible(pair is not None)
        if pair is None:
            self._scan.cancel()
            return
        if self._known is not None and self._known.holds(pair):
            self._say(pair, self._known.found)
        elif not self._scan.is_running:
            self._write(pair, "looked for when training rests")
            if not self._session.is_training:
                self._look.start()

    def find_difference(self) -> None:
        """Look for it by bisection, in slices."""
        pair = self._pair
        if pair is not None and not self._session.is_training:
            self._scan.run(divergence_steps(*pair), partial(self._found, pair))

    def _found(self, pair: Pair, found: Divergence | None) -> None:
        self._known = _Known(pair, _lengths(pair), found)
        self._ask_difference()

    def _say(self, pair: Pair, found: Divergence | None) -> None:
        if found is None:
            self._write(pair, "none so far")
            return
        values = "" if found.address is None else "other terms from there on"
        if found.values is not None:
            one, other = map(format_number, found.values)
            values = f"{one} and {other}"
        self._write(pair, values)
        self.place.setText(_place_of(found))
        self.place.setToolTip("Go to the first term at which the two runs differ")
        self.place.setAccessibleName(f"Go to {self.place.text()}")
        self.place.show()

    def _write(self, pair: Pair, text: str) -> None:
        one, other = (escape(run.name) for run in pair)
        said = f": {escape(text)}" if text else ""
        self.words.setText(f"First difference, {one} and {other}{said}")
        self.place.hide()

    def go_to_difference(self) -> None:
        """Visit the first differing term, in the chosen run."""
        pair, known = self._pair, self._known
        if pair is None or known is None or known.pair != pair or known.found is None:
            return
        if self._session.recording is not pair[1]:
            self._attempt(partial(self._session.choose_recording, pair[1]))
        self.address_requested.emit(_place_of(known.found))

    # ---- verbs --------------------------------------------------------------------------------

    @property
    def chosen(self) -> Recording | None:
        """The run of the current row."""
        return self.rows.run(self.view.currentIndex().row())

    def go_on(self) -> None:
        """Make the chosen run the current one."""
        if self.chosen is not None:
            self._attempt(partial(self._session.choose_recording, self.chosen))

    def toggle(self) -> None:
        """Show or hide the curve of the chosen run."""
        if self.chosen is not None:
            self.rows.hidden ^= {self.chosen}
            self._show()
            self.hidden_changed.emit(self.rows.hidden)

    def rename(self) -> None:
        """Type another name for the chosen run."""
        if self.chosen is not None:
            index = self.rows.index(self.view.currentIndex().row(), NAME)
            self.view.setCurrentIndex(index)
            self.view.edit(index)

    def _rename(self, row: int, name: str) -> None:
        run = self.rows.run(row)
        if run is not None and name != run.name:
            self._attempt(partial(self._session.rename_recording, run, name))

    def visit_start(self) -> None:
        """Visit the update at which the chosen run branched off."""
        run = self.chosen
        if run is None:
            return

        def visit() -> None:
            if self._session.recording is not run:
                self._session.choose_recording(run)
            self._session.visit(run.branched_at)

        self._attempt(visit)

    # ---- events -------------------------------------------------------------------------------

    def _click(self, index: QModelIndex) -> None:
        if index.column() == SHOW:
            self.toggle()
        elif index.column() == FROM:
            self.visit_start()

    def _double_click(self, index: QModelIndex) -> None:
        if index.column() not in (SHOW, NAME, FROM):
            self.go_on()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The keys of the table."""
        keys: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Space: self.toggle,
            Qt.Key.Key_Return: self.go_on,
            Qt.Key.Key_Enter: self.go_on,
            Qt.Key.Key_F2: self.rename,
        }
        key = plain_key(event)
        act = None if key is None else keys.get(key)
        if act is None or not self.view.hasFocus():  # a key that the field in a row let through
            return False
        act()
        return True

    def _show_menu(self, at: QPoint) -> None:
        self._menu().popup(self.view.viewport().mapToGlobal(at))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        there = self.chosen is not None
        for text, act in (
            ("Go on in this run\tEnter", self.go_on),
            ("Show or hide its curve\tSpace", self.toggle),
            ("Rename\tF2", self.rename),
            ("Go to where it begins", self.visit_start),
        ):
            menu.addAction(text, act).setEnabled(there)
        return menu


def _lengths(pair: Pair) -> tuple[int, int]:
    return pair[0].length, pair[1].length


def _place_of(found: Divergence) -> str:
    return found.address or f"e{found.epoch}/b{found.batch}"
