"""Opening a data file: what kind it is, and its text as plain UTF-8 on disk."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import stat
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bpstudio.core.errors import InputError
from bpstudio.core.limits import size_text
from bpstudio.files.reading import tell

CHUNK = 1 << 20
# A small compressed file can unpack to more than any disk holds.
LARGEST_UNPACKED = 16 * 2**30

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Files that people take for tables, by their first bytes.
FOREIGN = (
    (b"PK\x03\x04", "a zip archive or a spreadsheet; save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet; save the sheet as CSV"),
    (b"BZh", "packed with bzip2; unpack it, or pack it with gzip"),
    (b"\xfd7zXZ", "packed with xz; unpack it, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd; unpack it, or pack it with gzip"),
    (b"SQLite format 3", "a database; export the table as CSV"),
)
# Bytes that say nothing against Latin-1: neither control characters nor 0x80..0x9f.
PLAIN_LATIN = b"\t\n\v\f\r\x1a\x1b" + bytes(range(0x20, 0x80)) + bytes(range(0xA0, 0x100))
WINDOWS_ONLY = set(range(0x80, 0xA0)) - set(b"\x81\x8d\x8f\x90\x9d")


@dataclass(frozen=True, slots=True)
class Source:
    """A data file, and where its plain form is: text as UTF-8 without a mark, or Parquet."""

    path: Path  # as the user named it
    plain: Path
    folder: Path  # for working files, gone afterwards
    encoding: str | None  # None: Parquet
    skipped: int = 0  # lines at the start that are made empty
    comments: int = 0  # others that are
    separator: bool = False  # the one skipped line says which delimiter there is

    @property
    def name(self) -> str:
        return self.path.name


@contextmanager
def open_source(path: str | os.PathLike[str], encoding: str | None = None) -> Iterator[Source]:
    """Open a CSV, TSV (either may be packed with gzip) or Parquet file. InputError if it is none.

    The encoding is found when it is not given: UTF-8, UTF-16 or UTF-32 with a mark, else
    Latin-1 or Windows-1252.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="bpstudio-") as folder:
            yield _prepared(Path(path), Path(folder), encoding)
    except OSError as error:  # also of the working files: the disk may be full
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


def _prepared(given: Path, folder: Path, encoding: str | None) -> Source:
    start = _first_bytes(given)
    if start.startswith(b"PAR1"):
        return Source(given, addressable(given, folder), folder, None)
    raw = _unpacked(given, folder) if start.startswith(b"\x1f\x8b") else given
    return _text_source(given, raw, folder, encoding)


def _text_source(given: Path, raw: Path, folder: Path, encoding: str | None) -> Source:
    found = _known_encoding(encoding) if encoding else find_encoding(raw, given.name)
    if found == "utf-8" and not encoding:
        return Source(given, addressable(raw, folder), folder, found)
    plain = folder / "text.csv"
    _recode(raw, plain, found, given.name)
    return Source(given, plain, folder, found)


def _first_bytes(path: Path) -> bytes:
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; check the name and the folder") from error
    except ValueError as error:
        raise InputError(f"{str(path)!r} is no name of a file: {error}") from error
    if stat.S_ISDIR(mode):
        raise InputError(f"{path} is a folder; give a CSV, TSV or Parquet file in it")
    if not stat.S_ISREG(mode):
        raise InputError(f"{path} is no ordinary file (a device or pipe); give a file on disk")
    with open(path, "rb") as file:
        start = file.read(64)
    if not start:
        raise InputError(f"{path} is empty; a data file needs a header line and rows of numbers")
    for magic, what in FOREIGN:
        if start.startswith(magic):
            raise InputError(f"{path} is {what}")
    return start


def _unpacked(path: Path, folder: Path) -> Path:
    target = folder / "unpacked.csv"
    size, whole = 0, path.stat().st_size
    try:
        with gzip.open(path, "rb") as packed, open(target, "wb") as file:
            while chunk := packed.read(CHUNK):
                tell("text", packed.fileobj.tell() / whole)  # type: ignore[union-attr]
                size += file.write(chunk)
                if size > LARGEST_UNPACKED:
                    limit = size_text(LARGEST_UNPACKED)
                    raise InputError(f"{path} unpacks to more than {limit}; take fewer rows")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path} is a damaged gzip file: {error}; get it again") from error
    if size == 0:
        raise InputError(f"{path} is empty once unpacked; a data file needs rows of numbers")
    return target


def find_encoding(path: Path, name: str) -> str:
    """The encoding of a text file, as Python names it; reads the whole file once.

    InputError naming the place where the file turns out to be no text.
    """
    with open(path, "rb") as file:
        start = file.read(4)
        for mark, encoding in BYTE_ORDER_MARKS:
            if start.startswith(mark):
                return encoding
        file.seek(0)
        if _is_utf8(file, name):
            return "utf-8"
        file.seek(0)
        return _single_byte_encoding(file, name)


def _is_utf8(file: BinaryIO, name: str) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, offset, size = True, 0, os.fstat(file.fileno()).st_size
    while chunk := file.read(CHUNK):
        tell("text", offset / size)
        if (zero := chunk.find(0)) >= 0:
            raise InputError(
                f"{name} is no text: byte {offset + zero} is zero; give a CSV, TSV or Parquet file"
            )
        is_utf8 = is_utf8 and _decodes(decoder, chunk)
        offset += len(chunk)
    return is_utf8 and _decodes(decoder, b"", final=True)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    if chunk.isascii() and not final and not decoder.getstate()[0]:
        return True
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _single_byte_encoding(file: BinaryIO, name: str) -> str:
    special = set[int]()
    while chunk := file.read(CHUNK):
        tell("text", 1.0)
        special |= set(chunk.translate(None, PLAIN_LATIN))
    if any(byte < 0x20 for byte in special):
        raise InputError(f"{name} is no text: it holds control characters; give a CSV file")
    return "windows-1252" if special and special <= WINDOWS_ONLY else "latin-1"


def _known_encoding(encoding: str) -> str:
    try:
        with io.TextIOWrapper(io.BytesIO(), encoding=encoding):
            return encoding
    except (LookupError, ValueError) as error:
        raise InputError(
            f"there is no encoding {encoding!r}; try utf-8, utf-16, latin-1 or windows-1252"
        ) from error


def _recode(raw: Path, plain: Path, encoding: str, name: str) -> None:
    line = 1
    try:
        with (
            open(raw, encoding=encoding, newline="") as text,
            open(plain, "w", encoding="utf-8", newline="") as file,
        ):
            while chunk := text.read(CHUNK):
                tell("text", 1.0)
                _require_text(chunk, name, line)
                file.write(chunk.removeprefix("\ufeff") if line == 1 else chunk)
                line += chunk.count("\n")
    except UnicodeError as error:
        raise InputError(
            f"{name}, after line {line}: not {encoding} ({error}); give another encoding"
        ) from error


def _require_text(chunk: str, name: str, line: int) -> None:
    if "\0" in chunk:
        line += chunk[: chunk.index("\0")].count("\n")
        raise InputError(f"{name}, line {line}: holds a zero character, so it is no text")


def addressable(path: Path, folder: Path) -> Path:
    """The same file under a name that DuckDB does not take for a pattern or a web address."""
    absolute = os.path.abspath(path)
    if not set(absolute) & set("*?[]{}") and "://" not in absolute and absolute.isprintable():
        return Path(absolute)
    target = folder / f"data{'.parquet' if path.suffix == '.parquet' else '.csv'}"
    _copy(path, target)
    return target


def _copy(path: Path, target: Path) -> None:
    with open(path, "rb") as file, open(target, "wb") as copy:
        while chunk := file.read(CHUNK):
            tell("text", 1.0)
            copy.write(chunk)
