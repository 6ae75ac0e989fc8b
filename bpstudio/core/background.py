"""Threads for work that nobody waits for at the screen: they give way to the window."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

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
    (sched(7)); elsewhere nothing is changed.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
