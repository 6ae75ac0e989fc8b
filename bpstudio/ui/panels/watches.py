"""The watches: expressions and addresses with their values now, and in the pass so far."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.sequence import StepSequence
from bpstudio.debugger.session import Session
from bpstudio.debugger.watches import Watch, watch_of
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.expression_field import ExpressionField, completer_of
from bpstudio.ui.list_header import ListHeader
from bpstudio.ui.list_or_hint import ListOrHint
from bpstudio.ui.new_entry import NewEntry
from bpstudio.ui.plain_keys import plain_key
from bpstudio.ui.style import LIST_ROW, set_role
from bpstudio.ui.theme import Appearance
from bpstudio.ui.watch_captions import Captions
from bpstudio.ui.watch_rows import WatchRow, WatchRows, wanted_width

_EMPTY = "Right-click a node or edge to watch it, or type an expression above."
_HINT = "Expression or address to watch, such as grad_norm(3) or fwd/l3/j2/a"
_MOVED = {"cursor", "trace", "network", "data", "experiment", "run"}
_REST = 80  # ms without a step before histories are worked out


class WatchesPanel(QWidget):
    """A field to add one by typing, over the list. Enter edits a row, Delete removes it."""

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
        self.header = ListHeader("Watches", appearance)
        self.add = self.header.button("plus", "Add a watch", self.ask)
        self.more = self.header.menu_button("More for watches", self._menu)
        self.field = self._make_field(self)
        self.entry = NewEntry(self.field, "expression or address")
        self.captions = Captions()
        self.rows = WatchRows(session, self)
        self.view = QListView()
        self.painted = WatchRow(self.view, self._make_field, self._change)
        self._histories = QTimer(self)  # one row's history at a time, when stepping rests
        self._histories.timeout.connect(self._work_out_next)
        self._build()
        appearance.changed.connect(self._repaint)
        self._show(moved=True)

    def _build(self) -> None:
        view = self.view
        view.setModel(self.rows)
        view.setItemDelegate(self.painted)
        view.setUniformItemSizes(True)
        view.setMinimumHeight(LIST_ROW)  # what is wrong with the field comes first
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        view.setAccessibleName("Watches")
        view.setToolTip("Double-click or Enter edits, Delete removes")
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.installEventFilter(self)
        self.entry.typed.connect(self._add_typed)
        self.entry.closed.connect(view.setFocus)
        self.stack = ListOrHint(_EMPTY, view)
        self.setFocusProxy(self.stack)
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.entry)
        layout.addWidget(self.captions)
        layout.addWidget(self.stack, 1)

    def _make_field(self, parent: QWidget) -> ExpressionField:
        return ExpressionField(_HINT, self._check, completer_of(self._sequence), parent)

    def _sequence(self) -> StepSequence:
        return self._session.debugger.sequence

    def _check(self, text: str) -> Watch:
        return watch_of(0, text, self._session.debugger.sequence)

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: frozenset[str]) -> None:
        """Values as of the current step; rows whose value is another are marked."""
        moved = bool(changes & _MOVED)
        if moved or changes & {"watches", "breakpoints"}:
            self._show(moved)

    def _show(self, moved: bool) -> None:
        chosen = self.chosen
        self.rows.reload(moved)
        some = self.rows.rowCount() > 0
        self.stack.show_list(some)
        self.captions.setVisible(some)
        self._share_width()
        row = self.rows.row_of(chosen.id) if chosen is not None else None
        if row is not None and row != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.rows.index(row, 0))
        if not self._session.is_training:  # then the pass never lasts
            self._histories.start(_REST)

    def _share_width(self) -> None:
        """Expressions come first, the history has the rest."""
        wanted = wanted_width(self.rows.lines)
        if wanted != self.captions.wanted:
            self.captions.wanted = self.painted.wanted = wanted
            self._repaint()

    def _work_out_next(self) -> None:
        self._histories.setInterval(0)
        row = self.rows.next_to_work_out()
        if row is None:
            self._histories.stop()
        else:
            self.rows.work_out_history(row)

    def _repaint(self) -> None:
        self.view.viewport().update()
        self.captions.update()

    # ---- verbs --------------------------------------------------------------------------------

    @property
    def chosen(self) -> Watch | None:
        """The watch of the current row."""
        return self.rows.watch(self.view.currentIndex().row())

    def ask(self) -> None:
        """Open the field to type a new one in."""
        self.entry.ask()

    def _add_typed(self, text: str) -> None:
        if self._attempt(partial(self._session.debugger.add_watch, text)):
            self.field.clear()

    def _change(self, row: int, text: str) -> None:
        watch = self.rows.watch(row)
        if watch is not None and text.strip():
            self._attempt(partial(self._session.debugger.change_watch, watch.id, text))

    def edit(self) -> None:
        """Type the chosen one anew."""
        if self.chosen is not None:
            self.view.edit(self.view.currentIndex())

    def remove(self) -> None:
        """Watch the chosen one no longer; the next one is chosen."""
        watch, row = self.chosen, self.view.currentIndex().row()
        if watch is None:
            return
        self._attempt(partial(self._session.debugger.remove_watch, watch.id))
        left = self.rows.rowCount()
        if left:
            self.view.setCurrentIndex(self.rows.index(min(row, left - 1), 0))

    def remove_all(self) -> None:
        """Watch nothing."""
        for watch in self._session.debugger.watches:
            self._attempt(partial(self._session.debugger.remove_watch, watch.id))

    def copy_value(self) -> None:
        """The chosen value to the clipboard, with all its digits."""
        row = self.view.currentIndex().row()
        if 0 <= row < len(self.rows.lines):
            value = self.rows.lines[row].value
            QGuiApplication.clipboard().setText("" if value is None else repr(value))

    # ---- events -------------------------------------------------------------------------------

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The keys of the list."""
        key = plain_key(event)
        act = None if key is None else self._act(key)
        if act is not None:
            act()
        return act is not None

    def _act(self, key: Qt.Key) -> Callable[[], object] | None:
        if not self.view.hasFocus():  # a key that the field in a row has let through
            return None
        keys = {
            Qt.Key.Key_Return: self.edit,
            Qt.Key.Key_Enter: self.edit,
            Qt.Key.Key_Delete: self.remove,
        }
        return keys.get(key)

    def _show_menu(self, at: QPoint) -> None:
        self._menu().popup(self.view.viewport().mapToGlobal(at))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        some, one = self.rows.rowCount() > 0, self.chosen is not None
        for text, act, there in (
            ("Edit\tEnter", self.edit, one),
            ("Copy the value", self.copy_value, one),
            ("Remove\tDel", self.remove, one),
            ("Remove all", self.remove_all, some),
        ):
            menu.addAction(text, act).setEnabled(there)
        return menu
