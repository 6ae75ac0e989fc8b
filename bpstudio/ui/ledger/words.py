"""What is said round a ledger: how many updates, and what its rows leave out."""

from __future__ import annotations

from bpstudio.core.notation import counted, format_count
from bpstudio.core.update_parts import PARTS
from bpstudio.debugger.ledger_split import Split
from bpstudio.debugger.ledger_values import Ledger
from bpstudio.ui.ledger.pages import Page


def count_of(ledger: Ledger, in_past: bool) -> str:
    """How many updates; with the place that they end before, in a visit to the past."""
    n = ledger.n_updates
    said = counted(n, "update")
    if not in_past:
        return said
    epoch, batch = ledger.recording.place(ledger.until)
    return f"{said} as of e{epoch}/b{batch}"


def notes_of(page: Page, ledger: Ledger, split: Split | None, in_past: bool) -> str:
    """How many updates there are, what is not in the list, and how a change is split."""
    said = [count_of(ledger, in_past), page.rest]
    if split is not None and not split.is_whole and (page.view != "iteration" or page.classes):
        said.append(f"the last {format_count(ledger.until - split.first)} split by sample")
    first = ", ".join(part for part in said if part)
    if page.view == "iteration" or split is None:
        return first
    return f"{first}. {how_split(split)}"


def how_split(split: Split) -> str:
    """What the part of a sample is."""
    settings = split.ledger.recording.segments[-1].training.settings.update
    others = [name for name in PARTS if name in split.others]
    if not others and settings.optimizer == "sgd":
        return "A sample's part is −η/n times its own gradient"
    if not others:
        return "A sample's part is that of its own gradient"
    return f"A sample's part is that of its own gradient; {_listed(others)} apart"


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} stands"
    return ", ".join(names[:-1]) + f" and {names[-1]} stand"
