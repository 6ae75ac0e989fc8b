"""While training runs: the longest gap between two turns of the window's event loop."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from time import perf_counter

from bench_table import Row, Target
from bench_windows import shown_window
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

SECONDS = 30
TARGET = Target("worst", 50)


def measure(quick: bool) -> Iterator[Row]:
    """A row for each network, its median the usual gap."""
    for large, network in ((False, "default network"), (True, "784–128–64–10")):
        with shown_window(large) as window:
            window.session.limit_speed(None)
            window.session.change(epochs=1_000_000)
            window.commands["train"].trigger()
            gaps = longest_gaps(window, 5 if quick else SECONDS)
            assert window.session.is_training, "the run ended early"
            window.commands["train"].trigger()
        yield Row.of(f"turn of the event loop in training, {network}", "ms", gaps, TARGET)


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
