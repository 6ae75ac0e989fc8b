"""The steps of the pass in a table, with a row over it to filter them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpstudio.core.notation import format_count
from bpstudio.core.sequence import StepSequence
from bpstudio.debugger.filtering import Listed, StepFilter
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.scan import Scan
from bpstudio.ui.step_filter_row import StepFilterRow
from bpstudio.ui.steps_table import StepsTable
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

_CHANGES = {"cursor", "trace", "data", "experiment", "run"}


class StepsPanel(QWidget):
    """The table in its tab. A filter that looks at every step works while the window is idle."""

    menu_requested = Signal(object, QPoint)
    """The address of a step, and where on screen its menu goes."""

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
        self._scan = Scan(self, panel=self)
        self.filters = StepFilterRow(self._sequence, appearance)
        self.table = StepsTable(session, appearance)
        self.table.step_asked.connect(self._go_to)
        self.table.menu_asked.connect(self._ask_menu)
        self.filters.changed.connect(self._list)
        self._scan.progressed.connect(self._show_progress)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.filters)
        layout.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    def minimumSizeHint(self) -> QSize:
        """The filter, the names of the columns and three steps."""
        table = StepsTable.height_of(3)
        return QSize(200, self.filters.sizeHint().height() + table)

    def refresh(self, changes: frozenset[str]) -> None:
        """Follow the cursor; another pass is filtered anew."""
        if not changes & _CHANGES:
            return
        self.table.setEnabled(not self._session.is_training)
        is_new = self.table.listed.trace is not self._session.debugger.trace
        if (is_new and not self.filters.filter.is_empty) or self._is_due:
            self._list_anew()
        else:
            self.table.follow()

    @property
    def _is_due(self) -> bool:
        """Whether a look has waited for the end of training."""
        waits = not self.table.listed.is_complete and not self._scan.is_running
        return waits and not self._session.is_training

    def _list_anew(self) -> None:
        """Of another pass; all its steps where the filter does not fit its network."""
        if self.filters.use():
            self._list()
        else:
            self._scan.cancel()
            self.filters.show_progress(None)
            self.table.show_listed(Listed(self._session.debugger.trace, StepFilter()))

    def _sequence(self) -> StepSequence:
        return self._session.debugger.sequence

    def _go_to(self, n: int) -> None:
        self._attempt(lambda: self._session.debugger.goto(n))

    def _ask_menu(self, n: int, at: QPoint) -> None:
        if not self._session.is_training:
            self.menu_requested.emit(self._session.debugger.trace[n].address, at)

    # ---- filtering ----------------------------------------------------------------------------

    def _list(self) -> None:
        """Show the rows of the filter; those of a look as they are found."""
        debugger, chosen = self._session.debugger, self.filters.filter
        self._scan.cancel()
        listed = Listed(debugger.trace, chosen)
        self.table.show_listed(listed)
        self.filters.show_progress(None)
        if not chosen.looks:
            self._say()
        elif self._session.is_training:
            self.filters.say("The pass is looked through when training pauses.")
        else:
            self._scan.run(listed.look(debugger.facts), self._show_found)

    def _show_progress(self, share: float) -> None:
        self.filters.show_progress(share)
        self.table.show_more()
        found = format_count(len(self.table.listed))
        self.filters.say(f"Looking through the pass, {share:.0%}; {found} found (Esc clears)")

    def _show_found(self, _: object) -> None:
        self.filters.show_progress(None)
        self.table.show_listed(self.table.listed)
        self._say()

    def _say(self) -> None:
        """How many steps are listed, of how many."""
        listed = self.table.listed
        if listed.filter.is_empty:
            self.filters.say("")
            return
        count, total = format_count(len(listed)), format_count(len(listed.trace))
        more = f", {format_count(listed.left_out)} more not kept" if listed.left_out else ""
        words = f"{count} of {total} steps{more}"
        if len(listed) == 0:
            words = f"None of {total} steps is so"
        self.filters.say(words)
