"""Whether a data file can be read as a whole, and how many of its rows can where it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from bpstudio.core.drawing import Drawn
from bpstudio.core.errors import TooLargeError
from bpstudio.core.limits import reading_limit, size_text

PER_CELL = 40  # bytes: in the table, as an array, and scaled
USUAL = 500_000  # rows of a sample, where they fit
_STEPS = (1, 2, 5)
_START = 1 << 20  # bytes from which the length of a line is judged

TooLarge = Literal["sample", "refuse"]


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which rows of a file are read.

    ``rows``: so many, drawn from the seed; 0: all; None: all, unless they are too large, then
    as many as is usual or fits, or (``too_large="refuse"``) none, by a TooLargeError.
    ``memory``: bytes that reading may take; None: `limits.reading_limit`.
    """

    rows: int | None = None
    seed: int = 0
    too_large: TooLarge = "sample"
    memory: int | None = None


ALL_ROWS, AS_NEEDED = Sampling(0), Sampling()


class Extent(NamedTuple):
    """How large a table is, about."""

    rows: int
    columns: int

    @property
    def about(self) -> int:
        """The rows in round numbers, as they are not counted."""
        return int(float(f"{self.rows:.2g}"))

    @property
    def n_bytes(self) -> int:
        """Memory that it takes to read all of it."""
        return PER_CELL * self.rows * self.columns


def extent_of(path: Path, columns: int, skip: int) -> Extent:
    """A text file's, by the length of its first lines."""
    with open(path, "rb") as file:
        start = file.read(_START)
    size, lines = path.stat().st_size, max(1, start.count(b"\n"))
    rows = round(size * lines / len(start)) if size > len(start) else lines
    return Extent(max(1, rows - skip), columns)


def rows_to_draw(extent: Extent, sampling: Sampling, name: str) -> int | None:
    """How many rows are to be read of a table; None: all. TooLargeError where that is refused."""
    if sampling.rows is not None:
        return sampling.rows or None
    limit = reading_limit() if sampling.memory is None else sampling.memory
    if extent.n_bytes <= limit:
        return None
    rows = suggested_rows(extent, limit)
    if sampling.too_large == "refuse":
        raise TooLargeError(
            f"{name} has about {extent.about:,} rows of {extent.columns} columns, which take "
            f"{size_text(extent.n_bytes)} of memory to read, and {size_text(limit)} can be used; "
            f"take a sample of it, such as {rows:,} rows",
            rows,
        )
    return rows


def suggested_rows(extent: Extent, limit: int) -> int:
    """The usual number of rows, or the largest of 1, 2, 5, 10, 20, … rows that fits."""
    fits = max(1, limit // (PER_CELL * extent.columns))
    if fits >= USUAL:
        return USUAL
    power = 10 ** (len(str(fits)) - 1)
    return int(max(step * power for step in _STEPS if step * power <= fits))


def sample_note(drawn: Drawn | None) -> tuple[str, ...]:
    """What is said of a sample; nothing where all rows were read."""
    return () if drawn is None else (str(drawn),)
