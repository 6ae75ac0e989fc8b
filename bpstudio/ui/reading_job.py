"""Reading a data file beside the window: a thread, how far it is, and how to call it off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from bpstudio.core.background import background_thread
from bpstudio.core.errors import InputError, MemoryLimitError
from bpstudio.core.wanted import NoLongerWantedError, require_wanted, while_wanted
from bpstudio.files.reading import CalledOffError, Reading

LOOK_MS = 40
SHOWN_AFTER = 0.2  # seconds; what is done by then is not worth a word

Made = TypeVar("Made")


class ReadingJob(QObject, Generic[Made]):
    """One file on its way. The thread calls nobody: the job looks at it.

    What was made, or why it could not be, is told once, by ``taken`` or by ``refused``; nothing
    where it was called off. ``then`` is done with it by the thread when the window shows it.
    """

    progressed = Signal(float)
    """How much is done, 0 … 1, once it takes long enough to be shown."""
    finished = Signal()
    """It is made, or will not be; and once more when the thread is done, where that is later."""

    def __init__(
        self,
        make: Callable[[], Made],
        taken: Callable[[Made], object],
        refused: Callable[[InputError], object],
        parent: QObject,
        then: Callable[[Made], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._make, self._taken, self._refused, self._then = make, taken, refused, then
        self._is_made, self._is_told = threading.Event(), False
        self._is_shown = threading.Event()  # so that painting has the processor to itself
        self._reading = Reading()
        self._made: Made | InputError = InputError("the file cannot be read")
        self._wanted = True
        self._started = perf_counter()
        self._thread = background_thread(self._work, "bpstudio reading")
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_done(self) -> bool:
        """Whether its thread has ended."""
        return not self._thread.is_alive()

    @property
    def is_told(self) -> bool:
        """Whether nothing more is to be heard of it."""
        return self._is_told

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self._timer.start()

    def wait(self, seconds: float) -> bool:
        """Give it so long before the window goes on; False where it was refused in that time."""
        self._is_made.wait(seconds)
        self._look()
        return not (self._is_made.is_set() and isinstance(self._made, InputError))

    def call_off(self) -> None:
        """End soon, without a word; the window need not wait for it."""
        self._wanted = False
        self._reading.call_off()
        self._is_shown.set()

    def close(self) -> None:
        """End, and wait for that."""
        self._timer.stop()
        while self._thread.is_alive():
            self.call_off()
            self._thread.join(LOOK_MS / 1000)

    def _work(self) -> None:
        try:
            self._read()
        finally:
            self._is_made.set()
        if self._then is not None and self._wanted and not isinstance(self._made, InputError):
            self._is_shown.wait()
            with suppress(NoLongerWantedError), while_wanted(lambda: self._wanted):
                require_wanted()
                self._then(self._made)

    def _read(self) -> None:
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
        if self._is_made.is_set():
            self._end()
        elif not self._wanted:
            self._reading.call_off()  # a query that began just then did not hear it
        elif perf_counter() - self._started >= SHOWN_AFTER:
            self.progressed.emit(self._reading.fraction)

    def _end(self) -> None:
        is_news, self._is_told = not self._is_told, True
        if not is_news:
            self._is_shown.set()
        if self.is_done:
            self._timer.stop()
        if is_news or self.is_done:
            self.finished.emit()
        if is_news and self._wanted:
            self._tell()

    def _tell(self) -> None:
        if isinstance(self._made, InputError):
            self._refused(self._made)
        else:
            self._taken(self._made)
