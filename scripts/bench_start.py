"""How long a start takes, after set-up: to the first painted window, and of a short command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import _environment
from bench_table import Row, Target

from bpstudio import sessions
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.ui.sessions.shelf import Shelf

SCRIPTS = Path(__file__).resolve().parent
IRIS = _environment.ROOT / "resources" / "data" / "iris.csv"
RUNS = 10
UPDATES, BATCHES = 96_000, 12  # of a run on the default data, and in one of its epochs
PATIENCE = 120
# what scripts/run.py does, but for the module that it hands over to
START = (
    "import sys; sys.path.insert(0, sys.argv[1]); import _environment as e; e.prepare(); "
    "e.hand_over([str(e.PYTHON), '-P', sys.argv[1] + '/bench_first_paint.py'])"
)


def measure(quick: bool) -> Iterator[Row]:
    """The first start of each is not counted: it writes Python's caches."""
    runs = 3 if quick else RUNS
    with TemporaryDirectory() as folder:
        first = [first_paint(folder) for _ in range(runs + 1)][1:]
        yield Row.of("run.py to first painted window", "s", first, Target("median", 1.5))
        leave_session(Path(folder))
        again = [first_paint(folder) for _ in range(runs + 1)][1:]
        what = f"the same, with a session of {UPDATES:,} updates to go on with"
        yield Row.of(what, "s", again, Target("median", 1.5))
    info = [info_seconds() for _ in range(runs + 1)][1:]
    yield Row.of("bpstudio info iris.csv", "s", info, Target("median", 0.6))


def first_paint(folder: str) -> float:
    """Seconds from the start of the process to the end of the first painting.

    ``folder``: where it finds its settings and sessions.
    """
    start = monotonic()  # the same clock in every process
    done = call([sys.executable, "-c", START, str(SCRIPTS)], BPSTUDIO_CONFIG_DIR=folder)
    return float(done.splitlines()[-1]) - start


def leave_session(folder: Path) -> None:
    """A session as a window leaves it that was closed after training."""
    session = Session(load_example())
    session.change(epochs=UPDATES // BATCHES)
    session.train()
    while session.is_training:
        sleep(0.05)
        session.poll()
    place = Shelf(folder / "sessions").begin()
    sessions.write(sessions.remember(session), place.path)
    place.let_go()
    session.close()


def info_seconds() -> float:
    """Seconds of the whole command."""
    start = monotonic()
    call([str(_environment.PYTHON.with_name("bpstudio")), "info", str(IRIS)])
    return monotonic() - start


def call(command: list[str], **more: str) -> str:
    """What a command prints; it writes Python's caches, as for any user."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | more
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}: {done.stderr}"
    return done.stdout
