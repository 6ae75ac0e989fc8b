"""The data file that a session refers to: how it was read, and finding the very same one again.

It is named with its size and SHA-256; a session is never opened with another one.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from bpstudio.core.dataset import Dataset, Task
from bpstudio.core.errors import InputError
from bpstudio.core.limits import size_text
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.import_written import options_read, options_written


class DataFileError(InputError):
    """The data file of a session is not there, or is another one; ``path`` is where it was."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True, eq=False)
class DataFile:
    """A data file as it was read: ``loaded`` is what it gave, before any split or change.

    ``options`` are those of an import; None where `dataset.load` read it with the next three.
    ``stamp`` (size, time of the last change) tells whether it is the same file still.
    """

    path: str
    loaded: Dataset
    stamp: tuple[int, int]
    options: ImportOptions | None = None
    target: tuple[str, ...] | None = None
    task: Task | None = None
    bad_rows: Literal["refuse", "leave out"] = "refuse"

    @classmethod
    def of(
        cls,
        path: str | os.PathLike[str],
        loaded: Dataset,
        stamp: tuple[int, int] | None = None,
        **how: Any,
    ) -> DataFile | None:
        """The file that was read, by one call of the system; None where it is gone.

        ``stamp``: its `stamp_of` before it was read, in case it changed meanwhile.
        """
        now = cls.stamp_of(path)
        return None if now is None else cls(str(Path(path).absolute()), loaded, stamp or now, **how)

    @staticmethod
    def stamp_of(path: str | os.PathLike[str]) -> tuple[int, int] | None:
        """Size of a file and time of its last change; None where it is gone."""
        try:
            return _stamp(path)
        except OSError:
            return None

    @property
    def is_there(self) -> bool:
        """Whether the file can be read and was not changed since."""
        return self.stamp_of(self.path) == self.stamp and os.access(self.path, os.R_OK)


class SourcePart(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A data file: where it was, what it must be, and how it is read.

    ``sample``: so many rows, and the seed that they are drawn from; None: all of them.
    """

    path: str
    size: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    sha256: str
    options: dict[str, Any] | None
    target: tuple[str, ...] | None
    task: Task | None
    bad_rows: Literal["refuse", "leave out"]
    sample: tuple[int, int] | None = None


def source_part(source: DataFile) -> SourcePart:
    """The file as a session names it. Its hash is computed once, some seconds for a GB."""
    options = None if source.options is None else options_written(source.options)
    digest = _digest(source.path, source.stamp)
    drawn = source.loaded.drawn
    sample = None if drawn is None else (drawn.rows, drawn.seed)
    how = (options, source.target, source.task, source.bad_rows, sample)
    return SourcePart(source.path, source.stamp[0], digest, *how)


@lru_cache(maxsize=8)
def _digest(path: str, _stamp: tuple[int, int]) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: str | os.PathLike[str]) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns


def load_source(
    part: SourcePart, session: str | os.PathLike[str], data_path: str | os.PathLike[str] | None
) -> DataFile:
    """The data file, read as it was: at ``data_path``, else where it was, else beside the session.

    DataFileError where it is not there, cannot be read, or is another one.
    """
    try:
        path, stamp = _found(part, Path(session), data_path)
        loaded = _load(path, part)
    except OSError as error:
        raise DataFileError(
            f"{Path(session).name} needs its data file, and {error.filename or part.path[:200]} "
            f"cannot be read: {error.strerror or error}; choose one that can",
            part.path,
        ) from error
    options = None if part.options is None else options_read(part.options)
    if options is not None and part.sample is not None:
        options = options.with_sample(*part.sample)
    return DataFile(str(path), loaded, stamp, options, part.target, part.task, part.bad_rows)


def _found(
    part: SourcePart, session: Path, data_path: str | os.PathLike[str] | None
) -> tuple[Path, tuple[int, int]]:
    """Where the file is, and its stamp."""
    places = _places(part, session) if data_path is None else [Path(data_path)]
    there = [place.absolute() for place in places if _is_file(place)]
    for place in there:
        stamp = _stamp(place)
        if stamp[0] == part.size and _digest(str(place), stamp) == part.sha256:
            return place, stamp
    if there:
        raise DataFileError(
            f"{there[0]} is not the data file that {session.name} was made with: that one has "
            f"{part.size:,} bytes and the SHA-256 {part.sha256[:12]}…; choose it",
            part.path,
        )
    asked = part.path if data_path is None else os.fspath(data_path)
    raise DataFileError(
        f"{session.name} needs its data file of {size_text(part.size)}, and {asked[:200]} is not "
        "there; choose where it is now",
        part.path,
    )


def _places(part: SourcePart, session: Path) -> list[Path]:
    """Where it was, unless that is on another machine, which is not asked; and by the session."""
    named = part.path.replace("\\", "/")
    own = [] if named.startswith("//") else [Path(part.path)]
    return [*own, session.parent / named.rsplit("/", 1)[-1]]


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _load(path: Path, part: SourcePart) -> Dataset:
    # the readers take a while to be imported, and most sessions need none
    module = "dataset" if part.options is None else "importing"
    load: Callable[..., Dataset] = import_module(f"bpstudio.files.{module}").load
    rows, seed = part.sample or (0, 0)
    if part.options is not None:
        return load(path, options_read(part.options).with_sample(rows, seed))
    choice = {"task": part.task, "bad_rows": part.bad_rows}
    return load(path, part.target, **choice, sample=rows, sample_seed=seed)
