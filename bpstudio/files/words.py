"""Columns of few different texts: judged word by word, however many rows there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import duckdb
import numpy as np
from numpy.typing import NDArray

from bpstudio.files.columns import MORE_COUNTS, TEXT_COUNTS, Counts, each_row_of, together, trimmed
from bpstudio.files.staging import cell_name

Integers = NDArray[np.int64]

FEW = 1000  # different texts of a column
WORDS = "words"


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """What is known of the cells of a column of text."""

    counts: Counts
    text_counts: tuple[int, ...]  # as `TEXT_COUNTS` are
    spaced: int  # cells with spaces round them
    is_clean: bool  # whether all cells are already as `clean` makes them
    codes: Integers  # (n,), −1 where missing
    values: tuple[str, ...]  # the different texts, sorted


def find_words(connection: duckdb.DuckDBPyConnection, table: str, k: int) -> Words | None:
    """The words of column c0, c1, … of a table of texts as they are written; None: too many."""
    cell = cell_name(k)
    connection.execute(
        f"create or replace temp table {WORDS} as select {cell} as written, count(*) as n, "
        f"clean({cell}) as {cell} from {table} group by {cell} order by {cell} limit {FEW + 1}"
    )
    spaced = f"coalesce(written <> {trimmed('written')}, false)"
    found = connection.execute(
        f"select written, n, {cell}, {spaced} from {WORDS} order by rowid"
    ).fetchall()
    if not 0 < len(found) <= FEW:
        return None
    written, n, clean, around_it = zip(*found, strict=True)
    values = tuple(sorted({word for word in clean if word is not None}, key=str.encode))
    places = {None: -1, **{word: place for place, word in enumerate(values)}}
    return Words(
        counts=_counts(connection, k, n),
        text_counts=_text_counts(connection, k, n, len(values)),
        spaced=sum(count for count, around in zip(n, around_it, strict=True) if around),
        is_clean=written == clean,
        codes=_codes(connection, table, k, np.array([places[word] for word in clean])),
        values=values,
    )


def _counts(connection: duckdb.DuckDBPyConnection, k: int, n: Sequence[int]) -> Counts:
    of_words = each_row_of(connection, k, MORE_COUNTS, WORDS)
    counts = (Counts(*row).times(rows) for row, rows in zip(of_words, n, strict=True))
    return reduce(together, counts)


def _text_counts(
    connection: duckdb.DuckDBPyConnection, k: int, n: Sequence[int], distinct: int
) -> tuple[int, ...]:
    found = each_row_of(connection, k, TEXT_COUNTS, WORDS)
    of_words = np.array([[count or 0 for count in row] for row in found], dtype=np.int64)
    filled, _one, *others = (of_words * np.array(n)[:, np.newaxis]).sum(axis=0).tolist()
    return (filled, distinct, *others)


def _codes(connection: duckdb.DuckDBPyConnection, table: str, k: int, places: Integers) -> Integers:
    """The place of each cell's word; ``places`` are those of the words as they are written."""
    words = f"select written from {WORDS} where written is not null order by rowid"
    connection.execute(f"create or replace temp table written as {words}")
    connection.execute("drop type if exists word")
    connection.execute("create type word as enum (select written from written)")
    code = f"coalesce(enum_code({cell_name(k)}::word)::int, {len(places)})"
    found = connection.execute(f"select {code} as code from {table}").fetchnumpy()
    codes: Integers = np.append(places, -1)[found["code"]]
    return codes
