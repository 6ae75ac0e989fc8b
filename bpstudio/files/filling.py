"""What stands in for a value that a file lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.notation import format_number
from bpstudio.files.columns import Column
from bpstudio.files.import_options import ColumnOptions

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
NO_VALUE = "missing"  # the class of a row without one


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """Columns side by side with their gaps filled as the user wishes."""

    values: Floats  # (n, columns); NaN where the row is left out
    categories: Mapping[Column, tuple[str, ...]]
    flags: Mapping[Column, Floats]  # (n,): 1 where the value was missing
    notes: tuple[str, ...]


def fill(
    values: Floats,
    columns: Sequence[Column],
    categories: Mapping[Column, tuple[str, ...]],
    said: Mapping[Column, ColumnOptions],
    unreadable: Mapping[Column, Truths],
) -> Filled:
    """Fill the gaps of values (n, columns), NaN where there is none.

    The mean and the median are of all rows of the file that have a value there.
    """
    of_columns = [said.get(column, ColumnOptions()) for column in columns]
    if all(options.missing == "leave out" for options in of_columns):
        return Filled(values, categories, {}, ())
    values, found = values.copy(), dict(categories)
    flags: dict[Column, Floats] = {}
    notes = []
    for place, (column, options) in enumerate(zip(columns, of_columns, strict=True)):
        if options.missing == "leave out":
            continue
        gaps = np.isnan(values[:, place])
        if options.unreadable != "missing":  # they leave their rows out, or are read by now
            gaps &= ~unreadable[column]
        if not gaps.any() or np.isnan(values[:, place]).all():
            continue
        if column in found:
            values[gaps, place] = len(found[column])
            found[column] = (*found[column], _free(found[column]))
            notes.append(f"{_cells(gaps)} of column {column.name} are the class {NO_VALUE!r}")
            continue
        middle = np.nanmedian if options.missing == "median" else np.nanmean
        value = float(middle(values[:, place]))
        values[gaps, place] = value
        name = "median" if options.missing == "median" else "mean"
        notes.append(
            f"{_cells(gaps)} of column {column.name} got its {name}, {format_number(value)}"
        )
        if options.missing == "flag":
            flags[column] = gaps.astype(np.float64)
    return Filled(values, found, flags, tuple(notes))


def _free(taken: Sequence[str]) -> str:
    name = NO_VALUE
    while name in taken:
        name += "_"
    return name


def _cells(gaps: Truths) -> str:
    count = int(gaps.sum())
    return "1 missing value" if count == 1 else f"{count} missing values"
