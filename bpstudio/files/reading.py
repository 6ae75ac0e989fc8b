"""How far the reading of a data file has come, and calling it off, from another thread.

    reading = Reading()
    with reading:            # in the thread that reads
        data = load(path)
    reading.fraction         # in another one, meanwhile: 0 … 1
    reading.call_off()       # the reading thread leaves `load` by CalledOffError

What reads a file says how far it is by `tell`; where nobody looks on, that does nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import TracebackType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import duckdb

Phase = Literal["text", "sample", "lines", "cells", "straight", "counts", "numbers", "data"]

# Where each phase begins and ends on the way, as measured on a large file of numbers.
_PHASES: dict[Phase, tuple[float, float]] = {
    "text": (0.0, 0.05),  # unpacked, its encoding found, written anew as UTF-8
    "sample": (0.05, 0.6),  # rows drawn of a file that is too large; then the rest is quick
    "lines": (0.05, 0.1),
    "cells": (0.1, 0.65),
    "straight": (0.1, 0.7),  # instead of the cells
    "counts": (0.65, 0.7),
    "numbers": (0.7, 0.85),
    "data": (0.85, 1.0),
}


class CalledOffError(Exception):
    """The reading was called off from outside."""


class Reading:
    """One file on its way; the attributes are read and set by two threads."""

    def __init__(self) -> None:
        self._at = 0.0  # never goes back, even where a file is read twice
        self._phase: Phase = "text"
        self._called_off = threading.Event()
        self._lock = threading.Lock()  # held while the connection is asked or let go
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._token: Token[Reading | None] | None = None

    @property
    def fraction(self) -> float:
        """The part of the way that is done, 0 … 1."""
        with self._lock:
            if self._connection is not None:
                self._advance(self._connection.query_progress() / 100)
        return self._at

    @property
    def is_called_off(self) -> bool:
        """Whether it was called off."""
        return self._called_off.is_set()

    def call_off(self) -> None:
        """End the reading soon; it leaves nothing behind."""
        self._called_off.set()
        with self._lock:
            if self._connection is not None:
                self._connection.interrupt()

    def require_wanted(self) -> None:
        """CalledOffError where it was called off."""
        if self._called_off.is_set():
            raise CalledOffError

    def tell(self, phase: Phase, done: float) -> None:
        """That so much of a phase, 0 … 1, is done. CalledOffError where it was called off."""
        self.require_wanted()
        self._phase = phase
        self._advance(done)

    @contextmanager
    def asking(self, connection: duckdb.DuckDBPyConnection, phase: Phase) -> Iterator[None]:
        """While a query runs, its progress is that of the phase, and calling off interrupts it.

        That is not heard between queries: who calls off should do so until the thread is done.
        """
        self.tell(phase, 0.0)
        with self._lock:
            self._connection = connection
        try:
            self.require_wanted()  # perhaps just before there was a query to end
            yield
        finally:
            with self._lock:
                self._connection = None

    def _advance(self, done: float) -> None:
        start, end = _PHASES[self._phase]
        self._at = max(self._at, start + min(max(done, 0.0), 1.0) * (end - start))

    def __enter__(self) -> Reading:
        self._token = _current.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._token is not None
        _current.reset(self._token)


_current: ContextVar[Reading | None] = ContextVar("reading", default=None)


def tell(phase: Phase, done: float) -> None:
    """Say how far a phase of reading is, 0 … 1; CalledOffError where it is no longer wanted."""
    reading = _current.get()
    if reading is not None:
        reading.tell(phase, done)


@contextmanager
def asking(connection: duckdb.DuckDBPyConnection, phase: Phase) -> Iterator[None]:
    """While a query runs, its progress is that of a phase of reading."""
    reading = _current.get()
    if reading is None:
        yield
        return
    with reading.asking(connection, phase):
        yield
