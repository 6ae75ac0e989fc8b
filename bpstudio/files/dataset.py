"""From a data file to a data set: which columns are features, which rows stay."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import BadRowsError, InputError
from bpstudio.core.scaling import scaling_kind
from bpstudio.core.splitting import BY_COLUMN
from bpstudio.files.assembling import dataset_of
from bpstudio.files.cells import usable_cells
from bpstudio.files.columns import Column
from bpstudio.files.dividing import with_groups, with_sides
from bpstudio.files.extent import Sampling, TooLarge
from bpstudio.files.feature_columns import coded_columns, feature_columns
from bpstudio.files.opening import open_table
from bpstudio.files.table import Table
from bpstudio.files.targets import find_column, target_columns, task_of

BAD_ROWS = ("refuse", "leave out")
TOO_LARGE = ("sample", "refuse")


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
    features, notes = feature_columns(table, targets, dividing)
    coded = coded_columns(features, targets) | {c for c in dividing if not c.is_number}
    cells, rejected = usable_cells(table, [*features, *targets, *dividing], coded)
    made = (table, features, targets, classify, cells, rejected, notes)
    data = dataset_of(*made, spent=not roles)
    if "group" in roles:
        data = with_groups(data, cells, roles["group"])
    return with_sides(data, cells, roles["split"]) if "split" in roles else data
