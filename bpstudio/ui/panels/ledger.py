"""Who changed this parameter? Every update of it in the recorded run, by sample and by class."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from bpstudio.core.errors import InputError
from bpstudio.core.notation import Notation, on_one_line
from bpstudio.debugger.ledger_split import Split
from bpstudio.debugger.ledger_values import Ledger, Order
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.analysis.parameter import Parameter, ParameterChoice
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.ledger import pages
from bpstudio.ui.ledger.finder import LedgerFinder, Wanted
from bpstudio.ui.ledger.footer import LedgerFooter
from bpstudio.ui.ledger.header import LedgerHeader
from bpstudio.ui.ledger.hint import Hint, progress_line
from bpstudio.ui.ledger.listing import LedgerListing
from bpstudio.ui.ledger.subject import run_of, value_of
from bpstudio.ui.ledger.views import page_of
from bpstudio.ui.ledger.words import notes_of
from bpstudio.ui.style import PADDING, set_role
from bpstudio.ui.theme import Appearance

_CONCERN = {"cursor", "trace", "network", "data", "experiment", "run"}
UNTRAINED = "Train to see what changes a weight (Space)"
TRAINING = "Training goes on. Pause to see what changed the weight (Space)"
GIVEN_UP = "The changes were not worked out."
LOOKING = "Training the run again to see each change…"
SPLITTING = "Looking at the samples of each update…"


class LedgerPanel(QWidget):
    """Follows the parameter of the current step or of what is selected, unless it is pinned."""

    address_requested = Signal(str)
    """The address of a change, or of the largest one that a sample or class made."""

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
        self._choice = ParameterChoice()
        self._by: Order = "size"
        self._went: tuple[int, int] | None = None  # from the ledger before which T, to which T
        self._shown: tuple[Any, ...] | None = None
        self.ledger: Ledger | None = None
        self.finder = LedgerFinder(self)
        self.header = LedgerHeader(appearance)
        self.progress = progress_line()
        self.hint = Hint("Work it out", "Train the run again, step by step, in the background")
        self.listing = LedgerListing(appearance)
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        self.notes.setContentsMargins(PADDING, 4, PADDING, 4)
        set_role(self.notes, "hint")
        self.footer = LedgerFooter(appearance)
        self._lay_out()
        self._connect()
        self._follow()

    def _lay_out(self) -> None:
        self._found = QWidget()
        inner = QVBoxLayout(self._found)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(self._found)
        column = QVBoxLayout(self)
        for layout in (inner, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        inner.addWidget(self.listing, 1)
        inner.addWidget(self.notes)
        inner.addWidget(self.footer)
        column.addWidget(self.header)
        column.addWidget(self.progress)
        column.addWidget(self._pages, 1)
        self._found.setFocusProxy(self.listing.view)

    def _connect(self) -> None:
        self.finder.found.connect(self._show)
        self.finder.progressed.connect(self._show_progress)
        self.hint.button.clicked.connect(self._try_again)
        self.header.view.chosen.connect(lambda _view: self._show())
        self.header.sort.toggled.connect(lambda on: self.put_in_order("size" if on else "newest"))
        self.header.pin.toggled.connect(self._pin)
        self.listing.titles.order_asked.connect(self.put_in_order)
        self.listing.link_asked.connect(self._go)

    # ---- which parameter, in which order --------------------------------------------------------

    @property
    def parameter(self) -> Parameter:
        """The parameter in question."""
        return self._choice.parameter

    def show_weight(self, l: int, j: int, k: int | None) -> None:
        """Stay at this weight (a bias without k) until the pin is taken out.

        InputError where it does not exist.
        """
        wanted = Parameter(l, j, k)
        network = self._session.debugger.network
        if not wanted.exists_in(network):
            raise InputError(f"there is no such parameter in {network!r}: l={l}, j={j}, k={k}")
        self._choice.choose(wanted)
        self._follow()

    def show_thing(self, thing: tuple[Any, ...] | None) -> None:
        """What was selected in the network: a weight or a bias is followed."""
        if thing is None or thing[0] not in ("edge", "bias") or self._choice.stays:
            return
        _, l, j, *k = thing
        self._choice.parameter = Parameter(l, j, k[0] if k else None)
        if self.isVisible():
            self._follow(step_too=False)

    def put_in_order(self, by: Order) -> None:
        """The largest, the newest or the oldest changes first."""
        self._by = by
        self.header.sort.blockSignals(True)
        self.header.sort.setChecked(by == "size")
        self.header.sort.blockSignals(False)
        self._show()

    def refresh(self, changes: Changes) -> None:
        """Follow the step and the run."""
        if changes & _CONCERN:
            self._follow(step_too=bool(changes & {"cursor", "trace"}))

    def _pin(self, on: bool) -> None:
        if on != self._choice.stays:
            self._choice.stays = on
            self._follow()

    def _follow(self, step_too: bool = True) -> None:
        debugger = self._session.debugger
        if step_too or not self.parameter.exists_in(debugger.network):
            self._choice.follow(debugger.step.step, debugger.network)
        self.header.pin.setChecked(self._choice.stays)
        recording = run_of(self._session)
        if recording is None or self._session.is_training:
            self.finder.forget()
        else:
            self.finder.look(Wanted(recording, recording.length, self.parameter))
        self._show()

    # ---- showing it -----------------------------------------------------------------------------

    def _show(self) -> None:
        """What there is: the changes, or a sentence why there are none."""
        self.ledger = self._ledger_now()
        symbol = on_one_line(self.parameter.tex(Notation(self._session.network.L)))
        self.header.symbol.set_tex(symbol)
        ledger = self.ledger
        split = None if ledger is None else self._split_of(ledger)
        view = self.header.view.key
        if ledger is None:
            self._say(*self._why_nothing())
        elif view != "iteration" and split is None:
            self._say(*((GIVEN_UP, True) if self.finder.is_given_up else (SPLITTING, False)))
        else:
            self._show_page(ledger, split)
        self.progress.setVisible(self.finder.is_running)

    def _why_nothing(self) -> tuple[str, bool]:
        """A sentence, and whether work can be asked for."""
        if self._session.is_training:
            return TRAINING, False
        if run_of(self._session) is None:
            return UNTRAINED, False
        return (GIVEN_UP, True) if self.finder.is_given_up else (LOOKING, False)

    def _turn_to(self, page: QWidget) -> None:
        """Show the list or the sentence in its place; whichever is shown takes the keys."""
        focus = self.focusWidget()
        had_keys = focus is not None and focus.hasFocus() and self._pages.isAncestorOf(focus)
        self._pages.setCurrentWidget(page)
        self.setFocusProxy(page)
        if had_keys:
            page.setFocus()

    def _say(self, text: str, offer: bool) -> None:
        self._shown = None
        self.listing.show_page(pages.EMPTY, self._by)
        self.hint.say(text, offer)
        self._turn_to(self.hint)

    def _ledger_now(self) -> Ledger | None:
        """Up to the pass that is shown, with a change by hand that no run has recorded.

        One who followed a link keeps the ledger that it was in.
        """
        ledger, debugger = self.finder.ledger, self._session.debugger
        if ledger is None:
            return None
        visited = debugger.visited
        T = ledger.until if visited is None else visited.T
        if self._went is not None and self._went[1] == T and visited is not None:
            return ledger.up_to(min(self._went[0], ledger.until))
        self._went = None
        return ledger.up_to(T).changed_to(value_of(debugger.network, self.parameter))

    def _split_of(self, ledger: Ledger) -> Split | None:
        """Its split; asked for where it is wanted and not there."""
        data = self._session.data
        classes = data.labels is not None
        self.header.offer_classes(classes)
        if not classes and self.header.view.key == "class":
            self.header.view.choose("iteration")
        few = classes and len(data.target_names) <= pages.MOST_CLASSES
        if few or self.header.view.key != "iteration":
            self.finder.look_closer(ledger)
        return self.finder.split_of(ledger)

    def _show_page(self, ledger: Ledger, split: Split | None) -> None:
        visited = self._session.debugger.visited
        T = None if visited is None else visited.T
        view = self.header.view.key
        key = (self.finder.ledger, ledger.until, ledger.now, split is None, view, self._by, T)
        self._turn_to(self._found)
        if key == self._shown:
            return
        self._shown = key
        page = page_of(view, ledger, split, self._session.data, self._by, T)
        self.listing.show_page(page, self._by)
        self.notes.setText(notes_of(page, ledger, split, in_past=visited is not None))
        self.footer.show_sum(ledger, self._end_of(ledger, T))

    def _end_of(self, ledger: Ledger, T: int | None) -> str:
        """Where the ledger ends, if that is not what is shown."""
        if T is None or ledger.until == T:
            return ""
        epoch, batch = ledger.recording.place(ledger.until)
        return f"e{epoch}/b{batch}"

    def _show_progress(self, share: float) -> None:
        self.progress.show()
        self.progress.setValue(round(1000 * share))

    # ---- keys and clicks ------------------------------------------------------------------------

    def _try_again(self) -> None:
        self.finder.try_again()
        self._show()

    def _go(self, index: QModelIndex, _at: object) -> None:
        row, ledger = self.listing.row(index), self.ledger
        if ledger is None:
            return
        epoch, batch = (int(part[1:]) for part in row.address.split("/")[:2])
        self._went = (ledger.until, ledger.recording.number(epoch, batch))
        self.address_requested.emit(row.address)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives up what is being worked out."""
        if event.key() == Qt.Key.Key_Escape and self.finder.is_running:
            self.finder.give_up()
            return
        super().keyPressEvent(event)
