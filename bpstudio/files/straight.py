"""Reading a clean file of numbers straight into an array, in half the time of a table of cells.

Where each line has a plain number in each column of numbers, or none, there is nothing to keep
but these.
At the first sign of something else this gives up, and the file is read with the care it needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from arro3.core import Array, RecordBatch, RecordBatchReader, Table
from numpy.typing import NDArray

from bpstudio.core.column_statistics import BLOCK
from bpstudio.core.limits import memory_limit
from bpstudio.files.columns import LARGEST, Counts
from bpstudio.files.dialect import MISSING, Dialect
from bpstudio.files.layout import Layout, kept_text, mark_name, number_name
from bpstudio.files.reading import asking, tell
from bpstudio.files.rows import Rows, count_byte, data_start, has_byte, scan_lines
from bpstudio.files.source import Source
from bpstudio.files.staging import cell_name, csv_table
from bpstudio.files.words import Words, find_words

Floats = NDArray[np.float64]

ODD = "odd"
# what is mostly written for a missing value, and is one in any column
GAPS = (*dict.fromkeys((*MISSING, *map(str.upper, MISSING), *map(str.title, MISSING), "NaN")),)
BUFFER = 4 << 20  # bytes read at a time; what comes of them is still at hand when it is copied


class _NotPlainError(Exception):
    """There is more in the file than plain numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """The rows of a file, the numbers in them, and what was counted in their columns."""

    rows: Rows
    values: Floats  # (n, columns of the file); 0 in those of text
    counts: dict[int, Counts]
    words: dict[int, Words]  # of columns of text with few different ones


def read_straight(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    layout: Layout,
    gaps: bool,
) -> Straight | None:
    """All numbers of a file; its columns of text are in the table `cells` then.

    None where a cell is no plain number, or a row is not one line. Cells may be missing only
    where ``gaps`` are expected.
    """
    try:
        return _read(connection, source.plain, dialect, layout, gaps)
    except (_NotPlainError, duckdb.Error):  # reading it with care says what is wrong
        return None


def _read(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    dialect: Dialect,
    layout: Layout,
    gaps: bool,
) -> Straight:
    start = data_start(path, dialect.skip)
    rows = _rows(path, dialect, layout.width)
    if gaps:
        _require_no_surplus(path, dialect, len(rows.numbers), start)
    marked = layout.whole if has_byte(path, b".", start) else ()
    seen = _Seen(len(rows.numbers), layout, marked)
    query = (_query_with_gaps if gaps else _query)(path, dialect, layout, marked)
    for batch in _batches(connection, query):
        seen.take(batch)
    seen.require_all()
    words = _keep_texts(connection, layout, seen.texts)
    if has_byte(path, b"_", start):
        _require_underscores(connection, layout, count_byte(path, b"_", start))
    return Straight(rows, seen.values, seen.counts(), words)


def _rows(path: Path, dialect: Dialect, width: int) -> Rows:
    """One row a line; refused where they would not fit into memory as numbers."""
    scanned = scan_lines(path)
    empty = int(np.count_nonzero(~scanned.filled))
    scanned.filled[: dialect.skip] = False
    lines = np.flatnonzero(scanned.filled) + 1
    if scanned.lone_returns or 16 * lines.size * width > memory_limit():
        raise _NotPlainError
    return Rows(np.arange(lines.size), lines, (), empty)


def _query(path: Path, dialect: Dialect, layout: Layout, marked: Sequence[int]) -> str:
    """The numbers and texts of a file; NULL or an error is where a cell is no number."""
    plain = [k for k in layout.numbers if k not in set(marked)]
    table = csv_table(path, dialect, "store_rejects=false", numbers=plain, buffer=BUFFER)
    wanted = [f"{cell_name(k)} as {number_name(k)}" for k in plain]
    for k in marked:
        wanted.append(f"cast({cell_name(k)} as double) as {number_name(k)}")
        wanted.append(f"contains({cell_name(k)}, '.') as {mark_name(k)}")
    return f"select {', '.join([*wanted, *map(cell_name, layout.texts)])} from {table}"


def _query_with_gaps(path: Path, dialect: Dialect, layout: Layout, marked: Sequence[int]) -> str:
    """The same with NaN where a number is missing; a row that has one itself is odd."""
    plain = [k for k in layout.numbers if k not in set(marked)]
    table = csv_table(path, dialect, "store_rejects=false", plain, BUFFER, GAPS)
    read = {k: cell_name(k) for k in plain}
    read |= {k: f"cast({cell_name(k)} as double)" for k in marked}
    wanted = [f"coalesce({read[k]}, 'nan'::double) as {number_name(k)}" for k in layout.numbers]
    wanted += [f"coalesce(contains({cell_name(k)}, '.'), false) as {mark_name(k)}" for k in marked]
    odd = " or ".join(f"isnan({number})" for number in read.values())
    wanted.append(f"coalesce({odd}, false) as {ODD}")
    return f"select {', '.join([*wanted, *map(cell_name, layout.texts)])} from {table}"


def _require_no_surplus(path: Path, dialect: Dialect, rows: int, start: int) -> None:
    """That no line has more cells than there are columns: DuckDB drops those without a value."""
    delimiter = dialect.delimiter.encode()
    quoted = len(delimiter) > 1 or has_byte(path, dialect.quote.encode(), start)
    if quoted or count_byte(path, delimiter, start) != rows * (len(dialect.names) - 1):
        raise _NotPlainError


def _batches(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[RecordBatch]:
    """What a query finds, in the order of the file, while the next is looked for."""
    cursor = connection.cursor()
    with asking(cursor, "straight"):
        reader = RecordBatchReader.from_arrow(cursor.sql(query))
        while True:
            try:
                batch = next(reader)
            except StopIteration:
                return
            except Exception as error:  # all that goes wrong there is of this kind
                tell("straight", 0.0)  # that it was called off
                raise _NotPlainError from error
            yield batch


class _Seen:
    """The numbers of the batches so far."""

    def __init__(self, n: int, layout: Layout, marked: Sequence[int]) -> None:
        self.values = np.empty((n, layout.width))
        self.texts: list[RecordBatch] = []
        self._layout, self._marked, self._at = layout, marked, 0
        self._low = dict.fromkeys(layout.numbers, np.inf)
        self._high = dict.fromkeys(layout.numbers, -np.inf)
        self._filled = dict.fromkeys(layout.numbers, 0)
        self._whole = set(layout.whole)  # and still without a fraction

    def take(self, batch: RecordBatch) -> None:
        """The rows of one batch, all plain numbers."""
        n, at = batch.num_rows, self._at
        tell("straight", at / max(1, len(self.values)))
        if at + n > len(self.values):
            raise _NotPlainError
        if ODD in batch.column_names and _plain(batch.column(ODD)).any():
            raise _NotPlainError
        columns = [_plain(batch.column(number_name(k))) for k in self._layout.numbers]
        for k, column in zip(self._layout.numbers, columns, strict=True):
            self._measure(k, column)
        for k in self._whole & set(self._marked):
            if _plain(batch.column(mark_name(k))).any():
                self._whole.discard(k)
        _put(self.values[at : at + n], self._layout, columns)
        if self._layout.texts:
            self.texts.append(batch.select(list(map(cell_name, self._layout.texts))))
        self._at += n

    def _measure(self, k: int, column: Floats) -> None:
        low, high = float(column.min()), float(column.max())
        if np.isnan(low):
            column = column[~np.isnan(column)]
            low, high = float(column.min(initial=np.inf)), float(column.max(initial=-np.inf))
        self._filled[k] += column.size
        if column.size and not -LARGEST <= low <= high <= LARGEST:
            raise _NotPlainError
        self._low[k], self._high[k] = min(self._low[k], low), max(self._high[k], high)
        if k in self._whole and (np.trunc(column) != column).any():
            self._whole.discard(k)

    def require_all(self) -> None:
        """That each line was a row."""
        if self._at < len(self.values):
            raise _NotPlainError

    def counts(self) -> dict[int, Counts]:
        """What was counted in the columns of numbers."""
        return {
            k: Counts(n, n, int(k not in self._whole), self._low[k], self._high[k])
            for k, n in self._filled.items()
        }


def _plain(column: Array) -> NDArray[Any]:
    if column.null_count:
        raise _NotPlainError
    return column.to_numpy()


def _put(values: Floats, layout: Layout, columns: Sequence[Floats]) -> None:
    """Columns of numbers into rows, a few at a time, for which there is room nearby."""
    step = max(1, BLOCK // values.shape[1])
    for at in range(0, len(values), step):
        rows = values[at : at + step]
        rows[:, layout.texts] = 0.0
        for k, column in zip(layout.numbers, columns, strict=True):
            rows[:, k] = column[at : at + step]


def _keep_texts(
    connection: duckdb.DuckDBPyConnection, layout: Layout, texts: Sequence[RecordBatch]
) -> dict[int, Words]:
    """Fill the table `cells` with the columns of text; `given` has them as they are written."""
    connection.execute("drop table if exists cells")
    if not texts:
        return {}
    connection.register("given", Table.from_batches(texts))
    tell("counts", 0.0)
    found = {k: find_words(connection, "given", k) for k in layout.texts}
    words = {k: each for k, each in found.items() if each is not None}
    kept = ", ".join(part for k in layout.texts for part in _kept(k, words.get(k)))
    connection.execute(f"create table cells as select {kept} from given")
    return words


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
        raise _NotPlainError
