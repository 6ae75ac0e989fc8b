"""A field for an expression: names are completed, and what is wrong is said while it is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from bpstudio.core.errors import InputError
from bpstudio.core.sequence import StepSequence
from bpstudio.debugger.expressions import ExpressionError
from bpstudio.debugger.expressions.completion import Completion, complete
from bpstudio.debugger.expressions.tokens import MAX_TEXT
from bpstudio.ui.fonts import Size, mono_font
from bpstudio.ui.offers import TAKING, Offers
from bpstudio.ui.painted_rows import ROW
from bpstudio.ui.style import set_invalid, set_role

Check = Callable[[str], object]
"""Raises InputError where a text cannot be used."""
Completer = Callable[[str, int], tuple[Completion, ...]]
"""What can stand at a position of a text."""

_OPENING = ("[", "(", ",")


class ExpressionField(QLineEdit):
    """One line in the language of breakpoints. Ctrl+Space offers all that can stand there."""

    judged = Signal(str)
    """What there is to say against the text: nothing yet of a word that is half typed."""

    def __init__(
        self, hint: str, check: Check, completer: Completer, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._check, self._complete = check, completer
        self._problem = ""
        self.setMaxLength(MAX_TEXT)
        self.setFont(mono_font(Size.TABLE))
        self.setToolTip(f"{hint} (Ctrl+Space completes)")
        self.setAccessibleName(hint)
        self._offers = Offers(self)
        self._offers.activated[QModelIndex].connect(self._take)  # type: ignore[index]
        self.textChanged.connect(self.judge)
        self.textEdited.connect(self._offer_while_typing)

    @property
    def problem(self) -> str:
        """What is wrong with the text, "" where it can be used or is empty."""
        return self._problem

    @property
    def is_offering(self) -> bool:
        """Whether the list of what can stand there is open."""
        return self._offers.view.isVisible()

    def judge(self) -> None:
        """Look at the text again, as after the network has changed."""
        error = self._error_of(self.text())
        self._problem = "" if error is None else str(error)
        said = "" if error is None or self._is_half_typed(error) else self._problem
        set_invalid(self, bool(said))
        self.judged.emit(said)

    def insist(self) -> bool:
        """Enter: say what is wrong, of a word half typed as well; whether anything is."""
        self._offers.view.hide()
        set_invalid(self, bool(self._problem))
        self.judged.emit(self._problem)
        return bool(self._problem)

    def _error_of(self, text: str) -> InputError | None:
        if not text.strip():
            return None
        try:
            self._check(text)
        except InputError as error:
            return error
        return None

    def _is_half_typed(self, error: InputError) -> bool:
        """Whether what is wrong is the word at the cursor, and that can still become a name."""
        position = self.cursorPosition()
        if not (self.hasFocus() and isinstance(error, ExpressionError) and error.stop == position):
            return False
        return any(offer.start == error.start for offer in self._complete(self.text(), position))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A word that was left half typed is wrong now."""
        super().focusOutEvent(event)
        self.judge()

    # ---- completion ---------------------------------------------------------------------------

    def offer(self) -> None:
        """Offer everything that can stand at the cursor."""
        offered = self._complete(self.text(), self.cursorPosition())
        self._offers.show_these(offered, self.cursorRect().translated(-6, 5))

    def _offer_while_typing(self, text: str) -> None:
        before = text[: self.cursorPosition()]
        offered = self._complete(text, len(before)) if before else ()
        if before.endswith(_OPENING):
            offered = tuple(offer for offer in offered if offer.text[0].isdigit())
        else:
            offered = tuple(offer for offer in offered if offer.start < len(before))
        if len(offered) == 1 and text[offered[0].start : offered[0].stop] == offered[0].text:
            offered = ()
        self._offers.show_these(offered, self.cursorRect().translated(-6, 5))

    def _take(self, index: QModelIndex) -> None:
        offer: Completion = index.data(ROW)
        text, position = offer.applied(self.text())
        self.setText(text)
        self.setCursorPosition(position)
        self._offers.view.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Space completes; Enter takes what is chosen in the list, else it ends the typing."""
        if self._offers.wants(event.key()):
            event.ignore()
            return
        if event.key() in TAKING:
            self._offers.view.hide()
        controlled = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if controlled and event.key() == Qt.Key.Key_Space:
            self.offer()
            return
        super().keyPressEvent(event)


class FieldWithProblem(QWidget):
    """A field, and under it what is wrong with its text."""

    def __init__(self, field: ExpressionField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.hide()
        set_role(self.words, "error")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(field)
        layout.addWidget(self.words)
        self.setFocusProxy(field)
        field.judged.connect(self._say)

    def _say(self, problem: str) -> None:
        self.words.setText(problem)
        self.words.setVisible(bool(problem))


def completer_of(sequence: Callable[[], StepSequence]) -> Completer:
    """Completion for the network of the moment."""

    def completer(text: str, position: int) -> tuple[Completion, ...]:
        now = sequence()
        return complete(text, position, now.sizes, now.softmax)

    return completer


def completer_in_braces(completer: Completer) -> Completer:
    """Completion of the expressions in a line such as ``row {row}: C = {value}``."""

    def within(text: str, position: int) -> tuple[Completion, ...]:
        start = text.rfind("{", 0, position) + 1
        if start == 0 or "}" in text[start:position] or ":" in text[start:position]:
            return ()
        stop = text.find("}", position)
        inner = text[start : stop if stop >= 0 else len(text)]
        offered = completer(inner, position - start)
        return tuple(replace(o, start=o.start + start, stop=o.stop + start) for o in offered)

    return within
