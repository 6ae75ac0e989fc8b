"""Number fields: whole numbers and real ones of any magnitude, written as on the page."""

from __future__ import annotations

import math

from PySide6.QtCore import SIGNAL, QCoreApplication, QEvent, QPoint, QRect, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QToolTip, QWidget

from bpstudio.core.notation import MINUS, format_typed
from bpstudio.ui.style import set_invalid, set_style_property

BARE = "bare"
"""A property of the style sheet: no arrows."""
_INSET = 7
_LARGE = 1e5  # from here on 1e6 is easier to read than its zeros
_OF_NUMBERS = frozenset("0123456789.,eE+-")
_SAID_MS = 6000
_ARROWS, _FRAME = 20, 2  # pixels that a field needs beside its text
_Verdict = tuple[QValidator.State, str, int]


class WholeField(QSpinBox):
    """A whole number. It announces a change when typing is done, not at each key."""

    refused = Signal(str)
    """What was typed and is no number in the range; the value stays."""

    def __init__(self, low: int, high: int, value: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setValue(value)
        _prepare(self)

    def textFromValue(self, value: int) -> str:
        return str(value).replace("-", MINUS)

    def valueFromText(self, text: str) -> int:
        return int(text.replace(MINUS, "-"))

    def validate(self, text: str, position: int) -> _Verdict:
        typed = text.replace(MINUS, "-")
        state, _, place = super().validate(typed, position)
        bare = typed.removeprefix(self.prefix()).removesuffix(self.suffix()).strip()
        if state == QValidator.State.Invalid and _OF_NUMBERS.issuperset(bare):
            # without its sign or point it would be another number than the one that was typed
            state = QValidator.State.Intermediate
        return state, text, place

    def fixup(self, text: str) -> str:
        _refuse(self, text)
        return text

    def mark(self) -> None:
        """A red border while what is typed cannot be used."""
        set_invalid(self, not self.hasAcceptableInput())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Its number before its arrows."""
        super().resizeEvent(event)
        self.fit()

    def setValue(self, value: int) -> None:
        """Show this; signals are blocked where it is no edit of the user's."""
        super().setValue(value)
        _show_start(self)

    def fit(self) -> None:
        """Without arrows where they would hide a part of the number; the arrow keys go on."""
        _fit(self)


class RealField(QDoubleSpinBox):
    """A real number in as many digits as it needs, such as 0.1 or 1e−5; arrows go by a tenth."""

    refused = Signal(str)
    """What was typed and is no number in the range; the value stays."""

    def __init__(
        self, low: float, high: float, value: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setDecimals(323)
        self.setRange(low, high)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setValue(value)
        _prepare(self)

    def textFromValue(self, value: float) -> str:
        plain = format_typed(value)
        return min(_scientific(value), plain, key=len) if abs(value) >= _LARGE else plain

    def valueFromText(self, text: str) -> float:
        # Enter in a field that was not changed must not round its number to the digits on show
        return self.value() if text == self.textFromValue(self.value()) else _number(text)

    def validate(self, text: str, position: int) -> _Verdict:
        if _half_typed(text):
            return QValidator.State.Intermediate, text, position
        try:
            value = _real(text)
        except ValueError:
            return QValidator.State.Invalid, text, position
        # an infinite one, such as 1e999, stays to be seen, and is refused
        inside = self.minimum() <= value <= self.maximum()
        state = QValidator.State.Acceptable if inside else QValidator.State.Intermediate
        return state, text, position

    def fixup(self, text: str) -> str:
        _refuse(self, text)
        return text

    def mark(self) -> None:
        """A red border while what is typed cannot be used."""
        set_invalid(self, not self.hasAcceptableInput())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Its number before its arrows."""
        super().resizeEvent(event)
        self.fit()

    def setValue(self, value: float) -> None:
        """Show this; signals are blocked where it is no edit of the user's."""
        super().setValue(value)
        _show_start(self)

    def fit(self) -> None:
        """Without arrows where they would hide a part of the number; the arrow keys go on."""
        _fit(self)


def problem(field: WholeField | RealField, text: str) -> str:
    """Which number a field takes in place of what was typed."""
    name = field.accessibleName().partition(":")[0]
    low, high = (_written(field, end) for end in (field.minimum(), field.maximum()))
    kind = "whole number" if isinstance(field, WholeField) else "number"
    given = text.replace("-", MINUS) or "nothing"
    return f"{name}: a {kind} from {low} to {high} is needed, given: {given}"


def _written(field: WholeField | RealField, end: float) -> str:
    """The end of a range as the field writes it."""
    if isinstance(field, WholeField):
        return field.textFromValue(int(end))
    return field.textFromValue(end)


def _refuse(field: WholeField | RealField, text: str) -> None:
    """Tell those who listen; where nobody does, say under the field what it takes."""
    field.refused.emit(text)
    if not field.receivers(SIGNAL("refused(QString)")):
        said = problem(field, text)
        QTimer.singleShot(0, field, lambda: _say(field, said))  # the change of focus hides tips


def _say(field: QWidget, text: str) -> None:
    below = field.mapToGlobal(QPoint(0, field.height()))
    QToolTip.showText(below, text, field, QRect(), _SAID_MS)


def _prepare(field: WholeField | RealField) -> None:
    field.setKeyboardTracking(False)
    field.setAccelerated(True)
    # A style sheet's padding does not reach the text of a spin box.
    field.lineEdit().setTextMargins(_INSET, 0, 0, 0)
    field.lineEdit().textChanged.connect(field.mark)
    field.lineEdit().textEdited.connect(field.fit)
    field.valueChanged.connect(field.fit)
    field.editingFinished.connect(field.mark)  # Qt puts the value back in silence


def _fit(field: WholeField | RealField) -> None:
    text = field.fontMetrics().horizontalAdvance(field.lineEdit().text())
    bare = text + _INSET + _FRAME + _ARROWS > field.width()
    if bool(field.property(BARE)) != bare:
        set_style_property(field, BARE, bare)
        # the line edit takes the room of the arrows, or gives it back
        QCoreApplication.sendEvent(field, QEvent(QEvent.Type.StyleChange))


def _show_start(field: WholeField | RealField) -> None:
    """Of a number that is too long all the same, the beginning."""
    field.fit()
    if not field.hasFocus():
        field.lineEdit().setCursorPosition(0)


def _number(text: str) -> float:
    """The finite number a text stands for. Raises ValueError."""
    value = _real(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _real(text: str) -> float:
    """The number that digits stand for, a comma as a point; infinite where it is too large."""
    value = float(text.strip().replace(MINUS, "-").replace(",", "."))
    if not (math.isfinite(value) or any(map(str.isdigit, text))):
        raise ValueError(text)
    return value


def _scientific(value: float) -> str:
    """1e6 for a million."""
    digits, _, exponent = f"{value:.11e}".partition("e")
    return f"{digits.rstrip('0').rstrip('.')}e{int(exponent)}".replace("-", MINUS)


def _half_typed(text: str) -> bool:
    """Whether a number may still come of it: "", "−", "0.", "1e", "1e−"."""
    start = text.strip().replace(MINUS, "-").replace(",", ".").lower()
    if start in ("", "-", "+", ".", "-.", "+."):
        return True
    head, e, tail = start.partition("e")
    if not e or tail not in ("", "-", "+"):
        return False
    return head.lstrip("+-").replace(".", "", 1).isdigit()
