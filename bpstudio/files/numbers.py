"""Keeping the numbers of a large file as numbers, at half the time and memory of their text.

Which columns hold numbers is guessed from the first rows. As the file is read, a cell that turns
out to be none is kept as text, with the cells beside it, in the table `odd`: nothing is lost, and
every count is what it is over the text of all cells. Where a guess proves wrong, the file is read
again with that column as text. A file whose rows are its lines needs no table of numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from bpstudio.files.coding import Codes
from bpstudio.files.columns import (
    MORE_COUNTS,
    Column,
    Counts,
    column_of,
    counts_of,
    measure_columns,
    together,
    with_text_counts,
    with_trimmed,
)
from bpstudio.files.dialect import Dialect
from bpstudio.files.layout import Layout, mark_name, number_name, space_name
from bpstudio.files.odd import put_odd
from bpstudio.files.planning import in_groups
from bpstudio.files.reading import asking
from bpstudio.files.rows import Rows, data_start, has_byte
from bpstudio.files.seen import ODD, Floats
from bpstudio.files.source import Source
from bpstudio.files.staging import cell_name, count_cells, stage_csv, stage_start
from bpstudio.files.straight import Straight, Way, read_straight

GUESSED_FROM = 1000  # rows


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """A file on its way into arrays: its rows, what its columns hold, and where that is kept.

    ``values`` (n, columns of the file) are all its numbers, where each line is a row; else they
    are in `cells`, and those of odd rows in `odd`. ``coded`` are columns of text as
    `Table.texts` has them.
    """

    rows: Rows
    layout: Layout
    columns: tuple[Column, ...]
    values: Floats | None = None
    coded: dict[int, Codes] = field(default_factory=dict)


def stage_numbers(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    as_text: Collection[int],
) -> Staged:
    """Fill the tables `cells` and `odd`, or keep all numbers in an array.

    Columns ``as_text`` are kept as they are written.

    `odd` has the number of a row in `cells` and the text of its cells, c0, c1, …, in columns of
    numbers, where one of them is no number as it should be.
    """
    layout, way = _guess(connection, source, dialect)
    layout = layout.without(as_text)
    while layout.numbers:
        straight = read_straight(connection, source, dialect, layout, way)
        if straight is None:
            break
        columns, wrong = _judge(connection, layout, dialect.names, straight)
        if not wrong:
            return _staged(connection, layout, columns, straight)
        layout = layout.without(wrong)
    while layout.numbers:
        rows = stage_csv(connection, source, dialect, layout.select)
        with asking(connection, "counts"):
            columns, wrong = measure(connection, layout, dialect.names)
        if not wrong:
            return Staged(rows, layout, columns)
        layout = layout.without(wrong)
    rows = stage_csv(connection, source, dialect)
    return Staged(rows, layout, measure_columns(connection, dialect.names))


def _staged(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    columns: tuple[Column, ...],
    straight: Straight,
) -> Staged:
    if straight.odd:
        put_odd(connection, [(columns[k], k) for k in layout.numbers], straight.values)
    coded = {k: (each.codes, each.values) for k, each in straight.words.items()}
    return Staged(straight.rows, layout, columns, straight.values, coded)


def _guess(
    connection: duckdb.DuckDBPyConnection, source: Source, dialect: Dialect
) -> tuple[Layout, Way]:
    """The columns whose first cells are numbers, or missing, and how they are written."""
    decimal = _define_number_of(connection, source, dialect)
    width = len(dialect.names)
    try:
        stage_start(connection, source.plain, dialect, GUESSED_FROM)
    except duckdb.Error:  # reading it all says what is wrong
        return Layout(width), Way(False, decimal)
    columns = measure_columns(connection, dialect.names)
    found = [c for c in columns if c.is_number or c.type == "empty"]
    numbers = tuple(c.index for c in found)
    fraction = "count_if(trunc(number({cell})) <> number({cell}))"
    whole = [k for k, count in _each(connection, numbers, fraction) if not count]
    return Layout(width, numbers, tuple(whole)), Way(any(c.missing for c in found), decimal)


def _define_number_of(
    connection: duckdb.DuckDBPyConnection, source: Source, dialect: Dialect
) -> str:
    """How a text of the file is read as a number: as everywhere, less what cannot occur.

    Its decimal mark.
    """
    underscores = has_byte(source.plain, b"_", data_start(source.plain, dialect.skip))
    (mark,) = connection.execute("select decimal_mark()").fetchall()[0]
    read = "number(x)" if underscores or mark != "." else "try_cast(x as double)"
    connection.execute(f"create macro number_of(x) as {read}")
    return str(mark)


def _judge(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    names: Sequence[str],
    straight: Straight,
) -> tuple[tuple[Column, ...], list[int]]:
    """What the columns hold, where those of numbers have been counted, and which are wrong."""
    with asking(connection, "counts"):
        words, rows = straight.words, len(straight.values)
        others = [k for k in layout.texts if k not in words]
        counts = counts_of(connection, others, MORE_COUNTS) | straight.counts
        counts |= {k: each.counts for k, each in words.items()}
        if straight.odd:
            counts |= _with_odd(connection, layout, counts)
        found = [column_of(name, k, counts[k], rows) for k, name in enumerate(names)]
        if wrong := _wrong(layout, found):
            return (), wrong
        spaced = _spaced(connection, others) | {k: each.spaced for k, each in words.items()}
        known = {k: each.text_counts for k, each in words.items()}
        return with_text_counts(connection, with_trimmed(found, spaced), known), []


def _with_odd(
    connection: duckdb.DuckDBPyConnection, layout: Layout, counts: Mapping[int, Counts]
) -> dict[int, Counts]:
    """What was counted in the columns of numbers, with the odd rows."""
    odd = counts_of(connection, layout.numbers, MORE_COUNTS, ODD)
    return {k: together(counts[k], odd[k]) for k in layout.numbers}


def measure(
    connection: duckdb.DuckDBPyConnection, layout: Layout, names: Sequence[str]
) -> tuple[tuple[Column, ...], list[int]]:
    """What the columns hold, and which of them were not to be kept as numbers."""
    rows = count_cells(connection)
    n_odd = _gather_odd(connection, layout)
    counts = counts_of(connection, layout.texts, MORE_COUNTS)
    counts |= _clean_counts(connection, layout)
    if n_odd:
        counts |= _with_odd(connection, layout, counts)
    found = [column_of(name, k, counts[k], rows) for k, name in enumerate(names)]
    if wrong := _wrong(layout, found):
        return (), wrong
    columns = with_trimmed(found, _spaced(connection, layout.texts))
    return with_text_counts(connection, columns), []


def _spaced(connection: duckdb.DuckDBPyConnection, texts: Sequence[int]) -> dict[int, int]:
    """How many cells of the columns of text had spaces round them."""
    found = dict[int, int]()
    for group in in_groups(texts):
        wanted = ", ".join(f"count_if({space_name(k)})" for k in group)
        (counts,) = connection.execute(f"select {wanted} from cells").fetchall()
        found.update(zip(group, counts, strict=True))
    return found


def _wrong(layout: Layout, columns: Sequence[Column]) -> list[int]:
    return [k for k in layout.numbers if _is_wrong(columns[k], k in layout.whole)]


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
