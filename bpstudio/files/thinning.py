"""A text file with some of its rows only, which keep their numbers and lines of the whole.

The file is gone through twice: its rows are counted, then those drawn are copied. Memory does not
grow with the file. Where each line is one row that is quick; where a quoted cell runs over lines,
or carriage returns divide them, the `csv` module reads row by row.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.drawing import Drawn, drawn_rows
from bpstudio.core.errors import InputError
from bpstudio.files.dialect import Dialect, read_records
from bpstudio.files.reading import tell
from bpstudio.files.rows import NEWLINE, RETURN, Integers, Rows, empty_at_end
from bpstudio.files.source import Source

BLOCK = 1 << 23  # bytes at a time
LONGEST = 1 << 26  # bytes of a line
TOLD = 4096  # rows read one by one between two words on how far it is

Bytes = NDArray[np.uint8]


class _NotLineByLineError(Exception):
    """The rows of a file are not its lines."""


@dataclass(frozen=True, slots=True, eq=False)
class Thinned:
    """Where the rows that were drawn are: their numbers and lines in the file, their lines here."""

    path: Path
    of: int  # rows that the file has
    seed: int
    empty: int  # lines of it that hold nothing
    numbers: Integers
    lines: Integers
    places: Integers

    @property
    def drawn(self) -> Drawn:
        """What part of the file they are."""
        return Drawn(self.numbers.size, self.of, self.seed)

    def rows_of(self, rows: Rows) -> Rows:
        """Rows that were read here as those of the file."""
        at = np.searchsorted(self.places, rows.lines)
        rejected = [int(np.searchsorted(self.places, each.line)) for each in rows.rejected]
        moved = tuple(
            replace(each, row=int(self.numbers[k]), line=int(self.lines[k]))
            for each, k in zip(rows.rejected, rejected, strict=True)
        )
        return Rows(self.numbers[at], self.lines[at], moved, self.empty)


class _Count(NamedTuple):
    rows: int
    empty: int


def thin(source: Source, dialect: Dialect, rows: int, seed: int) -> Thinned | None:
    """Draw so many rows of a file; None where it has no more than that.

    A row that turns out to be broken is drawn as any other.
    """
    path = source.folder / "sample.csv"
    try:
        count = _count_lines(source.plain, dialect)
        by_lines = True
    except _NotLineByLineError:
        count, by_lines = _count_records(source, dialect), False
    if count.rows <= rows:
        return None
    numbers = drawn_rows(count.rows, rows, seed)
    copy = _copy_lines if by_lines else _copy_records
    lines, places = copy(source, dialect, numbers, path)
    return Thinned(path, count.rows, seed, count.empty, numbers, lines, places)


# Line by line ------------------------------------------------------------------------------


class _Block(NamedTuple):
    """Some whole lines: their bytes, the number of the first one, and where each begins and ends.

    ``filled``: whether a line is a row; ``empty`` counts those that hold nothing.
    """

    data: Bytes
    first: int
    starts: Integers
    ends: Integers
    filled: NDArray[np.bool_]
    empty: int


def _count_lines(path: Path, dialect: Dialect) -> _Count:
    """The rows of a file. _NotLineByLineError where they are not its lines."""
    rows = empty = 0
    for block in _blocks(path, dialect, 0.0):
        _require_lines(block, dialect)
        rows += int(np.count_nonzero(block.filled))
        empty += block.empty
    return _Count(rows, empty)


def _copy_lines(
    source: Source, dialect: Dialect, numbers: Integers, path: Path
) -> tuple[Integers, Integers]:
    """Write the rows of these numbers; their lines in the file, and in what is written."""
    found, before = list[Integers](), 0
    with open(path, "wb") as file:
        for block in _blocks(source.plain, dialect, 0.5):
            rows = np.flatnonzero(block.filled)
            low, high = np.searchsorted(numbers, (before, before + rows.size))
            chosen = rows[numbers[low:high] - before]
            found.append(chosen + block.first + 1)
            before += rows.size
            file.writelines(_texts(block, chosen))
    return np.concatenate(found), np.arange(1, numbers.size + 1)


def _texts(block: _Block, chosen: Integers) -> Iterator[bytes]:
    """These lines of a block, with line feeds at their ends: DuckDB wants all ends to be alike."""
    data, starts, ends = block.data.tobytes(), block.starts[chosen], block.ends[chosen]
    ends = ends - (block.data[ends - 1] == RETURN)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield data[start:end] + b"\n"


def _blocks(path: Path, dialect: Dialect, done: float) -> Iterator[_Block]:
    """The lines of a file, some at a time; half of the way, from ``done`` on, is told."""
    content = _content(dialect)
    first, at, size = 0, 0, path.stat().st_size
    with open(path, "rb") as file:
        for data in _whole_lines(file):
            tell("sample", done + 0.5 * at / size)
            at += data.size
            ends = np.flatnonzero(data == NEWLINE)
            starts = np.concatenate(([0], ends[:-1] + 1))
            filled = content[data[starts]]
            if not filled.all():  # a line may begin with a space and be one all the same
                filled = np.logical_or.reduceat(content[data], starts)
            empty = int(np.count_nonzero(~filled))
            filled[: max(0, dialect.skip - first)] = False
            yield _Block(data, first, starts, ends, filled, empty)
            first += ends.size


def _whole_lines(file: BinaryIO) -> Iterator[Bytes]:
    """The bytes of a file in blocks that end with a line; the last one is given an end."""
    left = b""
    while block := file.read(BLOCK):
        end = block.rfind(b"\n") + 1
        if end:
            yield np.frombuffer(left + block[:end], dtype=np.uint8)
            left = block[end:]
        else:
            left += block
        if len(left) > LONGEST:
            raise InputError(f"{Path(file.name).name} has a line of more than {LONGEST:,} bytes")
    if left:
        yield np.frombuffer(left + b"\n", dtype=np.uint8)


def _content(dialect: Dialect) -> NDArray[np.bool_]:
    """Of each byte whether a line that has it is a row: not spaces, nor a quoted nothing."""
    content = np.ones(256, dtype=np.bool_)
    content[list(b" \t\v\f\r\n" + dialect.quote.encode())] = False
    content[list(dialect.delimiter.encode())] = True
    return content


def _require_lines(block: _Block, dialect: Dialect) -> None:
    """No carriage return stands alone, and no line has a quote that is not closed in it."""
    returns = int(np.count_nonzero(block.data == RETURN))
    if returns != int(np.count_nonzero(block.data[block.ends - (block.ends > 0)] == RETURN)):
        raise _NotLineByLineError
    quotes = block.data == ord(dialect.quote)
    if quotes.any() and (np.add.reduceat(quotes, block.starts, dtype=np.int64) % 2).any():
        raise _NotLineByLineError


# Row by row --------------------------------------------------------------------------------


class _Heard:
    """Lines on their way, of which the last ones are remembered."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.last: list[str] = []

    def __iter__(self) -> _Heard:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.last.append(line)
        return line

    def take(self, count: int) -> list[str]:
        """The last so many lines; all are forgotten."""
        taken, self.last = self.last[-count:], []
        return taken


class _Row(NamedTuple):
    """A row as it is written, and its first line, from 1."""

    line: int
    end: int
    text: list[str]


def _count_records(source: Source, dialect: Dialect) -> _Count:
    rows = empty = end = 0
    for row in _records(source, dialect, 0.0):
        empty += row.line - end - 1
        end = row.end
        rows += row.end > dialect.skip
    return _Count(rows, empty + empty_at_end(source.plain))


def _copy_records(
    source: Source, dialect: Dialect, numbers: Integers, path: Path
) -> tuple[Integers, Integers]:
    lines, places = np.empty_like(numbers), np.empty_like(numbers)
    number, k, place = -1, 0, 1
    with open(path, "w", encoding="utf-8", newline="") as file:
        for row in _records(source, dialect, 0.5):
            number += row.end > dialect.skip
            if k == numbers.size:
                break
            if number != numbers[k]:
                continue
            lines[k], places[k] = row.line, place
            file.writelines([*row.text[:-1], row.text[-1].rstrip("\r\n"), "\n"])
            place, k = place + len(row.text), k + 1
    return lines, places


def _records(source: Source, dialect: Dialect, done: float) -> Iterator[_Row]:
    size = source.plain.stat().st_size
    with (
        open(source.plain, "rb") as raw,
        io.TextIOWrapper(raw, encoding="utf-8", newline="") as text,
    ):
        heard = _Heard(text)
        for n, record in enumerate(read_records(heard, dialect, source.name, strict=True)):
            if n % TOLD == 0:
                tell("sample", done + 0.5 * raw.tell() / size)
            yield _Row(record.line, record.end, heard.take(record.end - record.line + 1))
