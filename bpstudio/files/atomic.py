"""Writing a file whole or not at all: beside its place first, then renamed."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, TextIO, cast

from bpstudio.core.errors import InputError

if sys.platform != "win32":
    import fcntl

_RENAMES_OPEN_FILES = os.name == "posix"

# What a full or failing disk says, in the middle of writing.
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)


@contextmanager
def writing(path: str | os.PathLike[str]) -> Iterator[TextIO]:
    """Write text (UTF-8, newlines as they are given); the file appears when the block ends.

    Nothing is left behind, and an older file stays as it was, if the block raises. InputError
    for a place where no file can be written.
    """
    with _beside(path, binary=False) as file:
        yield cast(TextIO, file)


@contextmanager
def writing_bytes(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """As `writing`, for bytes."""
    with _beside(path, binary=True) as file:
        yield cast(BinaryIO, file)


def require_writable(path: str | os.PathLike[str]) -> Path:
    """The real path of a file that could be written; asked before long work. InputError if not."""
    try:
        target = Path(os.path.realpath(path))
    except ValueError as error:
        raise _unwritable(path, error) from error
    _require_plain_file(path, target)
    folder = target.parent
    if not os.path.isdir(folder):
        raise InputError(f"{path}: there is no folder {folder}; make it or choose another")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{path}: folder {folder} may not be written to; choose another")
    return target


def _require_plain_file(path: str | os.PathLike[str], target: Path) -> None:
    if not os.fspath(path) or os.fspath(path).endswith(os.sep) or os.path.isdir(target):
        raise InputError(f"{os.fspath(path)!r} is a folder; give the name of a file to write")
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(path, error) from error
    if not stat.S_ISREG(mode):
        raise InputError(f"{path} is no ordinary file (a device or pipe); choose another name")
    if not os.access(target, os.W_OK):
        raise InputError(f"{path} exists and is read-only; choose another name")


@contextmanager
def _beside(path: str | os.PathLike[str], *, binary: bool) -> Iterator[IO[str] | IO[bytes]]:
    target = require_writable(path)
    part = target.with_name(f"{_part_prefix(target)}{os.urandom(4).hex()}.part")
    try:
        with _new_file(part, binary=binary) as file:
            _hold(file)
            yield file
            file.flush()
            os.fsync(file.fileno())
            if _RENAMES_OPEN_FILES:
                _put(part, target)  # while it is locked
        if not _RENAMES_OPEN_FILES:
            _put(part, target)
    except OSError as error:
        if error.errno in DISK_ERRORS or error.filename == os.fspath(part):
            raise _unwritable(path, error) from error
        raise
    finally:
        with suppress(OSError):
            os.unlink(part)


def clear_leftovers(path: str | os.PathLike[str]) -> None:
    """Remove what writing this file left beside it in processes that were killed.

    What another process is writing just now stays: it holds a lock on it.
    """
    with suppress(OSError, ValueError):
        target = Path(os.path.realpath(path))
        name = re.compile(re.escape(_part_prefix(target)) + r"[0-9a-f]{8}\.part", re.ASCII)
        for each in os.listdir(target.parent):
            if name.fullmatch(each):
                with suppress(OSError):
                    _remove_unheld(target.with_name(each))


def _part_prefix(target: Path) -> str:
    return f".{target.name[:40]}."


def _hold(file: IO[str] | IO[bytes]) -> None:
    """Lock a file until it is closed, so that nobody takes it for one that was left over.

    FileNotFoundError where somebody was faster; where there are no locks (Windows), nobody can
    remove an open file.
    """
    if sys.platform == "win32":
        return
    with suppress(OSError):  # a disk without locks
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
    if os.fstat(file.fileno()).st_nlink == 0:
        raise FileNotFoundError(errno.ENOENT, "it was removed", file.name)


def _remove_unheld(part: Path) -> None:
    if sys.platform == "win32":
        os.unlink(part)
        return
    with open(part, "rb") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(part)


def _new_file(part: Path, *, binary: bool) -> IO[str] | IO[bytes]:
    if binary:
        return open(part, "xb")
    return open(part, "x", encoding="utf-8", newline="\n")


def _put(part: Path, target: Path) -> None:
    """In the place of the older file, with its permissions."""
    with suppress(FileNotFoundError):
        os.chmod(part, stat.S_IMODE(os.stat(target).st_mode))
    os.replace(part, target)


def _unwritable(path: str | os.PathLike[str], error: OSError | ValueError) -> InputError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return InputError(f"{os.fspath(path)!r} cannot be written: {reason}; choose another place")
