"""A sequence of 10⁹ steps: one step of it, and a few steps out of a very large network."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import _environment
import numpy as np
from bench_table import Row, Target

from bpstudio.core.sequence import StepSequence

LENGTH = 10**9
WIDTH = 8000
ROWS = 16
CALLS = 2000
IRIS = _environment.ROOT / "resources" / "data" / "iris.csv"
MOST = Target("ratio", 1.5)

# one batch pass and nothing more: the weights, a forward and a backward pass over 16 rows
PASS = f"""
import numpy as np
rng = np.random.default_rng(0)
sizes = (4, {WIDTH}, {WIDTH}, 3)
W = [rng.standard_normal((n, m)) for m, n in zip(sizes, sizes[1:])]
for w in W:
    w *= (2 / sum(w.shape)) ** 0.5
a = [rng.standard_normal(({ROWS}, 4))]
for w in W:
    a.append(1 / (1 + np.exp(-(a[-1] @ w.T))))
d = 2 * a[-1] * a[-1] * (1 - a[-1])
for w, below in zip(W[:0:-1], a[-2:0:-1]):
    d = (d @ w) * below * (1 - below)
"""


def measure(quick: bool) -> Iterator[Row]:
    """Step n, then time and memory of the command."""
    times = step_times(CALLS // (10 if quick else 1))
    yield Row.of("step n of 10⁹ steps", "µs", times, Target("median", 50))
    if sys.platform != "win32":
        yield from trace_rows(1 if quick else 3)


def step_times(count: int) -> list[float]:
    """Microseconds of step n of a sequence of at least 10⁹ steps, n at random."""
    sequence = long_sequence()
    numbers = np.random.default_rng(0).integers(len(sequence), size=count).tolist()
    times = []
    for n in numbers:
        start = perf_counter()
        sequence.step(n)
        times.append(1e6 * (perf_counter() - start))
    return times


def long_sequence() -> StepSequence:
    """A network 4–8000–8000–3 over 16 rows."""
    sizes = (4, WIDTH, WIDTH, 3)
    sequence = StepSequence(sizes, (True,) * 3, (False,) * 3, range(ROWS))
    assert len(sequence) >= LENGTH
    return sequence


def trace_rows(runs: int) -> Iterator[Row]:
    """Five steps at number 10⁹ of that network, against one batch pass in plain numpy."""
    with tempfile.TemporaryDirectory() as folder:
        command = trace_command(Path(folder) / "steps.jsonl")
        ours = [usage(command) for _ in range(runs)]
        plain = [usage([sys.executable, "-c", PASS]) for _ in range(runs)]
    for name, unit, which in (("time", "s", 0), ("memory", "MB", 1)):
        row = Row.of(f"trace of 5 steps at 10⁹: {name}, against a pass", unit, _column(ours, which))
        reference = Row.of("", unit, _column(plain, which)).median
        ratio = row.median / reference
        yield Row(row.name, unit, row.median, row.worst, ratio, (MOST,))


def trace_command(out: Path) -> list[str]:
    """Five steps from number 10⁹ on."""
    script = _environment.PYTHON.with_name("bpstudio")
    return [
        *(str(script), "trace", str(IRIS), "--target", "species"),
        *("--hidden", f"{WIDTH},{WIDTH}", "--rows", f"0:{ROWS}"),
        *("--steps", f"{LENGTH}:{LENGTH + 5}", "--out", str(out)),
    ]


def usage(command: list[str]) -> tuple[float, float]:
    """Seconds and largest memory in MB of a command."""
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{command} ended with {process.returncode}"
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, used.ru_maxrss * unit / 1e6


def _column(figures: list[tuple[float, float]], which: int) -> list[float]:
    return [pair[which] for pair in figures]
