"""The numbers of a numeric check, side by side, with what they were found by."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from bpstudio.core.notation import MINUS
from bpstudio.core.numeric import NumericCheck
from bpstudio.ui.formula_label import MixedLabel
from bpstudio.ui.icons import ICON_SIZE, icon_image
from bpstudio.ui.style import PADDING, set_role
from bpstudio.ui.theme import Appearance

_ROWS = ("Analytic", "Numeric", "Difference", "Estimated error", "Step size", "Moved", "Watched")
_TIPS = {
    "Analytic": "The value of the term, by the chain rule",
    "Numeric": "The slope found by moving the number and computing the functions again",
    "Difference": "Analytic minus numeric",
    "Estimated error": "How far the numeric value may be off, by extrapolation and rounding",
    "Step size": "The smallest step by which the number was really moved, up and down",
}


class CheckView(QWidget):
    """A verdict over a table of the numbers."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._found: NumericCheck | None = None
        self.icon = QLabel()
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        set_role(self.verdict, "title")
        self.method = QLabel()
        self.method.setWordWrap(True)
        set_role(self.method, "hint")
        self.values = {name: _value(name) for name in _ROWS}
        self._lay_out()
        appearance.changed.connect(lambda _theme: self._show_icon())

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.verdict, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        grid.addLayout(top, 0, 0, 1, 3)
        for row, (name, value) in enumerate(self.values.items(), start=1):
            label = QLabel(name)
            set_role(label, "label")
            label.setToolTip(_TIPS.get(name, ""))
            grid.addWidget(label, row, 0)
            grid.addWidget(value, row, 1, 1, 2)
        grid.addWidget(self.method, len(_ROWS) + 1, 0, 1, 3)
        grid.setRowStretch(len(_ROWS) + 2, 1)

    def show_check(self, found: NumericCheck) -> None:
        """Show these numbers."""
        self._found = found
        numbers = {
            "Analytic": found.analytic,
            "Numeric": found.numeric,
            "Difference": found.analytic - found.numeric,
            "Estimated error": found.error,
            "Step size": found.step_size,
        }
        for name, value in self.values.items():
            if isinstance(value, MixedLabel):
                value.set_markup(found.moved if name == "Moved" else found.watched)
            else:
                exact = name in ("Analytic", "Numeric")
                value.setText(digits(numbers[name]) if exact else short(numbers[name]))
        self.verdict.setText(verdict_of(found))
        self.method.setText(f"Found by {found.method}.")
        self._show_icon()

    def _show_icon(self) -> None:
        if self._found is None:
            return
        name, token = _ICONS[self._found.agrees]
        if self._found.kink:
            name, token = "warning", "warning"
        color = getattr(self._appearance.theme, token)
        ratio = self.devicePixelRatioF()
        self.icon.setPixmap(QPixmap.fromImage(icon_image(name, color, ICON_SIZE, ratio)))


_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_ICONS = {True: ("check", "ready"), False: ("error", "error"), None: ("info", "text3")}


def _value(name: str) -> QLabel | MixedLabel:
    if name in ("Moved", "Watched"):
        return MixedLabel()
    made = QLabel()
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setAccessibleName(name)
    return made


def verdict_of(found: NumericCheck) -> str:
    """What the two numbers say, in one sentence."""
    if found.agrees is None:
        return "There is no numeric value here to compare with."
    if found.kink and found.agrees:
        return "A kink is here: the value lies between the slopes on its two sides."
    if found.kink:
        return "A kink is here, and the value is not between the slopes on its two sides."
    if found.agrees:
        return "The two agree, within the error of the numeric value."
    return "The two differ by more than the numeric value may be off."


def digits(x: float) -> str:
    """A number with as many digits as a comparison needs."""
    return _written(f"{x:.12g}")


def short(x: float) -> str:
    """A size: two digits are enough."""
    return _written(f"{x:.2g}")


def _written(text: str) -> str:
    """As on the rest of the screen: 8.8 × 10⁻¹³, − for a minus, – for no number."""
    if text == "nan":
        return "–"
    mantissa, _, exponent = text.partition("e")
    power = f"\u2009×\u200910{str(int(exponent)).translate(_SUPERSCRIPTS)}" if exponent else ""
    return mantissa.replace("-", MINUS) + power
