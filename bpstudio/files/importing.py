"""Reading a data file as the user says, and all the places where it is not as it should be."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.column_statistics import has_nan
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.rejected import Rejected
from bpstudio.files.assembling import NO_FLAGS, dataset_of
from bpstudio.files.cells import Cells, read_cells, reason_of, rejected_rows
from bpstudio.files.columns import Column
from bpstudio.files.dividing import with_groups, with_sides
from bpstudio.files.extent import ALL_ROWS, Sampling
from bpstudio.files.feature_columns import coded_columns, mixed_note, why_left_out
from bpstudio.files.filling import Filled, fill
from bpstudio.files.import_options import ImportOptions, Role, task_of_kind
from bpstudio.files.opening import open_table
from bpstudio.files.other_mark import grouped_number, other_number, read_other_mark
from bpstudio.files.sides import find_sides
from bpstudio.files.table import Table
from bpstudio.files.targets import listed, suggest_target, task_of

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every column of a table with its role, and read as the kind it is to be."""

    columns: tuple[Column, ...]  # of the table, as they are read
    roles: tuple[Role, ...]
    classify: bool
    notes: tuple[str, ...]

    def of(self, role: Role) -> list[Column]:
        """The columns in this role."""
        pairs = zip(self.columns, self.roles, strict=True)
        return [column for column, own in pairs if own == role]


@dataclass(frozen=True, slots=True)
class Problem:
    """One place of a file that is not as it should be."""

    row: int
    line: int
    column: int | None  # None: the whole line
    what: str
    missing: bool  # a value is not there, which is no fault of the file
    leaves_out: bool
    readable: bool = False  # with the other decimal mark
    grouped: float | None = None  # the number it is, read with marks for thousands


def load(path: str | os.PathLike[str], options: ImportOptions) -> Dataset:
    """The data set in a file, read as the options say; standardised, all rows for training.

    What is not said is found as `preview` finds it in the first lines. InputError where the
    options do not fit the file; rows that cannot be used are in `rejected`.
    """
    sampling = Sampling(options.sample_rows, options.sample_seed)
    with open_as(path, options, [*_as_text(options)], sampling) as table:
        plan = plan_of(table, options)
        data = assemble(table, plan, options, look(table, plan, options))
        return data.rescale("standard")


def _as_text(options: ImportOptions) -> Iterator[int]:
    """The columns whose cells are names, whatever they look like."""
    for index, said in options.columns.items():
        if said.kind == "class" or said.role in ("group", "split"):
            yield index


def open_as(
    path: str | os.PathLike[str],
    options: ImportOptions,
    as_text: Collection[int] | None = None,
    sampling: Sampling = ALL_ROWS,
) -> AbstractContextManager[Table]:
    """The table of a file, read as the options say; ``as_text``, ``sampling`` as `open_table`."""
    return open_table(
        path,
        delimiter=options.delimiter,
        encoding=options.encoding,
        header=options.header,
        quote=options.quote,
        decimal=options.decimal or ".",
        comment=options.comment or "",
        skip=options.skip,
        as_text=as_text,
        sampling=sampling,
    )


def plan_of(table: Table, options: ImportOptions) -> Plan:
    """The roles and kinds of all columns: as the user says, else as their values suggest.

    InputError where no column is left for the input or the target, or a column cannot be what
    it is to be.
    """
    roles = roles_of(table, options)
    notes = [
        f"column {column.name} left out: {why}"
        for column, role in zip(table.columns, roles, strict=True)
        if role == "ignore" and (why := why_left_out(column))
    ]
    columns = tuple(_as_kind(table, column, options) for column in table.columns)
    notes += [
        mixed_note(column)
        for column, role in zip(columns, roles, strict=True)
        if column.type == "text" and column.numbers and role in ("feature", "target")
    ]
    plan = Plan(columns, roles, False, tuple(notes))
    _require_roles(table, plan)
    targets = plan.of("target")
    said = options.column(targets[0].index).kind
    task = task_of(table, targets, task_of_kind(said))
    return replace(plan, classify=task == "classification")


def roles_of(table: Table, options: ImportOptions) -> tuple[Role, ...]:
    """What each column is for, whether or not that makes a data set."""
    sides = None if _has(table, options, "split") else find_sides(table)
    if sides is not None and options.column(sides.index).role is not None:
        sides = None
    possible = tuple(column for column in table.columns if column is not sides)
    has_target = _has(table, options, "target")
    suggested = None if has_target else suggest_target(replace(table, columns=possible))
    return tuple(_role(column, suggested, sides, options) for column in table.columns)


def _has(table: Table, options: ImportOptions, role: Role) -> bool:
    return any(options.column(column.index).role == role for column in table.columns)


def _role(
    column: Column, suggested: Column | None, sides: Column | None, options: ImportOptions
) -> Role:
    said = options.column(column.index).role
    if said is not None:
        return said
    if column in (suggested, sides):
        return "target" if column is suggested else "split"
    return "ignore" if why_left_out(column) else "feature"


def _as_kind(table: Table, column: Column, options: ImportOptions) -> Column:
    """A column of text that is to be numbers; what is none is unreadable."""
    kind = options.column(column.index).kind or ("number" if column.grouped else None)
    if kind != "number" or column.type != "text":
        return column
    filled = len(table) - column.missing
    return replace(column, type="decimal", unreadable=filled - column.numbers, distinct=2)


def _require_roles(table: Table, plan: Plan) -> None:
    lacking = "" if plan.of("feature") else "a feature for the input"
    lacking = lacking if plan.of("target") else "a target"
    if lacking:
        raise InputError(f"{table.name} needs {lacking}; choose a column for it")
    for role in ("group", "split"):
        names = [column.name for column in plan.of(role)]
        if len(names) > 1:
            raise InputError(f"{table.name}: columns {listed(names)} are all {role}; choose one")


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """The cells of the columns in use, made good as the user wishes, and every problem of them."""

    columns: tuple[Column, ...]
    values: Floats  # (n, columns); NaN where there is none that can be read
    filled: Filled
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def look(table: Table, plan: Plan, options: ImportOptions) -> Looked:
    """Read the columns that a plan uses."""
    features, targets = plan.of("feature"), plan.of("target")
    dividing = (*plan.of("group"), *plan.of("split"))
    columns = sorted((*features, *targets, *dividing), key=lambda column: column.index)
    coded = coded_columns(features, targets) | set(dividing)
    coded |= {c for c in features if options.column(c.index).kind == "class"}
    values, categories = read_cells(table, columns, coded)
    texts = {c: {} if c in coded else table.unreadable(c) for c in columns}
    unreadable = {c: _positions(len(table), texts[c]) for c in columns}
    said = {c: options.column(c.index) for c in features}
    read, notes = read_other_mark(values, columns, texts, options, table.decimal)
    filled = fill(read, columns, categories, said, unreadable)
    problems = _problems(table, columns, values, filled, texts)
    return Looked(tuple(columns), read, filled, problems, (*plan.notes, *notes, *filled.notes))


def assemble(table: Table, plan: Plan, options: ImportOptions, looked: Looked) -> Dataset:
    """The data set that the cells make, not yet scaled. InputError where they make none."""
    columns, filled = looked.columns, looked.filled
    cells, rejected = _usable(table, columns, filled)
    flags = {c: flag[~has_nan(filled.values)] for c, flag in filled.flags.items()}
    scales = {c: own for c in columns if (own := options.column(c.index).scale) is not None}
    of_role = plan.of("feature"), plan.of("target")
    made = (table, *of_role, plan.classify, cells, rejected, looked.notes)
    return _divided(dataset_of(*made, flags or NO_FLAGS, scales), plan, cells, options)


def _divided(data: Dataset, plan: Plan, cells: Cells, options: ImportOptions) -> Dataset:
    """With what columns say of the split."""
    for column in plan.of("group"):
        data = with_groups(data, cells, column)
    for column in plan.of("split"):
        data = with_sides(data, cells, column, options.column(column.index).validation)
    return data


def _positions(n: int, texts: Mapping[int, str]) -> Truths:
    marked = np.zeros(n, dtype=np.bool_)
    marked[list(texts)] = True
    return marked


def _usable(
    table: Table, columns: Sequence[Column], filled: Filled
) -> tuple[Cells, tuple[Rejected, ...]]:
    bad = has_nan(filled.values)
    first = np.isnan(filled.values[bad]).argmax(axis=1)
    left = rejected_rows(table, columns, np.flatnonzero(bad), first)
    if len(left) == len(table):
        raise InputError(
            f"{table.name}: none of its {len(table)} rows is complete; the first, {left[0]}"
        )
    places = {column: place for place, column in enumerate(columns)}
    rows, lines = table.rows.numbers[~bad], table.rows.lines[~bad]
    values = filled.values[~bad] if left else filled.values
    cells = Cells(values, places, filled.categories, rows, lines)
    together = sorted((*table.rows.rejected, *left), key=lambda rejected: rejected.row)
    return cells, tuple(together)


def _problems(
    table: Table,
    columns: Sequence[Column],
    values: NDArray[np.float64],
    filled: Filled,
    texts: Mapping[Column, Mapping[int, str]],
) -> tuple[Problem, ...]:
    """Every cell without a number or class, and every broken line, in the order of the file."""
    found = [
        Problem(broken.row, broken.line, None, broken.reason, False, True)
        for broken in table.rows.rejected
    ]
    for position, place in np.argwhere(np.isnan(values)).tolist():
        column = columns[place]
        text = texts[column].get(position)
        row, line = int(table.rows.numbers[position]), int(table.rows.lines[position])
        out = bool(np.isnan(filled.values[position, place]))
        what = "empty" if text is None else reason_of(text, table.decimal)
        readable = text is not None and other_number(text, table.decimal) is not None
        grouped = None if text is None else grouped_number(text, table.decimal)
        found.append(Problem(row, line, column.index, what, text is None, out, readable, grouped))
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column or 0)))
