"""Derivatives found without any derivative rule: by a complex step and by central differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

STEP = 1e-20  # of the complex step: its square is lost in rounding, so nothing is cut off
HALVINGS = 7  # lines of the extrapolation table


def complex_step(f: Callable[[Array], Array], x: Array, unit: Array | float = 1.0) -> Array:
    """f′(x) = Im f(x + ih) / h of an elementwise analytic function, exact but for rounding.

    ``unit``: over what length f bends. Source: W. Squire, G. Trapp, SIAM Review 40 (1998) 110–112.
    """
    h = STEP * unit
    return np.asarray(np.imag(f(x + 1j * h)) / h)


class Differences(NamedTuple):
    """What central differences give: the derivative, an estimate of its error, and the step: the
    smallest ±t that the number rests on. Each elementwise.
    """

    value: Array
    error: Array
    step: Array


def central_differences(f: Callable[[Array], Array], h: Array | float) -> tuple[Array, Array]:
    """`extrapolated_differences` without the step."""
    found = extrapolated_differences(f, h)
    return found.value, found.error


def extrapolated_differences(f: Callable[[Array], Array], h: Array | float) -> Differences:
    """df/dt at t = 0 with an estimate of its error, elementwise; ``f(t)`` takes steps up to ±h.

    Central differences at h, h/2, h/4, … extrapolated to h → 0 (Richardson); of the table the
    entry that differs least from its neighbours is taken, and as large steps may agree by chance,
    its difference from the three smallest steps counts too. Source: C. Ridders, Advances in
    Engineering Software 4 (1982) 75–76.
    """
    above: list[Array] = []
    best, error, step = np.array(np.nan), np.array(np.inf), np.asarray(h, dtype=np.float64)
    for halving in range(HALVINGS):
        t = np.asarray(h) / 2.0**halving
        line = [np.asarray((f(t) - f(-t)) / (2.0 * t))]
        for order, older in enumerate(above, start=1):
            newer = line[-1]
            line.append(newer + (newer - older) / (4.0**order - 1.0))
            doubt = np.maximum(np.abs(line[-1] - newer), np.abs(line[-1] - older))
            better = doubt < error
            best, error = np.where(better, line[-1], best), np.where(better, doubt, error)
            step = np.where(better, t, step)
        above = line
    return Differences(best, np.maximum(error, np.abs(best - above[2])), step)
