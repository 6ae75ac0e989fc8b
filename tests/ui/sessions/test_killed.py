"""The application as a process of its own, killed in the middle of a run."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bpstudio import sessions

# What `bpstudio` does, but that it trains at once, and says what it has kept.
TRAINS = """
import sys
from bpstudio import sessions
from bpstudio.ui import app, window

write = sessions.write

def write_and_tell(saved, path):
    write(saved, path)
    print(saved.runs[-1].length if saved.runs else 0, flush=True)

def train(window):
    print("recovered" if "recovered" in window.message_bar.text else "started", flush=True)
    window.session.limit_speed(500)
    window.session.change(epochs=100_000)
    window.commands["train"].trigger()

sessions.write = write_and_tell
window.MainWindow.warm_up = train
sys.exit(app.run())
"""


@contextmanager
def application(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The process, training."""
    environment = {**os.environ, "BPSTUDIO_CONFIG_DIR": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    arguments = [sys.executable, "-c", TRAINS]
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def kept(process: subprocess.Popen[str], beyond: int) -> int:
    """It goes on until more than so many updates are kept; → how many."""
    assert process.stdout is not None
    recovered = False
    for line in process.stdout:
        if line.strip().isdecimal() and int(line) > beyond:
            assert recovered == (beyond > 0)
            return int(line)
        recovered = recovered or line == "recovered\n"
    raise AssertionError("the application ended by itself")


def rest_of(process: subprocess.Popen[str], least: int) -> int:
    """What was kept until it ended."""
    assert process.stdout is not None
    return max([least, *(int(line) for line in process.stdout if line.strip().isdecimal())])


def killed(folder: Path, reached: int, patience: float) -> int:
    """Train, be killed, and look at what is left; → how many updates that has."""
    with application(folder) as process:
        least = kept(process, reached)
        time.sleep(patience)
        process.kill()
        least = rest_of(process, least)
    (path,) = (folder / "sessions").glob("*.bps")
    opened = sessions.read(path)
    assert opened.session.recording is not None
    assert opened.session.recording.length >= least > reached
    assert opened.check().difference == ""
    return opened.session.recording.length


def killed_often(folder: Path, times: int) -> None:
    chance, reached = random.Random(times), 0
    for _ in range(times):
        reached = killed(folder, reached, chance.uniform(0, 0.7))


def test_a_kill_loses_only_what_came_after_the_last_write(tmp_path: Path) -> None:
    killed_often(tmp_path, 2)


@pytest.mark.slow
def test_however_often_it_is_killed(tmp_path: Path) -> None:
    killed_often(tmp_path, 40)
