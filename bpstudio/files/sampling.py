"""The first lines of a large file, in a file of their own."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import NamedTuple

SAMPLE_BYTES = 256 * 1024
LONGEST_CELL = 200  # lines of a quoted cell that is cut in two
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_WIDE = {b"\xff\xfe\x00\x00": 4, b"\x00\x00\xfe\xff": 4, b"\xff\xfe": 2, b"\xfe\xff": 2}


class Sample(NamedTuple):
    """A file that holds all or the first lines of another."""

    path: Path
    is_whole: bool


def sample_of(path: Path, folder: Path, size: int = SAMPLE_BYTES) -> Sample:
    """The file itself where it is small or Parquet, else its first whole lines, unpacked.

    One that cannot be read is left to the reader, who says why.
    """
    try:
        with open(path, "rb") as file:
            start = file.read(size + 1)
        if start.startswith(_GZIP):
            with gzip.open(path, "rb") as packed:
                start = packed.read(size + 1)
        elif len(start) <= size or start.startswith(_PARQUET):
            return Sample(path, True)
    except (OSError, EOFError, zlib.error, ValueError):
        return Sample(path, True)
    if len(start) <= size:
        return Sample(path, True)
    target = folder / path.name.removesuffix(".gz")
    target.write_bytes(_whole_lines(start[:size]))
    return Sample(target, False)


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
