"""The rows of a file that have something else where a number should be, read again as text."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from bpstudio.files.columns import Column, number_of
from bpstudio.files.dialect import Dialect
from bpstudio.files.layout import Layout
from bpstudio.files.planning import in_groups
from bpstudio.files.rows import Integers
from bpstudio.files.seen import ODD, NotPlainError
from bpstudio.files.source import Source
from bpstudio.files.staging import cell_name, count_cells, csv_table

Floats = NDArray[np.float64]
ODD_TEXTS = "odd_texts"


def rejected_rows(connection: duckdb.DuckDBPyConnection, starts: Integers) -> Integers:
    """The rows, given by their first bytes, in which a cell was no number.

    DuckDB counts bytes from 1 and takes the empty lines before for a part of the line.
    """
    query = "select count(*) from reject_errors where error_type <> 'CAST'"
    ((others,),) = connection.execute(query).fetchall()
    if others:
        raise NotPlainError
    empty = "length(csv_line) - length(ltrim(csv_line, chr(10) || chr(13)))"
    found = connection.execute(
        f"select distinct coalesce(line_byte_position - 1 + {empty}, -1) as start "
        "from reject_errors order by 1"
    ).fetchnumpy()["start"]
    rows = np.searchsorted(starts, found)
    if rows.size and (rows[-1] == starts.size or (starts[rows] != found).any()):
        raise NotPlainError
    return rows


def read_odd(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    layout: Layout,
    odd: Integers,
    spans: Sequence[tuple[int, int]],
) -> None:
    """Fill the tables `odd_texts` (row, and all cells as they are written) and `odd`.

    ``spans`` are the bytes of these rows.
    """
    path = source.folder / "odd.csv"
    _write_lines(source.plain, spans, path)
    table = csv_table(path, replace(dialect, skip=0))
    connection.register("places", {"row": odd})
    connection.execute(
        f"create or replace table {ODD_TEXTS} as "
        f"select * from places positional join (select * from {table})"
    )
    if count_cells(connection, ODD_TEXTS) != odd.size:
        raise NotPlainError
    cells = ", ".join(f"clean({cell}) as {cell}" for cell in map(cell_name, layout.numbers))
    connection.execute(f"create or replace table {ODD} as select row, {cells} from {ODD_TEXTS}")


def _write_lines(path: Path, spans: Sequence[tuple[int, int]], target: Path) -> None:
    with (
        open(path, "rb") as source,
        mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data,
        open(target, "wb") as file,
    ):
        for start, end in spans:
            line = data[start:end]
            file.write(line if line.endswith(b"\n") else line + b"\n")


def put_odd(
    connection: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[Column, int]], values: Floats
) -> None:
    """The numbers of the table `odd` into their rows of an array: of columns, into its columns."""
    for group in in_groups(pairs):
        cells = ", ".join(f"{number_of(column)} as v{place}" for column, place in group)
        found = connection.execute(f"select row, {cells} from {ODD}").fetchnumpy()
        for _column, place in group:
            values[found["row"], place] = found[f"v{place}"]
