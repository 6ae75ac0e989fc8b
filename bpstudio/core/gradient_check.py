"""Every backward factor of a pass compared with an independent one, in the order of the steps.

The comparison reads what the steps show (`Trace.values`), so a mistake anywhere between the
functions and the screen is found; the first step that is wrong is the factor to blame, as
factors come before what is made of them.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Batch
from bpstudio.core.findings import CheckResult, Finding, Tally
from bpstudio.core.independent import (
    RELATIVE,
    Estimate,
    LayerEstimate,
    layer_estimates,
    parameter_estimate,
)
from bpstudio.core.independent_steps import RULES
from bpstudio.core.network import Network
from bpstudio.core.pieces import result_of
from bpstudio.core.sequence import Region
from bpstudio.core.trace import Trace, compute_trace

__all__ = ["CheckResult", "Finding", "Progress", "check", "checking"]

Array = NDArray[Any]

_PORTION = 1 << 16  # parameters that are moved between two reports of progress


class Progress(NamedTuple):
    """Parameters done, of how many; each sample counts."""

    done: int
    total: int


def check(network: Network, batch: Batch, loss: str = "sse") -> CheckResult:
    """Compare every derivative of one pass over a batch. InputError where they do not fit."""
    return result_of(checking(network, batch, loss))


def checking(
    network: Network, batch: Batch, loss: str = "sse"
) -> Generator[Progress, None, CheckResult]:
    """As `check`, with a pause after each portion of the work; stop asking to cancel."""
    trace = compute_trace(network, batch, loss)
    tally, means = Tally(trace), _Means(trace)
    total, done = len(trace.rows) * (network.n_weights + network.n_biases), 0
    for s in _blocks(trace):
        for layer in layer_estimates(trace, s):
            tally.note_kinks(layer)
            for first, last in _node_ranges(trace, layer):
                estimate = parameter_estimate(layer, first, last)
                means.add(layer, first, last, estimate)
                _compare_block(tally, layer, first, last, estimate)
                done += len(s) * (last - first) * (trace.network.sizes[layer.l - 2] + 1)
                yield Progress(min(done, total), total)
    means.compare(tally)
    return tally.result()


def _blocks(trace: Trace) -> list[NDArray[np.int64]]:
    """Positions of samples, as many at a time as a portion holds."""
    widest = max(trace.network.sizes)
    size = max(1, _PORTION // max(trace.network.n_weights, widest * trace.network.sizes[-1]))
    rows = np.arange(len(trace.rows))
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def _node_ranges(trace: Trace, layer: LayerEstimate) -> list[tuple[int, int]]:
    """Nodes of a layer, as many at a time as a portion holds."""
    n, n_in = trace.network.sizes[layer.l - 1], trace.network.sizes[layer.l - 2]
    count = max(1, _PORTION // (n_in * len(layer.s)))
    return [(first, min(first + count, n)) for first in range(0, n, count)]


# Comparing ---------------------------------------------------------------------------------


def _compare_block(
    tally: Tally, layer: LayerEstimate, first: int, last: int, dC_dw: Estimate
) -> None:
    sequence = tally.trace.sequence
    regions = [r for r in sequence.sample_regions if r.phase == "back" and r.l == layer.l]
    for s, position in enumerate(layer.s.tolist()):
        weights = Estimate(*(part[s] for part in dC_dw))
        for region in regions:
            start = position * sequence.sample_length + region.start + first * region.width
            tally.compare(start, *_lines(layer, s, region, first, last, weights))


def _lines(
    layer: LayerEstimate, s: int, region: Region, first: int, last: int, dC_dw: Estimate
) -> tuple[Array, Array]:
    """Independent value and tolerance of the steps in lines first … last − 1 of a region."""
    value = np.empty((last - first, region.width))
    tolerance = np.empty_like(value)
    offset = 0
    with np.errstate(all="ignore"):
        for run in region.runs:
            for place, kind in enumerate(run.kinds):
                columns = slice(offset + place, offset + run.width, len(run.kinds))
                nodes, others = slice(first, last), slice(0, run.count)
                estimate = dC_dw if kind == "dC_dw" else RULES[kind](layer, s, nodes, others)
                value[:, columns] = estimate.value
                tolerance[:, columns] = estimate.tolerance
            offset += run.width
    return value.ravel(), tolerance.ravel()


class _Means:
    """Adds up the independent derivatives of the samples, where the batch has means."""

    def __init__(self, trace: Trace) -> None:
        self.regions = [r for r in trace.sequence.batch_regions if r.phase == "mean"]
        shapes = [(region.nodes, region.width) for region in self.regions]
        self.value = [np.zeros(shape) for shape in shapes]
        self.tolerance = [np.zeros(shape) for shape in shapes]

    def add(self, layer: LayerEstimate, first: int, last: int, dC_dw: Estimate) -> None:
        """The samples of one block."""
        if not self.regions:
            return
        nodes, n_in = slice(first, last), dC_dw.value.shape[2]
        value, tolerance = self.value[layer.l - 2], self.tolerance[layer.l - 2]
        with np.errstate(all="ignore"):
            value[nodes, :n_in] += dC_dw.value.sum(axis=0)
            tolerance[nodes, :n_in] += (dC_dw.tolerance + RELATIVE * dC_dw.size).sum(axis=0)
            if value.shape[1] > n_in:
                b = layer.dC_dz
                value[nodes, n_in] += b.value[:, nodes].sum(axis=0)
                tolerance[nodes, n_in] += (b.tolerance + RELATIVE * b.size)[:, nodes].sum(axis=0)

    def compare(self, tally: Tally) -> None:
        """Once all samples are added."""
        n, start = len(tally.trace.rows), tally.trace.sequence.batch_start
        for region, value, tolerance in zip(self.regions, self.value, self.tolerance, strict=True):
            tally.compare(start + region.start, value.ravel() / n, tolerance.ravel() / n)
