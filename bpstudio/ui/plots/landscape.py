"""The loss along one weight or two, around where they stand, and the way they came."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLineEdit

from bpstudio.core.errors import InputError
from bpstudio.core.landscape import Landscape, Parameter
from bpstudio.core.network import Network
from bpstudio.core.notation import format_count, format_number
from bpstudio.core.parameters import views
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.buttons import icon_button
from bpstudio.ui.fields import RealField
from bpstudio.ui.fonts import mono_font
from bpstudio.ui.palette import Theme
from bpstudio.ui.plot_actions import Table
from bpstudio.ui.plots import texts
from bpstudio.ui.plots.contours import banded
from bpstudio.ui.plots.looks import dotted
from bpstudio.ui.plots.view import PlotView
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.style import set_invalid
from bpstudio.ui.theme import Appearance

Floats = NDArray[np.float64]

CURVE = (31, 121)  # points: at first and while training, then
CONTOUR = (11, 45)  # points along each side
MOST_VISITS = 40  # places of a run on the path
_EDGE = 0.8  # of the range; where a weight leaves it the range is put round it again
_ROWS = (
    Segment("pass", "Pass", "The loss of the rows of the pass on show"),
    Segment("training", "Training", "The loss of all training rows"),
)


class View(PlotView):
    """A curve over one parameter, or bands of equal loss over two."""

    name = "loss along weights"

    def __init__(self, session: Session, appearance: Appearance, attempt: Attempt) -> None:
        self._along: tuple[Parameter, ...] = ()
        self._middle: tuple[float, ...] = ()
        self._shown: tuple[Landscape, Floats, Floats] | None = None
        self._path: Floats | None = None
        self._path_of: tuple[object, ...] = ()
        super().__init__(session, appearance, attempt)
        self.first = _field("Along", "The weight or bias along x")
        self.second = _field("Second weight", "The weight or bias along y; empty for a curve")
        self.take = icon_button("pin", "Take the weight of the current step", appearance)
        self.reach = RealField(1e-12, 1e12, 1.0)
        self.reach.setAccessibleName("Reach")
        self.reach.setToolTip("How far the picture goes to each side of where the weights stand")
        self.rows = SegmentedControl(_ROWS, "Rows whose loss is shown")
        self._add_controls()
        self.curve, self.image = pg.PlotDataItem(), pg.ImageItem(axisOrder="row-major")
        self.path = pg.PlotDataItem()
        self.here = pg.ScatterPlotItem(size=11)
        self.pointer = pg.InfiniteLine(angle=90, movable=False)
        for item in (self.image, self.curve, self.path, self.here):
            self.plot.addItem(item)
        self.plot.addItem(self.pointer, ignoreBounds=True)
        self.pointer.hide()

    def _add_controls(self) -> None:
        self.reach.setPrefix("±\u2009")
        self.reach.setMaximumWidth(76)
        self.second.setPlaceholderText("and …")
        for widget in (self.first, self.second, self.take, self.reach, self.rows):
            self.controls.addWidget(widget)
        self.optional += [self.reach, self.take]
        self.first.editingFinished.connect(self._choose)
        self.second.editingFinished.connect(self._choose)
        self.take.clicked.connect(self._take_current)
        self.reach.valueChanged.connect(lambda _value: self._start_over())
        self.rows.chosen.connect(lambda _key: self._start_over())

    # ---- which parameters -----------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """The network, the data or the pass became others."""
        if not changes & {"trace", "network", "data", "experiment", "run"}:
            return
        if not self._along or not self._all_there():
            self._show_along((_weight_here(self.session),), renew_reach=True)
        elif changes & {"data", "experiment"}:
            self._start_over()
        else:
            self.portions.ask(self._work)

    def choose(self, *along: Parameter) -> None:
        """Show the loss along these, one or two."""
        self._show_along(along, renew_reach=True)

    def _all_there(self) -> bool:
        network = self.session.network
        try:
            return all(Parameter.parse(str(p), network) == p for p in self._along)
        except InputError:
            return False

    def _take_current(self) -> None:
        self._show_along((_weight_here(self.session), *self._along[1:]), renew_reach=True)

    def _choose(self) -> None:
        """Take what was typed; what is no parameter stays marked."""
        texts_typed = [field.text() for field in (self.first, self.second) if field.text().strip()]
        network = self.session.network
        found: list[Parameter] = []

        def parse() -> None:
            found.extend(Parameter.parse(text, network) for text in texts_typed)
            if len(set(found)) < len(found):
                raise InputError(f"{found[0]} is given twice; choose two different weights")

        valid = self.attempt(parse)
        for field in (self.first, self.second):
            set_invalid(field, not valid)
        if valid and found and tuple(found) != self._along:
            self._show_along(tuple(found), renew_reach=True)

    def _show_along(self, along: tuple[Parameter, ...], renew_reach: bool) -> None:
        self._along = tuple(dict.fromkeys(along))
        for n, field in enumerate((self.first, self.second)):
            field.setText(str(self._along[n]) if n < len(self._along) else "")
            field.setCursorPosition(0)
            set_invalid(field, False)
        if renew_reach:
            self.reach.blockSignals(True)
            self.reach.setValue(_usual_reach(self.session.network, self._along))
            self.reach.blockSignals(False)
        self._start_over()

    # ---- the picture ----------------------------------------------------------------------------

    def _start_over(self) -> None:
        """Another piece of ground: what is drawn does not belong to it."""
        self._shown, self._path, self._middle = None, None, ()
        self._path_of = ()
        self._draw()
        self.portions.ask(self._work, now=True)

    def _work(self) -> Iterator[None]:
        """Work the picture out, coarse at first, then the path of the run."""
        training = self.session.is_training
        ground = self._ground()
        self._keep_in_sight(ground.network)
        sizes = CURVE if len(self._along) == 1 else CONTOUR
        for size in sizes[:1] if training else sizes:
            values = self._values(size)
            out = np.empty(len(values))
            for _ in ground.fill(values, out):
                yield
            self._shown = ground, values, out
            self._draw()
        if not training:
            yield from self._follow_path(ground.network)
            self._draw()

    def _ground(self) -> Landscape:
        data, trace = self.session.data, self.session.debugger.trace
        if self.rows.key == "pass":
            return Landscape(trace.network, trace.X, trace.Y, trace.loss, self._along)
        chosen = data.training
        return Landscape(trace.network, data.X[chosen], data.Y[chosen], trace.loss, self._along)

    def _keep_in_sight(self, network: Network) -> None:
        here = tuple(parameter.value(network) for parameter in self._along)
        reach = self.reach.value()
        if len(self._middle) != len(here) or any(
            not abs(value - middle) <= _EDGE * reach
            for value, middle in zip(here, self._middle, strict=True)
        ):
            self._middle = here

    def _values(self, size: int) -> Floats:
        """The places whose loss is worked out, (m, parameters): the first varies fastest."""
        reach = self.reach.value()
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
        self.show_summary()

    def _draw_curve(self, theme: Theme) -> None:
        assert self._shown is not None
        ground, values, losses = self._shown
        finite = np.where(np.isfinite(losses), losses, np.nan)
        self.curve.setData(values[:, 0], finite, pen=pg.mkPen(theme.training, width=2))
        here = self._along[0].value(ground.network)
        self.here.setData([here], [ground.at([here])])
        if self._path is not None and len(self._path):
            x = self._path[:, 0]
            y = np.interp(x, values[:, 0], finite, left=np.nan, right=np.nan)
            self.path.setData(
                x, y, pen=None, symbol="o", symbolSize=4, symbolPen=None, symbolBrush=theme.text1
            )
        self.plot.setXRange(float(values[0, 0]), float(values[-1, 0]), padding=0)
        self.plot.enableAutoRange(y=True)
        self.name_axes(_html(self._along[0]), "loss")

    def _draw_contour(self, theme: Theme) -> None:
        assert self._shown is not None
        ground, values, losses = self._shown
        size = round(len(losses) ** 0.5)
        self.image.setImage(banded(theme, losses.reshape(size, size)), levels=(0, 255))
        (left, bottom), (right, top) = values[0], values[-1]
        self.image.setRect(QRectF(left, bottom, right - left, top - bottom))
        self.image.setVisible(True)
        here = [parameter.value(ground.network) for parameter in self._along]
        self.here.setData([here[0]], [here[1]])
        if self._path is not None and len(self._path):
            self.path.setData(
                self._path, pen=pg.mkPen(theme.text1, width=1.5), symbol="o", symbolSize=4,
                symbolPen=None, symbolBrush=theme.text1,
            )  # fmt: skip
        self.plot.setXRange(left, right, padding=0)
        self.plot.setYRange(bottom, top, padding=0)
        self.name_axes(_html(self._along[0]), _html(self._along[1]))

    # ---- numbers --------------------------------------------------------------------------------

    def summary(self) -> str:
        """Where the weights stand, the loss there, and the lowest in sight."""
        theme = self.appearance.theme
        if self._shown is None:
            return texts.hint("Working it out …", theme.text3)
        ground, values, losses = self._shown
        here = [parameter.value(ground.network) for parameter in self._along]
        columns, head = [(*here, ground.at(here))], ["", "now"]
        finite = np.where(np.isfinite(losses), losses, np.inf)
        if np.isfinite(finite.min()):
            lowest = int(finite.argmin())
            columns.append((*map(float, values[lowest]), float(losses[lowest])))
            head.append("lowest")
        names = (*map(_html, self._along), "loss")
        numbers = (
            [format_number(number, 3) for number in row] for row in zip(*columns, strict=True)
        )
        rows = [(name, *row) for name, row in zip(names, numbers, strict=True)]
        return texts.table(rows, head) + texts.hint(self._note(ground), theme.text3)

    def _note(self, ground: Landscape) -> str:
        count = len(ground.X)
        path = " Dots: the way of the run." if self._path is not None else ""
        return f"Mean over {format_count(count)} row{'s' * (count > 1)}, without penalty.{path}"

    def _place(self, values: Floats | list[float], loss: float) -> str:
        names = map(_html, self._along)
        rows = [(name, format_number(float(v), 4)) for name, v in zip(names, values, strict=True)]
        return texts.table([*rows, ("loss", format_number(loss))])

    def at(self, x: float, y: float) -> str:
        """The loss at the pointer."""
        if self._shown is None:
            return ""
        one = len(self._along) == 1
        self.pointer.setPos(x)
        self.pointer.setVisible(one)
        place = [x] if one else [x, y]
        if len(self._shown[0].X) * self._shown[0].network.n_weights <= _AT_ONCE:
            return "Pointer" + self._place(place, self._shown[0].at(place))
        _, values, losses = self._shown
        nearest = int(np.square(values - place).sum(axis=1).argmin())
        return "Nearest point" + self._place(values[nearest], float(losses[nearest]))

    def numbers(self) -> Table:
        """A row a point: the parameters and the loss."""
        if self._shown is None:
            return Table((), ())
        _, values, losses = self._shown
        rows = [(*map(float, v), float(c)) for v, c in zip(values, losses, strict=True)]
        return Table((*map(str, self._along), "loss"), rows)


_AT_ONCE = 2_000_000  # multiplications that a read-out may take


def _weight_here(session: Session) -> Parameter:
    """The weight of the current step, else the first one of the output layer."""
    step = session.debugger.step
    if step.l is not None and step.j is not None and step.k is not None:
        return Parameter(step.l, step.j, step.k)
    return Parameter(session.network.L, 0, 0)


def _usual_reach(network: Network, along: tuple[Parameter, ...]) -> float:
    """Three times the spread of the layer's weights, in two digits."""
    spread = max(float(np.sqrt(np.square(network.layer(p.l).W).mean())) for p in along)
    largest = max(abs(p.value(network)) for p in along)
    return float(f"{max(3 * spread, 1.5 * largest) or 1.0:.1g}")


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


def _html(parameter: Parameter) -> str:
    if parameter.k is None:
        return f"<i>b</i><sub>{parameter.j}</sub><sup>({parameter.l})</sup>"
    return f"<i>w</i><sub>{parameter.j},{parameter.k}</sub><sup>({parameter.l})</sup>"


def _field(name: str, tip: str) -> QLineEdit:
    field = QLineEdit()
    field.setFont(mono_font())
    field.setAccessibleName(name)
    field.setToolTip(f"{tip}: an address such as w/l3/j2/k1 or b/l3/j2 (Enter)")
    field.setMinimumWidth(60)
    field.setMaximumWidth(104)
    return field
