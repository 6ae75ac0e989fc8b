"""Every backward factor of a pass compared with an independent one, in the order of the steps.

The comparison reads what the steps show (`Trace.values`), so a mistake anywhere between the
functions and the screen is found; the first step that is wrong is the factor to blame, as
factors come before what is made of them.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Batch
from bpstudio.core.independent import (
    RELATIVE,
    RULES,
    Estimate,
    LayerEstimate,
    layer_estimates,
    parameter_estimate,
)
from bpstudio.core.network import Network
from bpstudio.core.perturbation import Moves, is_analytic
from bpstudio.core.sequence import Region
from bpstudio.core.trace import Trace, compute_trace

Array = NDArray[Any]

_PORTION = 1 << 16  # parameters that are moved between two reports of progress
_LISTED = 20  # kinks named one by one


@dataclass(frozen=True, slots=True)
class Finding:
    """A step whose value stands out: ``independent`` is what it should be, within tolerance."""

    index: int
    address: str
    kind: str
    value: float
    independent: float
    tolerance: float

    @property
    def difference(self) -> float:
        """How far the two are apart."""
        return abs(self.value - self.independent)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found. ``wrong`` and ``not_finite`` are the first in the order of the steps.

    ``kinks`` are the first steps whose derivative does not exist (z at the corner of relu, say):
    there the value need only lie between the slopes on both sides. ``unchecked`` counts terms
    that no difference step reaches without crossing a kink. ``largest`` is the largest
    difference of all that is right.
    """

    compared: int
    parameters: int
    rows: int
    differences: bool  # whether central differences were needed, not complex steps alone
    wrong: Finding | None
    n_wrong: int
    not_finite: Finding | None
    n_not_finite: int
    kinks: tuple[Finding, ...]
    n_kinks: int
    unchecked: int
    largest: Finding | None

    @property
    def passed(self) -> bool:
        """Whether everything that can be compared agrees."""
        return self.wrong is None and self.not_finite is None


class Progress(NamedTuple):
    """Parameters done, of how many; each sample counts."""

    done: int
    total: int


def check(network: Network, batch: Batch, loss: str = "sse") -> CheckResult:
    """Compare every derivative of one pass over a batch. InputError where they do not fit."""
    steps = checking(network, batch, loss)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: CheckResult = end.value
            return result


def checking(
    network: Network, batch: Batch, loss: str = "sse"
) -> Generator[Progress, None, CheckResult]:
    """As `check`, with a pause after each portion of the work; stop asking to cancel."""
    trace = compute_trace(network, batch, loss)
    tally, means = _Tally(trace), _Means(trace)
    total, done = len(trace.rows) * _n_parameters(network), 0
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


def _n_parameters(network: Network) -> int:
    return network.n_weights + network.n_biases


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
    tally: _Tally, layer: LayerEstimate, first: int, last: int, dC_dw: Estimate
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

    def compare(self, tally: _Tally) -> None:
        """Once all samples are added."""
        n, start = len(tally.trace.rows), tally.trace.sequence.batch_start
        for region, value, tolerance in zip(self.regions, self.value, self.tolerance, strict=True):
            tally.compare(start + region.start, value.ravel() / n, tolerance.ravel() / n)


class _Tally:
    """What the comparisons have found so far."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.compared = self.unchecked = self.n_wrong = self.n_not_finite = self.n_kinks = 0
        self.wrong: Finding | None = None
        self.not_finite: Finding | None = None
        self.largest: Finding | None = None
        self.kinks: list[Finding] = []

    def compare(self, start: int, value: Array, tolerance: Array) -> None:
        """The steps from ``start`` with what they should be."""
        actual = self.trace.values(start, start + len(value))
        with np.errstate(all="ignore"):
            difference = np.abs(actual - value)
            beyond = np.isposinf(tolerance)
            finite = np.isfinite(actual) & (np.isfinite(value) | beyond)
            wrong = finite & (difference > tolerance)
        self.compared += len(value) - int(beyond.sum())
        self.unchecked += int(beyond.sum())
        self.n_wrong += int(wrong.sum())
        self.n_not_finite += int((~finite).sum())
        numbers = (start, actual, value, tolerance)
        self.wrong = self._earlier(self.wrong, wrong, numbers)
        self.not_finite = self._earlier(self.not_finite, ~finite, numbers)
        right = np.where(finite & ~wrong & ~beyond, difference, -1.0)
        self._note_largest(int(right.argmax()), float(right.max()), numbers)

    def _earlier(self, found: Finding | None, marks: Array, numbers: Any) -> Finding | None:
        at = int(marks.argmax())
        if not marks[at] or (found is not None and found.index < numbers[0] + at):
            return found
        return self._finding(at, numbers)

    def _note_largest(self, at: int, difference: float, numbers: Any) -> None:
        if difference >= 0.0 and (self.largest is None or difference > self.largest.difference):
            self.largest = self._finding(at, numbers)

    def _finding(self, at: int, numbers: Any) -> Finding:
        start, actual, value, tolerance = numbers
        step = self.trace.sequence.step(start + at)
        x = (float(actual[at]), float(value[at]), float(tolerance[at]))
        return Finding(step.index, step.address, step.kind, *x)

    def note_kinks(self, layer: LayerEstimate) -> None:
        """The factors of a layer that lie on a kink."""
        for kind, estimate in (("dC_da", layer.dC_da), ("da_dz", layer.da_dz)):
            margin = np.broadcast_to(estimate.margin, estimate.value.shape)
            places = np.argwhere((margin > 0.0) & np.isfinite(margin))
            self.n_kinks += len(places)
            for s, j in places[: _LISTED - len(self.kinks)].tolist():
                self._note_kink(layer, kind, s, j, estimate.value[s, j], margin[s, j])

    def _note_kink(
        self, layer: LayerEstimate, kind: str, s: int, j: int, middle: Any, half: Any
    ) -> None:
        row = self.trace.rows[int(layer.s[s])]
        sequence = self.trace.sequence
        step = sequence.step(sequence.index(f"s{row}/back/l{layer.l}/j{j}/{kind}"))
        x = (self.trace.value(step), float(middle), float(half))
        self.kinks.append(Finding(step.index, step.address, kind, *x))

    def result(self) -> CheckResult:
        """All of it."""
        trace = self.trace
        return CheckResult(
            compared=self.compared,
            parameters=_n_parameters(trace.network),
            rows=len(trace.rows),
            differences=not _all_analytic(trace),
            wrong=self.wrong,
            n_wrong=self.n_wrong,
            not_finite=self.not_finite,
            n_not_finite=self.n_not_finite,
            kinks=tuple(sorted(self.kinks, key=lambda kink: kink.index)),
            n_kinks=self.n_kinks,
            unchecked=self.unchecked,
            largest=self.largest,
        )


def _all_analytic(trace: Trace) -> bool:
    nobody = np.zeros(0, dtype=np.int64)
    return is_analytic(trace, Moves(2, True, nobody, nobody, np.zeros(0), np.zeros(0)))
