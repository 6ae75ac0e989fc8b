"""Bringing the cells of a data file into DuckDB as text, and knowing the line of each row.

DuckDB does not tell on which line a row stands. Where each line of a file is one row that is
plain: the rows are the lines less the empty and the rejected ones. Where it is not (a quoted
cell runs over lines, line ends are mixed), the file is first read by the `csv` module, row by
row, and written anew one row a line.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import duckdb
import numpy as np

from bpstudio.core.errors import InputError
from bpstudio.files.dialect import MISPLACED_QUOTE, Dialect, Record, read_records
from bpstudio.files.reading import asking, tell
from bpstudio.files.rows import Integers, Rows, empty_at_end, rows_of_lines, scan_lines
from bpstudio.files.source import Source

MOST_THREADS = 4
BUFFER = 8 << 20  # bytes read at a time; DuckDB tells its progress in these steps
TOLD = 4096  # rows read one by one between two words on how far it is
# Stand for line ends inside cells, so that a row is a line: two characters for private use.
LINE_FEED, CARRIAGE_RETURN = "\ue00a", "\ue00d"
NO_TEXT = "\x01"


Value = Callable[[str], str]
"""The SQL of a cell's text, by the name of its column."""

Select = Callable[[str, Value], str]
"""The query for `cells`, by the SQL of a table of texts."""


class _NotLineByLineError(Exception):
    """The rows of a file are not its lines."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """A line that DuckDB rejected, by its first byte."""

    position: int | None
    kind: str
    line: str


def connect() -> duckdb.DuckDBPyConnection:
    """A database in memory that never reaches for the network, nor for the disk to spill to."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": "",
            "threads": str(min(MOST_THREADS, os.cpu_count() or 1)),
        },
    )
    connection.execute("set enable_progress_bar = true")  # so that there is progress to ask for
    connection.execute("set enable_progress_bar_print = false")
    return connection


def cell_name(k: int) -> str:
    """The name of the k-th column in the table `cells`."""
    return f"c{k}"


def stage_csv(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    select: Select | None = None,
) -> Rows:
    """Fill the table `cells`; the rows that it holds.

    Its columns are those of ``select``, else c0, c1, … as text, NULL where missing.
    """
    chosen = select or partial(_all_texts, len(dialect.names))
    try:
        return _stage_lines(connection, source.plain, dialect, chosen)
    except (_NotLineByLineError, duckdb.InvalidInputException):
        return _stage_rewritten(connection, source, dialect, chosen)


def stage_start(
    connection: duckdb.DuckDBPyConnection, path: Path, dialect: Dialect, rows: int
) -> None:
    """Fill the table `cells` with the texts of the first rows; broken ones are passed over."""
    table = csv_table(path, dialect, rejects="ignore_errors=true")
    query = _all_texts(len(dialect.names), f"{table} limit {rows}", str)
    connection.execute(f"create or replace table cells as {query}")


def count_cells(connection: duckdb.DuckDBPyConnection, table: str = "cells") -> int:
    """The number of rows in the table `cells`, or another."""
    (count,) = connection.execute(f"select count(*) from {table}").fetchall()[0]
    return int(count)


def literal(value: object) -> str:
    """A value as text in an SQL statement."""
    return "'" + str(value).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name of a column in an SQL statement."""
    return '"' + name.replace('"', '""') + '"'


def _stage_lines(
    connection: duckdb.DuckDBPyConnection, path: Path, dialect: Dialect, select: Select
) -> Rows:
    scanned = scan_lines(path)
    if scanned.lone_returns:
        raise _NotLineByLineError
    table = csv_table(path, dialect, rejects="store_rejects=true")
    fill_cells(connection, select(table, str))
    empty = int(np.count_nonzero(~scanned.filled))
    scanned.filled[: dialect.skip] = False
    lines, starts = np.flatnonzero(scanned.filled), scanned.starts[scanned.filled]
    problems = _problems(connection)
    if lines.size != count_cells(connection) + len(problems):
        raise _NotLineByLineError
    at = np.array([_place(problem, starts) for problem in problems], dtype=np.int64)
    reasons = [_reason(problem, dialect) for problem in problems]
    blank = np.array([reason is None for reason in reasons], dtype=bool)
    told = [reason for reason in reasons if reason is not None]
    if scanned.mixed and MISPLACED_QUOTE in told:  # DuckDB takes the other line end for a cell's
        raise _NotLineByLineError
    rows = rows_of_lines(np.delete(lines, at[blank]) + 1, lines[at[~blank]] + 1, told)
    return replace(rows, empty=empty + int(np.count_nonzero(blank)))


def _problems(connection: duckdb.DuckDBPyConnection) -> list[_Problem]:
    found = connection.execute(
        "select line_byte_position, any_value(error_type), coalesce(any_value(csv_line), '') "
        "from reject_errors group by 1 order by 1"
    )
    return [_Problem(*row) for row in found.fetchall()]


def _place(problem: _Problem, starts: Integers) -> int:
    """Which of the lines, given by their first bytes, is the rejected one.

    DuckDB counts bytes from 1 and takes the empty lines before for a part of the line.
    """
    empty = len(problem.line) - len(problem.line.lstrip("\r\n"))
    start = (problem.position or 0) - 1 + empty
    place = int(np.searchsorted(starts, start))
    if place == starts.size or starts[place] != start:
        raise _NotLineByLineError
    return place


def _reason(problem: _Problem, dialect: Dialect) -> str | None:
    """Why DuckDB rejected a line; None for one without a value, which is no row."""
    if "COLUMNS" in problem.kind:
        with io.StringIO(problem.line.strip("\r\n"), newline="") as text:
            record = next(read_records(text, dialect, "line"), None)
        if record is None:
            return None
        return _misfit(record, dialect) or "the number of fields is wrong"
    if "LINE SIZE" in problem.kind:
        return "the line is too long, over 2 MB"
    return MISPLACED_QUOTE


def _stage_rewritten(
    connection: duckdb.DuckDBPyConnection, source: Source, dialect: Dialect, select: Select
) -> Rows:
    path = source.folder / "rewritten.csv"
    rows = _rewrite(source, dialect, path)
    simple = replace(dialect, delimiter=",", quote='"', escape=None, skip=0)
    fill_cells(connection, select(csv_table(path, simple), _with_line_ends))
    if count_cells(connection) != rows.numbers.size:
        raise InputError(f"{source.name} cannot be read as a table; save it again as plain CSV")
    return rows


def _rewrite(source: Source, dialect: Dialect, path: Path) -> Rows:
    """Write the rows of a file one a line, without the broken ones."""
    lines: list[int] = []
    size = source.plain.stat().st_size
    broken: dict[int, str] = {}
    end = empty = 0
    with (
        open(source.plain, "rb") as raw,
        io.TextIOWrapper(raw, encoding="utf-8", newline="") as text,
        open(path, "w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        for record in read_records(text, dialect, source.name, strict=True):
            if len(lines) % TOLD == 0:
                tell("lines", raw.tell() / size)
            empty += record.line - end - 1
            end = record.end
            if record.end <= dialect.skip:
                continue
            lines.append(record.line)
            if reason := record.problem or _misfit(record, dialect):
                broken[record.line] = reason
            else:
                writer.writerow([_on_one_line(cell) for cell in record.cells])
    at = np.array(list(broken), dtype=np.int64)
    rows = rows_of_lines(np.array(lines, dtype=np.int64), at, broken.values())
    return replace(rows, empty=empty + empty_at_end(source.plain))


def _misfit(record: Record, dialect: Dialect) -> str | None:
    width, expected = len(record.cells), len(dialect.names)
    if width == expected:
        return None
    return f"{width} {'field' if width == 1 else 'fields'} instead of {expected}"


def _on_one_line(cell: str) -> str:
    return cell.replace("\n", LINE_FEED).replace("\r", CARRIAGE_RETURN)


def fill_cells(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Make the table `cells` of a query."""
    with asking(connection, "cells"):
        connection.execute(f"create or replace table cells as {query}")


def _all_texts(width: int, table: str, value: Value) -> str:
    names = [cell_name(k) for k in range(width)]
    cells = ", ".join(f"nullif({value(name)}, '') as {name}" for name in names)
    return f"select {cells} from {table}"


def csv_table(
    path: Path,
    dialect: Dialect,
    rejects: str = "store_rejects=false",
    numbers: Collection[int] = (),
    buffer: int = BUFFER,
    missing: Sequence[str] = (),
    decimal: str = ".",
) -> str:
    """The SQL of the file as a table of texts c0, c1, …; "" where there is none.

    The columns of ``numbers`` are read as such, with this ``decimal`` mark, and what is none is
    an error; NULL stands for the texts that say that a value is ``missing``.
    """
    typed = set(numbers)
    kinds = ["DOUBLE" if k in typed else "VARCHAR" for k in range(len(dialect.names))]
    columns = ", ".join(f"{cell_name(k)}: '{kind}'" for k, kind in enumerate(kinds))
    options = {
        "auto_detect": "false",
        "compression": "'none'",
        "header": "false",
        "skip": str(dialect.skip),
        "delim": literal(dialect.delimiter),
        "quote": literal(dialect.quote),
        "escape": literal(dialect.escape or dialect.quote),
        "columns": f"{{{columns}}}",
        "buffer_size": str(buffer),
        "decimal_separator": literal(decimal),
        # with "no value" left to nullif: DuckDB drops surplus fields without one in silence
        "nullstr": f"[{', '.join(map(literal, (NO_TEXT, *missing)))}]",
    }
    arguments = ", ".join(f"{name}={value}" for name, value in options.items())
    return f"read_csv({literal(path)}, {arguments}, {rejects})"


def _with_line_ends(name: str) -> str:
    return f"replace(replace({name}, '{LINE_FEED}', chr(10)), '{CARRIAGE_RETURN}', chr(13))"
