"""A column that says which rows are for training and which for validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bpstudio.core.errors import InputError
from bpstudio.files.columns import Column
from bpstudio.files.table import Table

TRAINING = frozenset({"train", "training", "trn", "learn", "fit"})
VALIDATION = frozenset(
    {"validation", "validate", "valid", "val", "dev", "development", "holdout", "hold-out"}
    | {"test", "testing", "tst", "eval", "evaluation"}
)
MOST_VALUES = 12


def find_sides(table: Table) -> Column | None:
    """The first column whose values are words for both sides, and nothing else."""
    for column in table.columns:
        if column.type == "text" and 2 <= column.distinct <= len(TRAINING | VALIDATION):
            _, values = table.texts(column)
            if _are_words(values):
                return column
    return None


def _are_words(values: Sequence[str]) -> bool:
    words = {value.lower() for value in values}
    return words <= TRAINING | VALIDATION and bool(words & TRAINING) and bool(words & VALIDATION)


def validation_values(column: str, of_rows: Sequence[str]) -> tuple[str, ...]:
    """Which values of a column mean validation: those that sound so, else those that do not
    sound like training, else the rarest. InputError for a column of too many values."""
    counts = Counter(of_rows)
    if len(counts) > MOST_VALUES:
        raise InputError(
            f"column {column} has {len(counts)} values, a split has at most {MOST_VALUES}; "
            "choose another role for it, such as group"
        )
    values = sorted(counts)
    sounding = [value for value in values if value.lower() in VALIDATION]
    others = [value for value in values if value.lower() not in TRAINING]
    if sounding or len(others) < len(values):
        return tuple(sounding or others)
    return (min(values, key=lambda value: (counts[value], value)),)
