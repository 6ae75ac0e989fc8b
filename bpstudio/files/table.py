"""The table in a data file: its columns, what each holds, and their values as arrays.

A cell without value is empty or one of NA, N/A, #N/A, NaN, null, ? in any case; in a column of
numbers "-" too. A column is one of numbers when all its cells are, but for a tenth or a single
one: those are unreadable, as are infinite and absurd numbers, and their rows cannot be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
from arro3.core import RecordBatch, RecordBatchReader
from numpy.typing import NDArray

from bpstudio.core.column_statistics import BLOCK
from bpstudio.core.drawing import Drawn
from bpstudio.core.limits import require_memory
from bpstudio.files.coding import Codes, code_column, code_few_rows
from bpstudio.files.columns import Column, is_unreadable, number_of
from bpstudio.files.layout import Layout, number_name
from bpstudio.files.odd import put_odd
from bpstudio.files.planning import FEW_ROWS, in_groups, is_wide, row_by_row
from bpstudio.files.reading import tell
from bpstudio.files.rows import Rows
from bpstudio.files.seen import ODD
from bpstudio.files.staging import cell_name

Floats = NDArray[np.float64]

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
    _coded: dict[int, Codes] = field(default_factory=dict)

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

    def texts(self, column: Column) -> Codes:
        """A column as codes (n,), −1 where missing, into its distinct values, sorted."""
        if column.index not in self._coded:
            self._coded.update(self._codes(column.index))
        return self._coded[column.index]

    def _codes(self, k: int) -> dict[int, Codes]:
        as_written = not self._layout.numbers  # that of a number is, the others were cleaned
        if len(self) > FEW_ROWS:
            return {k: code_column(self._connection, k, as_written)}
        texts = [each.index for each in self.columns if each.type == "text"]
        beside = (group for group in in_groups(texts) if k in group)
        return code_few_rows(self._connection, next(beside, [k]), as_written)

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


def _put(values: Floats, batch: RecordBatch, places: Sequence[int]) -> None:
    """Columns into the rows of an array, a few rows at a time, for which there is room nearby."""
    columns = [batch.column(k).to_numpy() for k in range(len(places))]
    step = max(1, BLOCK // values.shape[1])
    for at in range(0, len(values), step):
        rows = values[at : at + step]
        for place, column in zip(places, columns, strict=True):
            rows[:, place] = column[at : at + step]
