"""Previews made beside the window: the last wish counts, and one thread works at a time."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from bpstudio.core.background import background_thread
from bpstudio.core.errors import InputError
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.preview import Preview, preview
from bpstudio.files.reading import CalledOffError, Reading

LOOK_MS = 15


class PreviewJob(QObject):
    """Previews of one file. The thread calls nobody: the job looks at it until it is done."""

    ready = Signal(object)
    """The Preview, or the InputError where there is no table."""

    def __init__(self, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._path = path
        self._next: ImportOptions | None = None
        self._thread: threading.Thread | None = None
        self._made: Preview | InputError
        self._reading = Reading()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_busy(self) -> bool:
        """Whether a preview is on its way."""
        return self._thread is not None

    def ask(self, options: ImportOptions) -> None:
        """Make a preview; only the last wish is fulfilled, the one on its way is given up."""
        self._next = options
        if self._thread is None:
            self._start(options)
        else:
            self._reading.call_off()

    def stop(self) -> None:
        """Make no more; ends when the thread has."""
        self._next = None
        self._timer.stop()
        if self._thread is not None:
            self._reading.call_off()
            self._thread.join()
            self._thread = None

    def _start(self, options: ImportOptions) -> None:
        self._next = None
        self._made = InputError(f"{self._path.name} cannot be previewed")
        self._reading = Reading()
        self._thread = background_thread(partial(self._work, options), "bpstudio preview")
        self._thread.start()
        self._timer.start()

    def _work(self, options: ImportOptions) -> None:
        try:
            with self._reading:
                self._made = preview(self._path, options)
        except InputError as error:
            self._made = error
        except CalledOffError:  # another wish waits
            pass

    def _look(self) -> None:
        thread = self._thread
        if thread is None or thread.is_alive():
            return
        self._thread = None
        if self._next is not None:
            self._start(self._next)
            return
        self._timer.stop()
        self.ready.emit(self._made)
