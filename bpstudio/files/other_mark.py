"""Numbers written with the other decimal mark than the rest of their file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bpstudio.files.columns import LARGEST, Column
from bpstudio.files.dialect import NUMBER
from bpstudio.files.import_options import ImportOptions

Floats = NDArray[np.float64]
Texts = Mapping[Column, Mapping[int, str]]
"""The unreadable cells of each column, by their position."""


def other_number(text: str, decimal: str) -> float | None:
    """The number in a text whose mark is not ``decimal``; None where there is none."""
    other = "." if decimal == "," else ","
    if other not in text or not NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return value if abs(value) <= LARGEST else None


def read_other_mark(
    values: Floats, columns: Sequence[Column], texts: Texts, options: ImportOptions, decimal: str
) -> tuple[Floats, tuple[str, ...]]:
    """Values (n, columns) with such cells read where the user wants it, and what was done."""
    values, notes = values.copy(), []
    for place, column in enumerate(columns):
        if options.column(column.index).unreadable != "read":
            continue
        found = {at: other_number(text, decimal) for at, text in texts[column].items()}
        read = {at: number for at, number in found.items() if number is not None}
        values[list(read), place] = list(read.values())
        count = len(read)
        of, were = f"of column {column.name}", "was" if count == 1 else "were"
        cells = "1 cell" if count == 1 else f"{count} cells"
        notes.append(f"{cells} {of} {were} read with the other decimal mark")
    return values, tuple(notes)
