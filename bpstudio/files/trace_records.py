"""What a text file says about one step: an object of JSON, a row of CSV."""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec
from msgspec import UNSET, UnsetType

from bpstudio.files.trace_columns import ABSENT, KIND_NAMES, Columns, Integers
from bpstudio.files.trace_export import Export


class Record(msgspec.Struct, frozen=True):
    """One step. Index keys that its kind does not have are absent."""

    index: int
    address: str
    kind: str
    row: int | UnsetType
    l: int | UnsetType
    j: int | UnsetType
    k: int | UnsetType
    i: int | UnsetType
    m: int | UnsetType
    value: float | str
    symbol: str
    substitution: str
    operands: tuple[str, ...]


COLUMNS: tuple[str, ...] = Record.__struct_fields__


def written(x: float) -> float | str:
    """x, or the word for what JSON has no number for: NaN, Infinity, -Infinity."""
    if math.isfinite(x):
        return x
    return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"


def records(export: Export) -> Iterator[Record]:
    """The steps, in order; memory does not grow with their number."""
    for found in export.columns():
        yield from _of_columns(found)


def _of_columns(found: Columns) -> Iterator[Record]:
    texts = found.texts
    assert texts is not None, "every text is written"
    kinds = [KIND_NAMES[code] for code in found.kind.tolist()]
    indices = ([*map(_or_absent, x.tolist())] for x in _indices(found))
    values = map(written, found.value.tolist())
    others = texts.symbols, texts.substitutions, texts.operands
    return map(Record, found.index.tolist(), texts.addresses, kinds, *indices, values, *others)


def _indices(found: Columns) -> tuple[Integers, ...]:
    return found.row, found.l, found.j, found.k, found.i, found.m


def _or_absent(index: int) -> int | UnsetType:
    return UNSET if index == ABSENT else index
