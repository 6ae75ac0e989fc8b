"""Which rows are kept for validation: at random, in the classes' shares, the last ones, or as a
column says. Rows of one group are never parted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError

SplitOrder = Literal["random", "stratified", "in order"]
ORDERS: tuple[SplitOrder, ...] = get_args(SplitOrder)
BY_COLUMN = "by column"  # the order that no fraction decides

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which rows belong together: (n,) places among the names of the groups."""

    column: str
    names: tuple[str, ...]
    of_rows: Integers

    def __post_init__(self) -> None:
        self.of_rows.setflags(write=False)

    def count(self, positions: Integers) -> int:
        """How many groups these rows are of."""
        return len(np.unique(self.of_rows[positions]))


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """What a column says each row is for: (n,) places among its values, some for validation."""

    column: str
    values: tuple[str, ...]
    of_rows: Integers
    validation: tuple[str, ...]

    def __post_init__(self) -> None:
        self.of_rows.setflags(write=False)

    def positions(self) -> Integers:
        """The rows for validation. InputError where none is left to train on."""
        kept = [place for place, value in enumerate(self.values) if value in self.validation]
        chosen = np.flatnonzero(np.isin(self.of_rows, kept))
        if len(chosen) == len(self.of_rows):
            raise InputError(
                f"column {self.column} leaves no row for training; choose other values of it for "
                "validation"
            )
        return chosen


def groups_of(column: str, values: Sequence[str]) -> Groups:
    """Rows with equal values are of one group."""
    names = tuple(sorted(set(values)))
    places = {name: place for place, name in enumerate(names)}
    # as an array of texts every cell would take as much memory as the longest
    of_rows = np.fromiter(map(places.__getitem__, values), np.int64, len(values))
    return Groups(column, names, of_rows)


def sides_of(column: str, values: Sequence[str], validation: Sequence[str]) -> Sides:
    """What each row is for, by values of which some mean validation."""
    found = groups_of(column, values)
    return Sides(column, found.names, found.of_rows, tuple(validation))


def validation_count(fraction: float, n: int) -> int:
    """How many of n rows a fraction is. InputError where none is left on one side."""
    if not 0 <= fraction < 1:
        raise InputError(f"the validation fraction is {fraction}; it must be from 0 to below 1")
    count = round(fraction * n)
    if fraction > 0 and not 0 < count < n:
        part = "validation" if count == 0 else "training"
        raise InputError(
            f"a validation fraction of {fraction} leaves no row of {n} for {part}; "
            "choose 0, or one that leaves rows on both sides"
        )
    return count


def split_generator(seed: int) -> np.random.Generator:
    """What chooses the rows of a split at random."""
    try:
        return np.random.default_rng([seed, 1])
    except (TypeError, ValueError) as error:
        raise InputError(f"the seed is {seed!r}; it must be a whole number ≥ 0") from error


def validation_positions(
    order: str,
    count: int,
    n: int,
    labels: Integers | None,
    rng: np.random.Generator,
    groups: Groups | None = None,
) -> Integers:
    """The positions, ascending, of so many of n rows; `count` < n.

    Stratified, each class gives its share of them: the whole part first, and what is left goes
    to the classes with the largest remainders, the first of equal ones. With groups there are
    about so many, as whole groups come nearest. InputError for an order that does not exist,
    without classes (labels (n,)) to stratify by, or with one group only.
    """
    if order not in ORDERS:
        known = ", ".join((*ORDERS, BY_COLUMN))
        raise InputError(f"there is no order of splitting {order!r}; choose {known}")
    if order == "stratified" and labels is None:
        raise InputError("a stratified split needs classes, and the target is numbers")
    if groups is not None:
        return _whole_groups(order, count, labels, groups, rng)
    if order == "in order":
        return np.arange(n - count, n)
    shuffled = rng.permutation(n)
    if order == "random":
        return np.sort(shuffled[:count])
    assert labels is not None
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


def _whole_groups(
    order: str,
    count: int,
    labels: Integers | None,
    groups: Groups,
    rng: np.random.Generator,
) -> Integers:
    """Groups one after the other, each taken if that comes nearer to what is wanted.

    That is the number of rows; stratified, of each class. The order of the groups is drawn, or
    from the one whose last row is the last. One group at least is on each side.
    """
    if count == 0:
        return np.arange(0)
    n_groups = len(groups.names)
    if n_groups < 2:
        raise InputError(
            f"all rows are of one group by {groups.column}, which cannot be on both sides; "
            "choose another column, or no rows for validation"
        )
    kinds = (
        labels if order == "stratified" and labels is not None else np.zeros_like(groups.of_rows)
    )
    sizes = np.zeros((n_groups, int(kinds.max()) + 1), dtype=np.int64)
    np.add.at(sizes, (groups.of_rows, kinds), 1)
    wanted = np.array(_shares(sizes.sum(axis=0), count))
    queue = _last_first(groups) if order == "in order" else rng.permutation(n_groups)
    return np.flatnonzero(np.isin(groups.of_rows, _nearest(queue, sizes, wanted)))


def _last_first(groups: Groups) -> Integers:
    last = np.zeros(len(groups.names), dtype=np.int64)
    np.maximum.at(last, groups.of_rows, np.arange(len(groups.of_rows)))
    return np.argsort(-last, kind="stable")


def _nearest(queue: Integers, sizes: Integers, wanted: Integers) -> list[int]:
    taken: list[int] = []
    lacking = wanted.copy()
    for group in queue.tolist():
        left = lacking - sizes[group]
        if len(taken) < len(queue) - 1 and np.sum(left**2) < np.sum(lacking**2):
            taken.append(group)
            lacking = left
    if not taken:  # every group is more than twice of what is wanted
        taken.append(int(queue[np.argmin(sizes[queue].sum(axis=1))]))
    return taken
