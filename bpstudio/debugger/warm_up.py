"""The compiled loop, made ready before the first run needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from bpstudio.core import kernels
from bpstudio.core.background import background_thread


def warm_up() -> Callable[[], None]:
    """Get the compiled loop ready in a thread, so that training starts at once.

    → a function that ends it, if it is still at work, and waits for the thread.
    """
    cancelled = threading.Event()
    prepare = partial(kernels.prepare, "compiled", cancelled.is_set)
    thread = background_thread(prepare, "bpstudio warm-up")
    thread.start()

    def end() -> None:
        cancelled.set()
        thread.join()

    return end
