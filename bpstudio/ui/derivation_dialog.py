"""What to export as a derivation, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.address import Address
from bpstudio.core.derivation import level_label
from bpstudio.core.levels import enclosing_levels
from bpstudio.core.notation import Notation, plain
from bpstudio.core.trace import Trace
from bpstudio.core.worked import DIGITS
from bpstudio.ui.dialog_footer import footer
from bpstudio.ui.form import combo, row, select, whole
from bpstudio.ui.style import GAP, PADDING, SECTION_GAP

FORMS = (
    ("∂ fractions", "d"),
    ("δ for ∂C₀/∂z", "delta"),
    ("Matrices of whole layers", "matrix"),
)
WHOLE_PASS = ""


@dataclass(frozen=True, slots=True)
class DerivationChoice:
    """What the dialog was left with; ``goal`` is an address, or "" for the whole pass."""

    goal: str
    form: str
    digits: int
    decimal_comma: bool
    fractions: bool
    blanks: bool


def goals(trace: Trace, n: int) -> list[tuple[str, str]]:
    """The levels around step n in words, smallest first, each with its address; the step itself."""
    step, notation = trace.sequence.step(n), Notation(trace.L)
    found = [("This number alone", step.address)]
    for level in reversed(enclosing_levels(trace.sequence, n)):
        if level == Address():
            found.append(("Whole pass", WHOLE_PASS))
        else:
            found.append((plain(_in_words(level, notation)), str(level)))
    return found


def _in_words(level: Address, notation: Notation) -> str:
    """ "Weight 2 of node 2, layer $L-1$"."""
    words = level_label(level, notation)
    around = level.parent()
    if level.letter is not None and around is not None:
        words += f" of {level_label(around, notation).lower()}"
    if level.j is not None:
        l = level.l or 0
        words += f", layer ${notation.layer(l)}$"
    return words


class DerivationDialog(QDialog):
    """Asks for what is derived, its notation and its edition."""

    chosen = Signal(object)
    """A `DerivationChoice`, once the user goes on."""

    def __init__(self, trace: Trace, n: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export derivation")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offered = goals(trace, n)
        self.goal = combo("What is derived, with everything it is made of", offered)
        self.form = combo("How derivatives are written", FORMS)
        self.digits = whole("Decimals of the numbers", DIGITS[0], DIGITS[-1])
        self.digits.setValue(4)
        self.decimal_comma = _check("Decimal comma", "0,5 in place of 0.5")
        self.fractions = _check(
            "Numbers as fractions",
            "1/2 in place of 0.5 where a number is a fraction; decimals elsewhere",
        )
        self.blanks = _check(
            "Blanks to fill in", "Without numbers and results; the key comes behind it"
        )
        self.ok = QPushButton("Write…")
        select(self.goal, offered[1][1])  # the weight, node or pass that the step belongs to
        self._build()

    def _build(self) -> None:
        tip = "Choose the file; its suffix picks LaTeX, Markdown or a web page (Enter)"
        self.ok.setToolTip(tip)
        grid = QGridLayout()
        grid.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        grid.setHorizontalSpacing(SECTION_GAP)
        grid.setVerticalSpacing(GAP)
        grid.setColumnStretch(1, 1)
        row(grid, 0, "Derive", self.goal)
        row(grid, 1, "Notation", self.form)
        row(grid, 2, "Decimals", self.digits)
        grid.addWidget(self.decimal_comma, 3, 1)
        grid.addWidget(self.fractions, 4, 1)
        grid.addWidget(self.blanks, 5, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(grid)
        layout.addStretch(1)
        layout.addWidget(footer(self, self.ok, "Write nothing (Esc)"))
        self.accepted.connect(self._go_on)
        self.setMinimumWidth(380)

    @Slot()
    def _go_on(self) -> None:
        self.chosen.emit(self.choice)

    @property
    def choice(self) -> DerivationChoice:
        """What is chosen now."""
        return DerivationChoice(
            str(self.goal.currentData()),
            str(self.form.currentData()),
            self.digits.value(),
            self.decimal_comma.isChecked(),
            self.fractions.isChecked(),
            self.blanks.isChecked(),
        )


def _check(text: str, hint: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setToolTip(hint)
    box.setAccessibleName(f"{text}: {hint}")
    return box
