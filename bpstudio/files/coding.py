"""Columns of text as codes into their distinct values."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
from numpy.typing import NDArray

from bpstudio.files.columns import SPACE, trimmed
from bpstudio.files.staging import cell_name

Integers = NDArray[np.int64]
Codes = tuple[Integers, tuple[str, ...]]
"""Codes (n,), −1 where a value is missing, and the distinct values, sorted."""


def code_column(connection: duckdb.DuckDBPyConnection, k: int, as_written: bool) -> Codes:
    """Column k of the table `cells`; ``as_written``: spaces still stand round its texts."""
    cell = trimmed(cell_name(k)) if as_written else cell_name(k)
    distinct = f"select distinct {cell} as value from cells where value is not null"
    values = connection.execute(f"{distinct} order by 1").fetchall()
    found = connection.execute(
        f"with coded as (select value, row_number() over (order by value) - 1 as code "
        f"from ({distinct})) select coalesce(code, -1) as code from cells "
        f"left join coded on {cell} = coded.value order by cells.rowid"
    ).fetchnumpy()
    codes = np.asarray(found["code"], dtype=np.int64)
    return codes, tuple(str(row[0]) for row in values)


def code_few_rows(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[int], as_written: bool
) -> dict[int, Codes]:
    """The same of several columns at once: of few rows, planning a query takes longer."""
    cells = ", ".join(map(cell_name, columns))
    rows = connection.execute(f"select {cells} from cells order by rowid").fetchall()
    around = SPACE if as_written else ""
    texts = zip(*rows, strict=True)
    return {k: _coded(of_k, around) for k, of_k in zip(columns, texts, strict=True)}


def _coded(texts: Sequence[str | None], around: str) -> Codes:
    """Codes into the different texts, less what stands ``around`` them."""
    bare = [None if text is None else text.strip(around) for text in texts]
    values = sorted({text for text in bare if text is not None})
    places: dict[str | None, int] = {value: place for place, value in enumerate(values)}
    places[None] = -1
    return np.array([places[text] for text in bare], dtype=np.int64), tuple(values)
