"""Large data in a session: read from its file again, with what was changed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec
import numpy as np

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.files.run_archive import Reader, Writer
from bpstudio.files.run_arrays import Array, require_finite, require_shape
from bpstudio.files.run_data import ScalingPart, read_scaling, read_split, scaling_part
from bpstudio.files.run_segments import DataParts
from bpstudio.files.session_source import DataFile, source_part

LARGEST_EMBEDDED = 32 * 2**20  # bytes of numbers that are kept in a session file
_NOWHERE = np.empty((0, 2), dtype=np.int64)


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


def is_of(data: Dataset, loaded: Dataset) -> bool:
    """Whether a data set is that of the file, but for its split, scaling and single cells."""
    names = ("feature_names", "target_names", "task", "rejected", "notes", "name", "path", "drawn")
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
