"""The steps of a trace as CSV: the keys of JSON as columns, one row a step.

An index that a kind does not have is empty, operands are joined by spaces (an address has none),
and what is not finite is NaN, Infinity or -Infinity. Numbers read back to the same bits.
"""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from msgspec import UNSET

from bpstudio.files.trace_export import Export
from bpstudio.files.trace_records import COLUMNS, records


def write_csv(export: Export, file: BinaryIO) -> int:
    """Write a header and the steps, UTF-8 with lines that end in a newline; → number of steps."""
    text, count = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True), 0
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for count, record in enumerate(records(export), start=1):  # noqa: B007
        writer.writerow(_cell(getattr(record, column)) for column in COLUMNS)
    text.detach()
    return count


def _cell(value: object) -> object:
    """As csv writes it: floats by their repr."""
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is UNSET else value
