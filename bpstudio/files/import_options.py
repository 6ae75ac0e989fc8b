"""What the user says of a data file before it becomes a data set; nothing here is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, get_args

from bpstudio.core.dataset import Task
from bpstudio.core.errors import InputError
from bpstudio.core.scaling import ScalingKind

Role = Literal["feature", "target", "group", "split", "ignore"]
Kind = Literal["number", "class"]
Filling = Literal["leave out", "mean", "median", "flag"]
Unreadable = Literal["leave out", "missing", "read", "thousands"]

ROLES: tuple[Role, ...] = get_args(Role)
KINDS: tuple[Kind, ...] = get_args(Kind)
FILLINGS: tuple[Filling, ...] = get_args(Filling)


@dataclass(frozen=True, slots=True)
class ColumnOptions:
    """What a column is for; None: as its values suggest.

    ``missing`` says what becomes of a row without value: it is left out, or gets the mean or
    median of the others, or (flag) the mean and a further feature that is 1 there; a class is
    then one of its own. ``unreadable`` cells, in a column of numbers, leave their row out or
    count as missing, or those written with the other decimal mark (read) or with marks for
    thousands (thousands) are read so; None: such marks are read where all of a column has them,
    and other rows are left out.
    A group keeps the rows of equal value on one side of the split; a split column says which
    side, ``validation`` being its values for validation (None: as they sound).
    ``scale`` is the column's own scaling; None: as the experiment says for all, but 0 and 1 of
    classes and truth values stay as they are.
    """

    role: Role | None = None
    kind: Kind | None = None
    missing: Filling = "leave out"
    unreadable: Unreadable | None = None
    scale: ScalingKind | None = None
    validation: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is read, and what its columns (by number, from 0) are for; None: found.

    ``sample_rows`` are drawn from ``sample_seed``; 0: all rows are read; None: all, unless they
    are too large for it.
    """

    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    quote: str | None = None
    decimal: str | None = None
    comment: str | None = None  # "": there are none
    skip: int = 0
    sample_rows: int | None = None
    sample_seed: int = 0
    columns: Mapping[int, ColumnOptions] = field(default_factory=lambda: MappingProxyType({}))

    def column(self, index: int) -> ColumnOptions:
        """What was said of a column."""
        return self.columns.get(index, ColumnOptions())

    def with_column(self, index: int, **changes: Any) -> ImportOptions:
        """The same options with others for one column."""
        return self.with_columns({index: replace(self.column(index), **changes)})

    def with_columns(self, said: Mapping[int, ColumnOptions]) -> ImportOptions:
        """The same options with what is said of some columns."""
        return replace(self, columns=MappingProxyType({**self.columns, **said}))

    def with_format(self, **changes: Any) -> ImportOptions:
        """The same file read in another way; its columns may be others, so nothing is said of
        them any more."""
        return replace(self, columns=MappingProxyType({}), **changes)

    def with_sample(self, rows: int | None, seed: int = 0) -> ImportOptions:
        """The same options for other rows of the file."""
        return replace(self, sample_rows=rows, sample_seed=seed)

    def with_target(self, index: int, others: Iterable[int]) -> ImportOptions:
        """Another column as the only target; those there were become features."""
        made = self
        for other in others:
            made = made.with_column(other, role="feature")
        return made.with_column(index, role="target")

    def with_only(self, role: Role, index: int, others: Iterable[int]) -> ImportOptions:
        """A column in a role that one can have; those that had it are what they look like."""
        made = self
        for other in others:
            made = made.with_column(other, role=None)
        return made.with_column(index, role=role)


def task_of_kind(kind: Kind | None) -> Task | None:
    """The task that the kind of a target makes; None where nothing was said."""
    if kind is None:
        return None
    if kind not in KINDS:
        raise InputError(f"a column holds numbers or classes, not {kind!r}")
    return "classification" if kind == "class" else "regression"
