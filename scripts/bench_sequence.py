"""A sequence of 10⁹ steps: one step of it, and a few steps out of a very large network."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
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
        yield from trace_rows(2 if quick else 7)


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
    """Five steps at number 10⁹ of that network against one batch pass in plain numpy.

    Times are without the start: that of the same command on a small network, and of Python with
    numpy. The two take turns, since fresh memory takes more time at some times than at others.
    """
    name = f"trace of 5 steps at 10⁹ of 4–{WIDTH}–{WIDTH}–3"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "steps.jsonl"
        commands = (
            trace_command(WIDTH, LENGTH, out),
            trace_command(5, 100, out),
            [sys.executable, "-c", PASS],
            [sys.executable, "-c", "import numpy.random"],
        )
        rounds = [[usage(command) for command in commands] for _ in range(runs)]
    ours, start, plain, empty = (
        [median(c) for c in zip(*one, strict=True)] for one in zip(*rounds, strict=True)
    )
    seconds, megabytes = ours[0] - start[0], ours[1]
    yield Row(f"{name}: time", "s", seconds, None, seconds / (plain[0] - empty[0]), (MOST,))
    yield Row(f"{name}: memory", "MB", megabytes, None, megabytes / plain[1], (MOST,))


def trace_command(width: int, first: int, out: Path) -> list[str]:
    """Five steps from number ``first`` on, of a network with two hidden layers."""
    script = _environment.PYTHON.with_name("bpstudio")
    return [
        *(str(script), "trace", str(IRIS), "--target", "species"),
        *("--hidden", f"{width},{width}", "--rows", f"0:{ROWS}"),
        *("--steps", f"{first}:{first + 5}", "--out", str(out)),
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
