"""Import: what the file would become, under options that are found and can be corrected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from bpstudio.core.errors import InputError
from bpstudio.core.limits import size_text
from bpstudio.core.notation import counted, format_count
from bpstudio.core.splitting import Groups
from bpstudio.debugger.experiment import Experiment
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.preview import Preview, sample_rows, settled
from bpstudio.ui.importing import frame
from bpstudio.ui.importing.format_bar import FormatBar
from bpstudio.ui.importing.heads import Heads
from bpstudio.ui.importing.job import PreviewJob
from bpstudio.ui.importing.lines import lines_view
from bpstudio.ui.importing.problems import MOST, ProblemList
from bpstudio.ui.importing.rows_choice import RowsChoice
from bpstudio.ui.importing.split import Balance, SplitPane
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

SIZE = QSize(1260, 880)
AROUND = QSize(40, 40)
_FORMAT = ("delimiter", "encoding", "header", "quote", "decimal", "comment", "skip")


class ImportDialog(QDialog):
    """A live preview: every change is looked at beside the window, and shown when it is ready."""

    def __init__(
        self,
        path: Path,
        experiment: Experiment,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.path, self.about = path, _about(path)
        self.said = ImportOptions()
        self.preview: Preview | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Import data")
        self.job = PreviewJob(path, self)
        self.format = FormatBar(appearance)
        self.view, self.model = lines_view(appearance, self)
        self.heads = Heads(appearance, self.view, self)
        self.problems = ProblemList(appearance, self)
        self.split = SplitPane(experiment)
        self.balance = Balance(appearance)
        self.rows = RowsChoice()
        self.shown, self.listed, self.summary = QLabel(), QLabel(), QLabel()
        self.previous = frame.small_button("Previous problem", "Show the problem before")
        self.next = frame.small_button("Next problem", "Show the next problem")
        self.cancel = frame.small_button("Cancel", "Keep the data that is open (Esc)")
        self.ok = QPushButton("Import")
        frame.build(self, appearance)
        self._connect()
        self.heads.show_scale(self.split.scale.currentData())
        self.resize(SIZE.boundedTo(self._room(parent)))
        self._ask()

    def _room(self, parent: QWidget | None) -> QSize:
        """What the window leaves of it to see round the dialog, and the screen in any case."""
        screen = self.screen().availableSize()
        return screen if parent is None else screen.boundedTo(parent.size() - AROUND)

    def _connect(self) -> None:
        self.job.ready.connect(self._show)
        self.format.changed.connect(self._change_format)
        self.format.again.connect(self._forget)
        self.heads.changed.connect(self._change_column)
        self.rows.changed.connect(self._choose_rows)
        self.problems.treated.connect(self._change_column)
        self.problems.currentCellChanged.connect(self._go_to_problem)
        self.previous.clicked.connect(self._show_previous)
        self.next.clicked.connect(self._show_next)
        self.split.changed.connect(self._show_result)
        self.split.scaled.connect(self.heads.show_scale)
        self.split.sides_chosen.connect(self._choose_sides)
        self.cancel.clicked.connect(self.reject)
        self.ok.clicked.connect(self.accept)
        self.finished.connect(self._stop)

    @property
    def options(self) -> ImportOptions:
        """What imports the rows that are shown."""
        assert self.preview is not None
        return settled(self.preview)

    # ---- what the user says -------------------------------------------------------------------

    def _change_format(self, name: str, value: Any) -> None:
        self.said = self.said.with_format(**{name: value})
        self._ask()

    def _forget(self) -> None:
        self.said = ImportOptions()
        self._ask()

    def _change_column(self, index: int, what: str, value: Any) -> None:
        said = self.said
        if (what, value) == ("role", "target"):
            said = said.with_target(index, self._in_role("target", but=index))
        elif what == "role" and value in ("group", "split"):
            said = said.with_only(value, index, self._in_role(value, but=index))
        elif (what, value) == ("role", "also"):
            for each in (index, *self._in_role("target", but=index)):
                said = said.with_column(each, role="target")
        elif what == "kind":
            said = said.with_column(index, kind=value, missing="leave out", scale=None)
        else:
            said = said.with_column(index, **{what: value})
        self.said = said
        self._ask(keep_format=True)

    def _choose_rows(self, rows: int, seed: int) -> None:
        self.said = self.said.with_sample(rows, seed)
        self._ask(keep_format=True)

    def _choose_sides(self, values: tuple[str, ...]) -> None:
        for index in self._in_role("split", but=-1):
            self._change_column(index, "validation", values)

    def _in_role(self, role: str, but: int) -> list[int]:
        """The columns in a role, without one."""
        columns = () if self.preview is None else self.preview.columns
        found = [each.column.index for each in columns if each.role == role]
        return [index for index in found if index != but]

    def _ask(self, keep_format: bool = False) -> None:
        options = self.said
        if keep_format and self.preview is not None:
            found = {name: getattr(self.preview.options, name) for name in _FORMAT}
            options = replace(options, **found)
        self.summary.setText("Reading …")
        set_role(self.summary, "label")
        self.ok.setEnabled(False)
        self.job.ask(options)

    # ---- what is shown -------------------------------------------------------------------------

    def _show(self, made: Preview | InputError) -> None:
        self.preview = None if isinstance(made, InputError) else made
        found = None if self.preview is None else self.preview.options
        self.format.show_options(self.said, found)
        self.format.allow(found is None or found.encoding is not None)
        self.model.show_preview(self.preview)
        self.heads.show_preview(self.preview, self.said)
        self.rows.show_preview(self.preview, self.said)
        self.problems.show_preview(self.preview, self.said)
        self._describe_rows()
        self._show_result()
        if isinstance(made, InputError):
            self._refuse(str(made))

    def _describe_rows(self) -> None:
        preview = self.preview
        lines = () if preview is None else preview.lines
        text = f"lines {lines[0].line} to {lines[-1].line}" if lines else ""
        if preview is not None and not preview.is_whole:
            text += f", the first of about {format_count(preview.rows)}"
        self.shown.setText(text)
        count = 0 if preview is None else len(preview.problems)
        more = f", the first {MOST} are listed" if count > MOST else ""
        notes = () if preview is None or preview.data is None else preview.data.notes
        below = f"; {len(notes)} remark{'s' * (len(notes) > 1)} below" if notes else ""
        found = f"{format_count(count)} found" if count else "none found"
        self.listed.setText(f"{found}{more}{below}")
        for button in (self.previous, self.next):
            button.setEnabled(count > 0)

    def _show_result(self) -> None:
        """What the button would do, and the split of it."""
        preview = self.preview
        data = None if preview is None else preview.data
        divided = self.split.divide(data)
        self.balance.show_data(divided)
        self.ok.setEnabled(divided is not None and not self.job.is_busy)
        self.ok.setText("Import" if preview is None or data is None else _result(preview))
        if preview is not None and preview.refused:
            self._refuse(preview.refused)
        elif self.split.problem.text():
            self._refuse(self.split.problem.text())
        elif preview is not None and data is not None and not self.job.is_busy:
            set_role(self.summary, "label")
            self.summary.setText(_summary(preview))
        self.summary.setToolTip(self.summary.text())

    def _refuse(self, text: str) -> None:
        set_role(self.summary, "error")
        self.summary.setText(text)

    # ---- problems ------------------------------------------------------------------------------

    def _show_previous(self) -> None:
        self._step(-1)

    def _show_next(self) -> None:
        self._step(1)

    def _step(self, offset: int) -> None:
        count = len(self.problems.problems)
        current = self.problems.currentRow()
        if count:
            start = current if current >= 0 or offset > 0 else 0
            self.problems.setCurrentCell((start + offset) % count, 1)

    def _go_to_problem(self, row: int, *_: int) -> None:
        """Its place in the rows above."""
        if not 0 <= row < len(self.problems.problems):
            return
        problem = self.problems.problems[row]
        place = self.model.row_of(problem.line)
        if place >= 0:
            index = self.model.index(place, problem.column or 0)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index, self.view.ScrollHint.PositionAtCenter)

    # ---- the end -------------------------------------------------------------------------------

    def _stop(self) -> None:
        self.job.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        """No thread outlives the dialog."""
        self.job.stop()
        super().closeEvent(event)


def _about(path: Path) -> str:
    """A file's name and size."""
    try:
        return f"{path.name}, {size_text(path.stat().st_size)}"
    except OSError:
        return path.name


def _result(preview: Preview) -> str:
    sample = sample_rows(preview)
    if not preview.is_whole:
        return f"Import a sample of {format_count(sample)} rows" if sample else "Import all rows"
    rows = counted(preview.kept, "row")
    out = f", leave out {format_count(preview.left_out)}" if preview.left_out else ""
    return f"Import {rows}{out}"


def _summary(preview: Preview) -> str:
    data = preview.data
    assert data is not None
    inputs = "1 feature" if data.n_features == 1 else f"{data.n_features} features"
    groups = "" if data.groups is None else f", {_groups_text(data.groups)}"
    if data.task == "classification":
        return f"{inputs}, 1 target ({data.n_targets} classes){groups}"
    targets = "1 target" if data.n_targets == 1 else f"{data.n_targets} targets"
    return f"{inputs}, {targets} (numbers){groups}"


def _groups_text(groups: Groups) -> str:
    count = len(groups.names)
    return f"{counted(count, 'group')} of {groups.column}"
