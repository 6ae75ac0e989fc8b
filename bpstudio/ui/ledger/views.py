"""The page of a ledger in the view that was chosen."""

from __future__ import annotations

from functools import partial

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.notation import format_number
from bpstudio.debugger.ledger_split import Split
from bpstudio.debugger.ledger_values import Ledger, Order
from bpstudio.ui.ledger import pages


def page_of(
    view: str, ledger: Ledger, split: Split | None, data: Dataset, by: Order, current: int | None
) -> pages.Page:
    """The rows of a view; ``current``: the update whose pass is shown.

    Every view but that of the iterations needs the split.
    """
    if view == "iteration" or split is None:
        return pages.iterations(ledger, split, by, current)
    if view == "class":
        return pages.classes(split, by)
    return pages.samples(split, partial(words_of, data), by)


def words_of(data: Dataset, row: int) -> str:
    """The class of a row, or its first raw target."""
    try:
        position = data.position(row)
    except InputError:
        return ""
    if data.labels is not None:
        return data.target_names[int(data.labels[position])]
    return format_number(float(data.target[position, 0]))
