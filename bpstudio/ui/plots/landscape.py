"""The loss along one weight or two, around where they stand, and the way they came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from bpstudio.core.landscape import Landscape, Parameter
from bpstudio.core.network import Network
from bpstudio.core.notation import Notation, format_count, format_number
from bpstudio.core.parameters import views
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.palette import Theme
from bpstudio.ui.plot_actions import Table
from bpstudio.ui.plots import texts
from bpstudio.ui.plots.contours import banded
from bpstudio.ui.plots.ground_choice import GroundChoice
from bpstudio.ui.plots.looks import dotted
from bpstudio.ui.plots.view import PlotView
from bpstudio.ui.symbols import as_html
from bpstudio.ui.theme import Appearance

Floats = NDArray[np.float64]

CURVE = (31, 121)  # points: at first and while training, then
CONTOUR = (11, 45)  # points along each side
MOST_VISITS = 40  # places of a run on the path
_EDGE = 0.8  # of the range; where a weight leaves it the range is put round it again
_AT_ONCE = 2_000_000  # multiplications that a read-out may take


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The loss (m,) at values (m, parameters) of the ground, and where the parameters stand."""

    ground: Landscape
    values: Floats
    losses: Floats
    here: float


class View(PlotView):
    """A curve over one parameter, or bands of equal loss over two."""

    name = "loss along weights"

    def __init__(self, session: Session, appearance: Appearance, attempt: Attempt) -> None:
        self._middle: tuple[float, ...] = ()
        self._shown: Shown | None = None
        self._path: Floats | None = None
        self._path_of: tuple[object, ...] = ()
        super().__init__(session, appearance, attempt)
        self.choice = GroundChoice(session, appearance, attempt, self)
        for control in self.choice.controls:
            self.controls.addWidget(control)
        self.optional += [self.choice.sign, self.choice.reach, self.choice.take]
        self.choice.changed.connect(self._start_over)
        self.curve, self.image = pg.PlotDataItem(), pg.ImageItem(axisOrder="row-major")
        self.path = pg.PlotDataItem()
        self.here = pg.ScatterPlotItem(size=11)
        self.pointer = pg.InfiniteLine(angle=90, movable=False)
        for item in (self.image, self.curve, self.path, self.here):
            self.plot.addItem(item)
        self.plot.addItem(self.pointer, ignoreBounds=True)
        self.pointer.hide()

    def refresh(self, changes: Changes) -> None:
        """The network, the data or the pass became others."""
        if not changes & {"trace", "network", "data", "experiment", "run"}:
            return
        if not self._along or not self.choice.is_there:
            self.choice.take_current()
        elif changes & {"data", "experiment"}:
            self._start_over()
        else:
            self.ask(self._work)

    @property
    def _along(self) -> tuple[Parameter, ...]:
        return self.choice.along

    # ---- the picture ----------------------------------------------------------------------------

    def _start_over(self) -> None:
        """Another piece of ground: what is drawn does not belong to it."""
        self._shown, self._path, self._middle, self.drawn = None, None, (), None
        self._path_of = ()
        self._draw()
        self.ask(self._work, now=True)

    def _work(self) -> Iterator[None]:
        """Work the picture out, coarse at first, then the path of the run."""
        training, of = self.session.is_training, self.now()
        ground = self._ground()
        self._keep_in_sight(ground.network)
        sizes = CURVE if len(self._along) == 1 else CONTOUR
        for size in sizes[:1] if training else sizes:
            values = np.vstack((self._values(size), _here(ground)))
            out = np.empty(len(values))
            for _ in ground.fill(values, out):
                yield
            self._shown = Shown(ground, values[:-1], out[:-1], float(out[-1]))
            self.drawn = of
            self._draw()
        if not training:
            yield from self._follow_path(ground.network)
            self._draw()

    def _ground(self) -> Landscape:
        data, trace = self.session.data, self.session.debugger.trace
        if self.choice.rows.key == "pass":
            return Landscape(trace.network, trace.X, trace.Y, trace.loss, self._along)
        return Landscape(trace.network, data.X, data.Y, trace.loss, self._along, data.training)

    def _keep_in_sight(self, network: Network) -> None:
        here = tuple(parameter.value(network) for parameter in self._along)
        reach = self.choice.reach.value()
        if len(self._middle) != len(here) or any(
            not abs(value - middle) <= _EDGE * reach
            for value, middle in zip(here, self._middle, strict=True)
        ):
            self._middle = here

    def _values(self, size: int) -> Floats:
        """The places whose loss is worked out, (m, parameters): the first varies fastest."""
        reach = self.choice.reach.value()
        sides = [np.linspace(middle - reach, middle + reach, size) for middle in self._middle]
        grid = np.meshgrid(*sides[::-1], indexing="ij")[::-1]
        return np.column_stack([axis.ravel() for axis in grid])

    def _follow_path(self, network: Network) -> Iterator[None]:
        """Where the parameters were in the course of the run, at a bounded number of places."""
        recording = self.session.recording
        asked = (recording, recording and recording.length, self._along)
        if recording is None or recording.length == 0 or asked == self._path_of:
            return
        places = np.unique(np.linspace(0, recording.length, MOST_VISITS).astype(int)).tolist()
        found = []
        for T in places:
            visit = recording.visit(T)
            if visit.segment.training.network.sizes == network.sizes:
                found.append(_values_in(network, visit.state.parameters, self._along))
            yield
        self._path, self._path_of = np.array(found), asked

    # ---- drawing --------------------------------------------------------------------------------

    def retheme(self, theme: Theme) -> None:
        """Other colours."""
        self._draw()

    def _draw(self) -> None:
        theme = self.appearance.theme
        self.pointer.hide()
        self.pointer.setPen(dotted(theme.text2))
        self.here.setPen(pg.mkPen(theme.surface, width=1.5))
        self.here.setBrush(QColor(theme.accent))
        for item in (self.curve, self.path, self.here):
            item.setData([], [])
        self.image.setVisible(False)
        if self._shown is not None:
            (self._draw_curve if len(self._along) == 1 else self._draw_contour)(theme)
        self.show_age()
        self.show_summary()

    def _draw_curve(self, theme: Theme) -> None:
        assert self._shown is not None
        values, losses = self._shown.values, self._shown.losses
        finite = np.where(np.isfinite(losses), losses, np.nan)
        self.curve.setData(values[:, 0], finite, pen=pg.mkPen(theme.training, width=2))
        self.here.setData(_here(self._shown.ground), [self._shown.here])
        if self._path is not None and len(self._path):
            x = self._path[:, 0]
            y = np.interp(x, values[:, 0], finite, left=np.nan, right=np.nan)
            self.path.setData(
                x, y, pen=None, symbol="o", symbolSize=4, symbolPen=None, symbolBrush=theme.text1
            )
        self.plot.setXRange(float(values[0, 0]), float(values[-1, 0]), padding=0)
        self.plot.enableAutoRange(y=True)
        self.name_axes(self._symbols[0], "loss")

    def _draw_contour(self, theme: Theme) -> None:
        assert self._shown is not None
        values, losses = self._shown.values, self._shown.losses
        size = round(len(losses) ** 0.5)
        self.image.setImage(banded(theme, losses.reshape(size, size)), levels=(0, 255))
        (left, bottom), (right, top) = values[0], values[-1]
        self.image.setRect(QRectF(left, bottom, right - left, top - bottom))
        self.image.setVisible(True)
        x, y = _here(self._shown.ground)
        self.here.setData([x], [y])
        if self._path is not None and len(self._path):
            self.path.setData(
                self._path, pen=pg.mkPen(theme.text1, width=1.5), symbol="o", symbolSize=4,
                symbolPen=None, symbolBrush=theme.text1,
            )  # fmt: skip
        self.plot.setXRange(left, right, padding=0)
        self.plot.setYRange(bottom, top, padding=0)
        self.name_axes(self._symbols[0], self._symbols[1])

    # ---- numbers --------------------------------------------------------------------------------

    def summary(self) -> str:
        """Where the weights stand, the loss there, and the lowest in sight."""
        theme = self.appearance.theme
        if self._shown is None:
            return texts.hint("Working it out …", theme.text3)
        ground, values, losses = self._shown.ground, self._shown.values, self._shown.losses
        columns, head = [(*_here(ground), self._shown.here)], ["", "now"]
        finite = np.where(np.isfinite(losses), losses, np.inf)
        if np.isfinite(finite.min()):
            lowest = int(finite.argmin())
            columns.append((*map(float, values[lowest]), float(losses[lowest])))
            head.append("lowest")
        names = (*self._symbols, "loss")
        digits = (*[3] * len(self._symbols), 5)  # losses near each other are told apart
        rows = [
            (name, *(format_number(number, n) for number in row))
            for name, row, n in zip(names, zip(*columns, strict=True), digits, strict=True)
        ]
        return texts.table(rows, head) + texts.hint(self._note(ground), theme.text3)

    @property
    def _symbols(self) -> list[str]:
        """Of the parameters along the axes."""
        return [symbol_html(parameter, self.session.network.L) for parameter in self._along]

    def _note(self, ground: Landscape) -> str:
        count = ground.n
        path = " Dots: the way of the run." if self._path is not None else ""
        return f"Mean over {format_count(count)} row{'s' * (count > 1)}, without penalty.{path}"

    def _place(self, values: Floats | list[float], loss: float) -> str:
        pairs = zip(self._symbols, values, strict=True)
        rows = [(name, format_number(float(v), 4)) for name, v in pairs]
        return texts.table([*rows, ("loss", format_number(loss))])

    def at(self, x: float, y: float) -> str:
        """The loss at the pointer."""
        if self._shown is None:
            return ""
        one = len(self._along) == 1
        self.pointer.setPos(x)
        self.pointer.setVisible(one)
        place = [x] if one else [x, y]
        ground = self._shown.ground
        if ground.n * ground.network.n_weights <= _AT_ONCE:
            return "Pointer" + self._place(place, ground.at(place))
        values, losses = self._shown.values, self._shown.losses
        nearest = int(np.square(values - place).sum(axis=1).argmin())
        return "Nearest point" + self._place(values[nearest], float(losses[nearest]))

    def numbers(self) -> Table:
        """A row a point: the parameters and the loss."""
        if self._shown is None:
            return Table((), ())
        values, losses = self._shown.values, self._shown.losses
        rows = [(*map(float, v), float(c)) for v, c in zip(values, losses, strict=True)]
        return Table((*map(str, self._along), "loss"), rows)


def _here(ground: Landscape) -> list[float]:
    """Where the parameters stand."""
    return [parameter.value(ground.network) for parameter in ground.along]


def _values_in(network: Network, vector: Floats, along: tuple[Parameter, ...]) -> list[float]:
    """The parameters in a vector of all of them."""
    layers = list(views(network, vector))
    found = []
    for parameter in along:
        W, b = layers[parameter.l - 2]
        if parameter.k is not None:
            found.append(float(W[parameter.j, parameter.k]))
        else:
            assert b is not None, "a parameter on show exists"
            found.append(float(b[parameter.j]))
    return found


def symbol_html(parameter: Parameter, L: int) -> str:
    """Its symbol in a network of L layers, as rich text: w with 12 below and (L) above."""
    l, j, k = parameter.l, parameter.j, parameter.k
    tex = Notation(L).b(l, j) if k is None else Notation(L).w(l, j, k)
    letter, indices = as_html(tex)[:1], as_html(tex)[1:]
    return f"<i>{letter}</i>{indices}"
