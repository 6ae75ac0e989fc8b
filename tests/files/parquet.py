"""Reading Parquet files back with another library than the one that wrote them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb


def read_parquet(path: Path, query: str = "SELECT * FROM read_parquet(?)") -> list[dict[str, Any]]:
    """The rows of a file; ``query`` may ask something else of it."""
    with duckdb.connect() as connection:
        result = connection.execute(query, [str(path)])
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
