"""Writing a file whole or not at all: beside its place first, then renamed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, TextIO, cast

from bpstudio.core.errors import InputError

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
    part = target.with_name(f".{target.name[:40]}.{os.urandom(4).hex()}.part")
    try:
        with _new_file(part, binary=binary) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _keep_permissions(target, part)
        os.replace(part, target)
    except OSError as error:
        if error.errno in DISK_ERRORS or error.filename == os.fspath(part):
            raise _unwritable(path, error) from error
        raise
    finally:
        with suppress(OSError):
            os.unlink(part)


def _new_file(part: Path, *, binary: bool) -> IO[str] | IO[bytes]:
    if binary:
        return open(part, "xb")
    return open(part, "x", encoding="utf-8", newline="\n")


def _keep_permissions(target: Path, part: Path) -> None:
    with suppress(FileNotFoundError):
        os.chmod(part, stat.S_IMODE(os.stat(target).st_mode))


def _unwritable(path: str | os.PathLike[str], error: OSError | ValueError) -> InputError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return InputError(f"{os.fspath(path)!r} cannot be written: {reason}; choose another place")
