"""Keeping the numbers of a large file as numbers, at half the time and memory of their text.

Which columns hold numbers is guessed from the first rows. As the file is read, a cell that turns
out to be none is kept as text, with the cells beside it, in the table `odd`: nothing is lost, and
every count is what it is over the text of all cells. Where a guess proves wrong, the file is read
again with that column as text.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from bpstudio.files.columns import (
    LARGEST,
    MORE_COUNTS,
    Column,
    Counts,
    column_of,
    counts_of,
    in_groups,
    measure_columns,
    trimmed,
    with_text_counts,
    with_trimmed,
)
from bpstudio.files.dialect import Dialect
from bpstudio.files.reading import asking
from bpstudio.files.rows import Rows, has_byte
from bpstudio.files.source import Source
from bpstudio.files.staging import Value, cell_name, count_cells, stage_csv, stage_start

GUESSED_FROM = 1000  # rows
ODD = "odd"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the table `cells` is laid out: columns of numbers as n0, n1, …, the others as text.

    For each of the ``whole`` ones, without a fraction in the first rows, p0, p1, … say whether
    a number was written with a decimal mark; s0, s1, … whether a text had spaces round it.
    """

    width: int = 0
    numbers: tuple[int, ...] = ()
    whole: tuple[int, ...] = ()

    @property
    def texts(self) -> list[int]:
        """The columns of text."""
        numbers = set(self.numbers)
        return [k for k in range(self.width) if k not in numbers]

    def without(self, columns: Iterable[int]) -> Layout:
        """The same with these columns as text."""
        wrong = set(columns)
        numbers = tuple(k for k in self.numbers if k not in wrong)
        return replace(self, numbers=numbers, whole=tuple(k for k in self.whole if k not in wrong))

    def select(self, table: str, value: Value) -> str:
        """The query for `cells`, and the texts of odd rows, from a table of texts c0, c1, …"""
        cells = [cell_name(k) for k in range(self.width)]
        texts = [f"{value(cell)} as {cell}" for cell in cells]
        read = [f"number_of({value(cell_name(k))}) as {number_name(k)}" for k in self.numbers]
        odd = " or ".join(map(_is_odd, self.numbers))
        return (
            f"select {', '.join(self._kept())} from (select *, {odd} as odd "
            f"from (select {', '.join([*texts, *read])} from {table}))"
        )

    def _kept(self) -> Iterator[str]:
        for k in self.numbers:
            yield number_name(k)
        for k in self.whole:
            yield f"contains({cell_name(k)}, decimal_mark()) as {mark_name(k)}"
        for k in self.texts:
            yield f"clean({cell_name(k)}) as {cell_name(k)}"
            yield f"{cell_name(k)} <> {trimmed(cell_name(k))} as {space_name(k)}"
        yield f"case when odd then [{', '.join(map(cell_name, self.numbers))}] end as texts"


def number_name(k: int) -> str:
    """The name of the k-th column in `cells` where it is kept as numbers."""
    return f"n{k}"


def mark_name(k: int) -> str:
    """The name of the column that says whether a number was written with a decimal mark."""
    return f"p{k}"


def space_name(k: int) -> str:
    """The name of the column that says whether a text had spaces round it."""
    return f"s{k}"


def _is_odd(k: int) -> str:
    usable = f"coalesce(abs({number_name(k)}) <= {LARGEST}, false)"
    return f"({cell_name(k)} <> '' and not {usable})"


def stage_numbers(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    as_text: Collection[int],
) -> tuple[Rows, Layout, tuple[Column, ...]]:
    """Fill the tables `cells` and `odd`; the rows, how they are kept, and what columns hold.

    Columns ``as_text`` are kept as they are written.

    `odd` has the number of a row in `cells` and the text of its cells, c0, c1, …, in columns of
    numbers, where one of them is no number as it should be.
    """
    layout = _guess(connection, source, dialect).without(as_text)
    while layout.numbers:
        rows = stage_csv(connection, source, dialect, layout.select)
        with asking(connection, "counts"):
            columns, wrong = measure(connection, layout, dialect.names)
        if not wrong:
            return rows, layout, columns
        layout = layout.without(wrong)
    rows = stage_csv(connection, source, dialect)
    return rows, layout, measure_columns(connection, dialect.names)


def _guess(connection: duckdb.DuckDBPyConnection, source: Source, dialect: Dialect) -> Layout:
    """The columns whose first cells are numbers, or missing."""
    _define_number_of(connection, source, dialect)
    width = len(dialect.names)
    try:
        stage_start(connection, source.plain, dialect, GUESSED_FROM)
    except duckdb.Error:  # reading it all says what is wrong
        return Layout(width)
    columns = measure_columns(connection, dialect.names)
    numbers = tuple(c.index for c in columns if c.is_number or c.type == "empty")
    fraction = "count_if(trunc(number({cell})) <> number({cell}))"
    whole = [k for k, count in _each(connection, numbers, fraction) if not count]
    return Layout(width, numbers, tuple(whole))


def _define_number_of(
    connection: duckdb.DuckDBPyConnection, source: Source, dialect: Dialect
) -> None:
    """How a text of the file is read as a number: as everywhere, less what cannot occur."""
    with open(source.plain, "rb") as file:
        for _ in range(dialect.skip):
            file.readline()
        start = file.tell()
    underscores = has_byte(source.plain, b"_", start)
    (mark,) = connection.execute("select decimal_mark()").fetchall()[0]
    read = "number(x)" if underscores or mark != "." else "try_cast(x as double)"
    connection.execute(f"create macro number_of(x) as {read}")


def measure(
    connection: duckdb.DuckDBPyConnection, layout: Layout, names: Sequence[str]
) -> tuple[tuple[Column, ...], list[int]]:
    """What the columns hold, and which of them were not to be kept as numbers."""
    rows = count_cells(connection)
    n_odd = _gather_odd(connection, layout)
    counts = counts_of(connection, layout.texts, MORE_COUNTS)
    counts |= _clean_counts(connection, layout)
    if n_odd:
        odd = counts_of(connection, layout.numbers, MORE_COUNTS, ODD)
        counts |= {k: _together(counts[k], odd[k]) for k in layout.numbers}
    found = (column_of(name, k, counts[k], rows) for k, name in enumerate(names))
    columns = with_trimmed(found, _spaced(connection, layout))
    wrong = [k for k in layout.numbers if _is_wrong(columns[k], k in layout.whole)]
    return with_text_counts(connection, columns) if not wrong else tuple(columns), wrong


def _spaced(connection: duckdb.DuckDBPyConnection, layout: Layout) -> dict[int, int]:
    """How many cells of the columns of text had spaces round them."""
    found = dict[int, int]()
    for group in in_groups(layout.texts):
        wanted = ", ".join(f"count_if({space_name(k)})" for k in group)
        (counts,) = connection.execute(f"select {wanted} from cells").fetchall()
        found.update(zip(group, counts, strict=True))
    return found


def _is_wrong(column: Column, whole: bool) -> bool:
    """Whether a column is text after all, or perhaps no column of integers."""
    return column.type == "text" or (column.type == "integer" and not whole)


def _gather_odd(connection: duckdb.DuckDBPyConnection, layout: Layout) -> int:
    """Fill the table of odd rows; how many there are."""
    cells = ", ".join(
        f"clean(texts[{place}]) as {cell_name(k)}" for place, k in enumerate(layout.numbers, 1)
    )
    connection.execute(
        f"create or replace table {ODD} as "
        f"select rowid as row, {cells} from cells where texts is not null"
    )
    return count_cells(connection, ODD)


def _clean_counts(connection: duckdb.DuckDBPyConnection, layout: Layout) -> dict[int, Counts]:
    """The counts of the rows that are not odd."""
    whole, found = set(layout.whole), dict[int, Counts]()
    for group in in_groups(layout.numbers):
        wanted = ", ".join(_counted(number_name(k), mark_name(k), k in whole) for k in group)
        (values,) = connection.execute(f"select {wanted} from cells where texts is null").fetchall()
        for place, k in enumerate(group):
            filled, fractions, low, high = values[4 * place : 4 * place + 4]
            found[k] = Counts(filled, filled, fractions, low, high)
    return found


def _counted(number: str, mark: str, whole: bool) -> str:
    or_mark = f"or {mark} and {number} is not null" if whole else ""
    fractions = f"count_if(trunc({number}) <> {number} {or_mark})"
    return f"count({number}), {fractions}, min({number}), max({number})"


def _each(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[int], value: str
) -> Iterator[tuple[int, int]]:
    """Each column of text with a number that is counted in it."""
    for group in in_groups(columns):
        wanted = ", ".join(value.format(cell=cell_name(k)) for k in group)
        (values,) = connection.execute(f"select {wanted} from cells").fetchall()
        yield from zip(group, values, strict=True)


def _together(clean: Counts, odd: Counts) -> Counts:
    return Counts(
        filled=clean.filled + odd.filled,
        numbers=clean.numbers + odd.numbers,
        fractions=(clean.fractions or 0) + (odd.fractions or 0),  # NULL where no number is
        low=min(_known(clean.low, odd.low), key=_in_order, default=None),
        high=max(_known(clean.high, odd.high), key=_in_order, default=None),
        absurd=odd.absurd or 0,
        dashes=odd.dashes or 0,
    )


def _known(*values: float | None) -> list[float]:
    return [value for value in values if value is not None]


def _in_order(value: float) -> tuple[bool, float]:
    """As DuckDB orders numbers: NaN after all others."""
    return math.isnan(value), value
