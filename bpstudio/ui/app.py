"""Starting the application: one process, one window."""

from __future__ import annotations

import gc
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.ui.focus import FocusRing
from bpstudio.ui.settings import Settings
from bpstudio.ui.theme import Appearance
from bpstudio.ui.window import MainWindow

WARM_UP_AFTER_MS = 300  # the first window is painted by then
SWITCH_SECONDS = 0.0005  # the training thread hands the interpreter back to the window sooner
GC_THRESHOLDS = (50_000, 20, 50)


def run(path: str | None = None) -> int:
    """Open the window on a data file, or on the embedded example; the exit code."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("bpstudio")
    app.setApplicationDisplayName("bpstudio")
    FocusRing(app)
    window = make_window(app, Settings(), path)
    window.show()
    QTimer.singleShot(WARM_UP_AFTER_MS, window.warm_up)
    QTimer.singleShot(WARM_UP_AFTER_MS, settle_memory)
    end_on_signals(app)
    code = app.exec()
    gc.unfreeze()  # or the formulas' library reports all that was frozen as leaked
    return code


def settle_memory() -> None:
    """What the start made stays; collecting around it would hold up a step for 30 ms and more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def make_window(app: QApplication, settings: Settings, path: str | None = None) -> MainWindow:
    """The main window, not yet shown. A file that cannot be read is said in its message bar."""
    sys.setswitchinterval(SWITCH_SECONDS)
    appearance = Appearance(app, settings.theme)
    session = Session(load_example())
    window = MainWindow(session, appearance, settings)
    if path is not None:
        window.open_file(Path(path))
    return window


def end_on_signals(app: QApplication) -> None:
    """Ctrl+C in the terminal closes the window; a timer lets Python see the signal."""
    signal.signal(signal.SIGINT, lambda *_: app.closeAllWindows())
    signal.signal(signal.SIGTERM, lambda *_: app.closeAllWindows())
    timer = QTimer(app)
    timer.timeout.connect(lambda: None)
    timer.start(250)
