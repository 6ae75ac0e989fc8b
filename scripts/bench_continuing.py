"""Continuing through 10⁷ terms without a hit, forwards and backwards."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from bench_table import Row, Target

import bpstudio as bp
from bpstudio.core.dataset import Dataset

TERMS = 10**7
NETWORKS = (("784–128–64–10", (784, 128, 64, 10)), ("default network", (4, 5, 6, 3)))
TARGET = Target("median", 0.3)
# what can never hold: any term, a kind, the sign flips of any term, a gradient, a whole layer
CONDITIONS = (
    "abs(value) > 1e300",
    "da_dz < -1e300",
    "value * previous < -1e300",
    "abs(dC_dw[3][2,2]) > 1e300",
    "norm(dC_dw[3]) > 1e300",
)


def measure(quick: bool) -> Iterator[Row]:
    """A row for each network with one condition on any term, and one with five breakpoints."""
    count = 3 if quick else 15
    for name, sizes in NETWORKS:
        for conditions, what in ((CONDITIONS[:1], "1 breakpoint"), (CONDITIONS, "5 breakpoints")):
            debugger = debugger_of(sizes)
            for condition in conditions:
                debugger.add_breakpoint(when=condition)
            share = TERMS / len(debugger.trace)
            times = [share * t for _ in range(count) for t in both_ways(debugger)]
            yield Row.of(f"continue through 10⁷ terms, {name}, {what}", "s", times, TARGET)


def debugger_of(sizes: tuple[int, ...]) -> bp.Debugger:
    """A debugger on a pass over as many samples as make 10⁷ terms."""
    network = bp.Network.create(sizes, seed=0)
    one = bp.Debugger(network, samples(sizes, 1), [0])
    n = max(2, round(TERMS / len(one.trace)))
    return bp.Debugger(network, samples(sizes, n), range(n), lr=0.1)


def samples(sizes: tuple[int, ...], n: int) -> Dataset:
    """Random rows, always the same."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, sizes[0]))
    return Dataset.from_arrays(X, np.eye(sizes[-1])[rng.integers(sizes[-1], size=n)])


def both_ways(debugger: bp.Debugger) -> tuple[float, float]:
    """Seconds to the end of the pass, and back to its start."""
    debugger.to_start()
    times = []
    for verb, why in ((debugger.continue_, "end"), (debugger.reverse_continue, "start")):
        start = perf_counter()
        stop = verb()
        times.append(perf_counter() - start)
        assert stop.why == why, "a breakpoint was met that cannot be"
    return times[0], times[1]
