"""What of a pass can be exported: all of it, the sample or layer on show, the steps listed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpstudio.core.chosen import ChosenSteps
from bpstudio.core.notation import Notation, format_count
from bpstudio.core.selection import Selection
from bpstudio.debugger.debugger import Debugger
from bpstudio.debugger.filtering import Listed
from bpstudio.files.trace_export import Export


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """One choice with its number of steps; ``export`` None where there is nothing to write.

    ``note`` says why there is nothing, or what else is to be known.
    """

    key: str
    title: str
    count: int
    export: Export | None
    note: str = ""

    @property
    def part(self) -> str:
        """What a file's name says of it: nothing of the whole pass."""
        return "" if self.key == "whole" else f"-{self.key}"


def export_choices(debugger: Debugger, listed: Listed) -> tuple[ExportChoice, ...]:
    """The choices at the cursor. ``listed``: what the table of steps lists."""
    return _whole(debugger), _sample(debugger), _layer(debugger), _filtered(debugger, listed)


def _whole(debugger: Debugger) -> ExportChoice:
    return _selected(debugger, "whole", "The whole pass", Selection())


def _sample(debugger: Debugger) -> ExportChoice:
    row = debugger.step.row
    if row is None:
        note = "The cursor is past the last row"
        return ExportChoice("sample", "This row", 0, None, note)
    return _selected(debugger, "sample", f"This row: {row}", Selection(s=row))


def _layer(debugger: Debugger) -> ExportChoice:
    l = debugger.step.l
    if l is None:
        note = "The current step belongs to no layer"
        return ExportChoice("layer", "This layer", 0, None, note)
    name = Notation(debugger.trace.L).layer(l).replace("-", "\u2212")
    number = "" if name == str(l) else f" ({name})"
    return _selected(debugger, "layer", f"This layer: {l}{number}", Selection(l=l))


def _filtered(debugger: Debugger, listed: Listed) -> ExportChoice:
    title, chosen = "The filtered steps", listed.filter
    if chosen.is_empty:
        return ExportChoice("filtered", title, 0, None, "Set a filter in the table of steps")
    if listed.trace is not debugger.trace:
        note = "The table of steps lists another pass"
        return ExportChoice("filtered", title, 0, None, note)
    if not listed.is_complete:
        return ExportChoice("filtered", title, 0, None, "Still looking through the pass")
    if len(listed) == 0:
        return ExportChoice("filtered", title, 0, None, "No step fits the filter")
    if not chosen.looks:
        return _selected(debugger, "filtered", title, chosen.selection)
    left_out = format_count(listed.left_out)
    note = f"{left_out} more are not kept in the list." if listed.left_out else ""
    among = np.sort(listed.found)
    export = Export(debugger.trace, chosen.selection, debugger.prefix, among)
    return ExportChoice("filtered", title, len(among), export, note)


def _selected(debugger: Debugger, key: str, title: str, chosen: Selection) -> ExportChoice:
    count = len(ChosenSteps(debugger.trace.sequence, chosen))
    return ExportChoice(key, title, count, Export(debugger.trace, chosen, debugger.prefix))
