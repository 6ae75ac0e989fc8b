"""Reading a file of numbers straight into an array, in half the time of a table of cells.

Each line is a row with a number in each column of numbers, or none. The few rows that have
something else there are odd: they are read again as text, and nothing of them is lost.
At the first sign that rows are not lines this gives up, and the file is read with more care.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
from arro3.core import RecordBatch, RecordBatchReader, Table

from bpstudio.core.limits import memory_limit
from bpstudio.files.columns import Counts
from bpstudio.files.dialect import MISSING, Dialect
from bpstudio.files.layout import Layout, kept_text, mark_name, number_name
from bpstudio.files.odd import ODD_TEXTS, read_odd, rejected_rows
from bpstudio.files.reading import asking, tell
from bpstudio.files.rows import Integers, Lines, Rows, count_byte, data_start, has_byte, scan_lines
from bpstudio.files.seen import ODD, Floats, NotPlainError, Seen, TooManyOddError
from bpstudio.files.source import Source
from bpstudio.files.staging import cell_name, csv_table, literal
from bpstudio.files.words import Words, find_words

# what is mostly written for a missing value, and is one in any column
GAPS = (*dict.fromkeys((*MISSING, *map(str.upper, MISSING), *map(str.title, MISSING), "NaN")),)
ODD_BYTES, LEAST_ODD = 32 << 20, 1000  # so much, or so many rows, is read again as text
BUFFER = 4 << 20  # bytes read at a time; what comes of them is still at hand when it is copied


class Way(NamedTuple):
    """How the numbers of a file are written: whether some are missing, and their decimal mark."""

    gaps: bool
    decimal: str


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """The rows of a file, the numbers in them, and what was counted in their columns.

    Where rows are ``odd``, the table of that name has their texts.
    """

    rows: Rows
    values: Floats  # (n, columns of the file); 0 in those of text
    counts: dict[int, Counts]  # of the rows that are not odd
    words: dict[int, Words]  # of columns of text with few different ones
    odd: bool


def read_straight(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    layout: Layout,
    way: Way,
) -> Straight | None:
    """All numbers of a file; its columns of text are in the table `cells` then.

    None where a row is not one line, or too many are odd.
    """
    try:
        return _read(connection, source, dialect, layout, way)
    except TooManyOddError:  # more than the first rows is without a value, perhaps
        gaps = way._replace(gaps=True)
        return None if way.gaps else read_straight(connection, source, dialect, layout, gaps)
    except (NotPlainError, duckdb.Error):  # reading it with care says what is wrong
        return None


def _read(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    layout: Layout,
    way: Way,
) -> Straight:
    path = source.plain
    start = data_start(path, dialect.skip)
    scanned = scan_lines(path)
    rows = _rows(scanned, dialect, layout.width)
    n = len(rows.numbers)
    way = way._replace(gaps=way.gaps and _has_no_surplus(path, dialect, n, start))
    marked = layout.whole if has_byte(path, way.decimal.encode(), start) else ()
    seen = Seen(n, layout, marked, way.gaps)
    most = max(LEAST_ODD, ODD_BYTES * n // path.stat().st_size)
    cursor = connection.cursor()
    for batch in _batches(cursor, _query(path, dialect, layout, marked, way, most)):
        seen.take(batch)
    odd = seen.odd_rows(rejected_rows(cursor, scanned.starts[scanned.filled]), most)
    if odd.size:
        spans = _spans(scanned, rows.lines[odd] - 1, path.stat().st_size)
        read_odd(connection, source, dialect, layout, odd, spans)
    words = _keep_texts(connection, layout, seen)
    if has_byte(path, b"_", start):
        _require_underscores(connection, layout, count_byte(path, b"_", start))
    return Straight(rows, seen.values, seen.counts(), words, bool(odd.size))


def _spans(scanned: Lines, lines: Integers, size: int) -> list[tuple[int, int]]:
    """The bytes of these lines, counted from 0."""
    ends = np.append(scanned.starts[1:], size)
    return list(zip(scanned.starts[lines].tolist(), ends[lines].tolist(), strict=True))


def _rows(scanned: Lines, dialect: Dialect, width: int) -> Rows:
    """One row a line; refused where they would not fit into memory as numbers."""
    empty = int(np.count_nonzero(~scanned.filled))
    scanned.filled[: dialect.skip] = False
    lines = np.flatnonzero(scanned.filled) + 1
    if scanned.lone_returns or 16 * lines.size * width > memory_limit():
        raise NotPlainError
    return Rows(np.arange(lines.size), lines, (), empty)


def _query(
    path: Path, dialect: Dialect, layout: Layout, marked: Sequence[int], way: Way, most: int
) -> str:
    """The numbers and texts of a file, and whether a row is odd though all its numbers are.

    Lines where a cell is no number are kept apart, so many at the most. NaN is where there is
    no number.
    """
    plain = [k for k in layout.numbers if k not in set(marked)]
    rejects = f"store_rejects=true, rejects_limit={most + 1}"
    missing = GAPS if way.gaps else ()
    table = csv_table(path, dialect, rejects, plain, BUFFER, missing, way.decimal)
    read = {k: cell_name(k) for k in plain} | {k: f"number_of({cell_name(k)})" for k in marked}
    wanted = [f"{_value(read[k], way, k in plain)} as {number_name(k)}" for k in layout.numbers]
    has_mark = f"contains({{}}, {literal(way.decimal)})"
    wanted += [
        f"coalesce({has_mark.format(cell_name(k))}, false) as {mark_name(k)}" for k in marked
    ]
    if way.gaps:
        odd = [f"coalesce(isnan({read[k]}), false)" for k in layout.numbers]
        odd += [f"{read[k]} is null and {cell_name(k)} is not null" for k in marked]
        wanted.append(f"({' or '.join(odd)}) as {ODD}")
    return f"select {', '.join([*wanted, *map(cell_name, layout.texts)])} from {table}"


def _value(read: str, way: Way, plain: bool) -> str:
    """A number, NaN where there is none; DuckDB gives all plain ones where no gaps are."""
    return read if plain and not way.gaps else f"coalesce({read}, 'nan'::double)"


def _has_no_surplus(path: Path, dialect: Dialect, rows: int, start: int) -> bool:
    """Whether it is sure that no line has more cells than there are columns.

    Where cells may be missing, DuckDB drops surplus ones without a value in silence.
    """
    delimiter = dialect.delimiter.encode()
    if len(delimiter) > 1 or has_byte(path, dialect.quote.encode(), start):
        return False
    return count_byte(path, delimiter, start) == rows * (len(dialect.names) - 1)


def _batches(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[RecordBatch]:
    """What a query finds, in the order of the file, while the next is looked for."""
    with asking(connection, "straight"):
        reader = RecordBatchReader.from_arrow(connection.sql(query))
        while True:
            try:
                batch = next(reader)
            except StopIteration:
                return
            except Exception as error:  # all that goes wrong there is of this kind
                tell("straight", 0.0)  # that it was called off
                raise NotPlainError from error
            yield batch


def _keep_texts(
    connection: duckdb.DuckDBPyConnection, layout: Layout, seen: Seen
) -> dict[int, Words]:
    """Fill the table `cells` with the columns of text; `given` has them as they are written."""
    connection.execute("drop table if exists cells")
    if not seen.texts:
        return {}
    _give_texts(connection, layout, seen)
    tell("counts", 0.0)
    found = {k: find_words(connection, "given", k) for k in layout.texts}
    words = {k: each for k, each in found.items() if each is not None}
    kept = ", ".join(part for k in layout.texts for part in _kept(k, words.get(k)))
    connection.execute(f"create table cells as select {kept} from given")
    return words


def _give_texts(connection: duckdb.DuckDBPyConnection, layout: Layout, seen: Seen) -> None:
    """Make `given`, with the texts of odd rows that were in no batch in their places."""
    connection.register("most", Table.from_batches(seen.texts))
    table = "most"
    if len(seen.kept) < len(seen.values):
        connection.register("kept", {"row": seen.kept})
        table, cells = "all_texts", ", ".join(map(cell_name, layout.texts))
        connection.execute(
            f"create or replace table {table} as select {cells} from "
            f"(select row, {cells} from kept positional join most union all select row, {cells} "
            f"from {ODD_TEXTS} where row not in (select row from kept)) order by row"
        )
    connection.execute(f"create or replace temp view given as select * from {table}")


def _kept(k: int, words: Words | None) -> Iterator[str]:
    if words is None:
        yield from kept_text(k)
    else:
        yield cell_name(k) if words.is_clean else f"clean({cell_name(k)}) as {cell_name(k)}"


def _require_underscores(connection: duckdb.DuckDBPyConnection, layout: Layout, count: int) -> None:
    """That all so many of the file are in its texts: DuckDB reads 1_2 as 12."""
    of_cells = (
        f"length({c}) - length(replace({c}, '_', ''))" for c in map(cell_name, layout.texts)
    )
    sums = ", ".join(f"coalesce(sum({each}), 0)" for each in of_cells)
    found = connection.execute(f"select {sums} from given").fetchall() if sums else [(0,)]
    if sum(found[0]) != count:
        raise NotPlainError
