"""What the columns of the table `cells` hold: counted by DuckDB, judged here."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

import duckdb

from bpstudio.core.errors import InputError
from bpstudio.files.dialect import MISSING
from bpstudio.files.planning import in_groups, is_wide, longer, replaced
from bpstudio.files.staging import cell_name, count_cells, literal

ColumnType = Literal["integer", "decimal", "boolean", "text", "empty"]

LARGEST = 1e300  # beyond it a number is a slip of the pen, and its square overflows
# A column of numbers may have this part of other cells, and a single one however short it is.
UNREADABLE_SHARE = 0.1

NOTHING: Mapping[int, tuple[int, ...]] = MappingProxyType({})

SPACE = " \t\r\n\u00a0"  # what may stand around a cell
SPACES = literal(SPACE)
AT_AN_END = literal("^[ \t\r\n\u00a0]|[ \t\r\n\u00a0]$")
MARKERS = "|".join(re.escape(mark) for mark in MISSING if mark)
# a decimal comma, perhaps with points for thousands
COMMAS = literal("[+-]?(\\d+,\\d+|\\d{1,3}(\\.\\d{3})+(,\\d+)?)")
# marks for thousands: point, comma, apostrophe or a space, narrow or not broken
GROUPED = literal("[+-]?\\d{1,3}([.,'\u2019\u202f\u00a0 ]\\d{3})+([.,]\\d+)?")


def trimmed(cell: str) -> str:
    """The SQL of a text without the spaces round it."""
    # looking is three times as fast as trimming, and few texts need it
    return (
        f"case when regexp_matches({cell}, {AT_AN_END}) then trim({cell}, {SPACES}) else {cell} end"
    )


NUMBERS = {
    # DuckDB reads 1_2 as 12
    ".": "create macro number(x) as case when contains(x, '_') then null "
    "else try_cast(x as double) end",
    ",": "create macro number(x) as case when contains(x, '_') or contains(x, '.') then null "
    "else try_cast(replace(x, ',', '.') as double) end",
}
MACROS = (
    f"create macro clean(x) as case when regexp_full_match(x, '(?i)\\s*({MARKERS})?\\s*') "
    f"then null else {trimmed('x')} end",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a data file and what it holds."""

    name: str
    index: int  # in the file, counted from 0
    type: ColumnType
    missing: int  # cells without value
    unreadable: int  # cells that are no number in a column of numbers
    distinct: int  # values of a column of text; of other columns 0, 1 (constant) or 2 (not)
    numbers: int  # cells of a column of text that are numbers all the same
    decimal_commas: bool  # text that looks like numbers with a decimal comma
    trimmed: int = 0  # cells that had spaces round them, of a column of text
    grouped: bool = False  # text that looks like numbers with marks for thousands
    reach: float = field(default=0.0, compare=False)  # how far from 0 its numbers go

    @property
    def is_number(self) -> bool:
        return self.type in ("integer", "decimal")


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in a column, before it is judged."""

    filled: int  # cells with a value
    numbers: int  # those that are numbers
    fractions: int  # numbers with a point, or with a value that is not whole
    low: float | None
    high: float | None
    absurd: int = 0  # numbers that are infinite or too large
    dashes: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether all cells with a value are numbers as they should be."""
        low, high = self.low or 0.0, self.high or 0.0
        return self.numbers == self.filled and low >= -LARGEST and high <= LARGEST

    def times(self, rows: int) -> Counts:
        """The counts of so many rows that are like the one that was counted (NULL: none)."""
        counted = (self.filled, self.numbers, self.fractions, self.absurd, self.dashes)
        filled, numbers, fractions, absurd, dashes = (rows * (count or 0) for count in counted)
        return Counts(filled, numbers, fractions, self.low, self.high, absurd, dashes)


COUNTS = (
    "count({cell})",
    "count({number})",
    "count_if(trunc({number}) <> {number} "
    "or contains({cell}, decimal_mark()) and {number} is not null)",
    "min({number})",
    "max({number})",
)
MORE_COUNTS = (
    *COUNTS,
    f"count_if(abs({{number}}) > {LARGEST})",
    "count_if({cell} = '-')",
)


def _braced(text: str) -> str:
    """As it is to stand in a text that is formatted."""
    return text.replace("{", "{{").replace("}", "}}")


TEXT_COUNTS = (
    "count({cell})",
    "count(distinct {cell})",
    "count_if(lower({cell}) = 'true' or lower({cell}) = 'false')",
    f"count_if(regexp_full_match({{cell}}, {_braced(COMMAS)}))",
    f"count_if({{number}} is not null or regexp_full_match({{cell}}, {_braced(GROUPED)}))",
)
SPACED = (f"count_if({{cell}} <> {trimmed('{cell}')})",)


def define_numbers(connection: duckdb.DuckDBPyConnection, decimal: str = ".") -> None:
    """Say what a number is: ``decimal``, a point or a comma, stands before its fraction."""
    if decimal not in NUMBERS:
        raise InputError(f"the decimal mark is {decimal!r}; it is a point or a comma")
    mark = f"create macro decimal_mark() as {literal(decimal)}"
    for macro in (NUMBERS[decimal], mark, *MACROS):
        connection.execute(macro)


def together(clean: Counts, odd: Counts) -> Counts:
    """The counts of rows of both kinds."""
    return Counts(
        filled=clean.filled + odd.filled,
        numbers=clean.numbers + odd.numbers,
        fractions=(clean.fractions or 0) + (odd.fractions or 0),  # NULL where no number is
        low=min(_known(clean.low, odd.low), key=_in_order, default=None),
        high=max(_known(clean.high, odd.high), key=_in_order, default=None),
        absurd=(clean.absurd or 0) + (odd.absurd or 0),
        dashes=(clean.dashes or 0) + (odd.dashes or 0),
    )


def _known(*values: float | None) -> list[float]:
    return [value for value in values if value is not None]


def _in_order(value: float) -> tuple[bool, float]:
    """As DuckDB orders numbers: NaN after all others."""
    return math.isnan(value), value


def measure_columns(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str]
) -> tuple[Column, ...]:
    """Types and counts of all columns; cells of those not all numbers are trimmed first."""
    rows = count_cells(connection)
    counts = counts_of(connection, range(len(names)), COUNTS)
    mixed = [k for k, count in counts.items() if not count.is_clean]
    spaced = {k: count for k, (count,) in _select(connection, mixed, SPACED)}
    if mixed:
        _clean(connection, mixed, rows)
        counts |= counts_of(connection, mixed, MORE_COUNTS)
    columns = [column_of(name, k, counts[k], rows) for k, name in enumerate(names)]
    return with_text_counts(connection, with_trimmed(columns, spaced))


def number_of(column: Column, cell: str | None = None) -> str:
    """The SQL of a cell, the column's own or another, as a number, NaN where it has none."""
    cell = cell or cell_name(column.index)
    value = f"number({cell})"
    if column.unreadable:
        value = f"case when abs(number({cell})) <= {LARGEST} then number({cell}) end"
    if column.type == "boolean":
        value = f"case lower({cell}) when 'true' then 1.0 when 'false' then 0.0 end"
    return f"coalesce({value}, 'nan'::double)"


def is_unreadable(column: Column) -> str:
    """The SQL of the condition that a cell of a column of numbers is none."""
    cell = cell_name(column.index)
    return (
        f"({cell} is not null and {cell} <> '-' "
        f"and coalesce(abs(number({cell})) > {LARGEST}, true))"
    )


def counts_of(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[int],
    wanted: Sequence[str],
    table: str = "cells",
) -> dict[int, Counts]:
    """The counts, ``wanted`` as `COUNTS` are, of columns of text."""
    return {k: Counts(*values) for k, values in _select(connection, columns, wanted, table)}


def _select(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[int],
    wanted: Sequence[str],
    table: str = "cells",
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Each column with what is wanted of it."""
    if is_wide(len(columns), 1) and is_wide(len(columns), count_cells(connection, table)):
        yield from _select_longer(connection, columns, wanted, table)
        return
    size = len(wanted)
    for group in in_groups(columns):
        cells = [cell_name(k) for k in group]
        numbers = ", ".join(f"{cell}, number({cell}) as number_{cell}" for cell in cells)
        values = ", ".join(
            value.format(cell=cell, number=f"number_{cell}") for cell in cells for value in wanted
        )
        found = connection.execute(f"select {values} from (select {numbers} from {table})")
        (measured,) = found.fetchall()
        for place, k in enumerate(group):
            yield k, measured[place * size : (place + 1) * size]


def _select_longer(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[int],
    wanted: Sequence[str],
    table: str,
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The same of a table of few rows."""
    cells = longer(columns, [cell_name(k) for k in columns], table)
    values = ", ".join(value.format(cell="x", number="number_x") for value in wanted)
    numbers = f"select k, x, number(x) as number_x from ({cells})"
    found = connection.execute(f"select k, {values} from ({numbers}) group by k order by k")
    for k, *measured in found.fetchall():
        yield k, tuple(measured)


def each_row_of(
    connection: duckdb.DuckDBPyConnection, k: int, wanted: Sequence[str], table: str
) -> list[tuple[Any, ...]]:
    """What is wanted of each row of a table alone, in a column of text."""
    cell = cell_name(k)
    values = ", ".join(value.format(cell=cell, number=f"number_{cell}") for value in wanted)
    rows = f"select rowid as place, {cell}, number({cell}) as number_{cell} from {table}"
    query = f"select {values} from ({rows}) group by place order by place"
    return connection.execute(query).fetchall()


def _clean(connection: duckdb.DuckDBPyConnection, columns: Sequence[int], rows: int) -> None:
    cells = [cell_name(k) for k in columns]
    cleaned = ", ".join(f"clean({cell}) as {cell}" for cell in cells)
    query = f"select * replace ({cleaned}) from cells"
    if is_wide(len(columns), rows):
        query = replaced(cells, "clean(x)", "cells")
    connection.execute(f"create or replace table cells as {query}")


def column_of(name: str, k: int, counts: Counts, rows: int) -> Column:
    """The column with these counts, but for those of its text."""
    missing = rows - counts.filled
    if counts.filled == 0:
        return Column(name, k, "empty", missing, 0, 0, 0, False)
    others = counts.filled - counts.dashes - counts.numbers
    if not _is_numeric(counts.numbers, others):
        return Column(name, k, "text", missing, 0, 0, counts.numbers, False)
    kind: ColumnType = "decimal" if counts.fractions else "integer"
    distinct = 1 if counts.low == counts.high else 2
    unreadable = others + counts.absurd
    reach = max(-(counts.low or 0.0), counts.high or 0.0)
    missing += counts.dashes
    return Column(name, k, kind, missing, unreadable, distinct, 0, False, reach=reach)


def _is_numeric(numbers: int, others: int) -> bool:
    return numbers > others and others <= max(1, UNREADABLE_SHARE * (numbers + others))


def with_trimmed(columns: Iterable[Column], spaced: Mapping[int, int]) -> list[Column]:
    """The columns with how many cells of theirs had spaces round them, if they are of text."""
    return [
        replace(column, trimmed=spaced.get(column.index, 0)) if column.type == "text" else column
        for column in columns
    ]


def with_text_counts(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    known: Mapping[int, tuple[int, ...]] = NOTHING,
) -> tuple[Column, ...]:
    """The same columns; those of text with the number of their values, and what they may be.

    ``known`` are `TEXT_COUNTS` that need not be counted.
    """
    texts = [column.index for column in columns if column.type == "text"]
    counted = dict(_select(connection, [k for k in texts if k not in known], TEXT_COUNTS))
    counted |= {k: known[k] for k in texts if k in known}
    measured = {k: _text_column(columns[k], *values) for k, values in counted.items()}
    return tuple(measured.get(column.index, column) for column in columns)


def _text_column(
    column: Column, filled: int, distinct: int, truths: int, commas: int, grouped: int
) -> Column:
    if truths == filled:
        return replace(column, type="boolean", distinct=distinct)
    likely = commas >= (1 - UNREADABLE_SHARE) * filled
    apart = grouped > column.numbers and grouped >= (1 - UNREADABLE_SHARE) * filled
    return replace(column, distinct=distinct, decimal_commas=likely, grouped=apart)
