"""The steps of a trace as Parquet: the columns of every format, typed.

``index`` and ``row`` are 64-bit integers, the other indices 32-bit; an index that a kind does not
have is null. ``value`` is a double, with its bits also where it is not finite. ``operands`` is a
list of addresses. Texts that repeat, such as kinds and symbols, are stored once (dictionaries).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, chain
from typing import BinaryIO, cast

import arro3.core as arrow
import numpy as np
from arro3.io import write_parquet as write_stream

from bpstudio.core.trace import Trace
from bpstudio.files.trace_columns import ABSENT, KIND_NAMES, Columns, Integers
from bpstudio.files.trace_export import Export

_GROUP, _LEAST = 1 << 16, 1 << 12  # rows of a group, which is in memory until it is written
_OPERANDS = 1 << 23  # addresses that a group of means may have
_TEXT, _LONG, _SHORT = arrow.DataType.utf8(), arrow.DataType.int64(), arrow.DataType.int32()
_LISTS = arrow.DataType.list(arrow.Field("element", _TEXT, nullable=False))

_SCHEMA = arrow.Schema(
    [
        arrow.Field("index", _LONG, nullable=False),
        arrow.Field("address", _TEXT, nullable=False),
        arrow.Field("kind", _TEXT, nullable=False),
        arrow.Field("row", _LONG),
        *(arrow.Field(letter, _SHORT) for letter in "ljkim"),
        arrow.Field("value", arrow.DataType.float64(), nullable=False),
        arrow.Field("symbol", _TEXT, nullable=False),
        arrow.Field("substitution", _TEXT, nullable=False),
        arrow.Field("operands", _LISTS, nullable=False),
    ]
)


def write_parquet(export: Export, file: BinaryIO) -> int:
    """Write the steps; → their number."""
    disk = _Disk(file)
    stream = _Batches(export, disk)
    reader = arrow.RecordBatchReader.from_batches(_SCHEMA, stream)
    try:
        write_stream(
            reader,
            cast(BinaryIO, disk),
            compression="zstd(1)",
            column_dictionary_enabled={"index": False, "value": False, "substitution": False},
            max_row_group_size=_group_size(len(export.trace.rows)),
        )
    except Exception as error:
        # what the steps raised comes back wrapped into the library's own exception
        raise stream.problem or error from error
    disk.require_all_written()
    return stream.count


def _group_size(n_rows: int) -> int:
    """A mean has an operand for every row of the batch."""
    return max(_LEAST, min(_GROUP, _OPERANDS // n_rows))


class _Disk:
    """A file for the library, which panics, with words of its own, where it cannot be written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._problem: OSError | None = None

    def write(self, data: bytes) -> int:
        """Keep what goes wrong, and take no more after it."""
        if self._problem is None:
            try:
                self._file.write(data)
            except OSError as problem:
                self._problem = problem
        return len(data)

    def flush(self) -> None:
        """What is left goes with the file's end."""

    def seek(self, offset: int, whence: int = 0) -> int:
        """The library asks that there be one."""
        return self._file.seek(offset, whence)

    def require_all_written(self) -> None:
        """Raise what went wrong."""
        if self._problem is not None:
            raise self._problem


class _Batches:
    """The steps as record batches, which the library takes one by one."""

    def __init__(self, export: Export, disk: _Disk) -> None:
        self.count = 0
        self.problem: BaseException | None = None
        self._columns = export.columns()
        self._disk = disk
        self._small = _small_numbers(export.trace)

    def __iter__(self) -> Iterator[arrow.RecordBatch]:
        try:
            for found in self._columns:
                self._disk.require_all_written()
                self.count += len(found)
                yield _batch(found, self._small)
        except BaseException as problem:
            self.problem = problem
            raise


def _small_numbers(trace: Trace) -> arrow.Array:
    """Null and then every number that an index of this trace can be."""
    most = max(*trace.network.sizes, trace.L)
    return arrow.Array([None, *range(most + 1)], _SHORT)


def _batch(found: Columns, small: arrow.Array) -> arrow.RecordBatch:
    texts = found.texts
    assert texts is not None, "every text is written"
    indices = (found.l, found.j, found.k, found.i, found.m)
    arrays = [
        arrow.Array.from_numpy(np.ascontiguousarray(found.index)),
        arrow.Array(texts.addresses, _TEXT),
        arrow.Array([KIND_NAMES[code] for code in found.kind.tolist()], _TEXT),
        _rows(found.row),
        *(small.take(arrow.Array.from_numpy((x - ABSENT).astype(np.uint32))) for x in indices),
        arrow.Array.from_numpy(np.ascontiguousarray(found.value)),
        arrow.Array(texts.symbols, _TEXT),
        arrow.Array(texts.substitutions, _TEXT),
        _lists(texts.operands),
    ]
    return arrow.RecordBatch.from_arrays(arrays, schema=_SCHEMA)


def _rows(row: Integers) -> arrow.Array:
    """Steps of samples all have a row, steps of the batch none; they are never in one portion."""
    if row[0] == ABSENT:
        return arrow.Array([None] * len(row), _LONG)
    return arrow.Array.from_numpy(np.ascontiguousarray(row))


def _lists(operands: list[tuple[str, ...]]) -> arrow.Array:
    stops = np.fromiter(accumulate(map(len, operands), initial=0), np.int32, len(operands) + 1)
    addresses = arrow.Array([*chain.from_iterable(operands)], _TEXT)
    return arrow.list_array(
        arrow.Array.from_numpy(stops), addresses, type=_SCHEMA.field("operands").type
    )
