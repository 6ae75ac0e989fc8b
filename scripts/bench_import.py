"""A CSV file of numbers, 200 MB: opened in the window, called off, previewed, and read bare."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import duckdb
from bench_responsive import longest_gaps
from bench_table import Row, Target
from bench_windows import rest, shown_window
from PySide6.QtCore import QEventLoop, QTimer

from bpstudio.ui.importing.dialog import ImportDialog
from bpstudio.ui.window import MainWindow

ROWS, COLUMNS = 1_000_000, 26  # of numbers; and one of classes
TIMES = 5
CHANGES = (
    ("decimal", ","),
    ("decimal", "."),
    ("header", False),
    ("header", True),
    ("delimiter", ";"),
    ("delimiter", ","),
)


def measure(quick: bool) -> Iterator[Row]:
    """The rows of all of it, on one file."""
    with a_large_file() as path, shown_window(large=False) as window:
        times = 1 if quick else TIMES
        bare = min(bare_reading(path) for _ in range(times))
        seconds, gaps = openings(window, path, times)
        size = f"{path.stat().st_size / 1e6:.0f} MB"
        name = f"open a CSV file of {size} (DuckDB alone: {bare:.2f} s)"
        bound = Target("median", 3)
        yield Row(
            name, "s", sorted(seconds)[times // 2], max(seconds), min(seconds) / bare, (bound,)
        )
        yield Row.of("turn of the event loop meanwhile", "ms", gaps, Target("worst", 50))
        called_off = list(cancels(window, path, times))
        bound = Target("median", 100)
        yield Row.of("from Cancel until its thread has ended", "ms", called_off, bound)
        previews = list(changes(window, path, times))
        yield Row.of("preview of it after a change", "ms", previews, Target("median", 100))


@contextmanager
def a_large_file() -> Iterator[Path]:
    """Numbers of a few digits, and the name of a class."""
    with tempfile.TemporaryDirectory(prefix="bpstudio-bench-") as folder:
        path = Path(folder) / "numbers.csv"
        numbers = (f"round((random() - 0.5) * {10 ** (k % 4)}, 4) as f{k}" for k in range(COLUMNS))
        with duckdb.connect() as connection:
            connection.execute("select setseed(0.5)")
            connection.execute(
                f"copy (select {', '.join(numbers)}, 'class' || (random() * 3)::int as kind "
                f"from range({ROWS})) to '{path}' (header)"
            )
        yield path


def bare_reading(path: Path) -> float:
    """Seconds that DuckDB takes to read it into a table, its types found."""
    with duckdb.connect(config={"threads": "2"}) as connection:
        began = perf_counter()
        connection.execute(f"create table t as select * from read_csv('{path}')")
        return perf_counter() - began


def openings(window: MainWindow, path: Path, times: int) -> tuple[list[float], list[float]]:
    """Seconds until the session is the file's, and the turns of the event loop meanwhile, in ms."""
    seconds, gaps = list[float](), list[float]()
    for _ in range(times):
        before, began = window.session.data, perf_counter()
        QTimer.singleShot(0, lambda: window.open_file(path))
        while window.session.data is before:
            gaps += longest_gaps(window, 0.1)
        seconds.append(perf_counter() - began)
        gaps += longest_gaps(window, 0.5)
        rest(0.5)
    return seconds, gaps


def cancels(window: MainWindow, path: Path, times: int) -> Iterator[float]:
    """Milliseconds until all is over, called off at some moment of the reading."""
    chance = random.Random(0)
    for _ in range(4 * times):
        window.open_file(path)
        rest(chance.uniform(0.05, 1.5))
        began = perf_counter()
        window.files.readings.cancel()
        while window.files.readings.is_busy:
            rest(0.005)
        yield 1000 * (perf_counter() - began)


def changes(window: MainWindow, path: Path, times: int) -> Iterator[float]:
    """Milliseconds from a change in the dialog until its preview is shown."""
    window.files.show_import(path)
    dialog = window.findChildren(ImportDialog)[-1]
    _next_preview(dialog)
    for name, value in CHANGES * times:
        began = perf_counter()
        dialog.format.changed.emit(name, value)
        _next_preview(dialog)
        yield 1000 * (perf_counter() - began)
    dialog.reject()
    rest(0.2)


def _next_preview(dialog: ImportDialog) -> None:
    loop = QEventLoop()
    dialog.job.ready.connect(loop.quit)
    loop.exec()
