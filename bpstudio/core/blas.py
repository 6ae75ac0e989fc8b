"""numpy's products of matrices on one thread, for the same bits everywhere.

Several threads change the last bits with their number, slow products of small layers down, and
wait busily for each other: next to a window that paints, a product of 0.1 ms took 100 ms.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from threadpoolctl import ThreadpoolController

LARGE = 2**26  # multiplications, some 10 ms of one thread: several are worth their while


def threads_for(multiplications: int) -> AbstractContextManager[None]:
    """Hold the products of a pass to one thread, unless it is so large that others help.

    It depends on sizes alone. Training is on one thread always, and so is all of a window.
    """
    return one_blas_thread() if multiplications < LARGE else nullcontext()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold products to one thread; 2 µs where they are already, else 13.

    Nested and concurrent uses share one limit; the last to leave lifts it.
    """
    _limit.enter()
    try:
        yield
    finally:
        _limit.leave()


def one_blas_thread_for_good() -> None:
    """The same until the process ends, which is that of a window."""
    _limit.enter()


class _Limit:
    """The process-wide limit of BLAS threads, counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._limiter: Any = None

    def enter(self) -> None:
        with self._lock:
            if self._users == 0:
                _take_control()
                self._limiter = _controller().limit(limits=1, user_api="blas")
            self._users += 1

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                _take_control()
                self._limiter.restore_original_limits()
                _take_control()  # and let go of it, for others that limit it


_limit = _Limit()


def _take_control() -> None:
    """Let the calling thread set the limit.

    threadpoolctl from 3.7 on leaves that to the thread which did it first, and says nothing to
    others; here the first to enter and the last to leave do it, whichever threads they are.
    """
    for library in _controller().lib_controllers:
        clear = getattr(library, "clear_controlling_thread", None)
        if clear is not None:
            clear(force=True)


@functools.cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
