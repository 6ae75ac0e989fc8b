"""Training for long, with visits, edits, branches, pauses: memory stays flat, nothing is left."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.parameters import flatten
from bpstudio.core.training import advance
from bpstudio.debugger.history import Series
from bpstudio.debugger.layer_series import LayerSeries
from bpstudio.debugger.session import Session

STATUS = Path("/proc/self/statm")
MOST_GROWTH = 48 * 2**20  # bytes, from a third of the way to the end


def data() -> Dataset:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, size=150)
    X = rng.normal(size=(150, 4)) + labels[:, None]
    return Dataset.from_arrays(X, np.eye(3)[labels], scale="standard")


def resident() -> int:
    gc.collect()
    return int(STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def recorded(session: Session) -> int:
    """Bytes of checkpoints and curves, which have bounds of their own."""
    states = sum(recording.n_bytes for recording in session.recordings)
    snapshots = [run.snapshot() for _, run in session.runs.kept]
    layers = [series for now in snapshots for each in now.layers for series in curves_of(each)]
    curves = [*layers, *(series for now in snapshots for series in now.series)]
    return states + sum(held(series.values) for series in curves)


def curves_of(layer: LayerSeries) -> tuple[Series, Series]:
    return layer.grad_norms, layer.update_ratios


def held(values: np.ndarray) -> int:
    """Bytes of an array with the room that it has to grow."""
    return values.nbytes if values.base is None else held(values.base)


class User:
    """Someone who never rests: each act is a verb, and what it shows is checked."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.rng = session, np.random.default_rng(seed)
        self.acts = (
            *(self.train, self.wait, self.pause, self.visit, self.visit, self.edit, self.undo),
            *(self.step, self.search, self.change_rate, self.back, self.choose),
        )

    def act(self) -> None:
        """One verb at random; refusals are part of it."""
        with contextlib.suppress(InputError):
            self.acts[self.rng.integers(len(self.acts))]()
        self.session.poll()

    def train(self) -> None:
        self.session.train()

    def wait(self) -> None:
        time.sleep(0.05)

    def pause(self) -> None:
        self.session.pause()

    def visit(self) -> None:
        recording = self.session.recording
        if recording is None:
            return
        T = int(self.rng.integers(recording.length + 1))
        self.session.visit(T)
        if self.session.debugger.is_changed_visit:  # it stands there already
            return
        state, trace = recording.visit(T).state, self.session.debugger.trace
        assert flatten(trace.network).tobytes() == state.parameters.tobytes()
        before = recording.visit(max(T - 1, 0))
        if T > 0 and before.segment is recording.visit(T).segment:
            stretch = advance(before.segment.training, before.state, 1)
            assert stretch.state.parameters.tobytes() == state.parameters.tobytes()

    def edit(self) -> None:
        value = float(self.rng.normal())
        self.session.debugger.set_weight(2, 0, int(self.rng.integers(4)), value)

    def undo(self) -> None:
        self.session.debugger.undo()

    def step(self) -> None:
        for _ in range(20):
            self.session.debugger.step_out()

    def search(self) -> None:
        debugger = self.session.debugger
        if not debugger.breakpoints:
            debugger.add_breakpoint(kind="dC_dw", when="abs(value) > 0.5")
        search = debugger.search(forward=bool(self.rng.integers(2)))
        search.advance(0.05)
        search.cancel()

    def change_rate(self) -> None:
        self.session.change(lr=float(self.rng.uniform(0.01, 0.3)))

    def back(self) -> None:
        self.session.present()

    def choose(self) -> None:
        recordings = self.session.recordings
        if recordings:
            self.session.choose_recording(recordings[self.rng.integers(len(recordings))])


def soak(seconds: float) -> None:
    before = set(threading.enumerate())
    session = Session(data())
    session.change(epochs=1_000_000)
    user, start = User(session, seed=1), time.monotonic()
    early = 0
    while (spent := time.monotonic() - start) < seconds:
        user.act()
        if not early and spent > seconds / 3:
            early = resident() - recorded(session)
    session.close()
    assert session.recordings, "nothing was ever trained"
    assert resident() - recorded(session) - early < MOST_GROWTH
    assert {thread for thread in threading.enumerate() if thread.is_alive()} <= before


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_two_minutes_of_training_visits_and_edits_leave_memory_flat_and_no_thread() -> None:
    soak(float(os.environ.get("BPSTUDIO_SOAK_SECONDS", "120")))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_twenty_minutes_of_it_do_too() -> None:
    soak(1200)
