"""Numbers written with the other decimal mark than the rest of their file, or with marks for
thousands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bpstudio.files.columns import LARGEST, Column
from bpstudio.files.dialect import NUMBER
from bpstudio.files.import_options import ImportOptions, Unreadable

Floats = NDArray[np.float64]
Texts = Mapping[Column, Mapping[int, str]]
"""The unreadable cells of each column, by their position."""

_SPACES = "'\u2019\u202f\u00a0 "
_GROUPED = {
    decimal: re.compile(rf"[+-]?\d{{1,3}}([{mark}{_SPACES}])\d{{3}}(\1\d{{3}})*([{decimal}]\d+)?")
    for decimal, mark in ((".", ","), (",", "."))
}


def other_number(text: str, decimal: str) -> float | None:
    """The number in a text whose mark is not ``decimal``; None where there is none."""
    other = "." if decimal == "," else ","
    if other not in text or not NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return value if abs(value) <= LARGEST else None


def grouped_number(text: str, decimal: str) -> float | None:
    """The number in a text with marks for thousands and ``decimal``; None where there is none."""
    if not _GROUPED[decimal].fullmatch(text):
        return None
    whole, _, fraction = text.partition(decimal)
    return float("".join(re.findall(r"[+-]|\d", whole)) + "." + (fraction or "0"))


def treatment(column: Column, options: ImportOptions) -> Unreadable:
    """What becomes of the cells of a column of numbers that are none."""
    said = options.column(column.index).unreadable
    return said or ("thousands" if column.grouped else "leave out")


def read_other_mark(
    values: Floats, columns: Sequence[Column], texts: Texts, options: ImportOptions, decimal: str
) -> tuple[Floats, tuple[str, ...]]:
    """Values (n, columns) with such cells read where the user wants it, and what was done."""
    ways = [_WAYS.get(treatment(column, options)) for column in columns]
    if not any(ways):
        return values, ()
    values, notes = values.copy(), []
    for place, (column, way) in enumerate(zip(columns, ways, strict=True)):
        if way is None:
            continue
        read_as, words = way
        found = {at: read_as(text, decimal) for at, text in texts[column].items()}
        read = {at: number for at, number in found.items() if number is not None}
        values[list(read), place] = list(read.values())
        count = len(read)
        of, were = f"of column {column.name}", "was" if count == 1 else "were"
        cells = "1 cell" if count == 1 else f"{count} cells"
        if count:
            notes.append(f"{cells} {of} {were} read {words}")
    return values, tuple(notes)


_WAYS = {
    "read": (other_number, "with the other decimal mark"),
    "thousands": (grouped_number, "with marks for thousands"),
}
