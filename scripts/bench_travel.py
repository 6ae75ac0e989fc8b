"""Visiting updates of a long recorded run, and training under stop conditions."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter, sleep

import numpy as np
from bench_table import Row, Target

import bpstudio as bp
from bpstudio.core.training import Training, TrainingSettings, advance, prepared
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.recording import MOST_BYTES
from bpstudio.debugger.session import Session
from bpstudio.debugger.training_stops import StopWatch, TrainingStop
from bpstudio.files.example import load_example

UPDATES = 100_000
VISITS = 200
PIECE = 6000  # updates of a stretch, as a run at full speed makes them
CONDITIONS = (
    "loss > 1e6",
    "loss > 100 * loss[-10]",
    "isnan(grad)",
    "norm(dC_dw[3]) < 1e-300",
    "update_ratio(2) > 1e6",
    "accuracy(validation) > 2",
    "dead(2) > 2",
    "sign_flips(w[3][2,2]) > 1e6",
    "grad_norm(3) > 1e6 * grad_norm(2)",
    "abs(w[2][0,0]) > 1e6",
)


def measure(quick: bool) -> Iterator[Row]:
    """Visits to random updates, their memory, and ten conditions against none."""
    yield from visits(VISITS // 10 if quick else VISITS)
    yield conditions(3 if quick else 9)


def visits(count: int) -> Iterator[Row]:
    """The default network, 100,000 updates: each visit with the whole pass of its batch."""
    session = Session(load_example(), Experiment(epochs=UPDATES // 12 + 1))
    session.train()
    while session.is_training:
        session.poll()
        sleep(0.01)
    recording = session.recording
    assert recording is not None
    rng = np.random.default_rng(0)
    times = []
    for T in rng.integers(recording.length, size=count).tolist():
        start = perf_counter()
        session.visit(T)
        times.append(1000 * (perf_counter() - start))
    session.close()
    name = f"visit an update of {recording.length:,}, default network"
    yield Row.of(name, "ms", times, Target("median", 100), Target("worst", 100))
    megabytes = recording.n_bytes / 2**20
    yield Row("the same: history", "MB", megabytes, targets=(Target("median", MOST_BYTES / 2**20),))


def conditions(count: int) -> Row:
    """Ten active conditions to a bare run, in turn."""
    data = load_example().split(0.2, 0)
    network = bp.Network.create([4, 5, 6, 3], seed=0)
    training = prepared(Training.of(network, data, TrainingSettings(lr=0.1)))
    stops = tuple(TrainingStop(n, text) for n, text in enumerate(CONDITIONS))
    ratios = []
    for _ in range(count):
        bare, watched = run(training, ()), run(training, stops)
        ratios.append(watched / bare)
    ratio = float(np.median(ratios))
    name = "training under 10 stop conditions, to a bare run"
    return Row(name, "×", ratio, ratio=ratio, targets=(Target("ratio", 1.5),))


def run(training: Training, stops: tuple[TrainingStop, ...]) -> float:
    """Seconds of ten stretches, looked at as a run does."""
    watch = StopWatch(training, stops)
    state, T = training.start(), 0
    start = perf_counter()
    for _ in range(10):
        stretch = advance(training, state, PIECE, None, watch.probes)
        look = watch.look(state, T, stretch)
        assert look.hit is None, "a condition holds that cannot"
        state, T = stretch.state, T + look.updates
    return perf_counter() - start
