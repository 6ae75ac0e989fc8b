"""Columns that say how rows are divided: which belong together, and which are for validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bpstudio.core.dataset import Dataset
from bpstudio.core.splitting import groups_of, sides_of
from bpstudio.files.cells import Cells
from bpstudio.files.columns import Column
from bpstudio.files.sides import validation_values


def with_groups(data: Dataset, cells: Cells, column: Column) -> Dataset:
    """The data with rows of equal cells in one group."""
    return replace(data, groups=groups_of(column.name, _texts(cells, column)))


def with_sides(
    data: Dataset, cells: Cells, column: Column, validation: Sequence[str] | None = None
) -> Dataset:
    """The data with what a column says of the split; its values for validation, None: found."""
    values = _texts(cells, column)
    kept = validation_values(column.name, values) if validation is None else validation
    return replace(data, sides=sides_of(column.name, values, kept))


def _texts(cells: Cells, column: Column) -> list[str]:
    """The cells as names: categories as they are, numbers as they are read."""
    values = cells.of(column)
    if column not in cells.categories:
        return [f"{value:.17g}" for value in values.tolist()]
    categories = cells.categories[column]
    return [categories[code] for code in values.astype(np.int64).tolist()]
