"""Large data in a session: not kept again, but read from its file, with what was changed by hand.

The file is named with its size and SHA-256; a session is never opened with another one.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from bpstudio.core.dataset import Dataset, Task
from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory, size_text
from bpstudio.files.import_options import ColumnOptions, ImportOptions
from bpstudio.files.run_archive import Reader, Writer
from bpstudio.files.run_arrays import Array, require_finite, require_shape
from bpstudio.files.run_data import ScalingPart, read_scaling, read_split, scaling_part
from bpstudio.files.run_segments import DataParts

_UNTOUCHED = ("rows", "lines", "groups", "sides")
_NOWHERE = np.empty((0, 2), dtype=np.int64)
LARGEST_EMBEDDED = 32 * 2**20  # bytes of numbers that are kept in a session file


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
    def of(cls, path: str | os.PathLike[str], loaded: Dataset, **how: Any) -> DataFile | None:
        """The file that was just read, by one call of the system; None where it is gone."""
        try:
            return cls(str(Path(path).absolute()), loaded, _stamp(path), **how)
        except OSError:
            return None

    @property
    def is_there(self) -> bool:
        """Whether the file can be read and was not changed since."""
        try:
            return _stamp(self.path) == self.stamp and os.access(self.path, os.R_OK)
        except OSError:
            return False


class SourcePart(msgspec.Struct, forbid_unknown_fields=True):
    """A data file: where it was, what it must be, and how it is read."""

    path: str
    size: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    sha256: str
    options: dict[str, Any] | None
    target: tuple[str, ...] | None
    task: Task | None
    bad_rows: Literal["refuse", "leave out"]


class CellsPart(msgspec.Struct, forbid_unknown_fields=True):
    """Cells that differ from those of the file: (position, column) of each, raw and scaled."""

    places: str
    raw: str
    scaled: str


class ReferencedPart(msgspec.Struct, forbid_unknown_fields=True):
    """A data set of the file: its split, its scaling, and the cells that were changed by hand."""

    scaling: ScalingPart
    target_scaling: ScalingPart
    training: str
    validation: str
    features: CellsPart
    target: CellsPart


def is_large(data: Dataset) -> bool:
    """Whether its numbers take more than a session file keeps."""
    return 2 * (data.features.nbytes + data.target.nbytes) > LARGEST_EMBEDDED


# Writing -----------------------------------------------------------------------------------


def source_part(source: DataFile) -> SourcePart:
    """The file as a session names it. Its hash is computed once, some seconds for a GB."""
    options = None if source.options is None else _written(source.options)
    digest = _digest(source.path, source.stamp)
    how = (options, source.target, source.task, source.bad_rows)
    return SourcePart(source.path, source.stamp[0], digest, *how)


def _written(options: ImportOptions) -> dict[str, Any]:
    columns = {str(n): msgspec.to_builtins(column) for n, column in options.columns.items()}
    kept = {name: getattr(options, name) for name in _OPTIONS}
    return {**kept, "columns": columns}


_OPTIONS = ("delimiter", "encoding", "header", "quote", "decimal", "comment", "skip")


@lru_cache(maxsize=8)
def _digest(path: str, _stamp: tuple[int, int]) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: str | os.PathLike[str]) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns


def is_of(data: Dataset, loaded: Dataset) -> bool:
    """Whether a data set is that of the file, but for its split, scaling and single cells."""
    names = ("feature_names", "target_names", "task", "rejected", "notes", "name", "path")
    return (
        all(getattr(data, name) == getattr(loaded, name) for name in names)
        and all(
            getattr(data, name) is getattr(loaded, name) for name in ("rows", "groups", "sides")
        )
        and data.features.shape == loaded.features.shape
        and data.target.shape == loaded.target.shape
    )


def referenced_part(data: Dataset, loaded: Dataset, writer: Writer, at: str) -> ReferencedPart:
    """What a session keeps of a data set, beside its file."""
    return ReferencedPart(
        scaling_part(data.scaling, writer, f"{at}/scaling"),
        scaling_part(data.target_scaling, writer, f"{at}/target_scaling"),
        writer.array(f"{at}/training", data.training),
        writer.array(f"{at}/validation", data.validation),
        _cells(_features_changed(data, loaded), data.features, data.X, writer, f"{at}/features"),
        _cells(_target_changed(data, loaded), data.target, data.Y, writer, f"{at}/target"),
    )


def _features_changed(data: Dataset, loaded: Dataset) -> Array:
    if data.features is loaded.features:
        return _NOWHERE
    return _changed(data.features, loaded.features, data.X, data.scaling.apply(data.features))


def _target_changed(data: Dataset, loaded: Dataset) -> Array:
    if data.target is loaded.target:
        return _NOWHERE
    return _changed(data.target, loaded.target, data.Y, data.target_scaling.apply(data.target))


def _changed(raw: Array, loaded: Array, scaled: Array, expected: Array) -> Array:
    """Where raw is another number, or the scaled one is not the one that is made of it."""
    return np.argwhere((raw != loaded) | (scaled != expected))


def _cells(places: Array, raw: Array, scaled: Array, writer: Writer, at: str) -> CellsPart:
    chosen = tuple(places.T)
    return CellsPart(
        writer.array(f"{at}_places", places),
        writer.array(f"{at}_raw", raw[chosen]),
        writer.array(f"{at}_scaled", scaled[chosen]),
    )


class SessionData:
    """The data sets of a session on their way into its file: embedded, or referred to."""

    def __init__(
        self, datasets: Iterable[Dataset], source: DataFile | None, writer: Writer
    ) -> None:
        """Large ones are referred to, where their file is there and as it was when it was read."""
        known = {id(data): data for data in datasets}
        apart = [] if source is None else _referable(known.values(), source)
        numbers = {id(data): n for n, data in enumerate(apart)}
        embedded = [data for key, data in known.items() if key not in numbers]
        self.embedded, self._apart = DataParts(embedded, writer), numbers
        self.source = source_part(source) if source is not None and apart else None
        self.referenced = [
            referenced_part(data, source.loaded, writer, f"cells/{n}")
            for n, data in enumerate(apart)
            if source is not None
        ]

    def number(self, data: Dataset) -> int:
        """The place of a data set; those that are referred to come after the others."""
        n = self._apart.get(id(data))
        return self.embedded.number(data) if n is None else len(self.embedded.parts) + n


def _referable(known: Iterable[Dataset], source: DataFile) -> list[Dataset]:
    """Those that the file gives again."""
    if not (is_large(source.loaded) and source.is_there):
        return []
    return [data for data in known if is_of(data, source.loaded)]


# Reading -----------------------------------------------------------------------------------


def load_source(
    part: SourcePart, session: str | os.PathLike[str], data_path: str | os.PathLike[str] | None
) -> DataFile:
    """The data file, read as it was: at ``data_path``, else where it was, else beside the session.

    DataFileError where it is not there, or is another one.
    """
    path, stamp = _found(part, Path(session), data_path)
    loaded = _load(path, part)
    options = None if part.options is None else _options(part.options)
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
    if part.options is not None:
        return load(path, _options(part.options))
    return load(path, part.target, task=part.task, bad_rows=part.bad_rows)


def _options(found: Mapping[str, Any]) -> ImportOptions:
    try:
        made = msgspec.convert(found, _Options, str_keys=True)
    except msgspec.ValidationError as error:
        raise InputError(f"the options of its import: {error}") from error
    return ImportOptions(*(getattr(made, name) for name in (*_OPTIONS, "columns")))


class _Options(msgspec.Struct, forbid_unknown_fields=True):
    delimiter: str | None
    encoding: str | None
    header: bool | None
    quote: str | None
    decimal: str | None
    comment: str | None
    skip: Annotated[int, msgspec.Meta(ge=0, le=2**31)]
    columns: dict[int, ColumnOptions]


def read_referenced(
    parts: Sequence[ReferencedPart], loaded: Dataset, reader: Reader
) -> list[Dataset]:
    """The data sets. InputError where their parts do not fit the file, or take too much memory."""
    size = len(parts) * 4 * (loaded.features.nbytes + loaded.target.nbytes)
    require_memory(size, f"the data of {reader.name}", "open a session with less data")
    return [_referenced(part, loaded, reader) for part in parts]


def _referenced(part: ReferencedPart, loaded: Dataset, reader: Reader) -> Dataset:
    training, validation = read_split(part.training, part.validation, reader, len(loaded))
    made = replace(
        loaded,
        scaling=read_scaling(part.scaling, reader, loaded.n_features),
        target_scaling=read_scaling(part.target_scaling, reader, loaded.n_targets),
        training=training,
        validation=validation,
    )
    x, y = (_read_cells(each, reader) for each in (part.features, part.target))
    if not len(x[0]) and not len(y[0]):
        return made
    features = _put(loaded.features, x[0], x[1])
    target = _put(loaded.target, y[0], y[1])
    labels = loaded.labels
    if labels is not None and len(y[0]):
        labels = labels.copy()
        rows = np.unique(y[0][:, 0])
        labels[rows] = target[rows].argmax(axis=1)
    made = replace(made, features=features, target=target, labels=labels)
    X, Y = made.scaling.apply(features), made.target_scaling.apply(target)
    return made.scaled_as(_put(X, x[0], x[2]), _put(Y, y[0], y[2]))


def _read_cells(part: CellsPart, reader: Reader) -> tuple[Array, Array, Array]:
    places = require_shape(reader.array(part.places), "i", (-1, 2), reader.place(part.places))
    raw, scaled = (
        require_finite(
            require_shape(reader.array(name), "f", (len(places),), reader.place(name)),
            reader.place(name),
        )
        for name in (part.raw, part.scaled)
    )
    return places, raw, scaled


def _put(table: Array, places: Array, numbers: Array) -> Array:
    """The table with other numbers at some places. InputError where there is no such place."""
    if not len(places):
        return table
    if (places < 0).any() or (places >= table.shape).any():
        raise InputError(f"a cell that was changed is not in the {table.shape} of the data file")
    changed = table.copy()
    changed[tuple(places.T)] = numbers
    return changed
