"""From a key press until the new step is painted, the derivation panel included."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from bench_table import Row, Target
from bench_windows import rest, shown_window
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.core.sequence import Region, StepSequence
from bpstudio.ui.window import MainWindow

STEPS = 500
IN_A_ROW = 10  # steps from one place, before the next place
PAUSE = 0.15  # seconds between unhurried key presses; the highlight has arrived by then
REPEAT = 1 / 30  # of a key that is held down
MOST_TURNS = 5  # of the event loop, that one step may take to be painted

TARGETS = (Target("median", 16), Target("worst", 50))
NETWORKS = {False: "default network", True: "784–128–64–10 with 109,184 edges"}


def measure(quick: bool) -> Iterator[Row]:
    """A row for each network, with unhurried keys in full motion and a held one in none."""
    count = 60 if quick else STEPS
    for large, network in NETWORKS.items():
        for motion, pause in (("full", PAUSE), ("reduced", REPEAT)):
            with shown_window(large, motion) as window:
                times = step_times(window, count, pause)
            name = f"key press to painted step, {network}, {motion} motion"
            yield Row.of(name, "ms", times, *TARGETS)


def step_times(window: MainWindow, count: int, pause: float) -> list[float]:
    """Milliseconds from each of ``count`` presses of F11 until all is painted."""
    watch = PaintWatch(window)
    rng = np.random.default_rng(0)
    sequence = window.session.debugger.sequence
    times: list[float] = []
    while len(times) < count:
        window.goto(str(a_place(sequence, rng)))
        rest(pause)
        for _ in range(IN_A_ROW):
            times.append(1000 * one_step(window, watch, moving=pause > REPEAT))
            rest(pause)
    return times[:count]


def a_place(sequence: StepSequence, rng: np.random.Generator) -> int:
    """A random step of a random phase and layer, so that none is rare."""
    sample = f"s{sequence.rows[0]}/"
    levels = [
        *(sample + level_of(region) for region in sequence.sample_regions),
        *(level_of(region) for region in sequence.batch_regions),
    ]
    levels = list(dict.fromkeys(levels))
    span = sequence.span(levels[rng.integers(len(levels))])[0]
    return min(int(rng.integers(span.start, span.stop)), len(sequence) - 1 - IN_A_ROW)


def level_of(region: Region) -> str:
    """The address of the phase and layer of a region, without its sample."""
    return region.phase if region.l is None else f"{region.phase}/l{region.l}"


def one_step(window: MainWindow, watch: PaintWatch, moving: bool) -> float:
    """Seconds from a press of F11 until the new step is painted.

    Where the highlight moves there, all else is painted in the same turn of the loop as its start.
    """
    before = window.session.debugger.cursor
    start = perf_counter()
    QTest.keyPress(window, Qt.Key.Key_F11)
    painted = watch.wait_until_painted(1 if moving else MOST_TURNS)
    QTest.keyRelease(window, Qt.Key.Key_F11)
    debugger = window.session.debugger
    assert debugger.cursor == before + 1, "F11 did not step"
    assert window.status.address.text() == debugger.step.address
    return painted - start


class PaintWatch(QObject):
    """Sees when a window has painted: all that changed is painted in one go, at one event.

    What the window prepares for the step after that, once it has nothing else to do, is no part
    of this step.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._painted: list[float] = []
        self._is_painting = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the window paint here and now, to see when that ends."""
        if event.type() != QEvent.Type.UpdateRequest or self._is_painting:
            return False
        self._is_painting = True
        watched.event(event)
        self._is_painting = False
        self._painted.append(perf_counter())
        return True

    def wait_until_painted(self, most: int) -> float:
        """Turn the loop until a turn paints nothing more, or until ``most`` turns have painted.

        The moment when the last painting ended.
        """
        self._painted.clear()
        for _ in range(MOST_TURNS):
            before = len(self._painted)
            QApplication.processEvents()
            if self._painted and len(self._painted) in (before, most):
                return self._painted[-1]
        raise AssertionError("a step is not painted")
