"""What all plots of training share: controls above, the picture and its read-out below."""

from __future__ import annotations

from functools import partial

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.palette import Theme
from bpstudio.ui.pictures.words import about
from bpstudio.ui.plot_actions import PlotActions, Table
from bpstudio.ui.plots.age import AgeSigns, PictureOf, age_words
from bpstudio.ui.plots.looks import dress, name_axes, plain_plot, prepare_for_paint
from bpstudio.ui.plots.portions import Portions, Work
from bpstudio.ui.plots.read_out import ReadOut
from bpstudio.ui.style import GAP, HEADER_HEIGHT, PADDING, set_role
from bpstudio.ui.theme import Appearance

_ROOM_FOR_SIDE = 330
_STEPS = 40  # of the arrow keys, from end to end
_ROOM_FOR_LABEL = 210


class PlotView(QWidget):
    """A view fills in `refresh`, `numbers`, `summary` and `at`, and adds its controls."""

    name = ""  # in the middle of a sentence: "Copy the numbers of …"

    def __init__(self, session: Session, appearance: Appearance, attempt: Attempt) -> None:
        super().__init__()
        set_role(self, "panel")
        self.session, self.appearance, self.attempt = session, appearance, attempt
        self.plot = plain_plot(self.name.capitalize())
        self.side = ReadOut()
        self.picture = QWidget()
        set_role(self.picture, "panel")
        self.controls = QHBoxLayout()
        given = (self.picture, self.name, self.numbers, appearance, attempt)
        self.plot_actions = PlotActions(*given, partial(about, session), self._change_theme)
        # give way where it is narrow, in this order; the first two are in the context menu as well
        self.optional: list[QWidget] = list(self.plot_actions.buttons)
        self.portions = Portions(self, lambda: session.is_training)
        self.drawn: PictureOf | None = None
        self.age = AgeSigns(self.picture)
        self._lay_out()
        self._reading: tuple[float, float] | None = None  # where the arrow keys are
        self.mark = pg.ScatterPlotItem(symbol="+", size=13)
        self.mark.setZValue(10)
        self.plot.addItem(self.mark, ignoreBounds=True)
        self.plot.moved.connect(self._move)
        self.plot.scene().sigMouseMoved.connect(self._hover)
        appearance.changed.connect(self._change_theme)
        dress(self.plot, appearance.theme)

    def _lay_out(self) -> None:
        self.header = QWidget()
        self.header.setFixedHeight(HEADER_HEIGHT)
        row = QHBoxLayout(self.header)
        row.setContentsMargins(PADDING, 0, GAP, 0)
        row.setSpacing(GAP)
        self.controls.setSpacing(GAP)
        row.addLayout(self.controls)
        row.addStretch(1)
        for button in self.plot_actions.buttons:
            row.addWidget(button)
        self.beside = QHBoxLayout(self.picture)
        self.beside.setContentsMargins(4, 0, 0, 4)
        self.beside.addWidget(self.plot, 1)
        said = QVBoxLayout()
        said.addWidget(self.side, 1)
        said.addWidget(self.age.below, 0, Qt.AlignmentFlag.AlignLeft)
        self.beside.addLayout(said)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addWidget(self.picture, 1)

    def prepare_for_paint(self) -> None:
        """Fit the plot to what was drawn."""
        prepare_for_paint(self.plot)

    # ---- what a view fills in -------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """Show what changed."""
        raise NotImplementedError

    def numbers(self) -> Table:
        """What is shown, as a table."""
        raise NotImplementedError

    def summary(self) -> str:
        """The read-out while nothing is pointed at."""
        raise NotImplementedError

    def at(self, x: float, y: float) -> str:
        """The read-out for a place in the plot; "" where there is nothing."""
        raise NotImplementedError

    def retheme(self, theme: Theme) -> None:
        """Draw again in other colours."""
        raise NotImplementedError

    # ---- pictures that take their time ----------------------------------------------------------

    @property
    def subject(self) -> object:
        """The value that the picture is made from."""
        return self.session.debugger.trace

    def now(self) -> PictureOf:
        """What a picture that is begun now will be of."""
        return PictureOf(self.subject, self.session.updates_done)

    def ask(self, work: Work, now: bool = False) -> None:
        """Have a picture made; until it is there, the old one says what it is of."""
        self.portions.ask(work, now)
        self.show_age()

    def show_age(self) -> None:
        """Say which update the picture is of, where that is not the one on show."""
        words = age_words(self.drawn, self.now(), self.session.is_training)
        self.age.say(words, is_narrow=self.side.isHidden())

    # ---- read-out -------------------------------------------------------------------------------

    def show_summary(self) -> None:
        """What holds for the whole plot, or for the place that the arrow keys read."""
        text = self.at(*self._reading) if self._reading is not None else ""
        self.side.setText(text or self.summary())

    def _hover(self, position: QPointF) -> None:
        self._read(None)
        box: pg.ViewBox = self.plot.getViewBox()
        text = ""
        if box.sceneBoundingRect().contains(position):
            place = box.mapSceneToView(position)
            text = self.at(place.x(), place.y())
        self.side.setText(text or self.summary())

    def _move(self, right: int, up: int) -> None:
        """The arrow keys read another place; they begin in the middle."""
        (left, x_end), (bottom, y_end) = self.plot.getViewBox().viewRange()
        x, y = self._reading or ((left + x_end) / 2, (bottom + y_end) / 2)
        x = min(max(x + right * (x_end - left) / _STEPS, left), x_end)
        y = min(max(y + up * (y_end - bottom) / _STEPS, bottom), y_end)
        self._read((x, y) if right or up else None)
        self.show_summary()

    def _read(self, place: tuple[float, float] | None) -> None:
        self._reading = place
        self.mark.setPen(pg.mkPen(self.appearance.theme.text1, width=1))
        places = [] if place is None else [place]
        self.mark.setData([x for x, _ in places], [y for _, y in places])

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer reads no more."""
        self.show_summary()

    def _change_theme(self, theme: Theme) -> None:
        dress(self.plot, theme)
        self._show_labels()
        self.retheme(theme)
        self.show_summary()

    # ---- sizes ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow the plot is worth more than the read-out."""
        self.side.setVisible(self.width() >= _ROOM_FOR_SIDE)
        self._show_labels()
        self._make_room()
        self.show_age()

    def _make_room(self) -> None:
        """Controls give way one by one until the others fit."""
        for control in self.optional:
            control.show()
        for control in self.optional:
            layout = self.header.layout()
            assert layout is not None
            layout.activate()
            if layout.minimumSize().width() <= self.width():
                break
            control.hide()

    def name_axes(self, x: str, y: str) -> None:
        """What the axes mean, where there is room to say it below."""
        name_axes(self.plot, self.appearance.theme, x, y)
        self._show_labels()

    def _show_labels(self) -> None:
        self.plot.getAxis("bottom").showLabel(self.height() >= _ROOM_FOR_LABEL)

    def minimumSizeHint(self) -> QSize:
        """Small enough for any area."""
        return QSize(200, 120)
