"""Arrays of a recorded run as .npy, checked before they are believed: plain numbers only."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from bpstudio.core.errors import InputError

Array = NDArray[Any]
Buffers = tuple[bytes | memoryview, ...]

KINDS = {"f": np.dtype("<f8"), "i": np.dtype("<i8")}  # numbers, whole numbers
_LONGEST_HEADER = 1000  # bytes, all included
_ANY = -1


def array_buffers(array: Array) -> Buffers:
    """The .npy of an array of floats or whole numbers, in parts that copy no more than needed."""
    values = np.ascontiguousarray(array, KINDS["f" if array.dtype.kind == "f" else "i"])
    head = io.BytesIO()
    npy.write_array_header_1_0(
        head, {"descr": values.dtype.str, "fortran_order": False, "shape": values.shape}
    )
    return head.getvalue(), values.reshape(-1).view(np.uint8).data


def read_array(content: bytes, place: str) -> Array:
    """The array in a .npy, read-only and without a copy. InputError names the place."""
    try:
        head = io.BytesIO(content[:_LONGEST_HEADER])
        version = npy.read_magic(head)
        shape, by_column, dtype = npy.read_array_header_1_0(head)
    except (ValueError, EOFError, TypeError, RecursionError, MemoryError) as error:
        raise InputError(f"{place} is no .npy of numbers: {error}") from error
    if version != (1, 0) or by_column or dtype not in KINDS.values():
        raise InputError(f"{place} holds {dtype}; it must hold 64-bit numbers, row by row")
    if min(shape, default=0) < 0 or math.prod(shape) * 8 != len(content) - head.tell():
        raise InputError(f"{place}: its shape {shape} does not fit its size")
    array = np.frombuffer(content, dtype, offset=head.tell()).reshape(shape)
    array = array.astype(dtype.newbyteorder("="), copy=False)
    array.flags.writeable = False
    return array


def require_shape(array: Array, kind: str, shape: tuple[int, ...], place: str) -> Array:
    """The array, if it has that kind ("f" or "i") and shape; −1 stands for any length."""
    fits = len(array.shape) == len(shape) and all(
        wanted in (_ANY, n) for wanted, n in zip(shape, array.shape, strict=True)
    )
    if array.dtype.kind != kind or not fits:
        sizes = " × ".join("n" if n == _ANY else str(n) for n in shape)
        numbers = "numbers" if kind == "f" else "whole numbers"
        raise InputError(f"{place} has {array.shape} {array.dtype}; it must have {sizes} {numbers}")
    return array


def require_finite(array: Array, place: str) -> Array:
    """The array, if all its numbers are finite."""
    if not np.isfinite(array).all():
        at = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
        raise InputError(f"{place}: number {at} is {array[at]}; it must be finite")
    return array
