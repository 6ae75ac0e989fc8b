"""The first lines of a large file, in a file of their own, and how many there are, about."""

from __future__ import annotations

import gzip
import zlib
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import duckdb

from bpstudio.files.source import addressable
from bpstudio.files.staging import connect, literal

SAMPLE_BYTES = 256 * 1024
SAMPLE_ROWS = 5000  # of a Parquet file
LONGEST_CELL = 200  # lines of a quoted cell that is cut in two
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_WIDE = {b"\xff\xfe\x00\x00": 4, b"\x00\x00\xfe\xff": 4, b"\xff\xfe": 2, b"\xfe\xff": 2}


class Sample(NamedTuple):
    """A file that holds all or the first rows of another; ``part``: how much of it, 0 … 1."""

    path: Path
    part: float

    @property
    def is_whole(self) -> bool:
        """Whether it holds all of them."""
        return self.part == 1


def sample_of(path: Path, folder: Path, size: int = SAMPLE_BYTES) -> Sample:
    """The file itself where it is small, else its first whole lines, unpacked, or rows.

    One that cannot be read is left to the reader, who says why.
    """
    try:
        with open(path, "rb") as file:
            start, part = file.read(size + 1), size / max(size, path.stat().st_size)
        if start.startswith(_PARQUET):
            return Sample(path, 1) if part == 1 else _first_rows(path, folder)
        if start.startswith(_GZIP):
            start, part = _unpacked(path, size)
    except (OSError, EOFError, zlib.error, ValueError, duckdb.Error):
        return Sample(path, 1)
    if len(start) <= size:
        return Sample(path, 1)
    target = folder / path.name.removesuffix(".gz")
    target.write_bytes(_whole_lines(start[:size]))
    return Sample(target, part)


def _unpacked(path: Path, size: int) -> tuple[bytes, float]:
    """The first bytes of a packed file, and what part of it they are, about."""
    with gzip.open(path, "rb") as packed:
        start = packed.read(size + 1)
        read = packed.fileobj.tell()  # type: ignore[union-attr]
    return start, min(read / path.stat().st_size, len(start) / (len(start) + 1))


def _first_rows(path: Path, folder: Path) -> Sample:
    """The first rows of a Parquet file."""
    target = folder / path.name
    rows = f"read_parquet({literal(addressable(path, folder))})"
    with closing(connect()) as connection:
        (count,) = connection.execute(f"select count(*) from {rows}").fetchall()[0]
        query = f"select * from {rows} limit {SAMPLE_ROWS}"
        connection.execute(f"copy ({query}) to {literal(target)} (format parquet)")
    return Sample(target, min(1.0, SAMPLE_ROWS / count)) if count else Sample(path, 1)


def _whole_lines(start: bytes) -> bytes:
    """Up to the last line end; as many bytes as there are where there is none."""
    for mark, width in _WIDE.items():
        if start.startswith(mark):
            return start[: len(start) // width * width]
    return start[: _line_end(start) + 1] or start


def _line_end(start: bytes) -> int:
    """The last line end outside quotes, if it is one of the last lines; −1 where there is none."""
    last = end = start.rfind(b"\n")
    for _ in range(LONGEST_CELL):
        if end < 0:
            return last
        if start.count(b'"', 0, end) % 2 == 0:
            return end
        end = start.rfind(b"\n", 0, end)
    return last
