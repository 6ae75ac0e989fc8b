"""Decision boundary: what the network says over two features, and where the samples lie."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import islice

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QComboBox, QLabel

from bpstudio.core.boundary import (
    Plane,
    classes_and_margins,
    fill_outputs,
    on_plane,
    outputs_at,
)
from bpstudio.core.column_names import feature_words
from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.form import Choice
from bpstudio.ui.palette import Theme
from bpstudio.ui.plot_actions import Table
from bpstudio.ui.plots import texts
from bpstudio.ui.plots.looks import class_color, sign
from bpstudio.ui.plots.samples import MOST_SAMPLES, Samples, region_colors, value_span
from bpstudio.ui.plots.view import PlotView
from bpstudio.ui.ramps import activation_colors
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

Floats = NDArray[np.float64]

SIZES = (24, 48, 96, 192)  # cells along each side
_STILL = (1, 3)  # of these, the first and the last while nothing is trained
_FEW, _MANY = 8, 40  # portions that a picture of a run may take
_MOST_NAMES = 12
_LOOKED_AT = 200  # rows whose values are counted
_SHORT_NAME = 7  # letters of names that may stand in two columns
_HELD = (
    Segment("mean", "Mean", "The other features are held at their mean over the training rows"),
    Segment("row", "Row", "The other features are held at those of the row on show"),
)


class View(PlotView):
    """An image of classes or values, with the samples on it."""

    name = "decision boundary"

    def __init__(self, session: Session, appearance: Appearance, attempt: Attempt) -> None:
        self._plane: Plane | None = None
        self._outputs: Floats | None = None
        self._on_plane: Network | None = None
        self._features: tuple[str, ...] = ()
        self._level = 1  # of the sizes, while training
        super().__init__(session, appearance, attempt)
        self.across, self.up = _choice("x"), _choice("y")
        self.held = SegmentedControl(_HELD, "Where the other features are held")
        for label, box in (("x", self.across), ("y", self.up)):
            self.controls.addWidget(_label(label))
            self.controls.addWidget(box, 1)
            box.activated.connect(lambda _index: self._start_over())
        self.controls.addWidget(self.held)
        self.optional.append(self.held)
        self.held.chosen.connect(lambda _key: self._start_over())
        self.image = pg.ImageItem(axisOrder="row-major")
        self.plot.addItem(self.image)
        self.samples = Samples(self.plot)

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """The network or the data became others."""
        if not changes & {"trace", "network", "data", "experiment", "run"}:
            return
        data = self.session.data
        if data.feature_names != self._features:
            self._offer(data)
        if self._plane is None or self._is_another_plane():
            self._start_over()
        elif changes & {"network", "run", "experiment", "trace"}:
            self.ask(self._work)

    def _offer(self, data: Dataset) -> None:
        """Other features to choose from."""
        self._features = data.feature_names
        for box, index in zip((self.across, self.up), first_choice(data), strict=True):
            box.clear()
            box.addItems([feature_words(name)[0] for name in data.feature_names])
            box.setCurrentIndex(index)

    def _is_another_plane(self) -> bool:
        assert self._plane is not None
        by_row = self.held.key == "row"
        return self._plane.data is not self.session.data or (
            by_row and not np.array_equal(self._plane.held, _plane_of(self).held)
        )

    def _start_over(self) -> None:
        """Another plane: what is drawn does not belong to it."""
        self._plane = self._outputs = self._on_plane = self.drawn = None
        self.image.clear()
        self.samples.clear()
        if self.attempt(self._take_plane):
            self.ask(self._work, now=True)
        self.show_age()
        self.show_summary()

    def _take_plane(self) -> None:
        self._plane = plane = _plane_of(self)
        self.samples.draw(plane, self.appearance.theme)
        for feature, set_range in ((plane.x, self.plot.setXRange), (plane.y, self.plot.setYRange)):
            set_range(*plane.span(feature), padding=0)
        names = plane.data.feature_names
        self.name_axes(_words(names[plane.x]), _words(names[plane.y]))

    @property
    def subject(self) -> object:
        """The network, whatever the pass."""
        return self.session.network

    # ---- the picture ----------------------------------------------------------------------------

    def _work(self) -> Iterator[None]:
        """Work the picture out, while training at a size that keeps up with it."""
        plane, training, of = self._plane, self.session.is_training, self.now()
        if plane is None:
            return
        network = on_plane(self.session.network, plane)
        for level in (self._level,) if training else _STILL:
            size, turns = SIZES[level], 0
            out = np.empty((size, size, network.sizes[-1]))
            for _ in fill_outputs(network, plane, out):
                turns += 1
                yield
            self._outputs, self._on_plane, self.drawn = out, network, of
            self._draw_image()
            self.show_age()
            self.show_summary()
        if training:
            self._adapt(turns)

    def _adapt(self, turns: int) -> None:
        """A finer picture where it took few portions, a coarser one where it took many."""
        if turns > _MANY:
            self._level = max(0, self._level - 1)
        elif turns <= _FEW:
            self._level = min(2, self._level + 1)

    def _draw_image(self) -> None:
        plane, outputs = self._plane, self._outputs
        if plane is None or outputs is None:
            return
        self.image.setImage(self._colors(outputs), levels=(0, 255))
        (left, right), (bottom, top) = plane.span(plane.x), plane.span(plane.y)
        self.image.setRect(QRectF(left, bottom, right - left, top - bottom))

    def _colors(self, outputs: Floats) -> NDArray[np.uint8]:
        theme = self.appearance.theme
        if not self._is_classification():
            low, high = value_span(self.session.data)
            return activation_colors(theme, self._raw(outputs[..., 0]), low, high)
        return region_colors(theme, outputs)

    def _is_classification(self) -> bool:
        return self.session.data.task == "classification"

    def _raw(self, outputs: Floats) -> Floats:
        """The first target in its own units."""
        scaling = self.session.data.target_scaling
        return np.asarray(outputs * scaling.scale[0] + scaling.shift[0])

    def retheme(self, theme: Theme) -> None:
        """Other colours."""
        self._draw_image()
        if self._plane is not None:
            self.samples.draw(self._plane, theme)

    # ---- numbers --------------------------------------------------------------------------------

    def summary(self) -> str:
        """The classes, and where the other features are held."""
        if self._plane is None:
            return texts.hint("Choose two different features.", self.appearance.theme.text3)
        return self._names() + texts.hint(self._note(), self.appearance.theme.text3)

    def _names(self) -> str:
        data, theme = self.session.data, self.appearance.theme
        if not self._is_classification():
            ends = map(format_number, value_span(self.session.data))
            colors = (theme.activation[0], theme.activation[-1])
            marks = [texts.marked("■", *pair) for pair in zip(colors, ends, strict=True)]
            return "<br>".join([data.target_names[0], *marks])
        names = _class_names(data)
        more = f"and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        lines = [
            texts.marked(sign(n), class_color(theme, n), name)
            for n, name in enumerate(names[:_MOST_NAMES])
        ]
        if max(map(len, names)) > _SHORT_NAME:
            return "<br>".join([*lines, more])
        return texts.in_columns([*lines, more] if more else lines)

    def _note(self) -> str:
        data = self.session.data
        others = data.n_features > 2
        held = "their mean" if self.held.key == "mean" else f"row {self.session.row}"
        notes = ["Filled: validation."] if len(data.validation) else []
        notes += [f"Other features held at {held}."] if others else []
        if len(data) > MOST_SAMPLES:
            notes.append(f"Some of {format_count(len(data))} samples are drawn.")
        return " ".join(notes)

    def at(self, x: float, y: float) -> str:
        """The outputs at the pointer, as they are in the picture."""
        if self._plane is None or self._on_plane is None:
            return ""
        outputs = outputs_at(self._on_plane, self._plane, x, y)
        names, data = self._plane.data.feature_names, self._plane.data
        raw_x, raw_y = (escape(_words(names[k])) for k in (self._plane.x, self._plane.y))
        rows = [(raw_x, format_number(x)), (raw_y, format_number(y))]
        targets = map(escape, data.target_names)
        if self._is_classification():
            found = int(classes_and_margins(outputs)[0])
            head = f"<b>{escape(_class_names(data)[found])}</b>"
            rows += list(zip(targets, map(format_number, outputs), strict=True))
            return head + texts.table(rows[: _MOST_NAMES + 2])
        raw = data.target_scaling.undo(outputs[None, :])[0]
        return texts.table([*rows, *zip(targets, map(format_number, raw), strict=True)])

    def numbers(self) -> Table:
        """A row a cell: its middle in raw units, and the outputs."""
        if self._plane is None or self._outputs is None:
            return Table((), ())
        plane, outputs = self._plane, self._outputs
        names = plane.data.feature_names
        xs = plane.centres(plane.x, outputs.shape[1])
        ys = plane.centres(plane.y, outputs.shape[0])
        rows = [
            (float(x), float(y), *map(float, outputs[r, c]))
            for r, y in enumerate(ys)
            for c, x in enumerate(xs)
        ]
        return Table((names[plane.x], names[plane.y], *plane.data.target_names), rows)


def first_choice(data: Dataset) -> tuple[int, int]:
    """The last two features, which tell most in the example, but for those of two values only,
    such as the classes of a text, as far as there are others.
    """
    some, count = data.features[:_LOOKED_AT], data.n_features
    many = (k for k in reversed(range(count)) if len(np.unique(some[:, k])) > 2)
    chosen = list(islice(many, 2))
    chosen += [k for k in reversed(range(count)) if k not in chosen][: 2 - len(chosen)]
    return min(chosen), max(chosen)


def _plane_of(view: View) -> Plane:
    data, x, y = view.session.data, view.across.currentIndex(), view.up.currentIndex()
    if view.held.key == "row":
        return Plane.at_row(data, x, y, view.session.row)
    return Plane.at_mean(data, x, y)


def _words(name: str) -> str:
    """A feature's name and unit."""
    words, unit = feature_words(name)
    return f"{words}, {unit}" if unit else words


def _class_names(data: Dataset) -> tuple[str, ...]:
    if len(data.target_names) == 1:
        return ("0", "1")
    return data.target_names


def _choice(axis: str) -> QComboBox:
    box = Choice()
    box.setAccessibleName(f"Feature along {axis}")
    box.setToolTip(f"The feature along the {axis} axis")
    box.setMinimumContentsLength(9)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def _label(text: str) -> QLabel:
    label = QLabel(text)
    set_role(label, "label")
    return label
