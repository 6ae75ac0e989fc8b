"""Queries about many columns of a table: DuckDB takes longer to plan these than to read few rows.

Planning takes more than twice as long for twice as many columns, so there are so many a query. In
a table of few rows they are one list for each row instead, and there is one expression for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

GROUP = 64  # columns a query
FEW_ROWS = 5_000  # a list of its cells for each row pays no more for many

T = TypeVar("T")


def in_groups(columns: Sequence[T]) -> Iterator[Sequence[T]]:
    """The columns, so many at a time as DuckDB plans a query about quickly."""
    for at in range(0, len(columns), GROUP):
        yield columns[at : at + GROUP]


def is_wide(columns: int, rows: int) -> bool:
    """Whether so many columns of so many rows are better taken as lists."""
    return columns > GROUP and 0 < rows <= FEW_ROWS


def longer(columns: Sequence[int], cells: Sequence[str], table: str) -> str:
    """The query for a table of cells `x` one below the other, with the number `k` of each one's
    column."""
    numbers = ", ".join(map(str, columns))
    return f"select unnest([{', '.join(cells)}]) as x, unnest([{numbers}]) as k from {table}"


def replaced(cells: Sequence[str], value: str, table: str) -> str:
    """The query for the same table with these cells as ``value``, which is the SQL for one, `x`."""
    made = f"list_transform([{', '.join(cells)}], lambda x: {value}) as made"
    back = ", ".join(f"made[{place}] as {cell}" for place, cell in enumerate(cells, 1))
    return f"select * exclude (made) replace ({back}) from (select *, {made} from {table})"


def row_by_row(cells: Sequence[str], value: str, table: str) -> str:
    """The query for `v`, which is ``value`` of these cells, row after row."""
    made = f"list_transform([{', '.join(cells)}], lambda x: {value})"
    return f"select unnest({made}) as v from {table}"
