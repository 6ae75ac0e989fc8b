"""Keeping the session by itself: at most once a second, beside the window, into its own file."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from bpstudio.core.background import give_way
from bpstudio.core.errors import InputError
from bpstudio.ui.sessions.background import words_of
from bpstudio.ui.sessions.shelf import Place, Shelf

SOON_MS = 200  # after a change: what is done in a row is kept together
LOOK_MS = 50
AT_MOST_EVERY = 1.0  # seconds
SHARE = 4  # a write begins at the earliest after so many times as long as the last one took
BYTES_A_SECOND = 32 * 2**20  # at most, on the average: a disk does not live for ever

Remembered = Callable[[Place], None]
"""A session as it stood: writes it to a place. InputError or OSError where that cannot be."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One state to be written to one place; ``last``: nobody goes on there."""

    remembered: Remembered
    place: Place
    last: bool = False

    def done(self, after: Callable[[], None]) -> float:
        """Write it; → in how many seconds from its beginning the next write may begin."""
        started = perf_counter()
        self.place.path.parent.mkdir(parents=True, exist_ok=True)
        self.remembered(self.place)
        n_bytes = self.place.path.stat().st_size
        if self.last:
            self.place.let_go()
        after()
        return max(SHARE * (perf_counter() - started), n_bytes / BYTES_A_SECOND)


class Autosave(QObject):
    """Writes what is on screen whenever it changed. The window is never waited for."""

    troubled = Signal(str)
    """The session cannot be kept, and why; said once, until it can again."""
    mended = Signal()
    """It can be kept again."""

    def __init__(
        self, shelf: Shelf, remember: Callable[[], Remembered], parent: QObject | None = None
    ) -> None:
        """``remember`` is quick: it is called in the window's thread."""
        super().__init__(parent)
        self._shelf, self._remember = shelf, remember
        self.place: Place | None = None
        self._changed = False
        self._begun = self._earliest = 0.0
        self._trouble = ""
        self._jobs: list[tuple[_Job, Future[float]]] = []
        self._again: list[_Job] = []  # those that failed and nobody else writes
        self._pool: ThreadPoolExecutor | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)

    @property
    def has_something(self) -> bool:
        """Whether something of this session is kept, or is to be."""
        return self._changed or self.place is not None

    # ---- what the window says -------------------------------------------------------------------

    def touch(self) -> None:
        """Something changed."""
        self._changed = True
        if not self._timer.isActive():
            wait_ms = round(1000 * (self._earliest - perf_counter()))
            self._timer.start(max(SOON_MS, wait_ms))

    def go_on_in(self, place: Place, keeps_left: bool = True) -> None:
        """What is on screen is the session of this place; the one before stays, or is deleted."""
        self._let_go(keeps_left)
        self.place, self._changed = place, False

    def moment(self) -> Remembered | None:
        """How the session stands; None where all of it is written already."""
        return self._remember() if self._changed or self._jobs else None

    def begin_another(self, before: Remembered | None) -> None:
        """What comes now is another session; ``before``: the moment before that, to be kept."""
        if before is not None:
            self._submit(before, last=True)
            self.place = None
        self._let_go()
        self._changed = False

    def drop(self) -> None:
        """Write no more of this session, and leave its place to whoever has it in hand."""
        self.place, self._changed = None, False

    def finish(self, seconds: float) -> str:
        """Write what is left and wait for it; → what went wrong, "" where all is kept.

        What went wrong is tried again, until `close`.
        """
        self._timer.stop()
        self._trouble = ""
        if self._changed:
            self._submit(self._remember())
        self._submit_again()
        _done, late = wait([future for _job, future in self._jobs], seconds)
        self._collect()
        if late and not self._trouble:
            self._trouble = f"writing takes more than {seconds:g} seconds"
        if self._trouble:
            self._timer.start(round(1000 * AT_MOST_EVERY))
        return self._trouble

    def close(self) -> None:
        """Write nothing more."""
        self._timer.stop()
        self._let_go()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    # ---- inside ---------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._collect()
        if self._jobs:
            self._timer.start(LOOK_MS)
        elif self._changed or self._again:
            left = round(1000 * (self._earliest - perf_counter()))
            if left <= 0:
                self._begin()
            self._timer.start(max(LOOK_MS, left))

    def _begin(self) -> None:
        self._begun = perf_counter()
        self._earliest = self._begun + AT_MOST_EVERY
        self._submit_again()
        if self._changed:
            self._submit(self._remember())

    def _submit(self, remembered: Remembered, last: bool = False) -> None:
        self._changed = False
        try:
            place = self.place or self._shelf.begin()
        except InputError as error:
            self._fail(str(error))
            return
        self.place = place
        self._send(_Job(remembered, place, last))

    def _submit_again(self) -> None:
        jobs, self._again = self._again, []
        for job in jobs:
            self._send(job)

    def _send(self, job: _Job) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, "bpstudio autosave", give_way)
        is_new = not job.place.path.exists()
        after = self._shelf.make_room if is_new else _nothing
        self._jobs.append((job, self._pool.submit(job.done, after)))

    def _collect(self) -> None:
        """What came of the writes that have ended."""
        ended = [(job, future) for job, future in self._jobs if future.done()]
        self._jobs = [pair for pair in self._jobs if pair not in ended]
        for job, future in ended:
            try:
                seconds = future.result()
            except Exception as error:  # noqa: BLE001 - what is not kept is said, whatever it is
                self._fail(words_of(error), job)
            else:
                self._succeed(seconds)

    def _succeed(self, seconds: float) -> None:
        self._earliest = max(self._earliest, self._begun + seconds)
        if self._trouble:
            self._trouble = ""
            self.mended.emit()

    def _fail(self, problem: str, job: _Job | None = None) -> None:
        if job is not None and job.last:
            self._again.append(job)
        else:
            self._changed = True
        said, self._trouble = bool(self._trouble), problem
        if not said:
            self.troubled.emit(problem)

    def _let_go(self, keeps: bool = True) -> None:
        """Of the place, as soon as nothing is written to it any more."""
        place, self.place = self.place, None
        if place is None:
            return
        leave = partial(self._leave, place, keeps)
        if self._pool is None or not any(job.place is place for job, _future in self._jobs):
            leave()
        else:
            self._pool.submit(leave)

    def _leave(self, place: Place, keeps: bool) -> None:
        place.let_go()
        if not keeps:
            self._shelf.remove(place.path)


def _nothing() -> None:
    """No room has to be made for a session that is there already."""
