"""Reading a data file beside the window: a thread, how far it is, and how to call it off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import perf_counter
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from bpstudio.core.errors import InputError, MemoryLimitError
from bpstudio.files.reading import CalledOffError, Reading

LOOK_MS = 40
SHOWN_AFTER = 0.2  # seconds; what is done by then is not worth a word

Made = TypeVar("Made")


class ReadingJob(QObject, Generic[Made]):
    """One file on its way. The thread calls nobody: the job looks at it.

    What was made, or why it could not be, is told once, by ``taken`` or by ``refused``; nothing
    where it was called off.
    """

    progressed = Signal(float)
    """How much is done, 0 … 1, once it takes long enough to be shown."""
    finished = Signal()
    """The thread is done, for whatever reason."""

    def __init__(
        self,
        make: Callable[[], Made],
        taken: Callable[[Made], object],
        refused: Callable[[InputError], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._make, self._taken, self._refused = make, taken, refused
        self._reading = Reading()
        self._made: Made | InputError = InputError("the file cannot be read")
        self._wanted = True
        self._started = perf_counter()
        self._thread = threading.Thread(target=self._work, name="bpstudio reading", daemon=True)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_done(self) -> bool:
        """Whether its thread has ended."""
        return not self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self._timer.start()

    def wait(self, seconds: float) -> bool:
        """Give it so long before the window goes on; False where it was refused in that time."""
        self._thread.join(seconds)
        self._look()
        return not (self.is_done and isinstance(self._made, InputError))

    def call_off(self) -> None:
        """End soon, without a word; the window need not wait for it."""
        self._wanted = False
        self._reading.call_off()

    def close(self) -> None:
        """End, and wait for that."""
        self._timer.stop()
        while self._thread.is_alive():
            self.call_off()
            self._thread.join(LOOK_MS / 1000)

    def _work(self) -> None:
        try:
            with self._reading:
                self._made = self._make()
        except CalledOffError:
            self._wanted = False
        except InputError as error:
            self._made = error
        except MemoryError:
            self._made = MemoryLimitError("there is not enough memory for it; take fewer rows")

    def _look(self) -> None:
        if not self._thread.is_alive():
            self._end()
        elif not self._wanted:
            self._reading.call_off()  # a query that began just then did not hear it
        elif perf_counter() - self._started >= SHOWN_AFTER:
            self.progressed.emit(self._reading.fraction)

    def _end(self) -> None:
        self._timer.stop()
        self.finished.emit()
        if not self._wanted:
            return
        if isinstance(self._made, InputError):
            self._refused(self._made)
        else:
            self._taken(self._made)
