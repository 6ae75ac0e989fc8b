"""Writing a trace beside the window: a thread, its progress, and how to call it off."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from bpstudio.core.background import background_thread
from bpstudio.core.errors import InputError
from bpstudio.files.trace_export import Export
from bpstudio.files.traces import write_export

LOOK_MS = 100


class _CalledOffError(Exception):
    """Ends the writing from inside."""


class ExportJob(QObject):
    """One trace on its way into a file. A trace never changes, so no lock is needed.

    The thread calls nobody: the job looks at it ten times a second.
    """

    progressed = Signal(int)  # steps written so far
    ended = Signal(str)  # what went wrong; empty where nothing did

    def __init__(self, export: Export, path: Path, count: int, parent: QObject) -> None:
        """``count``: number of steps that are written."""
        super().__init__(parent)
        self._export = replace(export, advanced=self._add)
        self.path = path
        self.count = count
        self._written = 0
        self._called_off = threading.Event()
        self._problem = ""
        self._thread = background_thread(self._work, "bpstudio export")
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
            write_export(self._export, self.path)
        except _CalledOffError:
            pass
        except (InputError, OSError) as error:
            self._problem = str(error)

    def _add(self, more: int) -> None:
        self._written += more
        if self._called_off.is_set():
            raise _CalledOffError

    def _look(self) -> None:
        if self._thread.is_alive():
            self.progressed.emit(self._written)
            return
        self._timer.stop()
        self.ended.emit(self._problem)
