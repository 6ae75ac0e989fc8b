"""The form of a breakpoint: what, where, when, and what it does there."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.errors import InputError
from bpstudio.debugger.breakpoints import (
    ALL_KINDS,
    Breakpoint,
    breakpoint_of,
    require_fit,
    require_row,
)
from bpstudio.debugger.expressions import check, parse
from bpstudio.debugger.expressions.language import KIND_WORDS
from bpstudio.debugger.expressions.template import parse_template
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.breakpoint_words import PHASES
from bpstudio.ui.expression_field import (
    ExpressionField,
    FieldWithProblem,
    completer_in_braces,
    completer_of,
)
from bpstudio.ui.form import combo, row, select, whole
from bpstudio.ui.index_fields import in_a_row, index_fields, index_of, letters_of
from bpstudio.ui.style import GAP, SECTION_GAP, set_invalid, set_primary, set_role

_WIDTH = 520


def edit_breakpoint(
    session: Session,
    attempt: Attempt,
    parent: QWidget,
    point: Breakpoint | None = None,
    **preset: Any,
) -> BreakpointEditor:
    """Open the form for a breakpoint, or for a new one with these settings to begin with."""
    begun = point or Breakpoint(0, **preset)
    editor = BreakpointEditor(session, begun, is_new=point is None, parent=parent)
    editor.accepted.connect(partial(_keep, editor, session, attempt))
    editor.open()
    return editor


def _keep(editor: BreakpointEditor, session: Session, attempt: Attempt) -> None:
    settings, debugger = editor.settings(), session.debugger
    if editor.is_new:
        attempt(partial(debugger.add_breakpoint, **settings))
    else:
        attempt(partial(debugger.change_breakpoint, editor.point.id, **settings))


class BreakpointEditor(QDialog):
    """Fields left empty mean any; what is wrong is said under them while they are filled in."""

    def __init__(
        self, session: Session, point: Breakpoint, is_new: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.point, self.is_new = point, is_new
        self._session = session
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Add a breakpoint" if is_new else "Change the breakpoint")
        kinds = [(f"{kind}: {KIND_WORDS[kind].documentation}", kind) for kind in ALL_KINDS]
        self.kind = combo("Kind of term", [("any term", ""), *kinds])
        self.phase = combo("Pass", [("any pass", ""), *((text, p) for p, text in PHASES.items())])
        self.indices = index_fields()
        self.when = self._expression("Condition", "none, such as abs(value) > 0.1")
        self.hits = whole("Hits: act from this match of the pass on", 1, 10**9)
        self.log = self._line()
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        set_role(self.problem, "error")
        self._build()
        self._show(point)
        self._connect()
        self.judge()

    def _expression(self, hint: str, placeholder: str) -> FieldWithProblem:
        field = ExpressionField(hint, self._check, completer_of(self._sequence))
        field.setPlaceholderText(placeholder)
        return FieldWithProblem(field)

    def _line(self) -> FieldWithProblem:
        completer = completer_in_braces(completer_of(self._sequence))
        field = ExpressionField("Line to write instead of stopping", self._check_line, completer)
        field.setPlaceholderText("none: it stops; or row {row}: C = {value}")
        return FieldWithProblem(field)

    def _sequence(self) -> Any:
        return self._session.debugger.sequence

    def _check(self, text: str) -> None:
        sequence = self._sequence()
        check(parse(text), sequence.sizes, sequence.softmax, sequence.biases)

    def _check_line(self, text: str) -> None:
        sequence = self._sequence()
        for expression in parse_template(text).expressions:
            check(expression, sequence.sizes, sequence.softmax, sequence.biases)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SECTION_GAP)
        grid.setVerticalSpacing(GAP)
        grid.setColumnStretch(1, 1)
        row(grid, 0, "Stop at", self.kind)
        row(grid, 1, "Pass", self.phase)
        row(grid, 2, "Place", in_a_row(self.indices))
        row(grid, 3, "When", self.when)
        row(grid, 4, "From hit", self.hits)
        row(grid, 5, "Write", self.log)
        layout = QVBoxLayout(self)
        layout.setSpacing(GAP)
        layout.addLayout(grid)
        layout.addWidget(self.problem)
        layout.addStretch(1)
        layout.addWidget(self._buttons())
        self.setMinimumWidth(_WIDTH)

    def _buttons(self) -> QWidget:
        text = "Add breakpoint" if self.is_new else "Change breakpoint"
        self.ok = QPushButton(text)
        self.ok.setToolTip(f"{text} (Enter)")
        self.ok.setDefault(True)
        set_primary(self.ok)
        cancel = QPushButton("Cancel")
        cancel.setToolTip("Change nothing (Esc)")
        cancel.setAutoDefault(False)
        self.ok.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        holder = QWidget()
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addStretch(1)
        inside.addWidget(cancel)
        inside.addWidget(self.ok)
        return holder

    def _show(self, point: Breakpoint) -> None:
        select(self.kind, point.kind or "")
        select(self.phase, point.phase or "")
        for name, field in self.indices.items():
            index = getattr(point, name)
            field.setText("" if index is None else str(index))
        self.when.field.setText(point.when)
        self.hits.setValue(point.hits)
        self.log.field.setText(point.log)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self.judge)
        self.phase.currentIndexChanged.connect(self.judge)
        self.hits.valueChanged.connect(self.judge)
        for field in (*self.indices.values(), self.when.field, self.log.field):
            field.textChanged.connect(self.judge)

    # ---- what was filled in -----------------------------------------------------------------

    def settings(self) -> dict[str, Any]:
        """The settings as they stand. InputError where an index is no number."""
        kind = self.kind.currentData() or None
        indices = {name: index_of(name, field) for name, field in self.indices.items()}
        return {
            "kind": kind,
            "phase": self.phase.currentData() or None if kind is None else None,
            **indices,
            "when": self.when.field.text().strip(),
            "hits": self.hits.value(),
            "log": self.log.field.text().strip(),
            "enabled": self.point.enabled,
        }

    def judge(self, *_: object) -> None:
        """Say what is wrong; only what can be used can be kept."""
        self._enable_indices()
        for field in self.indices.values():
            set_invalid(field, False)
        problem = self._problem()
        fields = (self.when.field, self.log.field)
        told = any(field.problem for field in fields)
        self.problem.setText("" if told else problem)
        self.ok.setEnabled(not problem and not told)

    def _enable_indices(self) -> None:
        """Those that the kind has; the pass belongs to the kind."""
        kind = self.kind.currentData()
        self.phase.setEnabled(not kind)
        for name, field in self.indices.items():
            field.setEnabled(not kind or name in letters_of(kind))

    def _problem(self) -> str:
        try:
            point = breakpoint_of(0, self.settings())
            require_fit(point, self._sequence())
        except InputError as error:
            return str(error)
        return self._problem_of_row(point)

    def _problem_of_row(self, point: Breakpoint) -> str:
        try:
            require_row(point, self._session.debugger.data)
        except InputError as error:
            set_invalid(self.indices["row"])
            return str(error)
        return ""
