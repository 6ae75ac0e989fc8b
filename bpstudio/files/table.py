"""The table in a data file: its columns, what each holds, and their values as arrays.

A cell without value is empty or one of NA, N/A, #N/A, NaN, null, ? in any case; in a column of
numbers "-" too. A column is one of numbers when all its cells are, but for a tenth or a single
one: those are unreadable, as are infinite and absurd numbers, and their rows cannot be used.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import duckdb
import numpy as np
from arro3.core import RecordBatch, RecordBatchReader
from numpy.typing import NDArray

from bpstudio.core.column_statistics import BLOCK
from bpstudio.core.drawing import Drawn
from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.core.rejected import Rejected
from bpstudio.files.blanking import with_separator, without_lines
from bpstudio.files.columns import (
    SPACE,
    Column,
    define_numbers,
    is_unreadable,
    measure_columns,
    number_of,
    trimmed,
)
from bpstudio.files.dialect import Dialect, find_dialect
from bpstudio.files.extent import ALL_ROWS, Sampling, extent_of, rows_to_draw, sample_note
from bpstudio.files.layout import Layout, number_name
from bpstudio.files.numbers import Staged, stage_numbers
from bpstudio.files.odd import put_odd
from bpstudio.files.parquet import stage_parquet
from bpstudio.files.planning import FEW_ROWS, in_groups, is_wide, row_by_row
from bpstudio.files.reading import CalledOffError, asking, tell
from bpstudio.files.rounded import rounded_notes
from bpstudio.files.rows import Rows
from bpstudio.files.seen import ODD
from bpstudio.files.skipped import skipped_notes, trimmed_notes, without_last_empty
from bpstudio.files.source import Source, open_source
from bpstudio.files.staging import cell_name, connect, stage_csv
from bpstudio.files.thinning import Thinned, thin

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGE = 4 << 20  # bytes, from which on it pays to keep numbers only
ALL_TEXTS = Layout()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """An open data file: good inside the `with` block of `open_table`.

    Arrays have one entry for each row that was read, in the order of the file.
    """

    path: str
    name: str
    delimiter: str | None  # None: Parquet
    encoding: str | None
    header: bool
    columns: tuple[Column, ...]
    rows: Rows
    notes: tuple[str, ...]
    _connection: duckdb.DuckDBPyConnection
    quote: str | None = None
    decimal: str = "."
    drawn: Drawn | None = None  # None: all rows of the file were read
    _layout: Layout = ALL_TEXTS
    _values: Floats | None = None  # all its numbers, (n, columns of the file)
    _coded: dict[int, tuple[Integers, tuple[str, ...]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows.numbers)

    @property
    def has_lines(self) -> bool:
        """Whether it is a file of text; Parquet has rows only."""
        return self.encoding is not None

    def numbers(self, columns: Sequence[Column]) -> Floats:
        """Columns of numbers or truth values, shape (n, columns); NaN where there is none."""
        require_memory(
            16 * len(self) * len(columns),
            f"{self.name} with {len(self)} rows of {len(columns)} numbers",
            "take fewer rows or columns",
        )
        values = np.empty((len(self), len(columns)))
        self.read_numbers(columns, values, range(len(columns)))
        return values

    def room_for(self, columns: Sequence[Column]) -> Floats:
        """An array (n, columns) to read these into, with numbers in it that need no reading."""
        indices = [column.index for column in columns]
        if self._values is not None and indices == list(range(self._values.shape[1])):
            return self._values
        return np.empty((len(self), len(columns)))

    def read_numbers(
        self, columns: Sequence[Column], values: Floats, places: Sequence[int]
    ) -> None:
        """The same, into these columns of an array (n, …)."""
        pairs = list(zip(columns, places, strict=True))
        kept = set(self._layout.numbers)
        as_numbers = [pair for pair in pairs if pair[0].index in kept]
        if self._values is not None:
            pairs = [pair for pair in pairs if pair[0].index not in kept]
            self._copy(as_numbers, values)
        if is_wide(len(pairs), len(self)):
            self._read_few_rows(pairs, values)
        else:
            for group in in_groups(pairs):
                self._read_group(group, values)
        if self._values is None:
            put_odd(self._connection, as_numbers, values)

    def _copy(self, pairs: Sequence[tuple[Column, int]], values: Floats) -> None:
        """Columns of the array of all numbers."""
        assert self._values is not None
        if values is self._values or not pairs:
            return
        indices, places = [column.index for column, _ in pairs], [place for _, place in pairs]
        step = max(1, BLOCK // self._values.shape[1])
        for at in range(0, len(values), step):
            values[at : at + step, places] = self._values[at : at + step, indices]

    def _read_group(self, group: Sequence[tuple[Column, int]], values: Floats) -> None:
        cells = ", ".join(f"{self._number(column)} as v{place}" for column, place in group)
        found = self._connection.cursor().sql(f"select {cells} from cells")
        at = 0
        for batch in RecordBatchReader.from_arrow(found):
            tell("numbers", at / len(self))
            _put(values[at : at + batch.num_rows], batch, [place for _column, place in group])
            at += batch.num_rows

    def _read_few_rows(self, pairs: Sequence[tuple[Column, int]], values: Floats) -> None:
        """Columns of a table of few rows, all those of one formula at once."""
        of_formula: dict[str, list[tuple[str, int]]] = {}
        for column, place in pairs:
            is_kept = column.index in self._layout.numbers
            cell = (number_name if is_kept else cell_name)(column.index)
            of_formula.setdefault(self._number(column, "x"), []).append((cell, place))
        for formula, group in of_formula.items():
            cells, places = zip(*group, strict=True)
            query = row_by_row(cells, formula, "cells")
            found = self._connection.execute(query).fetchnumpy()["v"]
            values[:, places] = np.asarray(found).reshape(len(self), len(places))

    def _number(self, column: Column, cell: str | None = None) -> str:
        """The SQL of a cell's number in `cells`, NaN where it has none there."""
        if column.index in self._layout.numbers:
            return f"coalesce({cell or number_name(column.index)}, 'nan'::double)"
        return number_of(column, cell)

    def texts(self, column: Column) -> tuple[Integers, tuple[str, ...]]:
        """A column as codes (n,), −1 where missing, into its distinct values, sorted."""
        if column.index not in self._coded:
            few = len(self) <= FEW_ROWS
            self._coded.update((self._code_few_rows if few else self._code)(column))
        return self._coded[column.index]

    def _code(self, column: Column) -> dict[int, tuple[Integers, tuple[str, ...]]]:
        cell = cell_name(column.index)
        if not self._layout.numbers:  # that of a number is still as it was written
            cell = trimmed(cell)
        distinct = f"select distinct {cell} as value from cells where value is not null"
        values = self._connection.execute(f"{distinct} order by 1").fetchall()
        found = self._connection.execute(
            f"with coded as (select value, row_number() over (order by value) - 1 as code "
            f"from ({distinct})) select coalesce(code, -1) as code from cells "
            f"left join coded on {cell} = coded.value order by cells.rowid"
        ).fetchnumpy()
        codes = np.asarray(found["code"], dtype=np.int64)
        return {column.index: (codes, tuple(str(row[0]) for row in values))}

    def _code_few_rows(self, column: Column) -> dict[int, tuple[Integers, tuple[str, ...]]]:
        """The same of few rows, where planning takes longer; of texts beside it as well."""
        texts = [each.index for each in self.columns if each.type == "text"]
        beside = (group for group in in_groups(texts) if column.index in group)
        group = next(beside, [column.index])
        cells = ", ".join(map(cell_name, group))
        rows = self._connection.execute(f"select {cells} from cells order by rowid").fetchall()
        around = "" if self._layout.numbers else SPACE  # as above
        return {
            k: _coded(of_k, around) for k, of_k in zip(group, zip(*rows, strict=True), strict=True)
        }

    def unreadable(self, column: Column) -> dict[int, str]:
        """The cells of a column of numbers that are none: position and text."""
        if not column.unreadable:
            return {}
        row, table = self._texts_of(column)
        found = self._connection.execute(
            f"select {row}, {cell_name(column.index)} from {table} where {is_unreadable(column)}"
        )
        return {int(position): str(text) for position, text in found.fetchall()}

    def cells(self, most: int) -> list[tuple[str | None, ...]]:
        """The cells of the first rows as text, None where missing; where all texts are kept."""
        found = self._connection.execute(f"select * from cells order by rowid limit {most}")
        return found.fetchall()

    def count_unreadable_rows(self) -> int:
        """The number of rows with a cell that is no number in a column of numbers."""
        unreadable = set[int]()
        for column in self.columns:
            unreadable.update(self.unreadable(column))
        return len(unreadable)

    def _texts_of(self, column: Column) -> tuple[str, str]:
        """Where the texts of a column of numbers are: the name of the row's number, the table."""
        return ("row", ODD) if column.index in self._layout.numbers else ("rowid", "cells")


@contextmanager
def open_table(
    path: str | os.PathLike[str],
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    quote: str | None = None,
    decimal: str = ".",
    comment: str = "",
    skip: int = 0,
    as_text: Collection[int] | None = None,
    sampling: Sampling = ALL_ROWS,
) -> Iterator[Table]:
    """Read a CSV, TSV (either may be gzipped) or Parquet file.

    What is not given is detected, but for the ``decimal`` mark, lines to ``skip`` at the start
    and those that begin with ``comment``. InputError where no table can be read.

    The text of all cells is kept, unless only that of certain columns, ``as_text``, matters.
    ``sampling`` says how many rows are read; TooLargeError where it refuses to choose.
    """
    format_ = _Format(delimiter, header, quote, decimal)
    with open_source(path, encoding) as source, closing(connect()) as connection:
        try:
            text = without_lines(source, skip, comment)
            yield _read(connection, text, format_, as_text, sampling)
        except duckdb.InterruptException as error:
            raise CalledOffError from error
        except duckdb.OutOfMemoryException as error:
            raise InputError(
                f"{source.name} does not fit into memory; take a sample of fewer rows"
            ) from error
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"{source.name} cannot be read as a table: {reason}") from error


def _coded(texts: Sequence[str | None], around: str) -> tuple[Integers, tuple[str, ...]]:
    """Codes into the different texts, less what stands ``around`` them."""
    bare = [None if text is None else text.strip(around) for text in texts]
    values = sorted({text for text in bare if text is not None})
    places: dict[str | None, int] = {value: place for place, value in enumerate(values)}
    places[None] = -1
    return np.array([places[text] for text in bare], dtype=np.int64), tuple(values)


def _put(values: Floats, batch: RecordBatch, places: Sequence[int]) -> None:
    """Columns into the rows of an array, a few rows at a time, for which there is room nearby."""
    columns = [batch.column(k).to_numpy() for k in range(len(places))]
    step = max(1, BLOCK // values.shape[1])
    for at in range(0, len(values), step):
        rows = values[at : at + step]
        for place, column in zip(places, columns, strict=True):
            rows[:, place] = column[at : at + step]


class _Format(NamedTuple):
    """What is known of a file's format; None: to be found."""

    delimiter: str | None
    header: bool | None
    quote: str | None
    decimal: str


def _read(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    format_: _Format,
    as_text: Collection[int] | None,
    sampling: Sampling,
) -> Table:
    define_numbers(connection, format_.decimal)
    if source.encoding is None:
        return _read_parquet(connection, source, as_text, sampling)
    source, delimiter = with_separator(source, format_.delimiter)
    dialect = find_dialect(source.plain, source.name, delimiter, format_.header, format_.quote)
    found = _Format(dialect.delimiter, dialect.header, dialect.quote, format_.decimal)
    thinned = _thinned(source, dialect, sampling)
    staged = _stage(connection, *_from(source, dialect, thinned), as_text)
    staged = staged if thinned is None else replace(staged, rows=thinned.rows_of(staged.rows))
    notes = (*dialect.notes, *skipped_notes(source, staged.rows), *trimmed_notes(staged.columns))
    drawn = None if thinned is None else thinned.drawn
    return without_last_empty(_table(connection, source, staged, found, notes, drawn))


def _thinned(source: Source, dialect: Dialect, sampling: Sampling) -> Thinned | None:
    """The rows that are read, where these are not all."""
    extent = extent_of(source.plain, len(dialect.names), dialect.skip)
    rows = rows_to_draw(extent, sampling, source.name)
    return None if rows is None else thin(source, dialect, rows, sampling.seed)


def _from(source: Source, dialect: Dialect, thinned: Thinned | None) -> tuple[Source, Dialect]:
    """What is read in the place of a file: the rows that were drawn."""
    if thinned is None:
        return source, dialect
    return replace(source, plain=thinned.path), replace(dialect, skip=0)


def _stage(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    as_text: Collection[int] | None,
) -> Staged:
    """Read the cells: the rows, how they are kept, and what the columns hold."""
    if as_text is not None and source.plain.stat().st_size >= LARGE:
        return stage_numbers(connection, source, dialect, as_text)
    rows = stage_csv(connection, source, dialect)
    with asking(connection, "counts"):
        return Staged(rows, ALL_TEXTS, measure_columns(connection, dialect.names))


def _read_parquet(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    as_text: Collection[int] | None,
    sampling: Sampling,
) -> Table:
    rows, layout, columns, drawn = stage_parquet(connection, source, as_text, sampling)
    found = _Format(None, True, None, ".")
    return _table(connection, source, Staged(rows, layout, columns), found, (), drawn)


def _table(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    staged: Staged,
    found: _Format,
    notes: tuple[str, ...] = (),
    drawn: Drawn | None = None,
) -> Table:
    _require_rows(source.name, staged.rows, bool(found.header))
    return Table(
        path=os.fspath(source.path),
        name=source.name,
        delimiter=found.delimiter,
        encoding=source.encoding,
        header=bool(found.header),
        columns=staged.columns,
        rows=staged.rows,
        notes=(*sample_note(drawn), *notes, *rounded_notes(connection, staged)),
        _connection=connection,
        quote=found.quote,
        decimal=found.decimal,
        drawn=drawn,
        _layout=staged.layout,
        _values=staged.values,
        _coded=staged.coded,
    )


def _require_rows(name: str, rows: Rows, header: bool) -> None:
    if rows.numbers.size:
        return
    if rows.rejected:
        remedy = "; does the header fit the rows?" if header else ""
        raise InputError(f"{name} has no usable row; {_first_of(rows.rejected)}{remedy}")
    what = "a header and no rows" if header else "no rows"
    raise InputError(f"{name} has {what}; it needs at least one row of numbers")


def _first_of(rejected: Sequence[Rejected]) -> str:
    return f"the first of {len(rejected)}, {rejected[0]}"
