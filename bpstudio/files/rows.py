"""Which line of a file each of its rows stands on."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.rejected import Rejected
from bpstudio.files.reading import tell

Integers = NDArray[np.int64]

SCAN = 1 << 24  # bytes at a time
TAIL = 1 << 16  # bytes at the end that are looked at for empty lines
NEWLINE, RETURN = 10, 13


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a file that were read: their numbers (from 0), their lines (from 1).

    ``empty`` counts the lines that hold nothing, wherever they are.
    """

    numbers: Integers
    lines: Integers
    rejected: tuple[Rejected, ...]
    empty: int = 0


def all_rows(count: int) -> Rows:
    """So many rows, one a line."""
    numbers = np.arange(count)
    return Rows(numbers, numbers + 1, ())


def rows_of_lines(lines: Integers, broken: Integers, reasons: Iterable[str]) -> Rows:
    """The rows that start on these lines, less the broken ones, which are rejected."""
    numbers = np.arange(lines.size)
    is_broken = np.isin(lines, broken)
    places = zip(numbers[is_broken].tolist(), lines[is_broken].tolist(), reasons, strict=True)
    rejected = tuple(Rejected(row, line, None, reason) for row, line, reason in places)
    return Rows(numbers[~is_broken], lines[~is_broken], rejected)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of a file, as its line feeds divide it."""

    filled: NDArray[np.bool_]  # of each line: whether it holds anything
    starts: Integers  # its first byte
    lone_returns: int  # carriage returns that stand alone; they divide lines too
    mixed: bool  # some lines end in a carriage return and a line feed, others in one only


def has_byte(path: Path, byte: bytes, start: int) -> bool:
    """Whether a byte occurs in a file, from a place on that may be its end."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        places = range(start, len(data), SCAN)
        return any(data.find(byte, at, at + SCAN) >= 0 for at in places)


def count_byte(path: Path, byte: bytes, start: int) -> int:
    """How often a byte occurs in a file, from a place on."""
    data = np.memmap(path, dtype=np.uint8, mode="r")
    places = range(start, data.size, SCAN)
    return sum(int(np.count_nonzero(data[at : at + SCAN] == byte[0])) for at in places)


def data_start(path: Path, skip: int) -> int:
    """The first byte of a file after so many lines."""
    with open(path, "rb") as file:
        for _ in range(skip):
            file.readline()
        return file.tell()


def scan_lines(path: Path) -> Lines:
    """The lines of a file that is not empty."""
    data = np.memmap(path, dtype=np.uint8, mode="r")
    chunks = range(0, data.size, SCAN)
    found, returns = list[Integers](), 0
    for at in chunks:
        tell("lines", at / data.size)
        chunk = data[at : at + SCAN]
        found.append(np.flatnonzero(chunk == NEWLINE) + at)
        returns += int(np.count_nonzero(chunk == RETURN))
    ends = np.concatenate(found)
    pairs = int(np.count_nonzero(data[ends[ends > 0] - 1] == RETURN))
    mixed = 0 < pairs < ends.size
    if not ends.size or ends[-1] < data.size - 1:
        ends = np.append(ends, data.size)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts
    only_return = (lengths == 1) & (data[starts] == RETURN)
    return Lines((lengths > 0) & ~only_return, starts, returns - pairs, mixed)


def empty_at_end(path: Path) -> int:
    """How many empty lines a file ends with, as far as its last bytes show."""
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        tail = file.read()
    ends = tail[len(tail.rstrip(b"\r\n")) :]
    return (ends.count(b"\n") or ends.count(b"\r")) - 1 if ends else 0
