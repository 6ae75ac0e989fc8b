"""Bringing a Parquet file into DuckDB: columns of numbers as numbers, as its types say."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import duckdb

from bpstudio.core.drawing import Drawn, drawn_rows
from bpstudio.core.errors import InputError
from bpstudio.files.columns import LARGEST, Column, measure_columns
from bpstudio.files.extent import Extent, Sampling, rows_to_draw
from bpstudio.files.layout import Layout, mark_name, number_name, space_name
from bpstudio.files.numbers import measure
from bpstudio.files.reading import asking
from bpstudio.files.rows import Integers, Rows, all_rows
from bpstudio.files.source import Source
from bpstudio.files.staging import cell_name, count_cells, fill_cells, literal, quoted

INTEGERS = {f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")}
INTEGERS |= {"INTEGER", "UINTEGER"}
FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")
_DRAWN = "drawn"


class Schema(NamedTuple):
    """The columns of a file: names and types; and how many rows it has."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: int

    @property
    def extent(self) -> Extent:
        """How large it is."""
        return Extent(self.rows, len(self.names))


def stage_parquet(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    as_text: Collection[int] | None,
    sampling: Sampling,
) -> tuple[Rows, Layout, tuple[Column, ...], Drawn | None]:
    """Fill the table `cells` from a Parquet file, and `odd` as `stage_numbers` does.

    Its rows, how they are kept, what the columns hold, and what part of the file that is. All
    cells are texts where ``as_text`` is None, else those of these columns, and of those that are
    not of a type of numbers. InputError where it is no Parquet file.
    """
    try:
        schema = _schema(connection, source)
        count = rows_to_draw(schema.extent, sampling, source.name)
        numbers = None
        if count is not None and count < schema.rows:
            numbers = drawn_rows(schema.rows, count, sampling.seed)
        layout = Layout() if as_text is None else _layout(schema).without(as_text)
        layout, columns = _stage(connection, source, schema, layout, numbers)
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{source.name} is no readable Parquet file: {reason}") from error
    if numbers is None:
        return all_rows(count_cells(connection)), layout, columns, None
    drawn = Drawn(numbers.size, schema.rows, sampling.seed)
    return Rows(numbers, numbers + 1, ()), layout, columns, drawn


def _schema(connection: duckdb.DuckDBPyConnection, source: Source) -> Schema:
    table = f"read_parquet({literal(source.plain)})"
    found = connection.execute(f"describe select * from {table}").fetchall()
    names, types = (tuple(str(row[k]) for row in found) for k in (0, 1))
    return Schema(names, types, count_cells(connection, table))


def _layout(schema: Schema) -> Layout:
    """Columns of a type of numbers as numbers; no integer is taken for a fraction."""
    numbers = tuple(k for k, type_ in enumerate(schema.types) if _is_number(type_))
    return Layout(len(schema.names), numbers, numbers) if numbers else Layout()


def _is_number(type_: str) -> bool:
    return type_ in INTEGERS or (type_.startswith(FRACTIONS) and not type_.endswith("]"))


def _stage(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    schema: Schema,
    layout: Layout,
    numbers: Integers | None,
) -> tuple[Layout, tuple[Column, ...]]:
    """Fill the table; again, with columns as text, where too few of their numbers are finite."""
    while layout.numbers:
        _fill(connection, source, schema, layout, numbers)
        with asking(connection, "counts"):
            columns, wrong = measure(connection, layout, schema.names)
        if not wrong:
            return layout, columns
        layout = layout.without(wrong)
    _fill(connection, source, schema, Layout(), numbers)
    with asking(connection, "counts"):
        return Layout(), measure_columns(connection, schema.names)


def _fill(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    schema: Schema,
    layout: Layout,
    numbers: Integers | None,
) -> None:
    table = f"read_parquet({literal(source.plain)}, file_row_number=true)"
    order = ""
    if numbers is not None:
        connection.register(_DRAWN, {"row": numbers})
        order = f" where file_row_number in (select row from {_DRAWN}) order by file_row_number"
    fill_cells(connection, f"select {_kept(schema, layout)} from {table}{order}")


def _kept(schema: Schema, layout: Layout) -> str:
    """The SQL of what `Layout` keeps of each row, and of the texts where one number is odd."""
    texts = [f"cast({quoted(name)} as varchar)" for name in schema.names]
    if not layout.numbers:
        return ", ".join(f"{text} as {cell_name(k)}" for k, text in enumerate(texts))
    parts, odd = [], []
    for k in layout.numbers:
        value = f"cast({quoted(schema.names[k])} as double)"
        parts.append(f"case when isnan({value}) then null else {value} end as {number_name(k)}")
        parts.append(f"{schema.types[k] not in INTEGERS} as {mark_name(k)}")
        odd.append(f"coalesce(abs({value}) > {LARGEST} and not isnan({value}), false)")
    for k in layout.texts:
        parts.append(f"clean({texts[k]}) as {cell_name(k)}")
        parts.append(f"{texts[k]} <> trim({texts[k]}) as {space_name(k)}")
    own = ", ".join(texts[k] for k in layout.numbers)
    parts.append(f"case when {' or '.join(odd)} then [{own}] end as texts")
    return ", ".join(parts)
