"""From a data file to a data set: which columns are features, which rows stay."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from bpstudio.core.column_statistics import BLOCK, extremes
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import BadRowsError, InputError
from bpstudio.core.rejected import Rejected, left_out_text
from bpstudio.core.scaling import ScalingKind, no_scaling, scaling_kind
from bpstudio.core.splitting import BY_COLUMN
from bpstudio.files.cells import Cells, Floats, Integers, require_room, usable_cells
from bpstudio.files.columns import Column
from bpstudio.files.dividing import with_groups, with_sides
from bpstudio.files.extent import Sampling, TooLarge
from bpstudio.files.reading import tell
from bpstudio.files.sides import find_sides
from bpstudio.files.table import Table, open_table
from bpstudio.files.targets import MOST_CLASSES, find_column, listed, target_columns, task_of

BAD_ROWS = ("refuse", "leave out")
TOO_LARGE = ("sample", "refuse")
NO_FLAGS: Mapping[Column, Floats] = MappingProxyType({})
NO_SCALES: Mapping[Column, ScalingKind] = MappingProxyType({})
MOST_CATEGORIES = 20  # of a text feature; each becomes an input of the network


def load(
    path: str | os.PathLike[str],
    target: str | Sequence[str] | None = None,
    *,
    task: str | None = None,
    scale: str = "standard",
    delimiter: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    bad_rows: str = "refuse",
    group: str | None = None,
    split: str | None = None,
    sample: int | None = None,
    sample_seed: int = 0,
    too_large: TooLarge = "sample",
) -> Dataset:
    """The data set in a CSV, TSV (either may be gzipped) or Parquet file.

    `target` names a column, or several for regression; without it one is suggested. A column of
    text, or of numbers with `task="classification"`, becomes one output a class, in sorted
    order; a column of numbers is a regression. All other columns are features: numbers as they
    are, true and false as 1 and 0, text of up to 20 different values as one input for each,
    named "island=Biscoe"; such 0 and 1 are not scaled. Rows without a value in one of these are
    left out and listed in `rejected`. Rows with too few or too many fields, or with a cell that
    is no number to compute with, are refused (BadRowsError) unless ``bad_rows="leave out"``.
    Rows of equal value in column ``group`` are never parted by a split; column ``split`` says by
    words (train, val, test, …) which rows are for validation. Neither is a feature.
    ``sample`` rows are drawn from ``sample_seed``, any as likely as another, and keep their order
    and numbers; 0 reads all. Without it all are read, unless half of the free memory or 8 GB would
    not do: then 500,000 are drawn, or as many as fit, or ``too_large="refuse"`` does not
    (TooLargeError). `drawn` and the first of the `notes` say so.
    InputError says what is wrong with the file, its columns or the choice.

    >>> data = bp.load("iris.csv", target="species")
    >>> data.task, len(data), data.feature_names[2], data.target_names[0]
    ('classification', 150, 'petal_length_cm', 'setosa')
    >>> data.X[52].round(2).tolist()        # scaled; data.features has them as in the file
    [1.28, 0.1, 0.65, 0.4]
    """
    scaling_kind(scale)
    if bad_rows not in BAD_ROWS:
        raise InputError(f"bad_rows is {bad_rows!r}; it is one of {', '.join(BAD_ROWS)}")
    if too_large not in TOO_LARGE:
        raise InputError(f"too_large is {too_large!r}; it is one of {', '.join(TOO_LARGE)}")
    with open_table(
        path,
        delimiter=delimiter,
        encoding=encoding,
        header=header,
        as_text=(),
        sampling=Sampling(sample, sample_seed, too_large),
    ) as table:
        _require_columns(table)
        targets = target_columns(table, target)
        classify = task_of(table, targets, task) == "classification"
        roles = _dividing(table, targets, {"group": group, "split": split})
        data = _assemble(table, targets, classify, roles)
        if bad_rows == "refuse":
            _require_good_rows(data)
        data = data.rescale(scale)
        return data if data.sides is None else data.split(0, 0, BY_COLUMN)


def _dividing(
    table: Table, targets: Sequence[Column], names: Mapping[str, str | None]
) -> dict[str, Column]:
    """The columns that divide the rows, by what they say. InputError for one that is taken."""
    found = {role: find_column(table, name) for role, name in names.items() if name is not None}
    for role, column in found.items():
        if column in targets or list(found.values()).count(column) > 1:
            raise InputError(f"{role}: column {column.name} has another role; choose one for each")
        if column.type == "empty":
            raise InputError(f"{role}: column {column.name} has no values; choose another")
    return found


def _require_good_rows(data: Dataset) -> None:
    bad = [rejected for rejected in data.rejected if not rejected.missing]
    if bad:
        more = f" {len(bad)} rows are like this;" if len(bad) > 1 else ""
        raise BadRowsError(f"{data.name}, {bad[0]};{more} correct the file")


def _require_columns(table: Table) -> None:
    if len(table.columns) == 1:
        raise InputError(
            f"{table.name} has one column only, {table.columns[0].name!r}; a data set needs an "
            "input and a target. Are its columns divided by something unusual?"
        )


def _assemble(
    table: Table, targets: Sequence[Column], classify: bool, roles: Mapping[str, Column]
) -> Dataset:
    dividing = roles.values()
    features, notes = _feature_columns(table, targets, dividing)
    coded = coded_columns(features, targets) | {c for c in dividing if not c.is_number}
    cells, rejected = usable_cells(table, [*features, *targets, *dividing], coded)
    made = (table, features, targets, classify, cells, rejected, notes)
    data = dataset_of(*made, spent=not roles)
    if "group" in roles:
        data = with_groups(data, cells, roles["group"])
    return with_sides(data, cells, roles["split"]) if "split" in roles else data


def coded_columns(features: Sequence[Column], targets: Sequence[Column]) -> set[Column]:
    """Those whose values are categories."""
    coded = {column for column in features if column.type == "text"}
    return coded | {column for column in targets if not column.is_number}


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


def _feature_columns(
    table: Table, targets: Sequence[Column], dividing: Collection[Column]
) -> tuple[list[Column], list[str]]:
    """The columns that make features, and a note for each that does not."""
    used = {*targets, *dividing}
    others = [column for column in table.columns if column not in used]
    reasons = {column: why_left_out(column) for column in others}
    notes = [f"column {column.name} left out: {why}" for column, why in reasons.items() if why]
    notes += [mixed_note(column) for column in table.columns if column.numbers]
    sides = find_sides(table)
    if sides is not None and sides in others:
        notes.append(f"column {sides.name} seems to say what rows are for; it is a feature here")
    features = [column for column, why in reasons.items() if not why]
    for column in (*features, *targets):
        if column.decimal_commas:
            raise InputError(
                f"{table.name}, column {column.name}: its numbers are written with a comma, which "
                "needs to be said: import the file with a decimal comma, or write them as 1234.5"
            )
        if column.grouped:
            raise InputError(
                f"{table.name}, column {column.name}: its numbers have marks for thousands, which "
                "needs to be said: import the file, or write them as 1234.5"
            )
    if not features:
        left = f" ({'; '.join(notes)})" if notes else ""
        raise InputError(f"{table.name} has no column for the input besides the target{left}")
    return features, notes


def why_left_out(column: Column) -> str | None:
    """Why a column is not a feature unless the user wants it; None where it is one."""
    if column.type == "empty":
        return "it has no values"
    looks_like_numbers = column.decimal_commas or column.grouped
    if column.type == "text" and column.distinct > MOST_CATEGORIES and not looks_like_numbers:
        return f"text with {column.distinct} distinct values"
    return None


def mixed_note(column: Column) -> str:
    """That some cells of a column of text are numbers."""
    return f"column {column.name} is text, though {column.numbers} of its cells are numbers"


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
