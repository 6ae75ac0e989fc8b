"""While training runs: the longest gap between two turns of the window's event loop.

In every layout; and while the pointer is dragged over the loss, which visits updates of the run.
What the window costs the training is measured beside it: updates a second, to those of a run that
nobody looks at.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from time import perf_counter, sleep

from bench_table import Row, Target
from bench_windows import rest, shown_window
from PySide6.QtCore import QEventLoop, QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from bpstudio.debugger.session import Session
from bpstudio.ui.panel_table import LAYOUTS
from bpstudio.ui.window import MainWindow

SECONDS = 20  # of training in a layout
DRAG_SECONDS = 6
REST_SECONDS = 5  # of a window at rest, and of a run unseen
DRAG_MS = 16  # from one move of the pointer to the next
TARGET = Target("worst", 50)
NETWORKS = ((False, "default network"), (True, "784–128–64–10"))


def measure(quick: bool) -> Iterator[Row]:
    """Rows for each network, their medians the usual gap."""
    for large, network in NETWORKS:
        with shown_window(large) as window:
            window.session.limit_speed(None)
            window.session.change(epochs=1_000_000)
            still = longest_gaps(window, 2 if quick else REST_SECONDS)
            yield Row.of(f"turn of the event loop, {network}, nothing to do", "ms", still)
            alone = unseen_speed(window.session, 2 if quick else REST_SECONDS)
            for layout in LAYOUTS:
                window.choose_layout(layout)
                rest(1.0)
                gaps, speed = in_training(window, 3 if quick else SECONDS)
                what = f"turn of the event loop in training, {network}, {layout}"
                yield Row.of(what, "ms", gaps, TARGET)
                yield Row("updates meanwhile, to a run unseen", "/s", speed, ratio=speed / alone)
            gaps = in_a_drag(window, 2 if quick else DRAG_SECONDS)
            yield Row.of(f"the same, dragging over the loss, {network}", "ms", gaps, TARGET)


def in_training(window: MainWindow, seconds: float) -> tuple[list[float], float]:
    """The gaps from the start of training until after its pause, and its updates a second."""
    train = window.commands["train"].trigger
    before = updates_of(window.session)
    QTimer.singleShot(0, train)
    gaps = longest_gaps(window, seconds)
    assert window.session.is_training, "the run ended early"
    QTimer.singleShot(0, train)
    gaps += longest_gaps(window, 0.5)
    return gaps, (updates_of(window.session) - before) / seconds


def unseen_speed(session: Session, seconds: float) -> float:
    """Updates a second of the same training without a window, once it is under way."""
    unseen = Session(session.data, session.experiment)
    unseen.limit_speed(None)
    unseen.train()
    sleep(1.0)
    unseen.poll()
    before, began = updates_of(unseen), perf_counter()
    sleep(seconds)
    unseen.poll()
    speed = (updates_of(unseen) - before) / (perf_counter() - began)
    unseen.close()
    return speed


def updates_of(session: Session) -> int:
    """How many updates its run has made, as it was last looked at."""
    return 0 if session.snapshot is None else session.snapshot.steps_done


def in_a_drag(window: MainWindow, seconds: float) -> list[float]:
    """The gaps while the pointer goes to and fro over the loss of a run that goes on at first."""
    window.commands["train"].trigger()
    rest(2.0)
    view = window.loss.curves.plot.viewport()
    left, right, y = view.width() // 5, view.width() * 9 // 10, view.height() // 2
    places = _to_and_fro(left, right)
    timer = QTimer(window)
    timer.timeout.connect(lambda: QTest.mouseMove(view, QPoint(next(places), y)))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(next(places), y))
    timer.start(DRAG_MS)
    gaps = longest_gaps(window, seconds)
    timer.stop()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(next(places), y))
    assert window.session.debugger.visited is not None, "the drag visited nothing"
    return gaps


def _to_and_fro(left: int, right: int) -> Iterator[int]:
    while True:
        yield from range(right, left, -10)
        yield from range(left, right, 10)


def longest_gaps(parent: QObject, seconds: float) -> list[float]:
    """Milliseconds between turns of the loop, seen by a timer that is due every millisecond."""
    loop, moments = QEventLoop(), [perf_counter()]
    timer = QTimer(parent)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: moments.append(perf_counter()))
    timer.start(1)
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()
    timer.stop()
    moments.append(perf_counter())
    return [1000 * (after - before) for before, after in pairwise(moments)]
