"""Writing the trace, or a part of it, from the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bpstudio.core.errors import InputError
from bpstudio.core.notation import format_count
from bpstudio.files.trace_export import Export
from bpstudio.files.traces import trace_suffix, write_export
from bpstudio.ui import dialogs
from bpstudio.ui.export_choices import ExportChoice, export_choices
from bpstudio.ui.export_dialog import ExportDialog
from bpstudio.ui.export_job import ExportJob

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

MOST_AT_ONCE = 5_000  # steps that are written before the window notices


class ExportVerbs:
    """Asking what is exported and where to, and writing it: a long trace beside the window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._job: ExportJob | None = None

    def ask(self) -> None:
        """Choose what of the trace is written, in which format and where, and write it."""
        dialog = ExportDialog(self.choices(), self._window)
        dialog.accepted.connect(partial(self._ask_where, dialog))
        dialog.open()

    def choices(self) -> tuple[ExportChoice, ...]:
        """What can be exported now."""
        window = self._window
        return export_choices(window.session.debugger, window.steps.table.listed)

    def _ask_where(self, dialog: ExportDialog) -> None:
        chosen = dialog.choice
        path = dialogs.ask_trace_file(self._window, self._suggestion(chosen, dialog.suffix))
        if path is not None:
            self.write(path, chosen)

    def _suggestion(self, chosen: ExportChoice, suffix: str) -> str:
        """A name that says where the numbers are from."""
        session = self._window.session
        stem, debugger = Path(session.data.name).stem, session.debugger
        place = debugger.prefix.rstrip("/").replace("/", "-") or f"row-{debugger.rows[0]}"
        return f"{stem}-{place}{chosen.part}{suffix}"

    def write(self, path: Path, chosen: ExportChoice | None = None) -> bool:
        """Write a choice, else the whole trace on show; the format follows the suffix."""
        chosen = chosen or self.choices()[0]
        export, count = chosen.export, chosen.count
        assert export is not None, "what has no steps cannot be chosen"
        if count > MOST_AT_ONCE:
            return self._window.attempt(lambda: self._start_job(export, path, count))
        if not self._window.attempt(lambda: write_export(export, path)):
            return False
        self._say_written(count, path)
        return True

    def _say_written(self, count: int, path: Path) -> None:
        text = f"{format_count(count)} steps were written to {path}."
        self._window.message_bar.show_note(text)

    def _start_job(self, export: Export, path: Path, count: int) -> None:
        """Write a long trace beside the window; one at a time."""
        if self._job is not None:
            raise InputError(f"{self._job.path} is still being written; wait for it or cancel it")
        trace_suffix(path)
        self._job = job = ExportJob(export, path, count, self._window)
        job.progressed.connect(self._say_progress)
        job.ended.connect(self._end_job)
        job.start()
        self._say_progress(0)

    def _say_progress(self, written: int) -> None:
        job = self._job
        if job is not None:
            share = 100 * written // job.count
            text = f"Writing {format_count(job.count)} steps to {job.path}: {share}\u2009%"
            self._window.message_bar.show_note(text, "Cancel", self.call_off)

    def _end_job(self, problem: str) -> None:
        job, self._job = self._job, None
        if job is None:
            return
        if problem:
            self._window.message_bar.show_error(problem)
        else:
            self._say_written(job.count, job.path)
        job.deleteLater()

    def call_off(self) -> None:
        """Call a long export off; no file is left."""
        job, self._job = self._job, None
        if job is not None:
            job.call_off()
            job.deleteLater()
