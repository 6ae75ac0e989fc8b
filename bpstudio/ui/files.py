"""Opening and writing files from the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bpstudio.core.dataset import Dataset
from bpstudio.files.dataset import load
from bpstudio.files.traces import write_trace
from bpstudio.resources import resource
from bpstudio.ui import dialogs

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

EXAMPLE = "data/iris.csv"
MOST_STEPS = 5_000_000  # above it the file would be gigabytes; the command line takes parts


class FileVerbs:
    """What the File menu does. Everything refused leaves the session as it was."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def ask_open(self) -> None:
        """Choose a data file and open it."""
        recent = self._window.settings.recent_files
        folder = str(Path(recent[0]).parent) if recent else ""
        path = dialogs.ask_data_file(self._window, folder)
        if path is not None:
            self.open(path)

    def open(self, path: Path, target: str | None = None) -> bool:
        """Open a data file with its suggested target, or with another."""
        window = self._window
        if not window.attempt(lambda: window.session.open_data(load(str(path), target=target))):
            return False
        window.settings.add_recent_file(path)
        self._say_what_was_read(window.session.data)
        return True

    def open_example(self) -> None:
        """The data that the program starts with."""
        window = self._window
        example = resource(EXAMPLE)
        window.attempt(lambda: window.session.open_data(load(str(example), target="species")))

    def choose_target(self, target: str) -> None:
        """The same file with another column to learn."""
        path = self._window.session.data.path
        if path is not None:
            self.open(Path(path), target)

    def _say_what_was_read(self, data: Dataset) -> None:
        """Rows left out and columns left out are said, never done in silence."""
        remarks = list(data.notes)
        if data.rejected:
            first = data.rejected[0]
            count = len(data.rejected)
            rows = "row was" if count == 1 else "rows were"
            remarks.insert(0, f"{count} {rows} left out; the first is {first}")
        if remarks:
            self._window.message_bar.show_note(f"{data.name}: {'. '.join(remarks)}.")
        else:
            self._window.message_bar.dismiss()

    def ask_export(self) -> None:
        """Choose where the trace goes and write it."""
        data = self._window.session.data
        stem = Path(data.name).stem
        rows = self._window.session.debugger.rows
        name = f"{stem}-row-{rows[0]}.json"
        path = dialogs.ask_trace_file(self._window, name)
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> bool:
        """Write the trace on show; the format follows the suffix."""
        window = self._window
        trace = window.session.debugger.trace
        if not window.attempt(lambda: write_trace(trace, path)):
            return False
        window.message_bar.show_note(f"{len(trace)} steps were written to {path}.")
        return True
