"""The data of a recorded run, within its file: every number as it is, the rest as JSON."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import numpy as np

from bpstudio.core.dataset import Dataset
from bpstudio.core.drawing import Drawn
from bpstudio.core.errors import InputError
from bpstudio.core.rejected import Rejected
from bpstudio.core.scaling import Scaling, ScalingKind
from bpstudio.core.splitting import Groups, Sides
from bpstudio.files.run_archive import Reader, Writer
from bpstudio.files.run_arrays import Array, require_finite, require_shape

_SAME = (
    *("name", "path", "feature_names", "target_names", "rejected", "notes"),
    *("feature_columns", "target_columns", "target_column_names", "column_names", "drawn"),
)
_ARRAYS = ("features", "target", "rows", "lines", "training", "validation")


class ScalingPart(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A scaling: its kind and those of columns with their own, the members of shift and scale."""

    kind: ScalingKind
    shift: str
    scale: str
    own: tuple[ScalingKind | None, ...] = ()


class GroupsPart(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A column that groups the rows, or (with ``validation``) says what they are for."""

    column: str
    names: tuple[str, ...]
    of_rows: str
    validation: tuple[str, ...] = ()


class DataPart(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A data set; arrays are named by the member that has them."""

    name: str
    path: str | None
    task: Literal["classification", "regression"]
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    features: str
    target: str
    X: str
    Y: str
    rows: str
    lines: str
    scaling: ScalingPart
    target_scaling: ScalingPart
    training: str
    validation: str
    labels: str | None
    feature_columns: tuple[int, ...]
    target_columns: tuple[int, ...]
    target_column_names: tuple[str, ...]
    column_names: tuple[str, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]
    groups: GroupsPart | None = None
    sides: GroupsPart | None = None
    drawn: Drawn | None = None


def data_part(data: Dataset, writer: Writer, at: str) -> DataPart:
    """A data set, its arrays kept under ``at``."""

    def kept(name: str) -> str:
        return writer.array(f"{at}/{name.lower()}", getattr(data, name))

    same: dict[str, Any] = {name: getattr(data, name) for name in _SAME}
    arrays: dict[str, Any] = {name: kept(name) for name in _ARRAYS}
    return DataPart(
        **same,
        **arrays,
        task=data.task,
        X=writer.array(f"{at}/scaled_features", data.X),
        Y=writer.array(f"{at}/scaled_target", data.Y),
        scaling=scaling_part(data.scaling, writer, f"{at}/scaling"),
        target_scaling=scaling_part(data.target_scaling, writer, f"{at}/target_scaling"),
        labels=None if data.labels is None else kept("labels"),
        groups=_groups_part(data.groups, writer, f"{at}/groups"),
        sides=_sides_part(data.sides, writer, f"{at}/sides"),
    )


def scaling_part(scaling: Scaling, writer: Writer, at: str) -> ScalingPart:
    """A scaling, its arrays kept under ``at``."""
    shift = writer.array(f"{at}_shift", scaling.shift)
    scale = writer.array(f"{at}_scale", scaling.scale)
    return ScalingPart(scaling.kind, shift, scale, scaling.own)


def _groups_part(groups: Groups | None, writer: Writer, at: str) -> GroupsPart | None:
    if groups is None:
        return None
    return GroupsPart(groups.column, groups.names, writer.array(at, groups.of_rows))


def _sides_part(sides: Sides | None, writer: Writer, at: str) -> GroupsPart | None:
    if sides is None:
        return None
    of_rows = writer.array(at, sides.of_rows)
    return GroupsPart(sides.column, sides.values, of_rows, sides.validation)


def read_data(part: DataPart, reader: Reader) -> Dataset:
    """The data set. InputError where its parts do not fit together."""
    n, n_1, n_L = len(reader.array(part.rows)), len(part.feature_names), len(part.target_names)

    def table(name: str, columns: int) -> Array:
        array = require_shape(reader.array(name), "f", (n, columns), reader.place(name))
        return require_finite(array, reader.place(name))

    def numbers(name: str, least: int, below: int) -> Array:
        return _whole(reader, name, least, below)

    rows, lines = numbers(part.rows, 0, 2**53), numbers(part.lines, 0, 2**53)
    _require(reader, n > 0 and len(lines) == n and _ascending(rows), "its rows")
    _require(reader, _is_part(part.drawn, rows), "its sample")
    training, validation = read_split(part.training, part.validation, reader, n)
    _require(reader, n_1 > 0 and n_L > 0 and _columns_fit(part), "its columns")
    labels = None if part.labels is None else numbers(part.labels, 0, n_L)
    _require(reader, (labels is None) == (part.task == "regression"), "its classes")
    _require(reader, labels is None or len(labels) == n, "its classes")
    same: dict[str, Any] = {name: getattr(part, name) for name in _SAME}
    made = Dataset(
        **same,
        task=part.task,
        features=table(part.features, n_1),
        target=table(part.target, n_L),
        rows=rows,
        lines=lines,
        scaling=read_scaling(part.scaling, reader, n_1),
        target_scaling=read_scaling(part.target_scaling, reader, n_L),
        training=training,
        validation=validation,
        labels=labels,
        groups=_groups(part.groups, reader, n),
        sides=_sides(part.sides, reader, n),
    )
    return made.scaled_as(table(part.X, n_1), table(part.Y, n_L))


def _groups(part: GroupsPart | None, reader: Reader, n: int) -> Groups | None:
    if part is None:
        return None
    return Groups(part.column, part.names, _places(part, reader, n))


def _sides(part: GroupsPart | None, reader: Reader, n: int) -> Sides | None:
    if part is None:
        return None
    return Sides(part.column, part.names, _places(part, reader, n), part.validation)


def _places(part: GroupsPart, reader: Reader, n: int) -> Array:
    """Of each row its place among the names."""
    of_rows = _whole(reader, part.of_rows, 0, len(part.names))
    _require(reader, len(of_rows) == n, "its groups")
    return of_rows


def read_split(training: str, validation: str, reader: Reader, n: int) -> tuple[Array, Array]:
    """The positions of the training samples and of the others. InputError where one is missing."""
    one, other = _whole(reader, training, 0, n), _whole(reader, validation, 0, n)
    together = np.sort(np.concatenate((one, other)))
    _require(reader, len(one) > 0 and np.array_equal(together, np.arange(n)), "its split")
    return one, other


def read_scaling(part: ScalingPart, reader: Reader, n: int) -> Scaling:
    """The scaling of n columns. InputError where it is none."""
    arrays = [
        require_finite(require_shape(reader.array(name), "f", (n,), name), reader.place(name))
        for name in (part.shift, part.scale)
    ]
    _require(reader, bool((arrays[1] > 0).all()), "its scaling")
    _require(reader, len(part.own) in (0, n), "its scaling")
    return Scaling(part.kind, arrays[0], arrays[1], part.own)


def _whole(reader: Reader, name: str, least: int, below: int) -> Array:
    array = require_shape(reader.array(name), "i", (-1,), reader.place(name))
    inside = bool(((array >= least) & (array < below)).all())
    _require(reader, inside, f"numbers outside {least}..{below - 1} in {name}")
    return array


def _is_part(drawn: Drawn | None, rows: Array) -> bool:
    """Whether the rows can be those of a sample."""
    if drawn is None:
        return True
    return rows[-1] < drawn.of <= 2**53 and len(rows) <= drawn.rows <= drawn.of


def _ascending(numbers: Array) -> bool:
    return bool((np.diff(numbers) > 0).all())


def _columns_fit(part: DataPart) -> bool:
    """Columns of the file that the features and the target name are there."""
    n_columns = len(part.column_names)
    used = (*part.feature_columns, *part.target_columns)
    rejected = [left_out.row for left_out in part.rejected]
    return (
        len(part.feature_columns) in (0, len(part.feature_names))
        and len(part.target_columns) == len(part.target_column_names)
        and all(0 <= column < n_columns for column in used)
        and rejected == sorted(rejected)
        and all(row >= 0 for row in rejected)
    )


def _require(reader: Reader, holds: bool, what: str) -> None:
    if not holds:
        raise InputError(f"{reader.name}: {what} do not fit the data; the file is damaged")
