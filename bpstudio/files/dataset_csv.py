"""A data set as a CSV file that reads back as the same numbers."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator

from bpstudio.core.dataset import Dataset
from bpstudio.files.atomic import writing


def save_csv(data: Dataset, path: str | os.PathLike[str]) -> None:
    """Write the raw features and the target, a row each below their names.

    A class is written by its name; a number so that reading it gives the same bits. InputError
    where the file cannot be written.
    """
    with writing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*data.feature_names, *_target_names(data)))
        writer.writerows(_rows(data))


def _target_names(data: Dataset) -> tuple[str, ...]:
    if data.labels is None:
        return data.target_names
    return (data.target_column_names or ("class",))[:1]


def _rows(data: Dataset) -> Iterator[list[str]]:
    for position in range(len(data)):
        row = [repr(float(value)) for value in data.features[position]]
        if data.labels is None:
            row += [repr(float(value)) for value in data.target[position]]
        else:
            row.append(data.target_names[int(data.labels[position])])
        yield row
