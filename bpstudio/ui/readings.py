"""Data files on their way into the window: at most one, beside what goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject

from bpstudio.core.errors import InputError
from bpstudio.ui.reading_job import ReadingJob
from bpstudio.ui.reading_strip import ReadingStrip
from bpstudio.ui.theme import Appearance

SMALL = 1 << 20  # bytes; a plain file of fewer is read in less time than one notices
_PACKED = (b"\x1f\x8b", b"PAR1")

Made = TypeVar("Made")


class Readings(QObject):
    """Reads one file at a time; another one takes its place, and closing the window ends it."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self.strip = ReadingStrip(appearance)
        self.strip.cancelled.connect(self.cancel)
        self._job: ReadingJob | None = None
        self._jobs: list[ReadingJob] = []  # those called off among them, until they are done

    @property
    def is_on(self) -> bool:
        """Whether a file is on its way."""
        return self._job is not None

    @property
    def is_busy(self) -> bool:
        """Whether a thread still works, if only to end."""
        return bool(self._jobs)

    def read(
        self,
        path: Path,
        make: Callable[[], Made],
        taken: Callable[[Made], bool],
        refused: Callable[[InputError], object],
        patience: float | None = None,
        then: Callable[[Made], object] | None = None,
    ) -> bool:
        """Make something of a file, and have it taken or hear why it was refused.

        A small file is read at once, and it is said whether it was taken; another one beside the
        window, and the answer is True. ``make`` runs in a thread and touches no widget. With
        ``patience`` the size does not matter: the window waits so many seconds, then goes on.
        ``then`` is done with what was made of a large file, by the thread, once it is shown.
        """
        self.cancel()
        if patience is not None or not is_small(path):
            job = self._start(path.name, make, taken, refused, then)
            return patience is None or job.wait(patience)
        try:
            made = make()
        except InputError as error:
            refused(error)
            return False
        return taken(made)

    def cancel(self) -> None:
        """Call off what is read; all stays as it was."""
        if self._job is not None:
            self._job.call_off()
        self._job = None
        self.strip.show_nothing()

    def close(self) -> None:
        """Call off, and wait for every thread."""
        self.cancel()
        for job in self._jobs:
            job.close()
        self._jobs.clear()

    def _start(
        self,
        name: str,
        make: Callable[[], Made],
        taken: Callable[[Made], object],
        refused: Callable[[InputError], object],
        then: Callable[[Made], object] | None,
    ) -> ReadingJob:
        job = ReadingJob(make, taken, refused, self, then)
        self._job = job
        self._jobs.append(job)
        job.progressed.connect(partial(self.strip.show_progress, name))
        job.finished.connect(self._tidy)
        job.start()
        return job

    def _tidy(self) -> None:
        """Forget the jobs that are done and of which nothing more is to be heard."""
        if self._job is not None and self._job.is_told:
            self._job = None
            self.strip.show_nothing()
        for job in [each for each in self._jobs if each.is_done and each.is_told]:
            self._jobs.remove(job)
            job.deleteLater()


def is_small(path: Path) -> bool:
    """Whether a file is read in no time; one that cannot be read is refused as fast."""
    try:
        with open(path, "rb") as file:
            start = file.read(SMALL)
    except (OSError, ValueError):
        return True
    packed = start.startswith(_PACKED)
    return len(start) < (SMALL >> 3 if packed else SMALL)
