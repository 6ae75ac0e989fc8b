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

import duckdb
import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Rejected
from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
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
) -> Iterator[Table]:
    """Read a CSV, TSV (either may be gzipped) or Parquet file.

    What is not given is detected. InputError where no table can be read.
    """
    with open_source(path, encoding) as source, closing(connect()) as connection:
        try:
            yield _read(connection, source, delimiter, header)
        except duckdb.OutOfMemoryException as error:
            raise InputError(f"{source.name} does not fit into memory; take fewer rows") from error
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"{source.name} cannot be read as a table: {reason}") from error


def _read(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    delimiter: str | None,
    header: bool | None,
) -> Table:
    notes: tuple[str, ...] = ()
    if source.encoding is None:
        delimiter, header = None, True
        rows, names = stage_parquet(connection, source)
    else:
        dialect = find_dialect(source.plain, source.name, delimiter, header)
        rows = stage_csv(connection, source, dialect)
        delimiter, header, names = dialect.delimiter, dialect.header, dialect.names
        notes = dialect.notes
    _require_rows(source.name, rows, header)
    columns = measure_columns(connection, names)
    path, encoding = os.fspath(source.path), source.encoding
    return Table(path, source.name, delimiter, encoding, header, columns, rows, notes, connection)


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
