"""Drawing some rows of many, so that the same seed draws the same rows on every machine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError

Integers = NDArray[np.int64]
Keys = NDArray[np.uint64]

CHUNK = 1 << 20  # rows at a time
MOST_SEED = 2**63 - 1
# of splitmix64 (Steele, Lea and Flood 2014): the step of its state, and its mixing
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What part of a file was read: so many rows ``of`` all it has, drawn from a seed.

    They keep the order and the numbers that they have in the file.
    """

    rows: int
    of: int
    seed: int = 0

    def __str__(self) -> str:
        return f"a sample of {self.rows:,} of {self.of:,} rows, drawn from seed {self.seed}"


def drawn_rows(of: int, rows: int, seed: int = 0) -> Integers:
    """The numbers of ``rows`` of the rows 0 … of − 1, ascending; all of them where there are fewer.

    They are those with the smallest keys, and the key of a row is the output of splitmix64, begun
    at the mixed seed, at the row's place: each set of so many rows is as likely as any other.
    InputError for a number of rows or a seed that is none.
    """
    _require(rows, seed)
    if rows >= of:
        return np.arange(of)
    numbers, keys, most = np.arange(0), np.empty(0, np.uint64), np.uint64(2**64 - 1)
    for at in range(0, of, CHUNK):
        more = np.arange(at, min(at + CHUNK, of))
        of_more = row_keys(more, seed)
        low = of_more <= most
        numbers, keys = np.append(numbers, more[low]), np.append(keys, of_more[low])
        if keys.size > rows:
            smallest = np.argpartition(keys, rows - 1)[:rows]
            numbers, keys = numbers[smallest], keys[smallest]
            most = keys.max()
    return np.sort(numbers)


def row_keys(numbers: Integers, seed: int) -> Keys:
    """The keys of these rows, shape (n,); no two rows have the same."""
    start = _mixed(np.array([seed], dtype=np.uint64))
    return _mixed(start + (numbers.astype(np.uint64) + np.uint64(1)) * _STEP)


def _mixed(state: Keys) -> Keys:
    for shift, factor in _MIX:
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    return state ^ (state >> np.uint64(31))


def _require(rows: int, seed: int) -> None:
    if rows < 1:
        raise InputError(f"a sample of {rows} rows is none; take 1 or more")
    if not 0 <= seed <= MOST_SEED:
        raise InputError(f"the seed of a sample is {seed}; it is a whole number ≥ 0")
