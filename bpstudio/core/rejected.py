"""Rows of a data file that were left out, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of the file that was left out: its number, line and column, and why."""

    row: int
    line: int  # from 1; 0 in a file that has no lines
    column: str | None
    reason: str
    missing: bool = False  # a value is not there, which is no fault of the file

    def __str__(self) -> str:
        place = f", column {self.column}" if self.column is not None else ""
        row = f"line {self.line} (row {self.row})" if self.line else f"row {self.row}"
        return f"{row}{place}: {self.reason}"


def left_out_text(rejected: Sequence[Rejected]) -> str:
    """How many rows were left out, and the first of them with its reason."""
    rows = "1 row was" if len(rejected) == 1 else f"{len(rejected)} rows were"
    return f"{rows} left out; the first: {rejected[0]}"
