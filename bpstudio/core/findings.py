"""What a gradient check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.independent import LayerEstimate
from bpstudio.core.perturbation import all_analytic
from bpstudio.core.trace import Trace

Array = NDArray[Any]

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
    difference of all that is right and does not rest on a kink.
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


WIDEST_ERROR = 1e-3  # a wider tolerance is the gap of a kink, not the error of a difference


class Tally:
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
        with np.errstate(all="ignore"):
            sharp = tolerance <= WIDEST_ERROR * np.maximum(1.0, np.abs(value))
        right = np.where(finite & ~wrong & sharp, difference, -1.0)
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
            parameters=trace.network.n_weights + trace.network.n_biases,
            rows=len(trace.rows),
            differences=not all_analytic(trace),
            wrong=self.wrong,
            n_wrong=self.n_wrong,
            not_finite=self.not_finite,
            n_not_finite=self.n_not_finite,
            kinks=tuple(sorted(self.kinks, key=lambda kink: kink.index)),
            n_kinks=self.n_kinks,
            unchecked=self.unchecked,
            largest=self.largest,
        )
