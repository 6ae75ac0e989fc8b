"""The sample conflict: which rows of the batch pull one parameter which way."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPointF, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from bpstudio.core import operands
from bpstudio.core.conflict import Conflict, agreement_words, sample_conflict
from bpstudio.core.dataset import Dataset
from bpstudio.core.notation import (
    Notation,
    format_count,
    format_number,
    format_signed,
    on_one_line,
    partial,
)
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.analysis.header import ParameterHeader
from bpstudio.ui.analysis.listing import Head, Listing
from bpstudio.ui.analysis.parameter import Parameter
from bpstudio.ui.analysis.sample_rows import (
    TITLES,
    Pull,
    columns,
    paint_pull,
    pulls_words,
)
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.painted_rows import ROW
from bpstudio.ui.style import PADDING, TABLE_ROW, set_role
from bpstudio.ui.theme import Appearance

_CONCERN = {"cursor", "trace", "network", "data", "experiment", "run"}
_MOST_CLASSES = 6  # that the footer lists
_NEEDS_BATCH = "A row alone has no one to disagree with: a conflict needs a batch of rows."


class SamplesPanel(QWidget):
    """The rows by how hard they pull the parameter of the current step, or the chosen one."""

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
        self.conflict: Conflict | None = None
        self.header = ParameterHeader("Samples", appearance)
        self.model = PullModel(self)
        tip = "Click a row to go to its gradient (Enter)"
        head = Head(TITLES, columns, appearance)
        self.listing = Listing(head, "Rows of the batch, the hardest pull first", tip)
        self.listing.show_rows(self.model, appearance, paint_pull, TABLE_ROW)
        self.footer = QLabel()
        self.footer.setContentsMargins(PADDING, 4, PADDING, 4)
        self.footer.setWordWrap(True)
        set_role(self.footer, "hint")
        self.hint = self._hint()
        self._lay_out()
        self.listing.link_asked.connect(self._go)
        self.header.pinned.connect(self._show)
        self._show()

    def _hint(self) -> QWidget:
        """What stands here while the pass goes over one row."""
        text = QLabel(_NEEDS_BATCH)
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(text, "label")
        self.whole_batch = QPushButton("Show a whole batch")
        self.whole_batch.setToolTip("Let the pass go over a batch of rows instead of one")
        self.whole_batch.clicked.connect(self._choose_batch)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.whole_batch)
        row.addStretch(1)
        made = QWidget()
        column = QVBoxLayout(made)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(text)
        column.addLayout(row)
        column.addStretch(1)
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.listing, 1)
        column.addWidget(self.footer)
        column.addWidget(self.hint, 1)

    @property
    def parameter(self) -> Parameter:
        """The parameter in question."""
        return self.header.parameter

    def show_weight(self, l: int, j: int, k: int | None) -> None:
        """Stay at this weight (a bias without k) until the pin is taken out.

        InputError where it does not exist.
        """
        sample_conflict(self._session.debugger.trace, l, j, k)
        self.header.choose(Parameter(l, j, k))
        self._show()

    def refresh(self, changes: Changes) -> None:
        """Follow the step and the numbers."""
        if changes & _CONCERN:
            self.setEnabled(not self._session.is_training)
            self._show()

    def _show(self) -> None:
        debugger = self._session.debugger
        self.header.follow(debugger.step.step, debugger.network)
        whole = len(debugger.rows) > 1
        for widget in (self.listing, self.footer):
            widget.setVisible(whole)
        self.hint.setVisible(not whole)
        symbol = on_one_line(partial("C", self.parameter.tex(Notation(debugger.trace.L))))
        self.conflict = sample_conflict(debugger.trace, *self.parameter) if whole else None
        self.header.show_parameter(symbol, said_of(self.conflict))
        self.model.show_conflict(self.conflict, self._session.data, debugger.step.row)
        if self.conflict is not None:
            self.footer.setText(by_class(self.conflict, self._session.data))

    def _choose_batch(self) -> None:
        self._attempt(lambda: self._session.choose_whole_batch(True))

    def _go(self, index: QModelIndex, _at: QPointF | None) -> None:
        l, j, k = self.parameter
        row = self.model.pull(index.row()).row
        address = operands.back(row, l, j, "dC_db" if k is None else f"k{k}/dC_dw")
        self._attempt(lambda: self._session.debugger.goto(address))


class PullModel(QAbstractListModel):
    """The samples of a conflict, the hardest pull first; rows are worked out when shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._conflict: Conflict | None = None
        self._order = np.empty(0, dtype=np.int64)
        self._data: Dataset | None = None
        self._row: int | None = None

    def show_conflict(self, conflict: Conflict | None, data: Dataset, row: int | None) -> None:
        """Show this one; ``row`` is the current sample."""
        self.beginResetModel()
        self._conflict, self._data, self._row = conflict, data, row
        self._order = np.empty(0, dtype=np.int64) if conflict is None else conflict.largest()
        self.endResetModel()

    def pull(self, n: int) -> Pull:
        """The n-th hardest."""
        conflict, data = self._conflict, self._data
        assert conflict is not None, "there are rows only where there is a conflict"
        assert data is not None, "there are rows only where there is data"
        at = int(self._order[n])
        row, gradient = conflict.rows[at], float(conflict.gradients[at])
        largest = abs(float(conflict.gradients[self._order[0]]))
        of_largest = abs(gradient) / largest if largest > 0 else 0.0
        share, current = float(conflict.shares[at]), row == self._row
        return Pull(row, words_of(data, row), gradient, share, of_largest, current)

    def rowCount(self, parent: Any = None) -> int:
        """All samples of the batch."""
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The pull, and its words for screen readers and tooltip."""
        pull = self.pull(index.row())
        if role == ROW:
            return pull
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(pull)
        return f"{pull.gradient!r}" if role == Qt.ItemDataRole.ToolTipRole else None


def words_of(data: Dataset, row: int) -> str:
    """The class of a row, or its first raw target."""
    position = data.position(row)
    if data.labels is not None:
        return data.target_names[int(data.labels[position])]
    return format_number(float(data.target[position, 0]))


def said_of(conflict: Conflict | None) -> str:
    """The ratio, and what it means."""
    if conflict is None:
        return "needs a whole batch"
    words = agreement_words(conflict.agreement)
    if conflict.agreement != conflict.agreement:
        return words
    return f"|Σ g| / Σ |g| = {conflict.agreement:.2f}: {words}"


def by_class(conflict: Conflict, data: Dataset) -> str:
    """How many pull which way, and what each class of the batch adds up to."""
    mean = format_number(conflict.net / len(conflict.rows))
    said = f"Up {format_count(conflict.ups)}, down {format_count(conflict.downs)}; mean {mean}"
    if data.labels is None:
        return said
    labels = np.array([data.labels[data.position(row)] for row in conflict.rows])
    present = np.unique(labels)
    if len(present) > _MOST_CLASSES:
        return said
    sums = np.bincount(labels, conflict.gradients, len(data.target_names))
    parts = (f"{data.target_names[c]} {format_signed(float(sums[c]))}" for c in present)
    return f"{said}; Σ g of " + ", ".join(parts)


def spoken(pull: Pull) -> str:
    """A pull in one line."""
    return (
        f"row {pull.row}, {pull.words}, gradient {format_signed(pull.gradient)}, "
        f"pulls {pulls_words(pull.gradient)}, {pull.share:.0%}"
    )
