"""The table in a data file: its columns, what each holds, and their values as arrays.

A cell without value is empty or one of NA, N/A, #N/A, NaN, null, ? in any case; in a column of
numbers "-" too. A column is one of numbers when all its cells are, but for a tenth or a single
one: those are unreadable, as are infinite and absurd numbers, and their rows cannot be used.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Rejected
from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.files.blanking import without_lines
from bpstudio.files.columns import Column, in_groups, is_unreadable, measure_columns, number_of
from bpstudio.files.dialect import find_dialect
from bpstudio.files.rows import Rows
from bpstudio.files.source import Source, open_source
from bpstudio.files.staging import cell_name, connect, stage_csv, stage_parquet

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


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

    def __len__(self) -> int:
        return len(self.rows.numbers)

    def numbers(self, columns: Sequence[Column]) -> Floats:
        """Columns of numbers or truth values, shape (n, columns); NaN where there is none."""
        require_memory(
            16 * len(self) * len(columns),
            f"{self.name} with {len(self)} rows of {len(columns)} numbers",
            "take fewer rows or columns",
        )
        values = np.empty((len(self), len(columns)))
        place = 0
        for group in in_groups(columns):
            cells = ", ".join(f"{number_of(c)} as {cell_name(c.index)}" for c in group)
            found = self._connection.execute(f"select {cells} from cells").fetchnumpy()
            for column in group:
                values[:, place] = found[cell_name(column.index)]
                place += 1
        return values

    def texts(self, column: Column) -> tuple[Integers, tuple[str, ...]]:
        """A column as codes (n,), −1 where missing, into its distinct values, sorted."""
        cell = cell_name(column.index)
        distinct = f"select distinct {cell} as value from cells where {cell} is not null"
        values = self._connection.execute(f"{distinct} order by 1").fetchall()
        found = self._connection.execute(
            f"with coded as (select value, row_number() over (order by value) - 1 as code "
            f"from ({distinct})) select coalesce(code, -1) as code from cells "
            f"left join coded on cells.{cell} = coded.value order by cells.rowid"
        ).fetchnumpy()
        return np.asarray(found["code"], dtype=np.int64), tuple(str(row[0]) for row in values)

    def unreadable(self, column: Column) -> dict[int, str]:
        """The cells of a column of numbers that are none: position and text."""
        if not column.unreadable:
            return {}
        cell = cell_name(column.index)
        found = self._connection.execute(
            f"select rowid, {cell} from cells where {is_unreadable(column)}"
        )
        return {int(position): str(text) for position, text in found.fetchall()}

    def cells(self, most: int) -> list[tuple[str | None, ...]]:
        """The cells of the first rows as text, None where missing."""
        found = self._connection.execute(f"select * from cells order by rowid limit {most}")
        return found.fetchall()

    def count_unreadable_rows(self) -> int:
        """The number of rows with a cell that is no number in a column of numbers."""
        conditions = [is_unreadable(column) for column in self.columns if column.unreadable]
        if not conditions:
            return 0
        found = self._connection.execute(
            f"select count(*) from cells where {' or '.join(conditions)}"
        ).fetchall()
        return int(found[0][0])


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
) -> Iterator[Table]:
    """Read a CSV, TSV (either may be gzipped) or Parquet file.

    What is not given is detected, but for the ``decimal`` mark, lines to ``skip`` at the start
    and those that begin with ``comment``. InputError where no table can be read.
    """
    format_ = _Format(delimiter, header, quote, decimal)
    with open_source(path, encoding) as source, closing(connect()) as connection:
        try:
            yield _read(connection, without_lines(source, skip, comment), format_)
        except duckdb.OutOfMemoryException as error:
            raise InputError(f"{source.name} does not fit into memory; take fewer rows") from error
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"{source.name} cannot be read as a table: {reason}") from error


class _Format(NamedTuple):
    """What is known of a file's format; None: to be found."""

    delimiter: str | None
    header: bool | None
    quote: str | None
    decimal: str


def _read(connection: duckdb.DuckDBPyConnection, source: Source, format_: _Format) -> Table:
    if source.encoding is None:
        rows, names = stage_parquet(connection, source)
        return _measured(connection, source, rows, _Format(None, True, None, "."), names)
    dialect = find_dialect(
        source.plain, source.name, format_.delimiter, format_.header, format_.quote
    )
    rows = stage_csv(connection, source, dialect)
    found = _Format(dialect.delimiter, dialect.header, dialect.quote, format_.decimal)
    return _measured(connection, source, rows, found, dialect.names, dialect.notes)


def _measured(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    rows: Rows,
    found: _Format,
    names: Sequence[str],
    notes: tuple[str, ...] = (),
) -> Table:
    _require_rows(source.name, rows, bool(found.header))
    return Table(
        path=os.fspath(source.path),
        name=source.name,
        delimiter=found.delimiter,
        encoding=source.encoding,
        header=bool(found.header),
        columns=measure_columns(connection, names, found.decimal),
        rows=rows,
        notes=notes,
        _connection=connection,
        quote=found.quote,
        decimal=found.decimal,
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
