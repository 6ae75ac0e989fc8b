"""Small data files for tests, and their cells as plain values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bpstudio.core.errors import InputError
from bpstudio.files.opening import open_table
from bpstudio.files.table import Table


def write(folder: Path, data: str | bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def texts(table: Table, k: int) -> list[str | None]:
    codes, values = table.texts(table.columns[k])
    return [values[code] if code >= 0 else None for code in codes]


def numbers(table: Table, *places: int) -> list[list[float]]:
    return table.numbers([table.columns[k] for k in places]).tolist()


def names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def refuse(path: Path, message: str, **options: Any) -> None:
    with pytest.raises(InputError, match=message), open_table(path, **options):
        pass


def types(table: Table) -> list[str]:
    return [column.type for column in table.columns]


def column_of(folder: Path, *cells: str) -> Path:
    return write(folder, "a,b\n" + "".join(f"{cell},x\n" for cell in cells))
