"""Whole numbers too large for 64 bits to hold each of them: said in a note, never in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from bpstudio.files.columns import LARGEST, Column
from bpstudio.files.numbers import Layout, number_name
from bpstudio.files.rows import Rows
from bpstudio.files.staging import cell_name

EXACT = 2**53  # from here on a float64 does not hold every whole number
_SHOWN = 4  # columns that are named


def rounded_notes(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], rows: Rows, layout: Layout
) -> tuple[str, ...]:
    """A sentence for each of the first columns of whole numbers that reach 2⁵³; others are counted.

    Which of the numbers are another than was written is not told: of a large file only the
    numbers are kept.
    """
    large = [each for each in columns if each.type == "integer" and each.reach >= EXACT]
    notes = list(_notes(connection, large[:_SHOWN], rows, set(layout.numbers)))
    more = len(large) - _SHOWN
    if more > 0:
        notes.append(f"{more} more {'column has' if more == 1 else 'columns have'} such numbers")
    return tuple(notes)


def _notes(
    connection: duckdb.DuckDBPyConnection, large: Sequence[Column], rows: Rows, kept: set[int]
) -> Iterator[str]:
    for column in large:
        k = column.index
        number = number_name(k) if k in kept else f"number({cell_name(k)})"
        is_large = f"abs({number}) between {EXACT} and {LARGEST}"
        wanted = f"select count(*), min(rowid) from cells where {is_large}"
        ((count, first),) = connection.execute(wanted).fetchall()
        if count:
            yield f"column {column.name}: {_said(count)} in row {rows.numbers[first]}"


def _said(count: int) -> str:
    if count == 1:
        numbers, place = "1 whole number is 2⁵³ or more and was", "it is"
    else:
        numbers, place = f"{count} whole numbers are 2⁵³ or more and were", "the first is"
    return f"{numbers} rounded to what 64 bits hold; {place}"
