"""Exporting a worked derivation from the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bpstudio.core.notation import format_count
from bpstudio.core.selection import Selection
from bpstudio.core.trace import Trace
from bpstudio.core.worked import work_out
from bpstudio.files.derivations import write_derivation
from bpstudio.ui import dialogs
from bpstudio.ui.derivation_dialog import DerivationChoice, DerivationDialog

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow


def ask_derivation(window: MainWindow) -> DerivationDialog:
    """Ask what is derived and how, then where to; the step is the current one."""
    debugger = window.session.debugger
    dialog = DerivationDialog(debugger.trace, debugger.cursor, window)
    export = partial(_ask_where, window, debugger.trace, debugger.prefix)
    dialog.chosen.connect(export)
    dialog.open()
    return dialog


def _ask_where(window: MainWindow, trace: Trace, prefix: str, choice: DerivationChoice) -> None:
    stem = Path(window.session.data.name).stem
    place = (prefix + choice.goal).strip("/").replace("/", "-") or "pass"
    path = dialogs.ask_derivation_file(window, f"{stem}-{place}.html")
    if path is None:
        return
    count = 0

    def write() -> None:
        nonlocal count
        count = export_derivation(trace, choice, path, prefix)

    if window.attempt(write):
        text = f"A derivation of {format_count(count)} steps was written to {path}."
        window.message_bar.show_note(text)


def export_derivation(trace: Trace, choice: DerivationChoice, path: Path, prefix: str = "") -> int:
    """Work out what is chosen and write it; → its steps. The format follows the suffix."""
    worked = work_out(
        trace, choice.goal or Selection(), choice.form, choice.digits, prefix, choice.fractions
    )
    write_derivation(worked, path, choice.decimal_comma, choice.blanks)
    return worked.n_steps
