"""Writing a trace beside the window: a thread, its progress, and how to call it off."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from bpstudio.core.errors import InputError
from bpstudio.core.trace import Trace
from bpstudio.files.traces import write_trace

LOOK_MS = 100


class _CalledOffError(Exception):
    """Ends the writing from inside."""


class ExportJob(QObject):
    """One trace on its way into a file. A trace never changes, so no lock is needed.

    The thread calls nobody: the job looks at it ten times a second.
    """

    progressed = Signal(int)  # steps written so far
    ended = Signal(str)  # what went wrong; empty where nothing did

    def __init__(self, trace: Trace, path: Path, parent: QObject, prefix: str = "") -> None:
        """``prefix``: the iteration e3/b4/ of a recorded run that the trace is of."""
        super().__init__(parent)
        self.trace = trace
        self._prefix = prefix
        self.path = path
        self._written = 0
        self._called_off = threading.Event()
        self._problem = ""
        self._thread = threading.Thread(target=self._work, name="bpstudio export", daemon=True)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self._timer.start()

    def call_off(self) -> None:
        """End without a file, and wait for that."""
        self._called_off.set()
        self._thread.join()
        self._timer.stop()

    def _work(self) -> None:
        try:
            write_trace(self.trace, self.path, advanced=self._count, prefix=self._prefix)
        except _CalledOffError:
            pass
        except (InputError, OSError) as error:
            self._problem = str(error)

    def _count(self, more: int) -> None:
        self._written += more
        if self._called_off.is_set():
            raise _CalledOffError

    def _look(self) -> None:
        if self._thread.is_alive():
            self.progressed.emit(self._written)
            return
        self._timer.stop()
        self.ended.emit(self._problem)
