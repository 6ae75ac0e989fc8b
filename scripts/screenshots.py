"""Draw the README's pictures: the real window, in both themes, at the sizes of the design.

    .venv/bin/python scripts/screenshots.py [FOLDER]

It needs no screen: it draws offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from bpstudio.ui.app import make_window
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import MainWindow

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
STEP = "s52/back/l3/j2/i1/dz_da"
LARGE, SMALL = (1600, 1000), (1100, 700)
RESTED = 1.5  # seconds after which plots and lists have worked out what they show
TRAINING_SECONDS = 120
BRANCH, VISITED = 300, 500  # updates of the pictures of training


def main(folder: Path) -> None:
    """Every picture, in both themes."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        picture(app, folder / f"stepping-{theme}.png", theme, LARGE, step)
        picture(app, folder / f"explained-{theme}.png", theme, LARGE, explain)
        picture(app, folder / f"training-{theme}.png", theme, LARGE, train)
        picture(app, folder / f"debugging-{theme}.png", theme, LARGE, debug)
        picture(app, folder / f"small-{theme}.png", theme, SMALL, step)


def picture(
    app: QApplication,
    path: Path,
    theme: str,
    size: tuple[int, int],
    prepare: Callable[[QApplication, MainWindow], None],
) -> None:
    """One picture of a fresh window with settings of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.ini")
        settings.theme = theme
        settings.motion = "reduced"
        window = make_window(app, settings)
        window.resize(*size)
        window.show()
        settle(app)
        prepare(app, window)
        wait(app, RESTED)
        window.grab().save(str(path))
        window.close()
        window.deleteLater()
        settle(app)
    print(path)


def wait(app: QApplication, seconds: float) -> None:
    """Let panels do what they do when nothing else is due."""
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        settle(app)
        sleep(0.01)


def settle(app: QApplication) -> None:
    """Let everything that is due be laid out and painted."""
    for _ in range(5):
        app.processEvents()


def step(app: QApplication, window: MainWindow) -> None:
    """In the middle of the sum over the next layer, gradients on the edges."""
    window.goto(STEP)
    window.commands["edges_gradients"].trigger()


def explain(app: QApplication, window: MainWindow) -> None:
    """A factor with its explanation."""
    window.goto("s52/back/l4/j1/da_dz")
    window.commands["explain"].trigger()


def debug(app: QApplication, window: MainWindow) -> None:
    """At a breakpoint on a gradient, with watches, matrices and the origin of the number."""
    debugger = window.session.debugger
    for text in ("dC_dw[3][2,2]", "C_0", "w[3][2,2]", "grad_norm(3)", "dead(2)"):
        debugger.add_watch(text)
    debugger.add_breakpoint(kind="C", log="row {row}: C = {value}")
    debugger.add_breakpoint(kind="da_dz", l=2, when="value < 1e-3", enabled=False)
    debugger.add_breakpoint(kind="dC_dw", l=3, j=2, when="abs(value) > 0.01")
    window.commands["layout_debug"].trigger()
    window.commands["edges_gradients"].trigger()
    settle(app)
    window.commands["continue"].trigger()
    window.commands["continue"].trigger()


def train(app: QApplication, window: MainWindow) -> None:
    """Two runs by Adam, the second a branch of the first, and a visit to one of its updates."""
    window.session.limit_speed(None)
    window.session.change(optimizer="adam", lr=0.01)
    window.session.add_stop("loss > 2 * loss[-10]", log=True)
    window.session.add_stop("stalled >= 10")
    window.commands["layout_train"].trigger()
    run(app, window)
    window.session.visit(BRANCH)
    window.session.debugger.set_weight(2, 0, 0, 2.0)
    run(app, window)
    window.session.visit(VISITED)


def run(app: QApplication, window: MainWindow) -> None:
    """Train to the end."""
    window.commands["train"].trigger()
    deadline = monotonic() + TRAINING_SECONDS
    while window.session.is_training and monotonic() < deadline:
        settle(app)
        sleep(0.02)
    settle(app)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
