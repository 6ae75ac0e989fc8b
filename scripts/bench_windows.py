"""A real main window for the measurements: made, shown, given keys and time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.core.dataset import Dataset
from bpstudio.ui.app import make_window, settle_memory
from bpstudio.ui.focus import FocusRing
from bpstudio.ui.sessions.shelf import Shelf
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import MainWindow

SIZE = (1600, 1000)
LARGE = (784, 128, 64, 10)
LARGE_ROWS = 2000


@contextmanager
def shown_window(large: bool, motion: str = "full") -> Iterator[MainWindow]:
    """A window on the default network or on 784–128–64–10, as it is a while after the start.

    Its session is kept as it is for users, in a folder of its own.
    """
    app = QApplication.instance() or QApplication(["bpstudio"])
    assert isinstance(app, QApplication)
    FocusRing(app)
    settings = Settings()
    settings.theme, settings.motion = "light", motion
    folder = TemporaryDirectory()
    window = make_window(app, settings, None, Shelf(Path(folder.name)))
    if large:
        window.session.open_data(digits())
        window.session.change(hidden=LARGE[1:-1])
    window.resize(*SIZE)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 10_000), "the window does not become active"
    window.warm_up()
    settle_memory()
    rest(2.0)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        rest(0.1)
        gc.unfreeze()
        folder.cleanup()


def rest(seconds: float) -> None:
    """Let the event loop turn for so long."""
    end = perf_counter() + seconds
    while perf_counter() < end:
        QApplication.processEvents()
        QTest.qSleep(1)


def digits() -> Dataset:
    """Rows of 784 numbers in ten classes that a network can tell apart, always the same."""
    rng = np.random.default_rng(0)
    labels = rng.integers(LARGE[-1], size=LARGE_ROWS)
    centres = rng.random((LARGE[-1], LARGE[0]))
    X = centres[labels] + 0.3 * rng.standard_normal((LARGE_ROWS, LARGE[0]))
    return Dataset.from_arrays(X, np.eye(LARGE[-1])[labels])
