"""The numeric derivative of the current term beside the analytic one, on demand."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from bpstudio.core.notation import Notation, on_one_line
from bpstudio.core.numeric import NumericCheck, numeric_derivative
from bpstudio.core.terms import Term
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.analysis.check_view import CheckView
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.buttons import tip
from bpstudio.ui.formula_label import FormulaLabel
from bpstudio.ui.style import HEADER_HEIGHT, PADDING, set_role
from bpstudio.ui.theme import Appearance

_CONCERN = {"cursor", "trace", "network", "data", "experiment", "run"}
_DERIVATIVES = ("mean_dC_dw", "mean_dC_db")
_BUTTON = "Check this term"
_EXPLAINED = (
    "Moves the number that the term derives by a little, computes the loss again from the "
    "functions alone, and compares the slope with the value by the chain rule."
)
_NONE = "This term is no derivative, so there is no slope to compare it with. Go to a backward one."


class CheckPanel(QWidget):
    """A button, and what came of it until the step changes."""

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
        self._term: Term | None = None
        self.found: NumericCheck | None = None
        self.symbol = FormulaLabel(size=15, display=False)
        self.button = QPushButton(_BUTTON)
        self.button.clicked.connect(self.check)
        self.explained = QLabel(_EXPLAINED)
        self.explained.setWordWrap(True)
        self.explained.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.explained.setMargin(PADDING)
        set_role(self.explained, "hint")
        self.view = CheckView(appearance)
        self.set_key("")
        self._lay_out()
        self._clear()

    def _lay_out(self) -> None:
        header = QWidget()
        set_role(header, "header")
        header.setFixedHeight(HEADER_HEIGHT)
        title = QLabel("Check")
        set_role(title, "title")
        row = QHBoxLayout(header)
        row.setContentsMargins(PADDING, 0, PADDING, 0)
        row.setSpacing(8)
        row.addWidget(title)
        row.addWidget(self.symbol)
        row.addStretch(1)
        row.addWidget(self.button)
        self._body = QStackedLayout()
        self._body.addWidget(self.explained)
        self._body.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addLayout(self._body, 1)

    def set_key(self, key: str) -> None:
        """The key that does what the button does, for its tooltip."""
        self.button.setToolTip(tip("Compare the term with its numeric derivative", key))

    def refresh(self, changes: Changes) -> None:
        """Clear what was found for another step or other numbers."""
        if changes & _CONCERN:
            self.setEnabled(not self._session.is_training)
            if self._session.debugger.step != self._term:
                self._clear()

    def check(self) -> None:
        """Compare the current term with its numeric derivative."""
        term = self._session.debugger.step
        if not is_derivative(term):
            return
        self.found = numeric_derivative(term.trace, term.step)
        if self.found is not None:
            self.view.show_check(self.found)
            self._body.setCurrentWidget(self.view)

    def _clear(self) -> None:
        term = self._session.debugger.step
        self._term, self.found = term, None
        name = term.statement(Notation(term.trace.L)).name
        self.symbol.set_tex(on_one_line(name))
        checkable = is_derivative(term)
        self.button.setEnabled(checkable)
        self.explained.setText(_EXPLAINED if checkable else _NONE)
        self._body.setCurrentWidget(self.explained)


def is_derivative(term: Term) -> bool:
    """Whether a term is the slope of something."""
    return term.step.phase == "back" or term.kind in _DERIVATIVES
