"""How well it does: confusion matrices of a classification, predictions of a regression."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox

from bpstudio.core import metrics
from bpstudio.core.boundary import pass_cost
from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.palette import Theme
from bpstudio.ui.plot_actions import Table
from bpstudio.ui.plots import texts
from bpstudio.ui.plots.confusion_picture import ConfusionPicture, Judged, Place
from bpstudio.ui.plots.looks import dotted
from bpstudio.ui.plots.view import PlotView
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.theme import Appearance

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_OPERATIONS = 400_000  # multiplications of a portion: a few milliseconds
_MOST_POINTS = 3000  # drawn of each part; more hide each other
_MOST_CLASSES = 40
_ROOM_FOR_BOTH = 500
_PARTS = (
    Segment("validation", "Validation", "The numbers of each class over the validation rows"),
    Segment("training", "Training", "The numbers of each class over the training rows"),
)
_SHAPES = (
    Segment("predicted", "Predicted", "What is predicted against what is true"),
    Segment("residuals", "Residuals", "What is predicted less what is true, against what is true"),
)


class View(PlotView):
    """Two matrices and the numbers of each class; or two clouds of points and R²."""

    name = "confusion matrix"

    def __init__(self, session: Session, appearance: Appearance, attempt: Attempt) -> None:
        self._judged: dict[str, Judged] = {}
        self._outputs: dict[str, tuple[Floats, Floats]] = {}  # a and y of each part, raw
        # what it was last told of: out of sight it is drawn anew as well, in another theme or size
        self._data, self._network = session.data, session.network
        super().__init__(session, appearance, attempt)
        self.matrices = ConfusionPicture(appearance)
        self.matrices.pointed.connect(self._show_cell)
        self.beside.insertWidget(1, self.matrices)
        self.part = SegmentedControl(_PARTS, "Rows whose classes are listed")
        self.shape = SegmentedControl(_SHAPES, "Predictions or residuals")
        self.target = QComboBox()
        self.target.setAccessibleName("Target")
        self.target.setToolTip("The target that is shown")
        for control in (self.part, self.shape, self.target):
            self.controls.addWidget(control)
        self.part.chosen.connect(lambda _key: self._draw())
        self.shape.chosen.connect(lambda _key: self._draw())
        self.target.activated.connect(lambda _index: self._draw())
        self.line = pg.InfiniteLine(movable=False)
        self.plot.addItem(self.line, ignoreBounds=True)
        self.clouds: list[pg.ScatterPlotItem] = []

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """The network or the data became others."""
        if not changes & {"network", "data", "experiment", "run", "trace"}:
            return
        self._data, self._network = self.session.data, self.session.network
        other = bool(changes & {"data", "experiment"})
        if other:
            self._judged, self._outputs, self.drawn = {}, {}, None
            self._offer()
            self._draw()
        self.ask(self._work, now=other)

    @property
    def is_classification(self) -> bool:
        """Whether there are classes to be confused."""
        return self._data.task == "classification"

    @property
    def subject(self) -> object:
        """The network, whatever the pass."""
        return self.session.network

    def _offer(self) -> None:
        """The controls that this task has."""
        classes, names = self.is_classification, self._data.target_names
        self.matrices.setVisible(classes)
        self.plot.setVisible(not classes)
        self.part.setVisible(classes and len(self._data.validation) > 0)
        self.part.choose("validation" if len(self._data.validation) else "training")
        self.shape.setVisible(not classes)
        self.target.setVisible(not classes and len(names) > 1)
        self.target.clear()
        self.target.addItems(names)

    def _work(self) -> Iterator[None]:
        """Send every row through the network, a portion at each turn."""
        data, network, of = self._data, self._network, self.now()
        judged: dict[str, Judged] = {}
        outputs: dict[str, tuple[Floats, Floats]] = {}
        for key, positions in _parts_of(data).items():
            if self.is_classification:
                count = max(network.sizes[-1], 2)
                matrix = np.zeros((count, count), dtype=np.int64)
                for rows in _portions(network, positions):
                    matrix += metrics.confusion_matrix(network, *data.scaled(rows))
                    yield
                judged[key] = Judged(key.capitalize(), matrix)
            else:
                found = []
                for rows in _portions(network, positions):
                    found.append(metrics.outputs(network, data.scaled(rows)[0]))
                    yield
                a = data.target_scaling.undo(np.concatenate(found))
                outputs[key] = a, data.target[positions]
        self._judged, self._outputs, self.drawn = judged, outputs, of
        self._draw()
        self.show_age()

    # ---- drawing --------------------------------------------------------------------------------

    def retheme(self, theme: Theme) -> None:
        """Other colours."""
        self._draw()

    def _draw(self) -> None:
        if self.is_classification:
            names = _class_names(self._data)[:_MOST_CLASSES]
            count = len(names)
            parts = (Judged(j.title, j.matrix[:count, :count]) for j in self._drawn())
            self.matrices.show_matrices(names, tuple(parts))
        else:
            self._draw_clouds(self.appearance.theme)
        self.show_summary()

    def _drawn(self) -> tuple[Judged, ...]:
        """Both parts, or where it is narrow the chosen one."""
        chosen = self._judged.get(self.part.key)
        if chosen is None or self.width() >= _ROOM_FOR_BOTH:
            return tuple(self._judged.values())
        return (chosen,)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be room for both matrices, or for one."""
        super().resizeEvent(event)
        if self.is_classification:
            self._draw()

    def _draw_clouds(self, theme: Theme) -> None:
        for item in self.clouds:
            self.plot.removeItem(item)
        self.clouds = []
        residuals = self.shape.key == "residuals"
        self.line.setAngle(0 if residuals else 45)
        self.line.setPos((0, 0))
        self.line.setPen(dotted(theme.text2))
        for key, (a, y) in self._outputs.items():
            stride = max(1, -(-len(y) // _MOST_POINTS))
            truth, found = y[::stride, self._column], a[::stride, self._column]
            filled = key == "validation"
            item = pg.ScatterPlotItem(
                truth, found - truth if residuals else found, size=7,
                symbol="s" if filled else "o", pen=pg.mkPen(theme.training),
                brush=theme.text1 if filled else None,
            )  # fmt: skip
            self.clouds.append(item)
            self.plot.addItem(item)
        name = self._data.target_names[self._column]
        self.name_axes(f"true {name}", "residual" if residuals else "predicted")

    @property
    def _column(self) -> int:
        return max(0, self.target.currentIndex())

    # ---- numbers --------------------------------------------------------------------------------

    def summary(self) -> str:
        """Precision and recall of each class, or R² of each part."""
        if self.is_classification:
            place = self.matrices.at
            return self._of_cell(place) if place is not None else self._of_classes()
        return self._of_predictions()

    def _of_classes(self) -> str:
        judged = self._judged.get(self.part.key) or next(iter(self._judged.values()), None)
        if judged is None:
            return ""
        names = map(escape, _class_names(self._data))
        precision, recall = metrics.precision(judged.matrix), metrics.recall(judged.matrix)
        rows = [
            (name, _whole_percent(p), _whole_percent(r))
            for name, p, r in zip(names, precision, recall, strict=True)
        ]
        head = f"{judged.title}<br>accuracy <b>{_percent(judged.right / max(1, judged.total))}</b>"
        return head + texts.table(rows[:_MOST_CLASSES], ("", "prec.", "recall"))

    def _of_cell(self, place: Place) -> str:
        part, i, j = place
        judged = self._drawn()[part]
        names = [escape(name) for name in _class_names(self._data)]
        count = int(judged.matrix[i, j])
        rows = (
            ("true", names[i]),
            ("taken for", names[j]),
            ("rows", format_count(count)),
            (f"of all {names[i]}", _percent(_share(count, int(judged.matrix[i].sum())))),
        )
        return judged.title + texts.table(rows)

    def _of_predictions(self) -> str:
        rows = []
        for key, (a, y) in self._outputs.items():
            found, truth = a[:, self._column], y[:, self._column]
            rows.append((f"{key} R²", format_number(metrics.r_squared(found, truth))))
            rows.append(("mean error", format_number(float(np.abs(found - truth).mean()))))
        note = "Circles: training, squares: validation. On the dotted line a prediction is right."
        return texts.table(rows) + texts.hint(note, self.appearance.theme.text3)

    def _show_cell(self, _place: object) -> None:
        self.show_summary()

    def at(self, x: float, y: float) -> str:
        """The sample nearest to the pointer."""
        best: tuple[float, str] | None = None
        (left, right), (bottom, top) = self.plot.getViewBox().viewRange()
        for key, positions in _parts_of(self._data).items():
            if key not in self._outputs:
                continue
            a, truth = (values[:, self._column] for values in self._outputs[key])
            shown = a - truth if self.shape.key == "residuals" else a
            away = ((truth - x) / (right - left)) ** 2 + ((shown - y) / (top - bottom)) ** 2
            n = int(away.argmin())
            if best is None or away[n] < best[0]:
                row = int(self._data.rows[positions[n]])
                rows = (
                    ("true", format_number(float(truth[n]))),
                    ("predicted", format_number(float(a[n]))),
                    ("residual", format_number(float(a[n] - truth[n]))),
                )
                best = float(away[n]), f"Row {row}, {key}" + texts.table(rows)
        return best[1] if best is not None else ""

    def numbers(self) -> Table:
        """The counts with precision and recall, or a row a sample."""
        if self.is_classification:
            return self._table_of_classes()
        names = self._data.target_names
        columns = ["row", "part", *(f"{what} {n}" for n in names for what in ("true", "predicted"))]
        rows = []
        for key, (a, y) in self._outputs.items():
            numbered = self._data.rows[_parts_of(self._data)[key]]
            pairs = np.stack((y, a), axis=2).reshape(len(y), -1)
            rows += [
                (int(row), key, *map(float, pair))
                for row, pair in zip(numbered, pairs, strict=True)
            ]
        return Table(columns, rows)

    def _table_of_classes(self) -> Table:
        names = _class_names(self._data)
        rows: list[tuple[object, ...]] = []
        for key, judged in self._judged.items():
            numbers = metrics.precision(judged.matrix), metrics.recall(judged.matrix)
            rows += [
                (key, name, *map(int, counts), float(precision), float(recall))
                for name, counts, precision, recall in zip(
                    names, judged.matrix, *numbers, strict=True
                )
            ]
        return Table(("part", "true class", *names, "precision", "recall"), rows)


def _parts_of(data: Dataset) -> dict[str, Integers]:
    """Positions of the rows of each part that has any; those that training did not see first."""
    parts = {"validation": data.validation, "training": data.training}
    return {key: positions for key, positions in parts.items() if len(positions)}


def _portions(network: Network, positions: Integers) -> Iterator[Integers]:
    count = max(1, _OPERATIONS // pass_cost(network))
    for start in range(0, len(positions), count):
        yield positions[start : start + count]


def _class_names(data: Dataset) -> tuple[str, ...]:
    return data.target_names if len(data.target_names) > 1 else ("0", "1")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100 * share:.1f}\u202f%"


def _whole_percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100 * share:.0f}%"
