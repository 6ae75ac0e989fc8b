"""A trace as JSON (format version 1: with the network and the samples) and as JSON Lines.

JSON has no number for what is not finite; such a value is one of the words "NaN", "Infinity" and
"-Infinity". All other numbers read back to the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from bpstudio.core.trace import Trace
from bpstudio.files.network_json import network_parts, numbers
from bpstudio.files.trace_export import Export
from bpstudio.files.trace_records import records

FORMAT, VERSION = "bpstudio-trace", 1


def write_json(export: Export, file: BinaryIO) -> int:
    """Write the whole object, a step a line; → number of steps."""
    file.writelines(_head(export.trace))
    encoder, count = msgspec.json.Encoder(), 0
    for count, record in enumerate(records(export), start=1):
        file.write((b",\n" if count > 1 else b"\n") + encoder.encode(record))
    file.write(b"\n]}\n")
    return count


def write_json_lines(export: Export, file: BinaryIO) -> int:
    """Write the steps alone, an object a line; → number of steps."""
    encoder, count = msgspec.json.Encoder(), 0
    for count, record in enumerate(records(export), start=1):  # noqa: B007
        file.write(encoder.encode(record) + b"\n")
    return count


def _head(trace: Trace) -> Iterator[bytes]:
    loss = msgspec.json.encode(trace.loss)
    yield b'{"format":"%b","version":%d,"loss":%b,\n' % (FORMAT.encode(), VERSION, loss)
    yield b'"network":'
    yield from network_parts(trace.network)
    yield b',\n"samples":['
    for s, row in enumerate(trace.rows):
        x, y = numbers(trace.X[s]), numbers(trace.Y[s])
        yield (b"," if s else b"") + b'\n{"row":%d,"x":%b,"y":%b}' % (row, x, y)
    yield b'],\n"steps":['
