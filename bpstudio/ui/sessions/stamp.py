"""Whether a file is still the one that was read or written here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Stamp = tuple[int, int]
"""When a file was last written, in nanoseconds since 1970, and its size in bytes."""


def stamp_of(path: Path) -> Stamp | None:
    """That of a file as it is now; None where there is none to look at."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def stamp_read(said: Any) -> Stamp | None:
    """As a kept session has it; None where it says nothing."""
    match said:
        case [int(nanoseconds), int(n_bytes)]:
            return nanoseconds, n_bytes
    return None


def is_another(path: Path, seen: Stamp | None) -> bool:
    """Whether somebody else wrote the file; False where it is gone, or was never looked at."""
    now = stamp_of(path)
    return seen is not None and now is not None and now != seen
