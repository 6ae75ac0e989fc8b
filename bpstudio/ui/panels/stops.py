"""Stop conditions: what pauses training, what each reads now, and how often it held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from bpstudio.core.errors import InputError
from bpstudio.core.training import Training
from bpstudio.debugger.expressions.completion import Completion, complete
from bpstudio.debugger.session import Session
from bpstudio.debugger.stop_values import EpochEnd, stalled, stop_values
from bpstudio.debugger.training_scope import training_expression
from bpstudio.debugger.training_stops import TrainingStop
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.expression_field import ExpressionField
from bpstudio.ui.list_header import ListHeader
from bpstudio.ui.list_or_hint import ListOrHint
from bpstudio.ui.new_entry import NewEntry
from bpstudio.ui.plain_keys import plain_key
from bpstudio.ui.stop_rows import CONDITION, HITS, NOW, ON, StopRows
from bpstudio.ui.style import set_role
from bpstudio.ui.tables import choose_row, table_view
from bpstudio.ui.theme import Appearance
from bpstudio.ui.typed_anew import TypedAnew

_EMPTY = "Add a condition, such as loss > 2 * loss[-10], to pause training where it holds."
_HINT = "Condition on the updates of a run, such as isnan(grad) or update_ratio(2) > 0.05"
_TIP = (
    "Space turns on or off, Enter edits, L changes between stopping and counting only, "
    "Delete removes"
)
_REST = 150  # ms after the last step until the values are worked out
_MOST_IN_TRAINING = 2**20  # parameters · rows; with more of them the window would be held up
_IN_TRAINING = 1000  # ms between two looks at them while training


class StopsPanel(QWidget):
    """A field to add one by typing, over the table."""

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
        self.header = ListHeader("Stop conditions", appearance)
        self.header.say("before the update is applied")
        self.add = self.header.button("plus", "Add a stop condition", self.ask)
        self.more = self.header.menu_button("More for stop conditions", self._menu)
        self.field = self._make_field(self)
        self.entry = NewEntry(self.field, "condition")
        self.rows = StopRows(session, appearance, self)
        widths = {ON: 36, NOW: 104, HITS: 92}
        self.view = table_view(self.rows, "Stop conditions", _TIP, CONDITION, widths)
        self._judged: object = None  # for what it was last found out which conditions fit
        self._values = QTimer(self)  # what the conditions read, a moment after the last change
        self._values.setSingleShot(True)
        self._values.timeout.connect(self.show_values)
        self._build()
        appearance.changed.connect(self.view.viewport().update)
        self._show()

    def _build(self) -> None:
        view = self.view
        view.setItemDelegate(TypedAnew(view, self._make_field, self._change))
        view.clicked.connect(self._click)
        view.customContextMenuRequested.connect(self._show_menu)
        view.installEventFilter(self)
        self.stack = ListOrHint(_EMPTY, view)
        self.entry.typed.connect(self._add_typed)
        self.entry.closed.connect(self.stack.setFocus)
        self.setFocusProxy(self.stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.entry)
        layout.addWidget(self.stack, 1)

    def _make_field(self, parent: QWidget) -> ExpressionField:
        return ExpressionField(_HINT, self._check, self._offers, parent)

    def _offers(self, text: str, position: int) -> tuple[Completion, ...]:
        sequence = self._session.debugger.sequence
        return complete(text, position, sequence.sizes, sequence.softmax, in_training=True)

    def _check(self, text: str) -> object:
        session = self._session
        training = Training.of(session.network, session.data, session.experiment.training)
        return training_expression(text, training)

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: frozenset[str]) -> None:
        """Conditions, hits, and soon the values at the update on show."""
        if changes & {"run", "experiment", "data", "trace"}:
            self._show()

    def _show(self) -> None:
        judged = (self._session.stops, self._session.experiment, self._session.data)
        if judged != self._judged:
            self._judged = judged
            self.rows.problems = dict(self._problems())
        self.rows.reload()
        self.stack.show_list(self.rows.rowCount() > 0)
        if not self._session.is_training:
            self._values.start(_REST)
        elif not self._values.isActive():
            self._values.start(_IN_TRAINING)

    def _problems(self) -> Iterator[tuple[int, str]]:
        """The conditions that cannot be read in this network, and why."""
        for stop in self._session.stops:
            try:
                self._check(stop.text)
            except InputError as error:
                yield stop.id, str(error)

    def show_values(self) -> None:
        """What the conditions read at the update visited, else at the next one."""
        recording, stops = self._session.recording, self.rows.stops
        if recording is None or not stops or not recording.segments:
            self.rows.show_values({})
            return
        visited = self._session.debugger.visited
        T = recording.length if visited is None else visited.T
        try:
            most = _MOST_IN_TRAINING if self._session.is_training else None
            values = stop_values(recording, T, stops, self._epoch_before(T), most)
        except InputError:  # the update cannot be made again
            values = {}
        self.rows.show_values(values)

    def _epoch_before(self, T: int) -> EpochEnd:
        """What the last whole epoch before update T came to."""
        snapshot, recording = self._session.snapshot, self._session.recording
        assert snapshot is not None, "a recording has a run"
        assert recording is not None, "its values are asked for"
        epoch = recording.place(T)[0]
        loss, accuracy, validation, share = (
            float("nan") if epoch == 0 else series.value_of(epoch - 1)
            for series in (
                snapshot.epoch_losses,
                snapshot.epoch_accuracies,
                snapshot.validation_losses,
                snapshot.validation_accuracies,
            )
        )
        waited = stalled(snapshot.validation_losses, epoch)
        return loss, accuracy, validation, share, waited

    # ---- verbs --------------------------------------------------------------------------------

    @property
    def chosen(self) -> TrainingStop | None:
        """The condition of the current row."""
        return self.rows.stop(self.view.currentIndex().row())

    def ask(self) -> None:
        """Open the field to type a new one in."""
        self.entry.ask()

    def edit_stop(self, number: int) -> None:
        """Choose the condition of that number and type it anew."""
        row = self.rows.row_of(number)
        if row is not None:
            choose_row(self.view, row)
            self.edit()

    def edit(self) -> None:
        """Type the chosen one anew."""
        if self.chosen is not None:
            row = self.view.currentIndex().row()
            index = self.rows.index(row, CONDITION)
            self.view.setCurrentIndex(index)
            self.view.setFocus()
            self.view.edit(index)

    def toggle(self) -> None:
        """Turn the chosen one on or off."""
        if self.chosen is not None:
            self._set(self.chosen, enabled=not self.chosen.enabled)

    def toggle_log(self) -> None:
        """Let the chosen one stop, or only count."""
        if self.chosen is not None:
            self._set(self.chosen, log=not self.chosen.log)

    def remove(self) -> None:
        """Take the chosen one away; the next one is chosen."""
        stop, row = self.chosen, self.view.currentIndex().row()
        if stop is not None:
            self._attempt(partial(self._session.remove_stop, stop.id))
            choose_row(self.view, row)

    def _set(self, stop: TrainingStop, **settings: object) -> None:
        self._attempt(partial(self._session.change_stop, stop.id, **settings))

    def _change(self, row: int, text: str) -> None:
        stop = self.rows.stop(row)
        if stop is not None and text.strip():
            self._set(stop, text=text.strip())

    def _add_typed(self, text: str) -> None:
        if self._attempt(partial(self._session.add_stop, text)):
            self.field.clear()
            choose_row(self.view, self.rows.rowCount() - 1)

    # ---- events -------------------------------------------------------------------------------

    def _click(self, index: QModelIndex) -> None:
        if index.column() == ON:
            self.toggle()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The keys of the table."""
        key = plain_key(event)
        act = None if key is None else self._act(key)
        if act is not None:
            act()
        return act is not None

    def _act(self, key: Qt.Key) -> Callable[[], object] | None:
        keys = {
            Qt.Key.Key_Space: self.toggle,
            Qt.Key.Key_Return: self.edit,
            Qt.Key.Key_Enter: self.edit,
            Qt.Key.Key_L: self.toggle_log,
            Qt.Key.Key_Delete: self.remove,
        }
        return keys.get(key) if self.view.hasFocus() else None

    def _show_menu(self, at: QPoint) -> None:
        self._menu().popup(self.view.viewport().mapToGlobal(at))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        stop = self.chosen
        turn = "Turn off\tSpace" if stop is not None and stop.enabled else "Turn on\tSpace"
        log = "Stop there\tL" if stop is not None and stop.log else "Count only\tL"
        for text, act in (
            ("Edit\tEnter", self.edit),
            (turn, self.toggle),
            (log, self.toggle_log),
            ("Remove\tDel", self.remove),
        ):
            menu.addAction(text, act).setEnabled(stop is not None)
        return menu
