"""Starting the application: one process, one window."""

from __future__ import annotations

import gc
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from bpstudio.core.blas import one_blas_thread_for_good
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.ui.focus import FocusRing
from bpstudio.ui.sessions.shelf import Shelf, sessions_folder
from bpstudio.ui.settings import Settings
from bpstudio.ui.theme import Appearance
from bpstudio.ui.window import MainWindow

WARM_UP_AFTER_MS = 300  # the first window is painted by then
SWITCH_SECONDS = 0.0005  # the training thread hands the interpreter back to the window sooner
GC_THRESHOLDS = (5_000, 20, 200)  # looking through 50,000 young objects takes 10 ms and more


def run(path: str | None = None, fresh: bool = False) -> int:
    """Open the window on a file, else on the last session; the exit code.

    ``fresh``: on the embedded example instead of the last session.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("bpstudio")
    app.setApplicationDisplayName("bpstudio")
    FocusRing(app)
    window = make_window(app, Settings(), path, Shelf(sessions_folder()), fresh)
    fit_screen(window)
    window.show()
    QTimer.singleShot(WARM_UP_AFTER_MS, window.warm_up)
    QTimer.singleShot(WARM_UP_AFTER_MS, settle_memory)
    end_on_signals(app)
    code = app.exec()
    gc.unfreeze()  # or the formulas' library reports all that was frozen as leaked
    return code


def fit_screen(window: MainWindow) -> None:
    """No larger than the screen has room, such as one of 1920 × 1200 whose text is enlarged."""
    window.resize(window.size().boundedTo(window.screen().availableSize()))


def settle_memory() -> None:
    """What the start made stays; collecting around it would hold up a step for 30 ms and more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def make_window(
    app: QApplication,
    settings: Settings,
    path: str | None = None,
    shelf: Shelf | None = None,
    fresh: bool = False,
) -> MainWindow:
    """The main window, not yet shown. A file that cannot be read is said in its message bar.

    ``shelf``: where sessions are kept by themselves, and the last one is found; None for nowhere.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    one_blas_thread_for_good()
    appearance = Appearance(app, settings.theme)
    session = Session(load_example())
    window = MainWindow(session, appearance, settings, shelf)
    if path is not None:
        window.open_file(Path(path))
    elif not fresh:
        window.sessions.open_last()
    return window


def end(app: QApplication) -> None:
    """Close all windows, whatever cannot be kept of them."""
    for window in app.topLevelWidgets():
        if isinstance(window, MainWindow):
            window.sessions.insist()
    app.closeAllWindows()


def end_on_signals(app: QApplication) -> None:
    """Ctrl+C in the terminal closes the window; a timer lets Python see the signal."""
    signal.signal(signal.SIGINT, lambda *_: end(app))
    signal.signal(signal.SIGTERM, lambda *_: end(app))
    timer = QTimer(app)
    timer.timeout.connect(lambda: None)
    timer.start(250)
