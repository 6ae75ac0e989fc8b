"""The data set that cells make: numbers as they are, categories as one input or class each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from bpstudio.core.column_statistics import BLOCK, extremes
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.rejected import Rejected, left_out_text
from bpstudio.core.scaling import ScalingKind, no_scaling
from bpstudio.files.cells import Cells, Floats, Integers, require_room
from bpstudio.files.columns import Column
from bpstudio.files.reading import tell
from bpstudio.files.table import Table
from bpstudio.files.targets import MOST_CLASSES, listed

NO_FLAGS: Mapping[Column, Floats] = MappingProxyType({})
NO_SCALES: Mapping[Column, ScalingKind] = MappingProxyType({})


def dataset_of(
    table: Table,
    features: Sequence[Column],
    targets: Sequence[Column],
    classify: bool,
    cells: Cells,
    rejected: tuple[Rejected, ...],
    notes: Sequence[str],
    flags: Mapping[Column, Floats] = NO_FLAGS,
    scales: Mapping[Column, ScalingKind] = NO_SCALES,
    spent: bool = False,
) -> Dataset:
    """The data set that these cells make, all of it for training.

    ``flags`` are 1 where a feature had no value in the file; each is a feature of its own.
    ``scales`` has the columns with a scaling of their own; all others are not scaled yet, and
    truth values and the classes of a feature never, unless they are in it. Where the cells are
    ``spent`` the features take their memory.
    """
    inputs = [(column, *_columns_of(cells, column)) for column in features]
    own = [_own_scale(cells, c, scales) for c, names, _ in inputs for _ in names]
    own += ["none" for _ in flags]
    parts = [*_runs(cells, inputs), *(flag[:, np.newaxis] for flag in flags.values())]
    inputs += [(c, (f"{c.name} missing",), flag[:, np.newaxis]) for c, flag in flags.items()]
    names = tuple(name for _, names, _ in inputs for name in names)
    target_names, target, labels = _target(table, cells, targets, classify, rejected)
    require_room(table, len(cells.rows), len(names) + len(target_names))
    data = _side_by_side(parts, cells.values if spent else None)
    n = len(data)
    made = Dataset(
        name=table.name,
        path=table.path,
        task="classification" if classify else "regression",
        feature_names=names,
        target_names=target_names,
        features=data,
        target=target,
        rows=cells.rows,
        lines=cells.lines,
        scaling=no_scaling(len(names)),
        target_scaling=no_scaling(len(target_names)),
        training=np.arange(n),
        validation=np.arange(0),
        labels=labels,
        feature_columns=tuple(column.index for column, names, _ in inputs for _ in names),
        target_columns=tuple(column.index for column in targets),
        target_column_names=tuple(column.name for column in targets),
        column_names=tuple(column.name for column in table.columns),
        rejected=rejected,
        drawn=table.drawn,
        notes=(*table.notes, *notes, *_constant_notes(names, data)),
    )
    return made.with_own_scalings(own, [] if classify else [scales.get(c) for c in targets])


def _own_scale(
    cells: Cells, column: Column, scales: Mapping[Column, ScalingKind]
) -> ScalingKind | None:
    """A column's own scaling: as was said; 0 and 1 are good inputs as they are."""
    is_binary = column in cells.categories or column.type == "boolean"
    return scales.get(column, "none" if is_binary else None)


def _columns_of(cells: Cells, column: Column) -> tuple[tuple[str, ...], Floats]:
    """The features that one column makes: names, and values (n, names)."""
    values = cells.of(column)
    if column not in cells.categories:
        return (column.name,), values[:, np.newaxis]
    names, labels = _present(cells.categories[column], values)
    return tuple(f"{column.name}={name}" for name in names), _one_hot(labels, len(names))


def _runs(
    cells: Cells, inputs: Sequence[tuple[Column, tuple[str, ...], Floats]]
) -> Iterator[Floats]:
    """The values of the inputs; columns of numbers that stand beside each other as one piece."""
    first = last = -1
    for column, _names, values in inputs:
        place = -1 if column in cells.categories else cells.places[column]
        if place >= 0 and place == last + 1 and last >= 0:
            last = place
            continue
        if last >= 0:
            yield cells.values[:, first : last + 1]
        first = last = place
        if place < 0:
            yield values
    if last >= 0:
        yield cells.values[:, first : last + 1]


def _side_by_side(parts: Sequence[Floats], spent: Floats | None = None) -> Floats:
    """Columns (n, …) as one array; a few rows at a time, for which there is room nearby.

    They may be columns of ``spent``, whose memory is used again: new memory takes the system
    longer than all the copying. A row never reaches beyond its old place there.
    """
    n, width = len(parts[0]), sum(part.shape[1] for part in parts)
    if spent is not None and spent.flags.c_contiguous and width <= spent.shape[1]:
        made = spent.reshape(-1)[: n * width].reshape(n, width)
    else:
        made = np.empty((n, width))
    step = max(1, BLOCK // width)
    for at in range(0, n, step):
        tell("data", at / n / 2)
        made[at : at + step] = np.concatenate([part[at : at + step] for part in parts], axis=1)
    return made


def _present(categories: Sequence[str], codes: Floats) -> tuple[tuple[str, ...], Integers]:
    """The categories that occur, and the place of each code among them."""
    numbers = codes.astype(np.int64)
    occurs = np.bincount(numbers, minlength=len(categories)) > 0
    places = np.cumsum(occurs) - 1
    return tuple(np.array(categories, dtype=object)[occurs]), places[numbers]


def _one_hot(labels: Integers, width: int) -> Floats:
    values = np.zeros((len(labels), width))
    values[np.arange(len(labels)), labels] = 1.0
    return values


def _target(
    table: Table,
    cells: Cells,
    targets: Sequence[Column],
    classify: bool,
    rejected: Sequence[Rejected],
) -> tuple[tuple[str, ...], Floats, Integers | None]:
    """Names (n_L) and values (n, n_L) of the target, and the class of each row."""
    if not classify:
        values = np.column_stack([cells.of(column) for column in targets])
        return tuple(column.name for column in targets), values, None
    column = targets[0]
    if column in cells.categories:
        names, labels = _present(cells.categories[column], cells.of(column))
    else:
        found, labels = np.unique(cells.of(column), return_inverse=True)
        names = tuple(map(_class_name, found.tolist()))
    _require_classes(f"{table.name}, column {column.name}", names, rejected)
    require_room(table, len(labels), len(names))
    return names, _one_hot(labels, len(names)), labels


def _class_name(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _require_classes(place: str, names: Sequence[str], rejected: Sequence[Rejected]) -> None:
    if len(names) < 2:
        where = f", in the rows that can be used ({left_out_text(rejected)})" if rejected else ""
        raise InputError(
            f"{place} has one class only, {names[0]!r}{where}; classification needs two or more"
        )
    if len(names) > MOST_CLASSES:
        raise InputError(
            f"{place} has {len(names)} classes, at most {MOST_CLASSES} are possible; "
            "choose another target, or regression for numbers"
        )


def _constant_notes(names: Sequence[str], features: Floats) -> list[str]:
    low, high = extremes(features)
    constant = np.flatnonzero(low == high)
    if not constant.size:
        return []
    what = "column {} is constant" if constant.size == 1 else "columns {} are constant"
    return [what.format(listed([names[k] for k in constant.tolist()]))]
