"""The loss of all runs over the updates: curves, read-out, and the way to any update."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bpstudio.core.notation import format_count
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.run_values import RunSnapshot
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.lane_events import takes
from bpstudio.ui.latest import Latest
from bpstudio.ui.loss_axis import EpochLines
from bpstudio.ui.loss_canvas import Marks, PickBox, loss_plot
from bpstudio.ui.loss_lines import Branch, RunLines
from bpstudio.ui.loss_points import RunCurves
from bpstudio.ui.loss_readout import readout
from bpstudio.ui.palette import Theme
from bpstudio.ui.pictures.words import about
from bpstudio.ui.plot_actions import PlotActions, Table
from bpstudio.ui.plots.looks import dress, prepare_for_paint
from bpstudio.ui.run_looks import run_look
from bpstudio.ui.style import PADDING, set_role
from bpstudio.ui.theme import Appearance


class LossPlot(QWidget):
    """Click or drag visits an update; arrow keys go to the neighbours."""

    def __init__(self, session: Session, appearance: Appearance, attempt: Attempt) -> None:
        super().__init__()
        self._session, self._appearance, self._attempt = session, appearance, attempt
        self._hidden: frozenset[Recording] = frozenset()
        self._curves: dict[Recording, RunCurves] = {}
        self._snapshots: dict[Recording, RunSnapshot] = {}
        self._lines: dict[Recording, RunLines] = {}
        self._x: float | None = None  # of the pointer
        self.picture = QWidget()
        set_role(self.picture, "panel")
        self.plot = loss_plot()
        self.marks = Marks(self.plot)
        self.epochs = EpochLines(self.plot)
        self.readout = QLabel()
        self.log = QCheckBox("Log scale")
        given = (self.picture, "the loss", self.numbers, appearance, attempt)
        self.plot_actions = PlotActions(*given, partial(about, session), self._retheme)
        self._visits = Latest(self._visit, self)
        self._lay_out()
        self._connect()
        self._retheme(appearance.theme)

    def _lay_out(self) -> None:
        self.readout.setTextFormat(Qt.TextFormat.RichText)
        self.readout.setFont(ui_font(Size.TABLE))
        self.readout.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.readout.setMinimumWidth(158)
        self.log.setToolTip("Show the loss on a logarithmic axis")
        self.plot.setAccessibleName("Loss over the updates; arrow keys visit an update")
        self.plot.setToolTip("Click or drag visits an update; the wheel zooms")
        self.plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        top = QHBoxLayout()
        top.addWidget(self.log)
        top.addStretch(1)
        for button in self.plot_actions.buttons:
            top.addWidget(button)
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, PADDING, PADDING)
        side.addLayout(top)
        side.addWidget(self.readout, 1)
        row = QHBoxLayout(self.picture)
        row.setContentsMargins(4, 4, 0, 0)
        row.addWidget(self.plot, 1)
        row.addLayout(side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.picture)

    def _connect(self) -> None:
        self.log.toggled.connect(self._set_log)
        self.plot.scene().sigMouseMoved.connect(self._hover)
        self.plot.installEventFilter(self)
        self._box.picked.connect(self.pick)
        self._box.passed.connect(self.pass_by)
        self._appearance.changed.connect(self._retheme)

    @property
    def _box(self) -> PickBox:
        box = self.plot.getViewBox()
        assert isinstance(box, PickBox)
        return box

    @property
    def batches(self) -> object:
        """The batches of the current run."""
        return self._lines[self._current].batches

    @property
    def _current(self) -> Recording:
        recording = self._session.recording
        assert recording is not None, "there is something to draw"
        return recording

    @property
    def _is_begun(self) -> bool:
        """Whether there is a run, and an update of it: a new experiment begins with none."""
        recording = self._session.recording
        return recording is not None and bool(recording.segments)

    @property
    def _now(self) -> int:
        """The last update that is drawn: in training, the run goes on meanwhile."""
        return self._session.length_of(self._current)

    # ---- showing ------------------------------------------------------------------------------

    def hide_runs(self, hidden: frozenset[Recording]) -> None:
        """The curves of these runs are not shown."""
        self._hidden = hidden
        if self._is_begun:
            self.show_runs()

    @property
    def shown(self) -> tuple[Recording, ...]:
        """The runs whose curves are shown."""
        return tuple(run for run in self._session.recordings if run not in self._hidden)

    def show_runs(self) -> None:
        """Draw every run as it was last looked at, and where one is."""
        for run in [run for run in self._lines if run not in self.shown]:
            self._lines.pop(run).remove()
        for run in self._session.recordings:
            self._look_at(run)
        for run in self.shown:
            self._draw(run)
        per_epoch = self._current.segments[-1].training.batches_per_epoch
        self.epochs.show_epochs(self._longest, float(per_epoch))
        self._show_place()
        self._show_readout()
        prepare_for_paint(self.plot)

    def _look_at(self, run: Recording) -> None:
        snapshot = self._session.snapshot_of(run)
        if self._snapshots.get(run) is not snapshot and run.segments:
            self._snapshots[run] = snapshot
            self._curves[run] = RunCurves.of(snapshot, run)

    def _draw(self, run: Recording) -> None:
        if run not in self._curves:
            return
        if run not in self._lines:
            self._lines[run] = RunLines(self.plot)
        lines, current = self._lines[run], run is self._session.recording
        start = 0 if current else run.branched_at
        moving = current and self._session.is_training
        lines.show(self._snapshots[run], self._curves[run], start, _branch(run), moving)
        theme = self._appearance.theme
        lines.dress(run_look(self._session, run, theme), current, theme)

    def _show_place(self) -> None:
        """The accent line at the update on show; at the end of the run in the present."""
        run, visited = self._current, self._session.debugger.visited
        T = self._now if visited is None else visited.T
        epoch, batch = run.place(T)
        self.marks.show_place(T, self._now, f"e{epoch}/b{batch}")

    # ---- read-out -----------------------------------------------------------------------------

    def _show_readout(self) -> None:
        """The values under the pointer, else at the update on show."""
        visited = self._session.debugger.visited
        here = self._now if visited is None else visited.T
        x = here if self._x is None else min(max(round(self._x), 0), self._longest)
        epoch, batch = self._run_that_reaches(x).place(x)
        head = f"Update {format_count(x)}, e{epoch}/b{batch}"
        shown = [(one, self._curves[one]) for one in self.shown if one in self._curves]
        shaded = self._x is None and here < self._now
        text = readout(self._session, shown, x, self._appearance.theme)
        self.readout.setText(head + text + ("Shaded: recorded later" if shaded else ""))
        self._keep_width()

    def _run_that_reaches(self, x: int) -> Recording:
        """The current run, or one that goes on where it has ended: its epochs are named there."""
        length_of = self._session.length_of
        reaching = (run for run in (self._current, *self.shown) if length_of(run) >= x)
        return next(reaching, self._current)

    def _keep_width(self) -> None:
        """Give the read-out the width it once needed: the plot beside it keeps its size."""
        needed = self.readout.sizeHint().width()
        if needed > self.readout.minimumWidth():
            self.readout.setMinimumWidth(needed)

    @property
    def _longest(self) -> int:
        return max(map(self._session.length_of, (self._current, *self.shown)))

    def _hover(self, position: QPointF) -> None:
        inside = self._box.sceneBoundingRect().contains(position)
        there = inside and self._is_begun
        self.marks.show_pointer(bool(there))
        self._x = self._box.mapSceneToView(position).x() if there else None
        if self._x is not None:
            self.marks.pointer.setPos(self._x)
        if self._is_begun:
            self._show_readout()

    def leaveEvent(self, event: QEvent) -> None:
        """Back to where one is."""
        self.marks.show_pointer(False)
        self._x = None
        if self._is_begun:
            self._show_readout()

    def numbers(self) -> Table:
        """A row a point of the curves shown."""
        rows: list[tuple[object, ...]] = []
        for run in [run for run in self.shown if run in self._curves]:
            curves = self._curves[run]
            for name in ("batches", "training", "validation"):
                curve = getattr(curves, name)
                points = zip(curve.x.tolist(), curve.y.tolist(), strict=True)
                rows += [(run.name, name, x, y) for x, y in points if not math.isnan(y)]
        return Table(("run", "curve", "update", "loss"), rows)

    # ---- visiting -----------------------------------------------------------------------------

    def pick(self, x: float) -> None:
        """Visit the update at a place of the x axis, as far as the run goes."""
        if self._session.recording is not None:
            self._visits.ask(self._update_at(x))

    def pass_by(self, x: float) -> None:
        """Visit an update near a place on the way of a drag, one that is reached at once."""
        if self._is_begun:
            self._visits.ask(self._current.nearby(self._update_at(x)))

    def _update_at(self, x: float) -> int:
        return min(max(round(x), 0), self._now)

    def _visit(self, T: int) -> None:
        visited = self._session.debugger.visited
        if visited is None or visited.T != T:
            self._attempt(lambda: self._session.visit(T))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Arrow keys by an update, Page up and down by an epoch, Home and End."""
        if takes(event):
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._go_by_key(event.key())
        return False

    def _go_by_key(self, key: int) -> bool:
        if self._session.recording is None:
            return False
        run, visited = self._current, self._session.debugger.visited
        T = self._now if visited is None else visited.T
        epoch = run.segments[-1].training.batches_per_epoch
        targets = {
            Qt.Key.Key_Left: T - 1,
            Qt.Key.Key_Right: T + 1,
            Qt.Key.Key_PageUp: T - epoch,
            Qt.Key.Key_PageDown: T + epoch,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._now,
        }
        if Qt.Key(key) not in targets:
            return False
        self.pick(targets[Qt.Key(key)])
        return True

    # ---- appearance ---------------------------------------------------------------------------

    def _set_log(self, on: bool) -> None:
        self.plot.setLogMode(x=False, y=on)
        for lines in self._lines.values():
            lines.place_label()

    def _retheme(self, theme: Theme) -> None:
        dress(self.plot, theme)
        self.marks.retheme(theme)
        self.epochs.retheme(theme)
        if self._is_begun and self._curves:
            self.show_runs()


def _branch(run: Recording) -> Branch:
    if run.parent is None:
        return None
    epoch, batch = run.place(run.branched_at)
    return run.branched_at, f"branch e{epoch}/b{batch}"
