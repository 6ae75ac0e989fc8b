"""Ctrl+C, and the stop button of a notebook, while a run is at work."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

Flag = NDArray[np.uint8]


@contextmanager
def stopped_by_interrupt() -> Iterator[Flag]:
    """A flag that an interrupt sets, so that training ends between two updates.

    In another thread than the main one, which alone can be interrupted, it stays as it is.
    """
    stop = np.zeros(1, dtype=np.uint8)
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, lambda *_: stop.fill(1))
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
