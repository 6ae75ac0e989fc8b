"""Works a ledger out in slices, keeps it, and splits it over the samples when that is wanted."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from bpstudio.debugger.ledger import ledger_steps
from bpstudio.debugger.ledger_split import Split, split_steps
from bpstudio.debugger.ledger_values import Ledger
from bpstudio.debugger.recording import Recording
from bpstudio.ui.analysis.parameter import Parameter
from bpstudio.ui.scan import Scan

_REST = 150  # milliseconds without another question, where questions come fast


class Wanted(NamedTuple):
    """A parameter's changes in the first ``length`` updates of a recording."""

    recording: Recording
    length: int
    parameter: Parameter


class LedgerFinder(QObject):
    """The newest question ends the one before; what was found is told once it is there."""

    found = Signal()
    """A ledger, or its split; or the work was given up."""
    progressed = Signal(float)
    """The share that is done, while it takes longer than a moment."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        self._scan = Scan(self, panel)
        self._scan.progressed.connect(self.progressed)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._begin)
        self._since_asked = QElapsedTimer()
        self._wanted: Wanted | None = None
        self._split: Split | None = None
        self.ledger: Ledger | None = None
        self.is_given_up = False

    @property
    def is_running(self) -> bool:
        """Whether something is being worked out."""
        return self._scan.is_running or self._rest.isActive()

    def look(self, wanted: Wanted) -> None:
        """Work this ledger out, unless it is there or was given up; soon, when steps come fast."""
        if wanted == self._wanted:
            return
        self.forget()
        self._wanted = wanted
        fast = self._since_asked.isValid() and not self._since_asked.hasExpired(2 * _REST)
        self._since_asked.start()
        if fast:
            self._rest.start()
        else:
            self._begin()

    def _begin(self) -> None:
        if self._wanted is not None:
            recording, length, parameter = self._wanted
            self._scan.run(ledger_steps(recording, *parameter, length), self._keep)

    def look_closer(self, ledger: Ledger) -> None:
        """Split a part of the ledger, unless that is there, on its way or was given up."""
        if self.split_of(ledger) is None and not (self.is_running or self.is_given_up):
            self._scan.run(split_steps(ledger), self._keep_split)

    def split_of(self, ledger: Ledger) -> Split | None:
        """The split of a ledger; None where it is not there."""
        split = self._split
        if split is None or split.ledger.until < ledger.until:
            return None
        if split.is_whole or split.ledger.until == ledger.until:
            return split.up_to(ledger)
        return None

    def give_up(self) -> None:
        """Stop; nothing is worked out until it is asked for again."""
        self.is_given_up = True
        self._stop()
        self.found.emit()

    def try_again(self) -> None:
        """After it was given up."""
        self.is_given_up = False
        if self.ledger is None:
            self._begin()

    def forget(self) -> None:
        """The run goes on, or is another: nothing is known of it."""
        self._stop()
        self._wanted = self.ledger = self._split = None
        self.is_given_up = False

    def _stop(self) -> None:
        self._rest.stop()
        self._scan.cancel()

    def _keep(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.found.emit()

    def _keep_split(self, split: Split) -> None:
        self._split = split
        self.found.emit()
