"""One number of a data set, changed by hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError
from bpstudio.core.scaling import Scaling

Floats = NDArray[np.float64]


def with_number(array: Floats, position: int, column: int, value: float) -> Floats:
    """The same table with another number in one cell."""
    changed = array.copy()
    changed[position, column] = value
    return changed


def require_cell(what: str, index: int, count: int, things: str, value: float) -> None:
    """Refuse a cell that does not exist, and a number that is not finite."""
    if not 0 <= index < count:
        raise InputError(f"{what} does not exist: there are {count} {things} (0..{count - 1})")
    if not np.isfinite(value):
        raise InputError(f"{what} is a finite number, given: {value}")


def unscaled(what: str, value: float, scaling: Scaling, column: int) -> float:
    """A scaled number in the units of the file."""
    raw = float(value) * float(scaling.scale[column]) + float(scaling.shift[column])
    if not np.isfinite(raw):
        raise InputError(f"{what} is {value:g}, too large to be scaled back; give a smaller number")
    return raw
