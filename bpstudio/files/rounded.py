"""Whole numbers too large for 64 bits to hold each of them: said in a note, never in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb
import numpy as np

from bpstudio.files.columns import LARGEST, Column
from bpstudio.files.layout import number_name
from bpstudio.files.numbers import Staged
from bpstudio.files.seen import Floats
from bpstudio.files.staging import cell_name

EXACT = 2**53  # from here on a float64 does not hold every whole number
_SHOWN = 4  # columns that are named


def rounded_notes(connection: duckdb.DuckDBPyConnection, staged: Staged) -> tuple[str, ...]:
    """A sentence for each of the first columns of whole numbers that reach 2⁵³; others are counted.

    Which of the numbers are another than was written is not told: of a large file only the
    numbers are kept.
    """
    large = [each for each in staged.columns if each.type == "integer" and each.reach >= EXACT]
    notes = list(_notes(connection, large[:_SHOWN], staged))
    more = len(large) - _SHOWN
    if more > 0:
        notes.append(f"{more} more {'column has' if more == 1 else 'columns have'} such numbers")
    return tuple(notes)


def _notes(
    connection: duckdb.DuckDBPyConnection, large: Sequence[Column], staged: Staged
) -> Iterator[str]:
    for column in large:
        k, values = column.index, staged.values
        found = _in_cells(connection, k, staged) if values is None else _in_array(values[:, k])
        count, first = found
        if count:
            yield f"column {column.name}: {_said(count)} in row {staged.rows.numbers[first]}"


def _in_cells(connection: duckdb.DuckDBPyConnection, k: int, staged: Staged) -> tuple[int, int]:
    """How many there are, and at which place the first; any place where there are none."""
    is_number = k in set(staged.layout.numbers)
    number = number_name(k) if is_number else f"number({cell_name(k)})"
    is_large = f"abs({number}) between {EXACT} and {LARGEST}"
    wanted = f"select count(*), coalesce(min(rowid), 0) from cells where {is_large}"
    ((count, first),) = connection.execute(wanted).fetchall()
    return count, first


def _in_array(values: Floats) -> tuple[int, int]:
    """The same of the numbers of a clean file."""
    large = np.abs(values) >= EXACT
    return int(large.sum()), int(large.argmax())


def _said(count: int) -> str:
    if count == 1:
        numbers, place = "1 whole number is 2⁵³ or more and was", "it is"
    else:
        numbers, place = f"{count} whole numbers are 2⁵³ or more and were", "the first is"
    return f"{numbers} rounded to what 64 bits hold; {place}"
