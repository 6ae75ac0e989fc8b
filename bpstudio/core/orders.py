"""The order of the samples in an epoch: numpy says what it is, compiled code makes many at once."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import kernels

Integers = NDArray[np.int64]

_STREAM = 2  # of the seed; other streams start networks and split data
_FEW_SAMPLES = 2**13  # an epoch of more takes far longer than numpy's order of it
_COMPARED = 100  # samples at least: few may come in the same order by chance
_MOST_EPOCHS = 2**63  # the compiled code counts in 64 bits


def epoch_order(seed: int, epoch: int, n: int, shuffle: bool = True) -> Integers:
    """The order of the n samples in an epoch, read-only; batch b is order[b·B : (b + 1)·B]."""
    if shuffle:
        order = np.random.default_rng([seed, _STREAM, epoch]).permutation(n)
    else:
        order = np.arange(n, dtype=np.int64)
    order.flags.writeable = False
    return order


def epoch_orders(seed: int, first: int, count: int, n: int, shuffle: bool = True) -> Integers:
    """The orders of ``count`` epochs from number ``first`` on, (count, n), as of `epoch_order`."""
    if count == 1:
        return _order(seed, first, n, shuffle)[np.newaxis]
    if not shuffle:
        return np.repeat(_order(seed, first, n, False)[np.newaxis], count, axis=0)
    fill = kernels.compiled_orders()
    fits = n <= _FEW_SAMPLES and first + count <= _MOST_EPOCHS
    if fill is not None and fits and _agrees(fill, seed, n):
        return _filled(fill, seed, first, count, n)
    return np.stack([_order(seed, first + i, n, True) for i in range(count)])


_order = functools.lru_cache(maxsize=1)(epoch_order)  # long epochs take many stretches


@functools.lru_cache(maxsize=64)
def _agrees(fill: Callable[..., None], seed: int, n: int) -> bool:
    """Whether the compiled code gives numpy's order; another numpy may draw another one."""
    compared = max(n, _COMPARED)
    order = _filled(fill, seed, 0, 1, compared)[0]
    return np.array_equal(order, epoch_order(seed, 0, compared))


def _filled(fill: Callable[..., None], seed: int, first: int, count: int, n: int) -> Integers:
    orders = np.empty((count, n), dtype=np.int64)
    entropy = np.array([*_half_words(operator.index(seed)), _STREAM, 0, 0], dtype=np.uint64)
    pool, drawn, state = (np.empty(4, dtype=np.uint64) for _ in range(3))
    fill(entropy, pool, drawn, state, first, orders)
    return orders


def _half_words(number: int) -> list[int]:
    """32 bits each, from the lowest on, as numpy takes a seed to pieces."""
    halves = range(0, max(1, number.bit_length()), 32)
    return [(number >> shift) & 0xFFFFFFFF for shift in halves]
