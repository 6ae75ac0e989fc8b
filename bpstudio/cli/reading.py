"""Reading a data file while a bar says how far it is, and Ctrl+C ends it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from typing import Generic, TypeVar

from bpstudio.cli.progress import bar
from bpstudio.files.reading import Reading

SHOWN_AFTER = 0.3  # seconds
LOOK = 0.1
_PARTS = 1000  # of the bar

Made = TypeVar("Made")


def watched(path: str | os.PathLike[str], read: Callable[[], Made]) -> Made:
    """What ``read`` makes of a file; a bar on a terminal where it takes long.

    It works in a thread of its own, as a query of DuckDB would answer Ctrl+C late and with an
    error of its own.
    """
    worker = _Worker(read)
    worker.start()
    try:
        if not worker.done.wait(SHOWN_AFTER):
            _show(worker, f"Reading {Path(path).name}")
    finally:
        worker.end()
    return worker.result()


def _show(worker: _Worker[Made], what: str) -> None:
    shown = 0
    with bar(what, _PARTS) as advance:
        while not worker.done.wait(LOOK):
            now = round(_PARTS * worker.reading.fraction)
            advance(now - shown)
            shown = now


class _Worker(threading.Thread, Generic[Made]):
    """Reads, and keeps what came of it."""

    def __init__(self, read: Callable[[], Made]) -> None:
        super().__init__(name="bpstudio reading", daemon=True)
        self.reading = Reading()
        # what `join` and `is_alive` say is not to be relied on once Ctrl+C interrupted a join
        self.done = threading.Event()
        self._read = read
        self._context = copy_context()
        self._made: list[Made] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """In the thread."""
        self._context.run(self._work)

    def _work(self) -> None:
        try:
            with self.reading:
                self._made.append(self._read())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is wanted
            self._error = error
        self.done.set()

    def end(self) -> None:
        """Call it off where it still works, and wait for that."""
        while not self.done.wait(LOOK if self.reading.is_called_off else 0):
            self.reading.call_off()
        self.join()

    def result(self) -> Made:
        """What was read. Raises what reading raised."""
        if self._error is not None:
            raise self._error
        return self._made[0]
