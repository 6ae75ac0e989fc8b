"""The data set: rows of numbers as the file has them, and scaled as the network sees them."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.arrays import is_one_hot, names_of, table_of
from bpstudio.core.changed_cells import require_cell, unscaled, with_number
from bpstudio.core.column_statistics import blocks, mean_of
from bpstudio.core.drawing import Drawn
from bpstudio.core.errors import InputError
from bpstudio.core.rejected import Rejected
from bpstudio.core.scaling import Scaling, fit_scaling, no_scaling, own_kinds, scaling_kind
from bpstudio.core.splitting import (
    BY_COLUMN,
    Groups,
    Sides,
    split_generator,
    validation_count,
    validation_positions,
)

Task = Literal["classification", "regression"]
TASKS: tuple[Task, ...] = get_args(Task)
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def find_task(name: str) -> str:
    """The name of a task. InputError lists those there are."""
    if name not in TASKS:
        raise InputError(f"there is no task {name!r}; choose {' or '.join(TASKS)}")
    return name


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Samples that go through the network together: X (n, n_1) and Y (n, n_L), both scaled."""

    rows: tuple[int, ...]
    X: Floats
    Y: Floats


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples with their targets; immutable, its arrays read-only.

    A sample is named by its `row` in the file, counted from 0; rows that were left out keep
    their numbers, so `rows` may have gaps. Arrays over the kept samples are indexed by position.

    >>> data = bp.Dataset.from_arrays([[0.0, 1.0], [2.0, 3.0]], [[1.0], [0.5]], scale="none")
    >>> data.X.tolist(), data.Y.tolist(), data.task
    ([[0.0, 1.0], [2.0, 3.0]], [[1.0], [0.5]], 'regression')
    >>> iris = bp.load("iris.csv", target="species").split(0.2, seed=0)
    >>> len(iris.training), len(iris.validation)
    (120, 30)
    """

    name: str  # of the file
    path: str | None
    task: Task
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]  # the classes, sorted; or the names of the target columns
    features: Floats  # (n, n_1), raw
    target: Floats  # (n, n_L): one-hot, or raw numbers
    rows: Integers  # (n,), ascending
    lines: Integers  # (n,), line of the file on which the row starts, counted from 1
    scaling: Scaling  # of the features, fitted on the training rows
    target_scaling: Scaling  # of a regression's targets, likewise; a one-hot target has none
    training: Integers  # positions of the training samples, ascending
    validation: Integers  # positions of the others
    labels: Integers | None = None  #: The class of each sample, (n,); None for regression.
    feature_columns: tuple[int, ...] = ()  # the file's column of each feature, counted from 0
    target_columns: tuple[int, ...] = ()  # the file's columns that the target is made of
    target_column_names: tuple[str, ...] = ()
    column_names: tuple[str, ...] = ()  # all columns of the file, used or not
    rejected: tuple[Rejected, ...] = ()  # ascending rows
    notes: tuple[str, ...] = ()
    groups: Groups | None = None  #: Which samples no split may part; None: any may be.
    sides: Sides | None = None  #: Training or validation, as a column of the file says.
    drawn: Drawn | None = None  # what part of the file was read; None: all its rows

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __len__(self) -> int:
        """The number of kept samples, n."""
        return len(self.rows)

    @cached_property
    def X(self) -> Floats:
        """Scaled features, shape (n, n_1)."""
        return _read_only(self.scaling.apply(self.features))

    @cached_property
    def Y(self) -> Floats:
        """Scaled targets, shape (n, n_L)."""
        return _read_only(self.target_scaling.apply(self.target))

    @cached_property
    def mean_features(self) -> Floats:
        """The raw features' mean over the training samples, shape (n_1,)."""
        return _read_only(mean_of(self.features, self.training))

    @cached_property
    def parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """X and Y of the training samples, then of the others; the same for all who ask."""
        own, other = self.training, self.validation
        whole = len(own) == len(self)  # then they need no copy
        return (*((self.X, self.Y) if whole else self.scaled(own)), *self.scaled(other))

    def scaled(self, positions: Integers) -> tuple[Floats, Floats]:
        """X and Y of some samples, in this order; the others need not be scaled for it."""
        known = vars(self)
        X = known["X"][positions] if "X" in known else self._scaled_features(positions)
        return _read_only(X), _read_only(self.Y[positions])

    def _scaled_features(self, positions: Integers) -> Floats:
        made = np.empty((len(positions), self.n_features))
        at = 0
        for rows in blocks(self.features, positions):
            made[at : at + len(rows)] = self.scaling.apply(rows)
            at += len(rows)
        return made

    @property
    def n_features(self) -> int:
        """n_1, the inputs that the columns make."""
        return len(self.feature_names)

    @property
    def n_targets(self) -> int:
        """n_L, the classes or target columns."""
        return len(self.target_names)

    @property
    def n_rows(self) -> int:
        """The number of rows in the file, those left out included."""
        if self.drawn is not None:
            return self.drawn.of
        last = self.rejected[-1].row if self.rejected else -1
        return max(int(self.rows[-1]), last) + 1

    def position(self, row: int) -> int:
        """The position of a row among the kept samples; InputError where there is none."""
        return int(self._positions((row,))[0])

    def rows_from(self, first: int, count: int) -> tuple[int, ...]:
        """So many rows from the first on, those after the end from the start; each once."""
        places = (self.position(first) + np.arange(min(count, len(self)))) % len(self)
        return tuple(self.rows[places].tolist())

    def batch(self, rows: Iterable[int]) -> Batch:
        """The samples of these rows, in this order. InputError for a row that is not there."""
        chosen = _whole_numbers(rows)
        if not chosen:
            raise InputError(f"no row was given; rows of {self.name} are {self._range()}")
        if len(set(chosen)) < len(chosen):
            twice, _ = Counter(chosen).most_common(1)[0]
            raise InputError(f"row {twice} is given twice; a batch has each row once")
        positions = self._positions(chosen)
        return Batch(chosen, *self.scaled(positions))

    def batch_range(self, start: int, stop: int) -> Batch:
        """The samples of rows start ≤ row < stop as one batch; rows left out are skipped."""
        if not 0 <= start < stop <= self.n_rows:
            raise InputError(
                f"rows {start}:{stop} is no range of {self.name}; A:B needs "
                f"0 ≤ A < B ≤ {self.n_rows}"
            )
        first, last = np.searchsorted(self.rows, (start, stop))
        if first == last:
            why = "were left out" if self.drawn is None else f"are out of {self.drawn}"
            raise InputError(f"{self.name}: all of rows {start}:{stop} {why}")
        return self.batch(self.rows[first:last].tolist())

    def split(
        self, fraction: float, seed: int, order: str = "random", scale: str | None = None
    ) -> Dataset:
        """Keep a fraction for validation; the scaling is fitted on the rest anew.

        ``order`` is one of `bpstudio.core.splitting.ORDERS`, or "by column", which takes what
        the data's `sides` say and no fraction. The random choice depends on the seed, the number
        of samples and their groups only. Fraction 0 trains on all. ``scale``: the scaling, if it
        is another one than before.
        """
        n = len(self)
        if order == BY_COLUMN:
            validation = self._said_positions()
        else:
            count, rng = validation_count(fraction, n), split_generator(seed)
            validation = validation_positions(order, count, n, self.labels, rng, self.groups)
        is_training = np.ones(n, dtype=np.bool_)
        is_training[validation] = False
        training = np.flatnonzero(is_training)
        divided = replace(self, training=training, validation=validation)
        return divided.rescale(self.scaling.kind if scale is None else scale)

    def _said_positions(self) -> Integers:
        if self.sides is None:
            raise InputError(f"{self.name} has no column that says which rows are for validation")
        return self.sides.positions()

    def rescale(self, kind: str) -> Dataset:
        """The same samples scaled in another way ("standard", "minmax", "none").

        Columns that are scaled in a way of their own keep it.
        """
        known = scaling_kind(kind)
        rows = None if len(self.training) == len(self) else self.training
        target_scaling = no_scaling(self.n_targets)
        if self.task == "regression":
            own = self.target_scaling.own
            target_scaling = fit_scaling(known, self.target, own, rows)
        scaling = fit_scaling(known, self.features, self.scaling.own, rows)
        return replace(self, scaling=scaling, target_scaling=target_scaling)

    def with_own_scalings(
        self, features: Sequence[str | None], targets: Sequence[str | None] = ()
    ) -> Dataset:
        """The same samples with a way of scaling for each feature and, in a regression, target.

        None: as the other columns, by the kind that is in force; () for none of its own.
        InputError where a kind is unknown, or there is not one for each.
        """
        own = own_kinds(features, self.n_features)
        of_targets = own_kinds(targets, self.n_targets) if self.task == "regression" else ()
        changed = replace(
            self,
            scaling=replace(self.scaling, own=own),
            target_scaling=replace(self.target_scaling, own=of_targets),
        )
        return changed.rescale(self.scaling.kind)

    def with_input(self, row: int, k: int, value: float) -> Dataset:
        """The same data with the scaled input x_k of a row changed by hand; the scaling stays."""
        position = self.position(row)
        what = f"input x_{k} of row {row}"
        require_cell(what, k, self.n_features, "inputs", value)
        raw = unscaled(what, value, self.scaling, k)
        made = replace(self, features=with_number(self.features, position, k, raw))
        return made.scaled_as(with_number(self.X, position, k, value), self.Y)

    def with_target(self, row: int, j: int, value: float) -> Dataset:
        """The same data with the scaled target y_j of a row changed by hand; the scaling stays."""
        position = self.position(row)
        what = f"target y_{j} of row {row}"
        require_cell(what, j, self.n_targets, "targets", value)
        raw = unscaled(what, value, self.target_scaling, j)
        target, labels = with_number(self.target, position, j, raw), self.labels
        if labels is not None:
            labels = labels.copy()
            labels[position] = target[position].argmax()
        made = replace(self, target=target, labels=labels)
        return made.scaled_as(self.X, with_number(self.Y, position, j, value))

    def scaled_as(self, X: Floats, Y: Floats) -> Dataset:
        """This data, not yet looked at, with these scaled numbers to the bit.

        Scaling the raw ones again could round them.
        """
        vars(self).update(X=_read_only(X), Y=_read_only(Y))
        return self

    @classmethod
    def from_arrays(
        cls,
        X: Any,
        Y: Any,
        feature_names: Sequence[str] | None = None,
        target_names: Sequence[str] | None = None,
        scale: str = "none",
    ) -> Dataset:
        """A data set of X (n, n_1) and Y (n, n_L) or (n,); the arrays are copied.

        A target of n_L ≥ 2 columns with a single 1 in each row, else 0, is a classification.
        """
        features, target = table_of("X", X), table_of("Y", Y)
        n = len(features)
        if n != len(target):
            raise InputError(f"X has {n} rows and Y has {len(target)}; they must agree")
        one_hot = is_one_hot(target)
        data = cls(
            name="arrays",
            path=None,
            task="classification" if one_hot else "regression",
            feature_names=names_of("feature_names", feature_names, "x", features.shape[1]),
            target_names=names_of("target_names", target_names, "y", target.shape[1]),
            features=features,
            target=target,
            rows=np.arange(n),
            lines=np.arange(1, n + 1),
            scaling=no_scaling(features.shape[1]),
            target_scaling=no_scaling(target.shape[1]),
            training=np.arange(n),
            validation=np.arange(0),
            labels=target.argmax(axis=1) if one_hot else None,
        )
        return data.rescale(scale)

    def _positions(self, rows: Sequence[int]) -> Integers:
        for row in (min(rows), max(rows)):
            if not 0 <= row < self.n_rows:
                self._refuse(row)
        numbers = np.array(rows, dtype=np.int64)
        positions = np.searchsorted(self.rows, numbers)
        kept = self.rows[np.minimum(positions, len(self) - 1)] == numbers
        if not kept.all():
            self._refuse(int(numbers[~kept][0]))
        return positions.astype(np.int64)

    def _refuse(self, row: int) -> None:
        for left_out in self.rejected:
            if left_out.row == row:
                raise InputError(f"{self.name}, {left_out}; it was left out, choose another row")
        if self.drawn is not None and 0 <= row < self.n_rows:
            at = int(np.searchsorted(self.rows, row))
            near = " and ".join(map(str, self.rows[max(0, at - 1) : at + 1].tolist()))
            raise InputError(
                f"{self.name}: row {row} is not in {self.drawn}; the nearest that are: {near}"
            )
        raise InputError(f"{self.name} has no row {row}; its rows are {self._range()}")

    def _range(self) -> str:
        gaps = f", {len(self.rejected)} of them left out" if self.rejected else ""
        part = f", {self.drawn}" if self.drawn is not None else ""
        return f"0..{self.n_rows - 1}{gaps}{part}"


def _read_only(array: Floats) -> Floats:
    array.flags.writeable = False
    return array


def _whole_numbers(rows: Iterable[int]) -> tuple[int, ...]:
    try:
        return tuple(operator.index(row) for row in rows)
    except TypeError as error:
        raise InputError(f"rows are whole numbers counted from 0, not {rows!r}") from error
