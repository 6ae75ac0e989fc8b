"""Work beside the window gives way to it: for a processor, and for the interpreter.

Python runs one thread at a time. One that asks for the interpreter waits until another hands it
over, and a window lets go of it hundreds of times while it paints: against a thread that wants
it all the time, a picture takes two to three times as long.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from time import perf_counter

MOST_SECONDS = 0.1  # that work waits for a window which has begun to show something
NICE = 10  # of 19: by Linux's weights a waiting window gets nine tenths of a processor


def background_thread(work: Callable[[], object], name: str) -> threading.Thread:
    """A daemon thread, not yet started, that does ``work`` behind the window's own thread."""

    def run() -> None:
        give_way()
        work()

    return threading.Thread(target=run, name=name, daemon=True)


def give_way() -> None:
    """Let the calling thread have a processor after those of the window, from now on.

    With two processors, training and a write leave none to a window that has to be painted: its
    pauses in training are half as long with this. Only Linux has a niceness for each thread
    (sched(7)); elsewhere nothing is changed. One that gives way as much already is left alone: it
    would go before its own window then, and where that is not allowed it would end.
    """
    thread = threading.get_native_id() if sys.platform == "linux" else 0
    if thread and os.getpriority(os.PRIO_PROCESS, thread) < NICE:
        os.setpriority(os.PRIO_PROCESS, thread, NICE)


class Precedence:
    """The window's, while it shows something; work beside it stands still meanwhile."""

    def __init__(self) -> None:
        self._free = threading.Event()
        self._free.set()
        self._owner, self._until = 0, 0.0

    @property
    def is_taken(self) -> bool:
        """Whether the window has begun to show something and not ended."""
        return not self._free.is_set()

    def begin(self) -> None:
        """The calling thread, that of a window, goes first from now on."""
        if self._free.is_set():
            self._owner, self._until = threading.get_ident(), perf_counter() + MOST_SECONDS
            self._free.clear()

    def end(self) -> None:
        """Everything is shown, or the window itself waits for work beside it."""
        self._free.set()

    def let_pass(self) -> None:
        """Wait until the window has shown what it has to, but not for ever.

        Work calls this between its pieces; the window's own thread never waits here.
        """
        if not self._free.is_set() and threading.get_ident() != self._owner:
            self._free.wait(max(0.0, self._until - perf_counter()))


window_first = Precedence()
"""Of this process, which has one interpreter."""
