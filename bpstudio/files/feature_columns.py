"""Which columns of a table are features, and why others are not."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bpstudio.core.errors import InputError
from bpstudio.files.columns import Column
from bpstudio.files.sides import find_sides
from bpstudio.files.table import Table

MOST_CATEGORIES = 20  # of a text feature; each becomes an input of the network


def feature_columns(
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
    _require_plain_numbers(table, (*features, *targets))
    if not features:
        left = f" ({'; '.join(notes)})" if notes else ""
        raise InputError(f"{table.name} has no column for the input besides the target{left}")
    return features, notes


def _require_plain_numbers(table: Table, columns: Sequence[Column]) -> None:
    """Refuse numbers that can mean two things, unless it is said which."""
    for column in columns:
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


def coded_columns(features: Sequence[Column], targets: Sequence[Column]) -> set[Column]:
    """Those whose values are categories."""
    coded = {column for column in features if column.type == "text"}
    return coded | {column for column in targets if not column.is_number}
