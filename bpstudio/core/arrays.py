"""Arrays from elsewhere as the tables of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError

Floats = NDArray[np.float64]


def table_of(name: str, values: Any) -> Floats:
    """Values as a table (n, columns), copied. InputError names the one that is no finite number."""
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} is no table of numbers: {error}") from error
    array = array[:, np.newaxis] if array.ndim == 1 else array
    if array.ndim != 2 or 0 in array.shape:
        raise InputError(f"{name} has shape {array.shape}; it needs rows and columns")
    if not np.isfinite(array).all():
        row, column = np.argwhere(~np.isfinite(array))[0]
        raise InputError(f"{name}, row {row}, column {column}: {array[row, column]} is not finite")
    return array


def is_one_hot(target: Floats) -> bool:
    """Whether a target names one class in each row."""
    binary = bool(np.isin(target, (0.0, 1.0)).all())
    return target.shape[1] > 1 and binary and bool((target.sum(axis=1) == 1).all())


def names_of(what: str, given: Sequence[str] | None, letter: str, count: int) -> tuple[str, ...]:
    """The names of columns: those given, else x0, x1, …"""
    if given is None:
        return tuple(f"{letter}{k}" for k in range(count))
    if len(given) != count:
        raise InputError(f"{what} has {len(given)} names for {count} columns")
    return tuple(given)
