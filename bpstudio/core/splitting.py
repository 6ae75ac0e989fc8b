"""Which rows are kept for validation: at random, in the classes' shares, or the last ones."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError

SplitOrder = Literal["random", "stratified", "in order"]
ORDERS: tuple[SplitOrder, ...] = get_args(SplitOrder)

Integers = NDArray[np.int64]


def validation_positions(
    order: str, count: int, n: int, labels: Integers | None, rng: np.random.Generator
) -> Integers:
    """The positions, ascending, of so many of n rows; `count` < n.

    Stratified, each class gives its share of them: the whole part first, and what is left goes
    to the classes with the largest remainders, the first of equal ones. InputError for an
    order that does not exist, or without classes (labels (n,)) to stratify by.
    """
    if order not in ORDERS:
        raise InputError(f"there is no order of splitting {order!r}; choose {', '.join(ORDERS)}")
    if order == "in order":
        return np.arange(n - count, n)
    shuffled = rng.permutation(n)
    if order == "random":
        return np.sort(shuffled[:count])
    if labels is None:
        raise InputError("a stratified split needs classes, and the target is numbers")
    shares = _shares(np.bincount(labels), count)
    of_class = [shuffled[labels[shuffled] == label][:share] for label, share in enumerate(shares)]
    return np.sort(np.concatenate(of_class))


def _shares(sizes: Integers, count: int) -> list[int]:
    """How many rows of each class: in the ratio of the sizes, together `count`."""
    exact = sizes * count
    shares = exact // sizes.sum()
    remainders = exact % sizes.sum()
    largest_first = np.argsort(-remainders, kind="stable")
    shares[largest_first[: count - int(shares.sum())]] += 1
    return [int(share) for share in shares]
