"""What a derivation and its sections are called, as markup."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bpstudio.core.address import Address, parse_address
from bpstudio.core.derivation import level_label
from bpstudio.core.notation import Notation
from bpstudio.core.selection import Selection
from bpstudio.core.sequence import Step

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace


def title_of(
    trace: Trace, goal: str | Selection, goals: list[int], notation: Notation, prefix: str
) -> str:
    """What is derived: the level by its names, or the last number of a selection."""
    last = trace[goals[-1]]
    place = last.step.place if isinstance(goal, Selection) else parse_address(goal)
    labels = _labels(place, notation)
    if place.kind is not None or place.letter is not None:
        labels.append(f"${last.statement(notation).name}$")
    before = [f"Iteration {prefix.rstrip('/')}"] if prefix else []
    return "Derivation: " + ", ".join([*before, *labels])


def _labels(place: Address | None, notation: Notation) -> list[str]:
    """Names of a level and of all around it, from the outermost; a step itself has none."""
    labels: list[str] = []
    while place is not None and place != Address():
        if place.kind is None:
            labels.append(level_label(place, notation))
        place = place.parent()
    return labels[::-1]


def section_title(step: Step, notation: Notation) -> str:
    """ "Row 52, Backward, Layer $L-1$"."""
    level = replace(step.place, j=None, letter=None, index=None, kind=None)
    return ", ".join(_labels(level, notation))
