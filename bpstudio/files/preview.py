"""What a file would become under the user's options: found format, columns, rows and problems.

Large files are judged by their first rows only; the import itself reads all of them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.limits import reading_limit
from bpstudio.files.columns import Column
from bpstudio.files.extent import ALL_ROWS, Extent, Sampling, suggested_rows
from bpstudio.files.import_options import ColumnOptions, ImportOptions, Kind, Role
from bpstudio.files.importing import (
    Looked,
    Plan,
    Problem,
    assemble,
    look,
    open_as,
    plan_of,
    roles_of,
)
from bpstudio.files.sampling import sample_of
from bpstudio.files.source import open_source
from bpstudio.files.table import Table

Floats = NDArray[np.float64]

BINS = 16
MOST_LINES = 5_000  # in the table of a preview
COMMENT_MARKS = ("#", "%", "//")


class Line(NamedTuple):
    """One row of the file: its line from 1, its number from 0, its cells (None: no value)."""

    line: int
    row: int
    cells: tuple[str | None, ...]
    broken: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A column as the preview shows it."""

    column: Column
    role: Role
    kind: Kind
    low: float | None  # smallest and largest number; None where it holds none
    high: float | None
    counts: tuple[int, ...]  # numbers in bins from low to high
    n_classes: int
    lacking: int  # cells without a value, or without one that can be read


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What a file would become."""

    options: ImportOptions  # with the format that was found in the place of each None
    lines: tuple[Line, ...]
    columns: tuple[Shown, ...]
    problems: tuple[Problem, ...]
    data: Dataset | None  # None where it cannot be one
    refused: str  # why; "" where it can
    is_whole: bool  # False: only the first rows were looked at
    rows: int  # that the file has, about where only the first were looked at
    suggested: int | None = None  # rows of a sample, where all are too large to be read

    @property
    def kept(self) -> int:
        """Rows that can be used."""
        return 0 if self.data is None else len(self.data)

    @property
    def left_out(self) -> int:
        """Rows that cannot."""
        return 0 if self.data is None else len(self.data.rejected)


def preview(path: str | os.PathLike[str], options: ImportOptions) -> Preview:
    """What the file would become. InputError where there is no table to show at all."""
    given = Path(path)
    with tempfile.TemporaryDirectory(prefix="bpstudio-") as folder:
        sample = sample_of(given, Path(folder))
        known = _with_comment(sample.path, options)
        rows = Sampling(known.sample_rows or 0, known.sample_seed)
        with _open(sample.path, known, rows if sample.is_whole else ALL_ROWS) as table:
            made = _look(table, known)
    return made if sample.is_whole else _of_the_first(made, sample.part)


def _of_the_first(made: Preview, part: float) -> Preview:
    """A preview of the first rows of a file, and whether all of them can be read."""
    extent = Extent(round(made.rows / part), len(made.columns))
    limit = reading_limit()
    suggested = suggested_rows(extent, limit) if extent.n_bytes > limit else None
    return replace(made, is_whole=False, rows=extent.about, suggested=suggested)


def _with_comment(path: Path, options: ImportOptions) -> ImportOptions:
    """The mark of comment lines, where one is found: the first lines begin with it, and no
    other line with a cell that does."""
    if options.comment is not None:
        return options
    with open_source(path, options.encoding) as source:
        if source.encoding is None:
            return replace(options, comment="")
        with open(source.plain, encoding="utf-8", newline="") as text:
            first = [line for _, line in zip(range(200), text, strict=False) if line.strip()]
    return replace(options, comment=_comment_mark(first[options.skip :]))


def _comment_mark(lines: Sequence[str]) -> str:
    for mark in COMMENT_MARKS:
        marked = [line.lstrip().startswith(mark) for line in lines]
        if marked[:1] == [True] and not all(marked) and _is_prose(lines, marked):
            return mark
    return ""


def _is_prose(lines: Sequence[str], marked: Sequence[bool]) -> bool:
    """Whether the first marked line has other numbers of delimiters than the lines below."""
    below = next(line for line, is_marked in zip(lines, marked, strict=True) if not is_marked)
    return any(lines[0].count(mark) != below.count(mark) for mark in ",;\t|")


@contextmanager
def _open(path: Path, options: ImportOptions, sampling: Sampling) -> Iterator[Table]:
    """The table; with decimal commas where its numbers are written so."""
    if options.decimal is None:
        with open_as(path, options, None, sampling) as table:
            if table.delimiter == "," or not any(c.decimal_commas for c in table.columns):
                yield table
                return
        options = replace(options, decimal=",")
    with open_as(path, options, None, sampling) as table:
        yield table


def _look(table: Table, options: ImportOptions) -> Preview:
    found = replace(
        options,
        delimiter=table.delimiter,
        encoding=table.encoding,
        header=table.header,
        quote=table.quote,
        decimal=table.decimal,
    )
    plan, refused = Plan(table.columns, roles_of(table, options), False, ()), ""
    data: Dataset | None = None
    looked: Looked | None = None
    try:
        plan = plan_of(table, options)
        looked = look(table, plan, options)
        data = assemble(table, plan, options, looked)
    except InputError as error:
        refused = str(error)
    columns = tuple(_all_shown(table, plan, options, looked))
    problems = () if looked is None else looked.problems
    rows = len(table) + len(table.rows.rejected) if table.drawn is None else table.drawn.of
    return Preview(found, _lines(table), columns, problems, data, refused, True, rows)


def settled(shown: Preview) -> ImportOptions:
    """The options that import what the preview shows: nothing is left to be found."""
    options = shown.options.with_columns(
        {each.column.index: _settled_column(shown, each) for each in shown.columns}
    )
    return options.with_sample(sample_rows(shown), options.sample_seed)


def sample_rows(shown: Preview) -> int | None:
    """How many rows are drawn, as the user says or as is suggested; 0 or None: all are read."""
    said = shown.options.sample_rows
    return shown.suggested if said is None else said


def _settled_column(shown: Preview, each: Shown) -> ColumnOptions:
    said = replace(shown.options.column(each.column.index), role=each.role, kind=each.kind)
    if each.role == "split" and shown.data is not None and shown.data.sides is not None:
        return replace(said, validation=shown.data.sides.validation)
    return said


def _all_shown(
    table: Table, plan: Plan, options: ImportOptions, looked: Looked | None
) -> Iterator[Shown]:
    """Every column; numbers not looked at are fetched at once, as each query takes its time."""
    with_numbers = [column for column in plan.columns if column.type not in ("text", "empty")]
    known = {} if looked is None else dict(zip(looked.columns, looked.values.T, strict=True))
    values = {column: known[column] for column in with_numbers if column in known}
    others = [column for column in with_numbers if column not in known]
    if others:
        values.update(zip(others, table.numbers(others).T, strict=True))
    for place, column in enumerate(plan.columns):
        yield _shown(plan, options, place, values.get(column))


def _shown(plan: Plan, options: ImportOptions, place: int, values: Floats | None) -> Shown:
    column, role = plan.columns[place], plan.roles[place]
    said = options.column(column.index).kind
    kind: Kind = said or ("number" if column.type != "text" else "class")
    if (role == "target" and plan.classify) or role in ("group", "split"):
        kind = "class"
    if values is None:
        return Shown(column, role, kind, None, None, (), column.distinct, column.missing)
    rows, values = len(values), values[np.isfinite(values)]
    lacking = rows - len(values)
    n_classes = len(np.unique(values)) if kind == "class" else 0
    if not values.size:
        return Shown(column, role, kind, None, None, (), 0, lacking)
    low, high = float(values.min()), float(values.max())
    counts, _ = np.histogram(values, bins=BINS, range=(low, high) if high > low else None)
    return Shown(column, role, kind, low, high, tuple(counts.tolist()), n_classes, lacking)


def _lines(table: Table) -> tuple[Line, ...]:
    """The rows in the order of the file, broken ones among them without cells."""
    cells = table.cells(MOST_LINES)
    places = zip(table.rows.lines.tolist(), table.rows.numbers.tolist(), strict=True)
    read = [Line(*place, row, False) for place, row in zip(places, cells, strict=False)]
    last = read[-1].line if read else 0
    whole = len(cells) < MOST_LINES
    broken = [
        Line(rejected.line, rejected.row, (), True)
        for rejected in table.rows.rejected
        if whole or rejected.line < last
    ]
    return tuple(sorted([*read, *broken], key=lambda line: line.line))
