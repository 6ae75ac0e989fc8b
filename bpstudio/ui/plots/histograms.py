"""Histograms: how the weights or gradients of a layer are spread, now and while training."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from bpstudio.core.histograms import BINS, over_time
from bpstudio.core.notation import format_count, format_number
from bpstudio.core.trace import Trace
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.matrices.layer_choice import LayerChoice
from bpstudio.ui.palette import Theme
from bpstudio.ui.plot_actions import Table
from bpstudio.ui.plots import texts
from bpstudio.ui.plots.looks import dotted
from bpstudio.ui.plots.moments import Key, Moment, moment_steps, numbers_of, recorded_steps
from bpstudio.ui.plots.view import PlotView
from bpstudio.ui.ramps import activation_colors
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.theme import Appearance

MOST_MOMENTS = 240  # kept of a run; older ones are forgotten
_KINDS = (
    Segment("weights", "Weights", "The weights of the layer"),
    Segment("gradients", "Gradients", "∂C/∂w of the layer, the mean over the pass"),
)
_TIMES = (
    Segment("now", "Now", "The pass on show"),
    Segment("run", "Run", "Over the whole recorded run"),
)
_TICKS = 5


class View(PlotView):
    """Bars of one moment, or an image with a column for each."""

    name = "histograms"

    def __init__(self, session: Session, appearance: Appearance, attempt: Attempt) -> None:
        self._l = 2
        self._now: Moment | None = None
        self._drawn: Trace | None = None  # whose numbers those are
        self._moments: deque[Moment] = deque(maxlen=MOST_MOMENTS)
        self._run: Recording | None = None  # that they are of
        self._recorded: object = None  # of what the moments were made again
        super().__init__(session, appearance, attempt)
        self.layer = LayerChoice()
        self.kind = SegmentedControl(_KINDS, "Weights or gradients")
        self.time = SegmentedControl(_TIMES, "The pass or the run")
        for control in (self.layer, self.kind, self.time):
            self.controls.addWidget(control)
        self.layer.chosen.connect(self._choose_layer)
        self.kind.chosen.connect(lambda _key: self._draw())
        self.time.chosen.connect(lambda _key: self._choose_time())
        self.bars = pg.PlotCurveItem([0.0, 1.0], [0.0], stepMode="center", fillLevel=0)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.pointer = pg.InfiniteLine(angle=90, movable=False)
        for item in (self.bars, self.image):
            self.plot.addItem(item)
        self.plot.addItem(self.pointer, ignoreBounds=True)
        self.pointer.hide()
        self.layer.show_layer(self._l, session.network.L)

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """Numbers of the pass became others."""
        if not changes & {"trace", "network", "data", "experiment", "run"}:
            return
        L = self.session.network.L
        self._l = min(self._l, L)
        self.layer.show_layer(self._l, L)
        self.ask(self._work)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """What was seen of the run, in order."""
        return tuple(self._moments)

    def _work(self) -> Iterator[None]:
        session, of = self.session, self.now()
        trace, run = session.debugger.trace, session.recording
        self._now = yield from moment_steps(trace, of.update)
        self._drawn, self.drawn = trace, of
        if run is not self._run:
            self._run = run
            self._moments.clear()
        if session.debugger.visited is None:
            self._remember(self._now)
        self._draw()
        if self.time.key == "run" and not session.is_training:
            yield from self._look_back()

    def _look_back(self) -> Iterator[None]:
        """In the place of what was seen, moments of the whole run."""
        run, debugger = self._run, self.session.debugger
        rows = debugger.rows if debugger.left is None else tuple(debugger.left[2])
        asked = (run, run and run.length, rows, self.session.data)
        if run is None or run.length == 0 or asked == self._recorded:
            return
        made = yield from recorded_steps(self.session, run)
        if self.session.recording is run and not self.session.is_training:
            self._recorded = asked
            self._moments = deque(made, maxlen=MOST_MOMENTS)
            self._draw()

    def _remember(self, moment: Moment) -> None:
        """A run that began again, or another network, has nothing to do with what was seen."""
        last = self._moments[-1] if self._moments else None
        if last is not None and (
            moment.update < last.update or moment.spread.keys() != last.spread.keys()
        ):
            self._moments.clear()
        elif last is not None and moment.update == last.update:
            self._moments.pop()
        self._moments.append(moment)

    def _choose_time(self) -> None:
        self._draw()
        self.ask(self._work)

    def _choose_layer(self, l: int) -> None:
        self._l = l
        self._draw()

    def retheme(self, theme: Theme) -> None:
        """Other colours."""
        self._draw()

    def _draw(self) -> None:
        self.pointer.hide()
        self.pointer.setPen(dotted(self.appearance.theme.text2))
        in_time = self.time.key == "run"
        self.bars.setVisible(not in_time)
        self.image.setVisible(in_time)
        if self._now is not None and self._key in self._now.spread:
            (self._draw_image if in_time else self._draw_bars)(self._now)
        self.show_age()
        self.show_summary()

    @property
    def _key(self) -> Key:
        return self.kind.key, self._l

    @property
    def _what(self) -> str:
        """The numbers on show, as an axis names them."""
        return "weight" if self.kind.key == "weights" else "gradient"

    def _draw_bars(self, now: Moment) -> None:
        theme, made = self.appearance.theme, now.spread[self._key]
        color = theme.activation[3]
        edges, counts = made.coarse()
        self.bars.setData(edges, counts, pen=pg.mkPen(color), brush=color)
        reach = _reach(counts) * made.limit
        self.plot.setXRange(-reach, reach, padding=0.01)
        self.plot.setYRange(0, max(1, int(counts.max())), padding=0.04)
        self.plot.getAxis("bottom").setTicks(None)
        self.name_axes(self._what, "how many")

    def _draw_image(self, _now: Moment) -> None:
        theme = self.appearance.theme
        if not self._moments:  # they are being made
            self.image.clear()
            return
        limit, shares = over_time([moment.spread[self._key] for moment in self._moments])
        reach = _reach(shares.sum(axis=0))
        colors = activation_colors(theme, np.sqrt(shares.T), 0.0, math.sqrt(shares.max()))
        self.image.setImage(colors, levels=(0, 255))
        self.image.setRect(QRectF(0, -limit, len(self._moments), 2 * limit))
        self.plot.setXRange(0, len(self._moments), padding=0)
        self.plot.setYRange(-reach * limit, reach * limit, padding=0)
        self.plot.getAxis("bottom").setTicks([self._ticks()])
        self.name_axes("update", self._what)

    def _ticks(self) -> list[tuple[float, str]]:
        stride = max(1, len(self._moments) // _TICKS)
        return [
            (n + 0.5, format_count(moment.update))
            for n, moment in enumerate(self._moments)
            if n % stride == 0
        ]

    # ---- numbers --------------------------------------------------------------------------------

    def summary(self) -> str:
        """How many numbers, and how far they reach."""
        now, theme = self._now, self.appearance.theme
        if now is None or self._drawn is None or self._key not in now.spread:
            return ""
        values = numbers_of(self._drawn, *self._key)
        finite = values[np.isfinite(values)]
        rows = [("numbers", format_count(values.size))]
        if len(finite):
            names = (("smallest", finite.min()), ("mean", finite.mean()), ("largest", finite.max()))
            rows += [(name, format_number(float(value))) for name, value in names]
            rows.append(("spread", format_number(float(finite.std()))))
        if now.spread[self._key].not_finite:
            rows.append(("not finite", format_count(now.spread[self._key].not_finite)))
        note = f"{self._what.capitalize()}s of layer {self._l}."
        if self.time.key == "run":
            count = len(self._moments)
            note += f" {count} moment{'' if count == 1 else 's'} of the run."
        return texts.table(rows) + texts.hint(note, theme.text3)

    def at(self, x: float, y: float) -> str:
        """The bin under the pointer."""
        now = self._now
        if now is None or self._key not in now.spread:
            return ""
        if self.time.key == "run":
            n = math.floor(x)
            return self._at(self._moments[n], y) if 0 <= n < len(self._moments) else ""
        self.pointer.setPos(x)
        self.pointer.show()
        return self._at(now, x)

    def _at(self, moment: Moment, value: float) -> str:
        made = moment.spread[self._key]
        edges, counts = made.coarse() if self.time.key == "now" else (made.edges, made.counts)
        head = f"Update {format_count(moment.update)}"
        place = int(np.searchsorted(edges, value, side="right")) - 1
        if not 0 <= place < len(counts):
            return head + texts.table([("here", "0")])
        count = int(counts[place])
        rows = [
            ("from", format_number(float(edges[place]))),
            ("to", format_number(float(edges[place + 1]))),
            ("here", format_count(count)),
            ("share", f"{100 * count / max(1, made.total):.2f}\u202f%"),
        ]
        return head + texts.table(rows)

    def numbers(self) -> Table:
        """A row a bin: its borders and how many numbers are in it, at each moment on show."""
        if self._now is None:
            return Table((), ())
        moments = (self.time.key == "run" and self.moments) or (self._now,)
        limit = max(moment.spread[self._key].limit for moment in moments)
        made = [moment.spread[self._key].widened(limit) for moment in moments]
        edges = made[0].edges
        rows = [
            (float(edges[n]), float(edges[n + 1]), *(int(each.counts[n]) for each in made))
            for n in range(BINS)
        ]
        return Table(("from", "to", *(f"update {moment.update}" for moment in moments)), rows)


def _reach(counts: np.ndarray) -> float:
    """The share of the limit that the outermost numbers need."""
    filled, half = np.flatnonzero(counts), len(counts) // 2
    if len(filled) == 0:
        return 1.0
    outermost = max(half - int(filled[0]), int(filled[-1]) + 1 - half)
    return max(outermost, 1) / half
