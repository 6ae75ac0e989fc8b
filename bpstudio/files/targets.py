"""The target of a data file: which columns it may be, and what task that makes."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from bpstudio.core.dataset import Task, find_task
from bpstudio.core.errors import InputError
from bpstudio.files.columns import Column
from bpstudio.files.table import Table

MOST_CLASSES = 1000  # each becomes an output of the network
LISTED = 12  # names in a message
TARGET_NAMES = ("target", "class", "label", "species", "y", "outcome", "output", "diagnosis")


def suggest_target(table: Table) -> Column | None:
    """The column that looks most like a target; None where none can be one.

    One with a usual name, the last column before all others; else the last column if it can be a
    target, else the last of text. Data that we wrote have their target there.
    """
    possible = [column for column in table.columns if _can_be_target(column)]
    # one row of numbers, as homework has it, leaves every column with one value
    possible = possible or [column for column in table.columns if column.is_number]
    if not possible:
        return None
    is_last = possible[-1].index == len(table.columns) - 1
    if is_last and possible[-1].name.lower() in set(TARGET_NAMES) - {"y"}:  # that may be a place
        return possible[-1]
    for name in TARGET_NAMES:
        for column in possible:
            if column.name.lower() == name:
                return column
    texts = [column for column in possible if not column.is_number]
    return possible[-1] if is_last or not texts else texts[-1]


def _can_be_target(column: Column) -> bool:
    return column.distinct > 1 and (column.is_number or column.distinct <= MOST_CLASSES)


def target_columns(table: Table, target: str | Sequence[str] | None) -> tuple[Column, ...]:
    """The columns with these names, or the suggested one; InputError where there are none."""
    if target is None:
        suggested = suggest_target(table)
        if suggested is None:
            raise InputError(f"{table.name} has no column with two values or more to be a target")
        return (suggested,)
    names = (target,) if isinstance(target, str) else tuple(target)
    if not names or len(set(names)) < len(names):
        raise InputError(f"the targets are {list(names)}; name each column once, and at least one")
    return tuple(find_column(table, name) for name in names)


def find_column(table: Table, name: str) -> Column:
    """The column of this name; InputError with the closest and the other names."""
    for column in table.columns:
        if column.name == name:
            return column
    names = [column.name for column in table.columns]
    folded = {known.lower(): known for known in names}
    close = difflib.get_close_matches(name.lower(), folded, n=1)
    hint = f"did you mean {folded[close[0]]!r}? " if close else ""
    raise InputError(f"{table.name} has no column {name!r}; {hint}its columns are {listed(names)}")


def listed(names: Sequence[str]) -> str:
    """Names in a message, not too many of them."""
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def task_of(table: Table, targets: Sequence[Column], task: str | None) -> Task:
    """What these targets are for, unless said; InputError where it does not fit them."""
    texts = [column.name for column in targets if not column.is_number]
    if task is not None:
        find_task(task)
    if len(targets) > 1 and (texts or task == "classification"):
        what = f"column {texts[0]} is no numbers" if texts else "classification has one target"
        raise InputError(f"{table.name}: {what}; several targets are for regression on numbers")
    for column in targets:
        _require_values(table, column)
    if task == "regression" and texts:
        raise InputError(
            f"{table.name}, column {texts[0]}: regression needs numbers, and this is "
            f"{targets[0].type}; choose another target or classification"
        )
    return "classification" if texts or task == "classification" else "regression"


def _require_values(table: Table, column: Column) -> None:
    place = f"{table.name}, column {column.name}"
    if column.type == "empty":
        raise InputError(f"{place} has no values, so it is no target; choose another")
    if column.type == "text" and column.distinct > MOST_CLASSES:
        raise InputError(
            f"{place} is text with {column.distinct} distinct values, at most {MOST_CLASSES} "
            "classes are possible; choose another target"
        )
