"""The folder of kept sessions: a file for each, locked by the window that has it open."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from platformdirs import user_data_path
from PySide6.QtCore import QLockFile

from bpstudio.core.errors import InputError
from bpstudio.ui.settings import FOLDER_VARIABLE

SUFFIX, LOCK, LABEL, ASIDE = ".bps", ".lock", ".json", ".damaged"
MOST_KEPT = 10
MOST_BYTES = 2**30


def sessions_folder() -> Path:
    """Beside the settings where $BPSTUDIO_CONFIG_DIR redirects them, else with the user's data."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return (Path(chosen) if chosen else user_data_path("bpstudio", appauthor=False)) / "sessions"


class Place:
    """A file of the shelf that this window alone writes, until it lets go of it."""

    def __init__(self, path: Path, lock: QLockFile, was_killed: bool = False) -> None:
        """``was_killed``: the one who had it before ended without letting go."""
        self.path = path
        self.was_killed = was_killed
        self._lock = lock

    def let_go(self) -> None:
        """Others may have it."""
        self._lock.unlock()

    def set_aside(self) -> Path:
        """Keep a damaged file under another name, where nobody opens it by itself; → the name.

        It keeps its own where it cannot be renamed.
        """
        aside = _unused(self.path.with_suffix(ASIDE))
        try:
            self.path.rename(aside)
            self.label.unlink(missing_ok=True)
        except OSError:
            return self.path
        finally:
            self.let_go()
        return aside

    @property
    def written(self) -> float:
        """When it was last written, in seconds since 1970; now where it never was."""
        try:
            return self.path.stat().st_mtime
        except OSError:
            return time.time()

    @property
    def label(self) -> Path:
        """The file beside it that says in a line what it is."""
        return self.path.with_suffix(LABEL)


@dataclass(frozen=True, slots=True)
class Kept:
    """A session on the shelf: where, of what size in bytes, and when it was last written."""

    path: Path
    n_bytes: int
    seconds: float


class Shelf:
    """At most so many sessions, and bytes; the oldest go first. Those that are open stay."""

    def __init__(
        self, folder: Path, most_kept: int = MOST_KEPT, most_bytes: int = MOST_BYTES
    ) -> None:
        self.folder = folder
        self._most_kept, self._most_bytes = most_kept, most_bytes

    def kept(self) -> tuple[Kept, ...]:
        """All of them, the last written one first; those that cannot be looked at are left out."""
        return tuple(sorted(self._found(), key=lambda kept: kept.seconds, reverse=True))

    def begin(self) -> Place:
        """A file for another session. InputError where the folder cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"the folder cannot be made: {error.strerror}") from error
        stem = datetime.now().strftime("%Y-%m-%d %H-%M-%S")
        for n in range(1, 1000):
            path = self.folder / f"{stem}{f' {n}' if n > 1 else ''}{SUFFIX}"
            place = None if path.exists() else self._locked(path)
            if place is not None:
                return place
        raise InputError("the folder has too many sessions of this second")

    def take(self, path: Path) -> Place | None:
        """A kept session for this window alone; None where another window has it."""
        return self._locked(path)

    def last_left(self) -> Place | None:
        """The session that is to be opened by itself, None where there is none.

        It is the last one; where another window has it, the last that a window was killed with.
        """
        for n, kept in enumerate(self.kept()):
            with suppress(InputError):
                place = self.take(kept.path) if n == 0 or _lock(kept.path).exists() else None
                if place is not None:
                    return place
        return None

    def make_room(self) -> None:
        """Let the oldest go that are too many, and what is left of sessions never written."""
        total = 0
        for n, kept in enumerate(self.kept()):
            total += kept.n_bytes
            if n > 0 and (n >= self._most_kept or total > self._most_bytes):
                total -= kept.n_bytes if self.remove(kept.path) else 0
        with suppress(OSError):
            for lock in self.folder.glob(f"*{LOCK}"):
                if not lock.with_suffix(SUFFIX).exists():
                    self.remove(lock.with_suffix(SUFFIX))

    def remove(self, path: Path) -> bool:
        """Delete a session; False where a window has it open, or it cannot be deleted."""
        try:
            place = self.take(path)
            if place is None:
                return False
            path.unlink(missing_ok=True)
            place.label.unlink(missing_ok=True)
            place.let_go()
        except (InputError, OSError):
            return False
        return True

    def _found(self) -> Iterator[Kept]:
        with suppress(OSError):
            for path in self.folder.glob(f"*{SUFFIX}"):
                with suppress(OSError):
                    status = path.stat()
                    yield Kept(path, status.st_size, status.st_mtime)

    def _locked(self, path: Path) -> Place | None:
        """None where another has it; InputError where the folder cannot be written."""
        was_killed = _lock(path).exists()
        lock = QLockFile(str(_lock(path)))
        lock.setStaleLockTime(0)  # only that of a process that is gone
        if lock.tryLock(0):
            _clear_unfinished(path)
            return Place(path, lock, was_killed)
        if lock.error() == QLockFile.LockError.LockFailedError:
            return None
        raise InputError("the folder cannot be written")


def _lock(path: Path) -> Path:
    return path.with_suffix(LOCK)


def _clear_unfinished(path: Path) -> None:
    """What a window that was killed while it wrote has left of that."""
    with suppress(OSError):
        for part in path.parent.glob(f".{path.name}.*.part"):
            part.unlink(missing_ok=True)


def _unused(path: Path) -> Path:
    n = 1
    found = path
    while found.exists():
        n += 1
        found = path.with_stem(f"{path.stem} {n}")
    return found
