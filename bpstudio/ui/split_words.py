"""How rows are divided into training and validation, in words."""

from __future__ import annotations

from bpstudio.core.dataset import Dataset
from bpstudio.core.splitting import BY_COLUMN

_TEXTS = {
    "random": "at random",
    "stratified": "in the shares of the classes",
    "in order": "the last rows for validation",
}


def order_items(data: Dataset) -> list[tuple[str, str]]:
    """The orders that these data can be split in, each with its name."""
    items = [("At random", "random")]
    if data.labels is not None:
        items.append(("By class", "stratified"))
    items.append(("Last rows", "in order"))
    if data.sides is not None:
        items.append((f"As {data.sides.column} says", BY_COLUMN))
    return items


def split_text(data: Dataset, order: str) -> str:
    """What the numbers of rows are, and how they came about."""
    if order == BY_COLUMN and data.sides is not None:
        kept = ", ".join(data.sides.validation) or "no value"
        how = f"as column {data.sides.column} says: {kept} for validation"
    else:
        how = _TEXTS.get(order, order)
        groups = data.groups
        how += "" if groups is None else f"; rows of one {groups.column} stay together"
    return f"Training rows + validation rows, {how}"
