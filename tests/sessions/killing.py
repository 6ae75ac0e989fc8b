"""A session that trains and is written over and over, killed at random moments, and opened again.

    python -m tests.sessions.killing FILE COUNT SEED

It runs in an interpreter of its own without threads, whose children go on with the session in
FILE; each of them is killed, and what FILE holds then is compared with what was acknowledged.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

from bpstudio.core import kernels
from bpstudio.core.training import advance
from bpstudio.sessions import read, remember, write
from tests.sessions.sessions import session, state_bits

_EPOCHS_A_SECOND = 400.0  # 5 updates each
_LEAST = 2  # updates that a child makes before it tells of a write
_LONGEST = 0.05  # seconds from the first write of a child to its end


def main(path: Path, count: int, seed: int) -> None:
    """Raises AssertionError where anything acknowledged was lost."""
    kernels.prepare("compiled")
    chosen, acknowledged = random.Random(seed), path.with_suffix(".acknowledged")
    start(path)
    length = 0
    for n in range(count):
        acknowledged.write_bytes(b"")
        killed_after(chosen.random() * _LONGEST, path, acknowledged)
        found = read(path).session.recording
        last = max([length, *map(int, acknowledged.read_text().split("\n")[:-1])])
        assert found is not None
        assert found.length >= last, f"kill {n}, seed {seed}: {last} was written, {found.length} is"
        length = found.length
    assert length > count, "hardly anything was trained"
    require_unbroken(path)


def start(path: Path) -> None:
    """The file as it is first: a session that waits to go on."""
    made = session(epochs=10_000_000, batch_size=5, optimizer="adam", lr=0.01)
    made.limit_speed(_EPOCHS_A_SECOND)
    made.add_stop("step == 1")
    child = os.fork()
    if child == 0:
        made.train()
        while made.is_training:
            made.poll()
        made.remove_stop(1)
        write(remember(made), path)
        os._exit(0)
    os.waitpid(child, 0)


def killed_after(seconds: float, path: Path, acknowledged: Path) -> None:
    """A child goes on with the session and writes it until it is killed."""
    child = os.fork()
    if child == 0:
        try:
            work(path, acknowledged)
        finally:
            os._exit(1)
    while not acknowledged.stat().st_size:
        time.sleep(0.001)
        assert os.waitpid(child, os.WNOHANG) == (0, 0), "the child ended by itself"
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])


def work(path: Path, acknowledged: Path) -> None:
    """Train and write without end; tell the update that each complete write has."""
    made = read(path).session
    before = remember(made).runs[0].length
    made.train()
    told = os.open(acknowledged, os.O_WRONLY | os.O_APPEND)
    while True:
        made.poll()
        saved = remember(made)
        if saved.runs[0].length < before + _LEAST:
            continue  # on a busy machine the thread may not have begun
        write(saved, path)
        os.write(told, b"%d\n" % saved.runs[0].length)


def require_unbroken(path: Path) -> None:
    """The run that was killed so often has the bits of one that never was; nothing is left over."""
    found = read(path).session.recording
    assert found is not None
    (segment,) = found.segments
    state = advance(segment.training, segment.training.start(), found.length).state
    assert state_bits(found.visit(found.length).state) == state_bits(state)
    assert {each.name for each in path.parent.iterdir()} == {path.name, f"{path.stem}.acknowledged"}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
