"""The numeric derivative of one term, beside the analytic one.

The number that the term derives by is moved a little, and what it derives is computed anew from
the functions alone: g, C_j and the weighted sums, never g′ or a derivative from the backward pass.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bpstudio.core.differences import extrapolated_differences
from bpstudio.core.moved_terms import Watch, watch_of
from bpstudio.core.sequence import Step
from bpstudio.core.trace import Trace

RICHARDSON = "central differences, extrapolated to step 0 (Richardson)"
ONE_SIDED = "one-sided differences on both sides of a kink"
IMPOSSIBLE = "not possible: what is watched is no finite number beside here"

_REACHES = (1e-1, 1e-2, 1e-4, 1e-6)  # largest steps tried, in the watch's unit
_DOUBT = 10.0  # the error estimate is taken this many times
_RELATIVE = 1e-9


@dataclass(frozen=True, slots=True)
class NumericCheck:
    """The analytic and the numeric derivative.

    ``step_size`` is the smallest step that was really taken, ``error`` the estimated error of the
    numeric value. ``moved`` and ``watched`` say in markup ($…$ LaTeX) what was moved and what
    answered. ``kink``: the numbers left and right of it differ, the numeric value is their middle.
    ``agrees``: whether the two differ by no more than the error explains; None where there is no
    numeric value.
    """

    analytic: float
    numeric: float
    step_size: float
    error: float
    method: str
    agrees: bool | None
    kink: bool
    moved: str
    watched: str


def numeric_derivative(trace: Trace, step: Step) -> NumericCheck | None:
    """The check of one step; None where the step is no derivative."""
    watch = watch_of(trace, step)
    if watch is None:
        return None
    with np.errstate(all="ignore"):
        found = _smooth(watch)
        numeric, error, size = map(float, found or _beside_kink(watch))
    kink = found is None
    analytic = trace.value(step)
    method = ONE_SIDED if kink else RICHARDSON
    if not (math.isfinite(numeric) and math.isfinite(error)):
        texts = (IMPOSSIBLE, None, False, watch.moved, watch.watched)
        return NumericCheck(analytic, math.nan, size, math.nan, *texts)
    agrees = _agree(analytic, numeric, error)
    return NumericCheck(
        analytic, numeric, size, error, method, agrees, kink, watch.moved, watch.watched
    )


def _agree(analytic: float, numeric: float, error: float) -> bool:
    largest = max(abs(analytic), abs(numeric))
    return abs(analytic - numeric) <= _DOUBT * error + _RELATIVE * largest


def _smooth(watch: Watch) -> tuple[float, float, float] | None:
    """Value, error and step of the best attempt that crosses no kink; None if all do."""
    best: tuple[float, float, float] | None = None
    for reach in _REACHES:
        attempt = _attempt(watch, reach * watch.unit)
        if attempt is None:
            continue
        if best is None or not best[1] <= attempt[1]:
            best = attempt
        if attempt[1] <= 2.0 * watch.blur / attempt[2]:
            break  # rounding is all that is left
    return best


def _attempt(watch: Watch, h: float) -> tuple[float, float, float] | None:
    crossed = False

    def value_after(t: np.ndarray) -> np.ndarray:
        nonlocal crossed
        value, passed = watch.after(float(t))
        crossed = crossed or passed
        return np.asarray(value)

    found = extrapolated_differences(value_after, h)
    if crossed:
        return None
    size = float(found.step)
    return float(found.value), float(found.error) + float(watch.blur / size), size


def _beside_kink(watch: Watch) -> tuple[float, float, float]:
    """The middle of the slopes left and right, and half their gap as its error."""
    t = _REACHES[-1] * watch.unit
    here, left, right = (watch.after(moved)[0] for moved in (0.0, -t, t))
    below, above = (here - left) / t, (right - here) / t
    return 0.5 * (below + above), 0.5 * abs(above - below) + watch.blur / t, t
