"""Training and validation rows, and how the classes lie in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.notation import format_count
from bpstudio.core.splitting import BY_COLUMN, Sides
from bpstudio.debugger.experiment import Experiment
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.form import combo, row, select, whole
from bpstudio.ui.importing.head import SCALINGS
from bpstudio.ui.importing.values_button import ValuesButton
from bpstudio.ui.palette import mix
from bpstudio.ui.style import GAP, PADDING, set_role
from bpstudio.ui.theme import Appearance

_MOST_PERCENT = 90
_MOST_SEED = 2**31 - 1
_ORDERS = (
    ("At random", "random"),
    ("Stratified by class", "stratified"),
    ("In order, the last rows", "in order"),
)
_MOST_CLASSES = 6
_ROW = 24


class SplitPane(QWidget):
    """The part for validation, the seed and the scaling, and what comes of them."""

    changed = Signal()

    scaled = Signal(str)
    """Another scaling of all columns."""

    sides_chosen = Signal(tuple)
    """The values of the column of the split that mean validation."""

    def __init__(self, experiment: Experiment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.validation = whole("Validation: per cent of the rows", 0, _MOST_PERCENT)
        self.validation.setSuffix("\u2009%")
        self.seed = whole("Seed: of the split and of the first weights", 0, _MOST_SEED)
        hint = "Scaling, by the training rows, of all columns that have none of their own"
        self.scale = combo(hint, SCALINGS)
        self.order = combo("Order: which rows are kept for validation", _ORDERS)
        self.counts, self.problem = QLabel(), QLabel()
        self.counts.setWordWrap(True)
        self.validation.setValue(round(100 * experiment.validation))
        self.seed.setValue(min(experiment.seed, _MOST_SEED))
        select(self.scale, experiment.scale)
        select(self.order, experiment.split)
        self._build()
        self.validation.valueChanged.connect(self.changed)
        self.seed.valueChanged.connect(self.changed)
        self.order.currentIndexChanged.connect(self.changed)
        self.scale.currentIndexChanged.connect(self._emit_scale)

    def _emit_scale(self) -> None:
        self.scaled.emit(self.scale.currentData())

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(PADDING)
        grid.setVerticalSpacing(4)
        row(grid, 0, "Validation", self._part())
        row(grid, 1, "Order", self.order)
        row(grid, 2, "Seed", self.seed)
        row(grid, 3, "Scaling", self.scale)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, GAP, PADDING, GAP)
        layout.addLayout(grid)
        layout.addWidget(self.counts)
        layout.addWidget(self.problem)
        layout.addStretch(1)
        set_role(self.problem, "error")
        self.problem.setWordWrap(True)

    def _part(self) -> QWidget:
        """The part for validation: a number, or values of a column."""
        self.values = ValuesButton()
        self.values.hide()
        self.values.chosen.connect(self.sides_chosen)
        holder = QWidget()
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.validation)
        inside.addWidget(self.values)
        return holder

    def settings(self) -> dict[str, Any]:
        """As settings of an experiment."""
        return {
            "validation": self.validation.value() / 100,
            "seed": self.seed.value(),
            "scale": self.scale.currentData(),
            "split": self.order.currentData(),
        }

    def show_sides(self, sides: Sides | None) -> None:
        """A column says what rows are for, and is believed at first; or there is none."""
        place = self.order.findData(BY_COLUMN)
        self.order.blockSignals(True)
        if sides is None and place >= 0:
            self.order.removeItem(place)
        elif sides is not None and place < 0:
            self.order.addItem("", BY_COLUMN)
            self.order.setCurrentIndex(self.order.count() - 1)
        if sides is not None:
            self.order.setItemText(self.order.findData(BY_COLUMN), f"As {sides.column} says")
            self.values.show_values(sides.column, sides.values, sides.validation)
        self.order.blockSignals(False)

    def divide(self, data: Dataset | None) -> Dataset | None:
        """The data split so; None where there is none or it cannot be, which is said."""
        self.counts.setText("")
        self._say("")
        if data is None:
            return None
        self.show_sides(data.sides)
        said = self.order.currentData() == BY_COLUMN
        self.values.setVisible(said)
        self.validation.setVisible(not said)
        try:
            settings = self.settings()
            made = data.split(settings["validation"], settings["seed"], settings["split"])
        except InputError as error:
            self._say(str(error))
            return None
        self.counts.setText(_counts_text(made))
        return made

    def _say(self, problem: str) -> None:
        """What is wrong; nothing takes no room."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))


def _counts_text(data: Dataset) -> str:
    """How many rows, and of how many groups, are on each side."""
    training, validation = (format_count(len(p)) for p in (data.training, data.validation))
    groups = data.groups
    if groups is None:
        return f"<b>{training}</b> training, <b>{validation}</b> validation rows"
    first, second = (groups.count(p) for p in (data.training, data.validation))
    both = first + second - len(groups.names)
    end = "none on both sides" if not both else f"<b>{both} on both sides</b>"
    return (
        f"<b>{training}</b> training rows, {first} groups<br>"
        f"<b>{validation}</b> validation rows, {second}; {end}"
    )


class Balance(QWidget):
    """How many rows each class has, for training and for validation."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.rows: list[tuple[str, int, int]] = []
        self._title = ""

    def show_data(self, data: Dataset | None) -> None:
        """Other rows; a regression has no classes."""
        self.rows, self._title = [], ""
        if data is not None and data.labels is None:
            self._title = "Numbers have no classes to balance"
        elif data is not None:
            self.rows = _counts(data)
        texts = [f"{name}: {t} training, {v} validation" for name, t, v in self.rows]
        self.setAccessibleName("; ".join(texts) or self._title)
        self.setToolTip("\n".join(texts))
        self.setMinimumHeight(GAP + (len(self.rows[:_MOST_CLASSES]) + 1) * _ROW)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line a class."""
        del event
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setFont(ui_font(Size.TABLE))
        painter.setPen(QColor(theme.text2))
        if self._title:
            painter.drawText(PADDING, _ROW, self._title)
        for place, counts in enumerate(self.rows[:_MOST_CLASSES]):
            self._paint_class(painter, GAP + place * _ROW, *counts)
        painter.setFont(ui_font(Size.CAPTION))
        painter.setPen(QColor(theme.text3))
        painter.drawText(
            PADDING, GAP + (len(self.rows[:_MOST_CLASSES]) + 1) * _ROW - 8, self._rest()
        )
        painter.end()

    def _rest(self) -> str:
        more = len(self.rows) - _MOST_CLASSES
        said = "left: training, right: validation" if self.rows else ""
        return f"{more} more classes; {said}" if more > 0 else said

    def _paint_class(
        self, painter: QPainter, top: int, name: str, training: int, validation: int
    ) -> None:
        theme, metrics = self._appearance.theme, painter.fontMetrics()
        left, right = PADDING, self.width() - PADDING
        numbers = _sum_words(training, validation)
        beside = max(metrics.horizontalAdvance(_sum_words(t, v)) for _name, t, v in self.rows)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.text1))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, 84)
        painter.drawText(QRectF(left, top, 84, _ROW), middle, shown)
        painter.drawText(
            QRectF(right - beside, top, beside, _ROW), middle | Qt.AlignmentFlag.AlignRight, numbers
        )
        most = max(t + v for _name, t, v in self.rows)
        room = max(0, right - beside - 8 - (left + 90)) / most
        x, width = left + 90, training * room
        painter.fillRect(QRectF(x, top + 7, width, 10), QColor(theme.node_outline))
        light = QColor(mix(theme.surface, theme.accent, 0.5))
        painter.fillRect(QRectF(x + width, top + 7, validation * room, 10), light)


def _sum_words(training: int, validation: int) -> str:
    return f"{training + validation}   {training} + {validation}"


def _counts(data: Dataset) -> list[tuple[str, int, int]]:
    assert data.labels is not None
    n = data.n_targets
    training = np.bincount(data.labels[data.training], minlength=n)
    validation = np.bincount(data.labels[data.validation], minlength=n)
    pairs = zip(data.target_names, training.tolist(), validation.tolist(), strict=True)
    return [(name, t, v) for name, t, v in pairs]
