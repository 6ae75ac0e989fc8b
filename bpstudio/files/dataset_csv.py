"""A data set as a CSV file that reads back as the same numbers."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence

from bpstudio.core.dataset import Dataset
from bpstudio.files.atomic import writing
from bpstudio.files.dialect import is_missing


def save_csv(data: Dataset, path: str | os.PathLike[str]) -> None:
    """Write the raw features and the target, a row each below their names.

    A class is written by its name of `class_names`; a number so that reading it gives the same
    bits. InputError where the file cannot be written.
    """
    names = class_names(data)
    with writing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*data.feature_names, *_target_names(data)))
        writer.writerows(_rows(data, names))


def _target_names(data: Dataset) -> tuple[str, ...]:
    if data.labels is None:
        return data.target_names
    return (data.target_column_names or ("class",))[:1]


def class_names(data: Dataset) -> tuple[str, ...]:
    """What the classes are called in a file; () where there are none.

    Names that would be read as numbers, or as no value, have the word "class" before them; so
    have the others beside them.
    """
    if data.labels is None:
        return ()
    names = data.target_names
    return tuple(f"class {name}" for name in names) if any(map(_is_no_text, names)) else names


def _is_no_text(name: str) -> bool:
    try:
        float(name.replace(",", "."))
    except ValueError:
        return is_missing(name) or name.strip() == "-"
    return True


def _rows(data: Dataset, names: Sequence[str]) -> Iterator[list[str]]:
    for position in range(len(data)):
        row = [repr(float(value)) for value in data.features[position]]
        if data.labels is None:
            row += [repr(float(value)) for value in data.target[position]]
        else:
            row.append(names[int(data.labels[position])])
        yield row
