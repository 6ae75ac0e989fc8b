"""The cells of the columns in use, in the rows that lack none of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.column_statistics import has_nan
from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.core.rejected import Rejected
from bpstudio.files.columns import LARGEST, Column
from bpstudio.files.other_mark import grouped_number, other_number
from bpstudio.files.table import Table

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Columns side by side, in the rows that have a value in each of them."""

    values: Floats  # (n, columns): numbers, or codes into the categories
    places: Mapping[Column, int]
    categories: Mapping[Column, tuple[str, ...]]  # of the coded columns
    rows: Integers
    lines: Integers

    def of(self, column: Column) -> Floats:
        """The values of one column, shape (n,)."""
        return self.values[:, self.places[column]]


def require_room(table: Table, rows: int, columns: int) -> None:
    """Refuse what does not fit into memory, raw and scaled."""
    require_memory(
        32 * rows * columns,
        f"{table.name} with {rows} rows of {columns} inputs and outputs",
        "take fewer rows or columns",
    )


def usable_cells(
    table: Table, columns: Sequence[Column], coded: Collection[Column]
) -> tuple[Cells, tuple[Rejected, ...]]:
    """The cells of these columns, some to be coded, and the rows that were left out."""
    ordered = tuple(sorted(columns, key=lambda column: column.index))
    values, categories = read_cells(table, ordered, coded)
    lacks = any(column.missing or column.unreadable for column in ordered)
    bad = has_nan(values) if lacks else np.zeros(len(values), dtype=np.bool_)
    first = np.isnan(values[bad]).argmax(axis=1)
    rejected = rejected_rows(table, ordered, np.flatnonzero(bad), first)
    if len(rejected) == len(table):
        raise InputError(
            f"{table.name}: none of its {len(table)} rows is complete; the first, {rejected[0]}"
        )
    values = values[~bad] if rejected else values
    rows, lines = table.rows.numbers[~bad], table.rows.lines[~bad]
    places = {column: place for place, column in enumerate(ordered)}
    together = sorted((*table.rows.rejected, *rejected), key=lambda left_out: left_out.row)
    return Cells(values, places, categories, rows, lines), tuple(together)


def read_cells(
    table: Table, columns: Sequence[Column], coded: Collection[Column]
) -> tuple[Floats, dict[Column, tuple[str, ...]]]:
    """Columns side by side, NaN where there is no value; the categories of the coded ones."""
    require_room(table, len(table), len(columns))
    values = table.room_for(columns)
    numbers = [place for place, column in enumerate(columns) if column not in coded]
    table.read_numbers([columns[place] for place in numbers], values, numbers)
    categories = {}
    for place, column in enumerate(columns):
        if column in coded:
            codes, categories[column] = table.texts(column)
            values[:, place] = np.where(codes < 0, np.nan, codes)
    return values, categories


def rejected_rows(
    table: Table, columns: Sequence[Column], positions: Integers, places: Integers
) -> list[Rejected]:
    """Why each of these rows is left out: the first of its columns without value."""
    unreadable = {column: table.unreadable(column) for column in columns}
    rows, lines = table.rows.numbers[positions], table.rows.lines[positions]
    lines = lines if table.has_lines else np.zeros_like(lines)
    found = []
    for position, place, row, line in zip(
        positions.tolist(), places.tolist(), rows.tolist(), lines.tolist(), strict=True
    ):
        column = columns[place]
        text = unreadable[column].get(position)
        found.append(
            Rejected(row, line, column.name, reason_of(text, table.decimal), missing=text is None)
        )
    return found


def reason_of(text: str | None, decimal: str = ".") -> str:
    """Why the text of a cell is no number, or that there is none."""
    if text is None:
        return "the value is missing"
    if grouped_number(text, decimal) is not None:
        is_both = other_number(text, decimal) is not None
        other = f"a decimal {'point' if decimal == ',' else 'comma'} or " if is_both else ""
        return f"{text!r} has {other}marks for thousands"
    if decimal == "," and "." in text:
        return f"{text!r} has a decimal point, not a comma"
    try:
        float(text.replace(",", ".") if decimal == "," else text)
    except ValueError:
        return f"{text!r} is not a number"
    return f"{text!r} is not a number to compute with, it must be within ±{LARGEST:g}"
