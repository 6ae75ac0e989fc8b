"""The embedded examples; Fisher's iris is read without the machinery for files of unknown make.

That one is what the window shows first, and the general reader alone would take a third of the time
that the program may need to start. A test holds the two to the same result.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from bpstudio.core.dataset import Dataset, Task
from bpstudio.core.scaling import no_scaling
from bpstudio.resources import resource

EXAMPLE = "data/iris.csv"


class Example(NamedTuple):
    """A file of the program's own, and what is learned from it."""

    file: str
    target: str
    task: Task


EXAMPLES: Mapping[str, Example] = MappingProxyType(
    {
        "wine": Example("data/wine.csv", "cultivar", "classification"),
        "breast_cancer": Example("data/breast_cancer.csv", "diagnosis", "classification"),
        "diabetes": Example("data/diabetes.csv", "progression", "regression"),
        "digits": Example("data/digits.csv.gz", "digit", "classification"),
        "penguins": Example("data/penguins.csv", "species", "classification"),
    }
)


def load_example() -> Dataset:
    """The iris data with the species as target, standardised."""
    path = resource(EXAMPLE)
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    features = np.array([[float(cell) for cell in row[:-1]] for row in rows])
    classes = tuple(sorted({row[-1] for row in rows}))
    labels = np.array([classes.index(row[-1]) for row in rows])
    n, width = features.shape
    data = Dataset(
        name=path.name,
        path=str(path),
        task="classification",
        feature_names=tuple(header[:-1]),
        target_names=classes,
        features=features,
        target=np.eye(len(classes))[labels],
        rows=np.arange(n),
        lines=np.arange(n) + 2,
        scaling=no_scaling(width),
        target_scaling=no_scaling(len(classes)),
        training=np.arange(n),
        validation=np.arange(0),
        labels=labels,
        feature_columns=tuple(range(width)),
        target_columns=(width,),
        target_column_names=(header[-1],),
        column_names=tuple(header),
    )
    return data.rescale("standard")
