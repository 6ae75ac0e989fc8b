"""Opening a data file: what its format is, which rows are read, and the table they make."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import NamedTuple

import duckdb

from bpstudio.core.drawing import Drawn
from bpstudio.core.errors import InputError
from bpstudio.core.rejected import Rejected
from bpstudio.files.blanking import with_separator, without_lines
from bpstudio.files.columns import define_numbers, measure_columns
from bpstudio.files.dialect import Dialect, find_dialect
from bpstudio.files.extent import ALL_ROWS, Sampling, extent_of, rows_to_draw, sample_note
from bpstudio.files.numbers import Staged, stage_numbers
from bpstudio.files.parquet import stage_parquet
from bpstudio.files.reading import CalledOffError, asking
from bpstudio.files.rounded import rounded_notes
from bpstudio.files.rows import Rows
from bpstudio.files.skipped import skipped_notes, trimmed_notes, without_last_empty
from bpstudio.files.source import Source, open_source
from bpstudio.files.staging import connect, stage_csv
from bpstudio.files.table import ALL_TEXTS, Table
from bpstudio.files.thinning import Thinned, thin

LARGE = 4 << 20  # bytes, from which on it pays to keep numbers only


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
