"""The dialect of a CSV file: delimiter, quote, header; found on a sample, or as the user says."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from bpstudio.core.errors import InputError

if TYPE_CHECKING:
    from clevercsv.dialect import SimpleDialect

DELIMITERS = (",", ";", "\t", "|", " ", ":")
CLEAR = (",", ";", "\t", "|")  # the others come in dates, times and words
QUOTES = ('"', "'")
SAMPLE_SIZE = 32_768  # characters; detection takes about 1 ms a kilobyte
SAMPLE_LINES = 3  # at least, if they are no longer than this together:
LONGEST_SAMPLE = 4 << 20
MOST_COLUMNS = 20_000  # DuckDB takes about 1 ms for each
# A header of numbers is believed only if it counts this many columns: "0,1,2, … ,label".
COUNTED_COLUMNS = 8

# Cells that stand for "no value", in any case. "-" is one too, in a column of numbers.
MISSING = ("", "na", "n/a", "#n/a", "nan", "null", "?")

MISPLACED_QUOTE = "a quote stands inside a field or is not closed"

NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?")
DATE = re.compile(r"\d{4}-\d\d-\d\d.*")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the lines of a file become cells."""

    delimiter: str
    quote: str
    escape: str | None  # None: a quote inside a quoted cell is doubled
    header: bool
    names: tuple[str, ...]  # unique; c0, c1, … where the file has none
    skip: int  # lines before the first row of data
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row as written, and its first and last line, counted from 1."""

    line: int
    end: int
    cells: list[str]
    problem: str | None = None  # why there are no cells


def find_dialect(
    path: Path,
    name: str,
    delimiter: str | None = None,
    header: bool | None = None,
    quote: str | None = None,
) -> Dialect:
    """The dialect of a UTF-8 file; `name` is the file's for messages."""
    sample = _sample(path)
    delimiter, found, escape = _punctuation(sample, delimiter)
    quote = quote or found
    if quote not in QUOTES:
        raise InputError(f"the quote is {quote!r}; it is one of {' and '.join(QUOTES)}")
    format_ = Dialect(delimiter, quote, escape, False, (), 0)
    with io.StringIO(sample, newline="") as text:
        records = list(read_records(text, format_, name))
    if not records:
        raise InputError(f"{name} has no data, only empty lines; it needs rows of numbers")
    dialect = _with_columns(format_, records, header)
    if len(dialect.names) > MOST_COLUMNS:
        raise InputError(
            f"{name} has {len(dialect.names)} columns, at most {MOST_COLUMNS} are possible; "
            "is it a table, one row a line?"
        )
    return dialect


def read_records(
    text: Iterable[str], dialect: Dialect, name: str, *, strict: bool = False
) -> Iterator[Record]:
    """The records of a text, empty lines left out.

    Strictly read, a quote in the wrong place makes a record with a problem, and one that is
    never closed an InputError.
    """
    reader = csv.reader(
        text,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        doublequote=dialect.escape is None,
        escapechar=dialect.escape,
        skipinitialspace=dialect.delimiter != " ",
        strict=strict,
    )
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            _require_closed_quote(error, f"{name}, line {line}", dialect.quote)
            yield Record(line, reader.line_num, [], MISPLACED_QUOTE)
            continue
        if not _is_blank(cells):
            yield Record(line, reader.line_num, cells)


def _require_closed_quote(error: csv.Error, place: str, quote: str) -> None:
    if "end of data" in str(error) or "field limit" in str(error):
        raise InputError(f"{place}: a quote ({quote}) is opened and not closed") from error


def is_missing(cell: str) -> bool:
    """Whether a cell stands for no value."""
    return cell.strip().lower() in MISSING


def _is_blank(cells: Sequence[str]) -> bool:
    return not cells or (len(cells) == 1 and not cells[0].strip())


def _sample(path: Path) -> str:
    """The first complete lines of a file; only a part of one if it is very long."""
    with open(path, encoding="utf-8", newline="") as file:
        start = file.read(LONGEST_SAMPLE)
        is_whole = not file.read(1)
    with io.StringIO(start, newline="") as text:
        lines = list(text)
    if len(lines) > 1 and not is_whole:
        lines.pop()
    sizes = accumulate(map(len, lines))
    count = sum(1 for size in sizes if size <= SAMPLE_SIZE)
    return "".join(lines[: max(count, SAMPLE_LINES)])


def _punctuation(sample: str, delimiter: str | None) -> tuple[str, str, str | None]:
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise InputError(f"the delimiter is {delimiter!r}; it must be one character, such as ','")
    if delimiter is None and (clear := _clear_delimiter(sample)):
        return clear, '"', None
    if delimiter and not _has_quotes(sample):
        return delimiter, '"', None
    found = _detected(sample, (delimiter,) if delimiter else DELIMITERS)
    if found is None:
        return delimiter or ",", '"', None
    quote = found.quotechar if found.quotechar in QUOTES else '"'
    escape = "\\" if found.escapechar == "\\" else None
    return delimiter or found.delimiter or ",", quote, escape


def _clear_delimiter(sample: str) -> str | None:
    """The one delimiter that comes equally often in each line of a text without quotes."""
    lines = [line for line in sample.splitlines() if line.strip()]
    if len(lines) < 2 or _has_quotes(sample):
        return None
    counts = {mark: {line.count(mark) for line in lines} for mark in DELIMITERS}
    regular = [mark for mark, count in counts.items() if len(count) == 1 and 0 not in count]
    return regular[0] if len(regular) == 1 and regular[0] in CLEAR else None


def _has_quotes(sample: str) -> bool:
    return any(mark in sample for mark in (*QUOTES, "\\"))


@lru_cache(maxsize=8)  # a preview asks again for the same few samples
def _detected(sample: str, delimiters: tuple[str, ...]) -> SimpleDialect | None:
    from clevercsv.detect import Detector  # noqa: PLC0415  takes 0.15 s, and is seldom needed

    return Detector().detect(sample[: 2 * SAMPLE_SIZE], delimiters=delimiters)


def _with_columns(format_: Dialect, records: Sequence[Record], header: bool | None) -> Dialect:
    rows = [[cell.strip() for cell in record.cells] for record in records]
    if header is None:
        header = has_header(rows)
    if not header:
        names = tuple(f"c{k}" for k in range(_usual_width(rows)))
        return replace(format_, names=names)
    first = rows[0]
    if _end_in_a_delimiter(rows):
        first = [*first, ""]
    names, notes = unique_names(first)
    return replace(format_, header=True, names=names, skip=records[0].end, notes=notes)


def _end_in_a_delimiter(rows: Sequence[Sequence[str]]) -> bool:
    """Whether all rows but the header have an empty cell more than it."""
    width, below = len(rows[0]) + 1, rows[1:]
    return bool(below) and all(len(row) == width and not row[-1] for row in below)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """The most common number of cells; of equally common ones the larger."""
    widths = [len(row) for row in rows]
    return max(set(widths), key=lambda width: (widths.count(width), width))


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of these rows holds names rather than values.

    It does if none of its cells is a number and either some column has numbers below, or no
    cell comes again in its column.
    """
    first, below = rows[0], rows[1:]
    if any(_is_value(cell) for cell in first):
        return _counts_columns(first)
    if all(is_missing(cell) for cell in first):
        return False
    columns = [[row[k] for row in below if k < len(row)] for k in range(len(first))]
    if any(_is_value(cell) for column in columns for cell in column):
        return True
    return not any(
        cell in column for cell, column in zip(first, columns, strict=True) if not is_missing(cell)
    )


def _is_value(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell) or DATE.fullmatch(cell))


def _counts_columns(first: Sequence[str]) -> bool:
    """Whether a row is "0,1,2, … ,label", the header of an unnamed table and its target."""
    counted = [k for k, cell in enumerate(first) if cell == str(k)]
    return len(counted) >= max(COUNTED_COLUMNS, len(first) - 1)


def unique_names(cells: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names for columns, empty and repeated ones replaced, and notes that say so."""
    names: dict[str, None] = {}
    notes: list[str] = []
    for k, cell in enumerate(cells):
        name = _free(cell or f"c{k}", names)
        if not cell:
            notes.append(no_name_note(k, name))
        elif name != cell:
            notes.append(f"another column is named {cell} too; column {k} is called {name}")
        names[name] = None
    return tuple(names), tuple(notes)


def no_name_note(k: int, name: str) -> str:
    """That a column got a name."""
    return f"column {k} (from 0) has no name in the file; it is called {name}"


def _free(name: str, taken: Container[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
