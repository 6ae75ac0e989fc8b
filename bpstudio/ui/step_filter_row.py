"""The row over the table of steps in which its filter is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from bpstudio.core.address import KINDS
from bpstudio.core.errors import InputError
from bpstudio.core.sequence import StepSequence
from bpstudio.debugger.expressions import check, parse
from bpstudio.debugger.expressions.language import KIND_WORDS
from bpstudio.debugger.filtering import StepFilter, place_selection, step_filter
from bpstudio.ui.buttons import icon_button
from bpstudio.ui.expression_field import ExpressionField, completer_of
from bpstudio.ui.fonts import Size, mono_font
from bpstudio.ui.form import combo
from bpstudio.ui.style import GAP, PADDING, set_invalid, set_role
from bpstudio.ui.theme import Appearance

HEIGHT = 32
_PATIENCE = 250  # ms without a key before what was typed is used
_TOPS = (0, 10, 100, 1000)


class StepFilterRow(QWidget):
    """Kind, place, condition and the largest; what is wrong is said under it."""

    changed = Signal()
    """The filter is another, and can be used."""

    def __init__(
        self,
        sequence: Callable[[], StepSequence],
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sequence = sequence
        self.filter = StepFilter()
        self._is_right = True
        kinds = [kind for group in KINDS.values() for kind in group]
        self.kind = combo("Kind of term to list", [("any kind", ""), *((k, k) for k in kinds)])
        for row, kind in enumerate(kinds, start=1):
            self.kind.setItemData(row, KIND_WORDS[kind].documentation, Qt.ItemDataRole.ToolTipRole)
        self.place = QLineEdit()
        self.when = ExpressionField(
            "Condition on the steps to list", self._check, completer_of(sequence)
        )
        self.top = combo("The largest by size alone", [(_top_text(n), str(n)) for n in _TOPS])
        self.clear = icon_button("close", "Clear the filter", appearance, "Esc")
        self.words = QLabel()
        self.progress = QProgressBar()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_PATIENCE)
        self._typing.timeout.connect(self.use)
        self._build()
        self._connect()

    def _build(self) -> None:
        set_role(self, "bar")
        self.place.setPlaceholderText("place: back/l3 or l=3, j=2")
        self.place.setFont(mono_font(Size.TABLE))
        self.place.setToolTip("Place to list: part of an address (s52/back/l3) or l=3, j=2")
        self.place.setAccessibleName("Place to list")
        self.when.setPlaceholderText("condition: abs(value) > 0.1")
        for box in (self.kind, self.top):
            box.view().setMinimumWidth(130)
            box.setMinimumWidth(98)
        self.words.setWordWrap(True)
        self.words.setContentsMargins(PADDING, 0, PADDING, 4)
        self.words.hide()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.setAccessibleName("How much of the pass has been looked at")
        self.progress.hide()
        line = QWidget()
        line.setFixedHeight(HEIGHT)
        row = QHBoxLayout(line)
        row.setContentsMargins(GAP, 0, GAP, 0)
        row.setSpacing(4)
        for widget, stretch in (
            (self.kind, 3), (self.place, 4), (self.when, 5), (self.top, 3), (self.clear, 0),
        ):  # fmt: skip
            row.addWidget(widget, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (line, self.words, self.progress):
            layout.addWidget(part)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self.use)
        self.top.currentIndexChanged.connect(self.use)
        self.clear.clicked.connect(self.reset)
        for field in (self.place, self.when):
            field.textChanged.connect(self._typing.start)
            field.returnPressed.connect(self.use)
            field.installEventFilter(self)

    def _check(self, text: str) -> None:
        now = self._sequence()
        check(parse(text), now.sizes, now.softmax, now.biases)

    # ---- the filter ---------------------------------------------------------------------------

    def use(self, *_: object) -> bool:
        """Take over what is filled in, or say what is wrong with it; whether it can be used."""
        self._typing.stop()
        set_invalid(self.place, bool(self._problem_of_place()))
        try:
            chosen = step_filter(
                self._sequence(),
                self.kind.currentData(),
                self.place.text(),
                self.when.text(),
                int(self.top.currentData()),
            )
        except InputError as error:
            self.say(str(error), wrong=True)
            return False
        if chosen != self.filter or not self._is_right:
            self.filter = chosen
            self.say("")
            self.changed.emit()
        return True

    def _problem_of_place(self) -> str:
        try:
            place_selection(self.place.text())
        except InputError as error:
            return str(error)
        return ""

    def reset(self) -> None:
        """List every step again."""
        for box in (self.kind, self.top):
            box.blockSignals(True)
            box.setCurrentIndex(0)
            box.blockSignals(False)
        self.place.clear()
        self.when.clear()
        self.use()

    def say(self, text: str, wrong: bool = False) -> None:
        """What is wrong, or what was found."""
        self._is_right = not wrong
        set_role(self.words, "error" if wrong else "hint")
        self.words.setText(text)
        self.words.setVisible(bool(text))

    def show_progress(self, share: float | None) -> None:
        """How much of the pass has been looked at; None when nothing is looked for."""
        self.progress.setVisible(share is not None)
        self.progress.setValue(round(1000 * (share or 0.0)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in a field clears the filter."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_Escape or self.when.is_offering:
            return False
        self.reset()
        return True


def _top_text(count: int) -> str:
    return f"{count} largest" if count else "all sizes"
