"""Traces to files: steps a second of a wide network and of many small samples, format by format."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from bench_table import Row, Target

from bpstudio.core.dataset import Batch
from bpstudio.core.network import Network
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.files.traces import write_trace

LEAST = Target("median", 200_000, at_least=True)
SUFFIXES = {".parquet": (LEAST,), ".npz": (), ".jsonl": (), ".csv": ()}
# name, sizes, output, loss, rows
TRACES = (
    ("784–128–64–10, one row", (784, 128, 64, 10), "sigmoid", "sse", 1),
    ("784–64–10 softmax, a batch of 4", (784, 64, 10), "softmax", "cross_entropy", 4),
    ("4–5–6–3, a batch of 1,000", (4, 5, 6, 3), "sigmoid", "sse", 1000),
)


def measure(quick: bool) -> Iterator[Row]:
    """Every column of every step of each trace, into a file of each format."""
    for name, sizes, output, loss, n in TRACES:
        trace = made(sizes, output, loss, n)
        for suffix, targets in SUFFIXES.items():
            speeds = steps_a_second(trace, suffix, 2 if quick else 5)
            title = f"{suffix} of {name}"
            yield Row(title, "steps/s", median(speeds), min(speeds), targets=targets)


def made(sizes: tuple[int, ...], output: str, loss: str, n: int) -> Trace:
    """The trace of a new network over random rows, with the update."""
    rng = np.random.default_rng(0)
    net = Network.create(list(sizes), activation="sigmoid", output_activation=output, seed=0)
    targets = np.eye(sizes[-1])[rng.integers(sizes[-1], size=n)]
    rows = Batch(tuple(range(n)), rng.standard_normal((n, sizes[0])), targets)
    return compute_trace(net, rows, loss, lr=0.5)


def steps_a_second(trace: Trace, suffix: str, runs: int) -> list[float]:
    """Of writing the whole trace, the closed file included."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            start = perf_counter()
            count = write_trace(trace, Path(folder) / f"trace{suffix}")
            found.append(count / (perf_counter() - start))
    return found
