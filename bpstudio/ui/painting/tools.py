"""The form beside the plane: what is painted, with which brush, and from where."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.painted import CLASSES, Brush
from bpstudio.ui.buttons import tip
from bpstudio.ui.form import beside, note, real, row, whole
from bpstudio.ui.icons import ICON_SIZE, TintedIcon
from bpstudio.ui.palette import Theme
from bpstudio.ui.plots.looks import class_color, symbol
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.style import GAP, SECTION_GAP
from bpstudio.ui.theme import Appearance

WIDTH = 236
_MOST_SEED = 2**31 - 1
_MOST_VALUE = 1e6
_VALUE_HINT = "Value: of the points that are painted; a number key on the plane is so many tenths"
_KINDS = (
    Segment("class", "Classes", "The points have classes, and the network learns them"),
    Segment("number", "Numbers", "Each point has a number, and the network learns it"),
)
_TOOLS = (
    Segment("brush", "Brush", "A touch makes points (E)"),
    Segment("eraser", "Eraser", "A touch takes points away (E, or the right button)"),
)


class Tools(QWidget):
    """Everything that decides what a touch of the plane makes."""

    changed = Signal()
    """The brush, the tool or what is painted."""

    kind_changed = Signal()
    """Classes or numbers."""

    def __init__(self, appearance: Appearance, seed: int) -> None:
        super().__init__()
        self._appearance = appearance
        self.kind = SegmentedControl(_KINDS, "What a point has")
        self.tool = SegmentedControl(_TOOLS, "What a touch does")
        self.value = real(_VALUE_HINT, -_MOST_VALUE, _MOST_VALUE)
        self.breadth = whole("Size: of the brush, in per cent of the plane", 1, 50)
        self.count = whole("Points: how many a touch makes", 1, 50)
        self.seed = whole("Seed: the same seed and touches make the same points", 0, _MOST_SEED)
        self.undo, self.redo = QPushButton("Undo"), QPushButton("Redo")
        self.clear, self.start = QPushButton("Clear"), QPushButton("From data")
        self.counts = note()
        self.classes = QButtonGroup(self)
        self._set_defaults(seed)
        self._build()
        self._connect()
        appearance.changed.connect(self._tint)
        self.name_classes(CLASSES)

    def _set_defaults(self, seed: int) -> None:
        self.breadth.setSuffix("\u2009%")
        self.breadth.setValue(8)
        self.count.setValue(3)
        self.value.setValue(1.0)
        self.seed.setValue(min(seed, _MOST_SEED))
        self.counts.setWordWrap(True)
        for button, text, icon in (
            (self.undo, tip("Take the last stroke back", "Ctrl+Z"), "undo"),
            (self.redo, tip("Make it again", "Ctrl+Shift+Z"), "redo"),
            (self.clear, "Begin with an empty plane; can be undone", "trash"),
            (self.start, "Begin with the points of the data that are open", "data"),
        ):
            button.setToolTip(text)
            button.setAutoDefault(False)
            TintedIcon(button, icon, self._appearance)

    def _build(self) -> None:
        self.setFixedWidth(WIDTH)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SECTION_GAP)
        grid.setVerticalSpacing(GAP)
        self.choice = self._class_buttons()
        painted = beside(self.choice, self.value)
        fields = (("Learn", self.kind), ("Paint", painted), ("Tool", self.tool))
        more = (("Size", self.breadth), ("Points", self.count), ("Seed", self.seed))
        for number, (text, field) in enumerate((*fields, *more)):
            row(grid, number, text, field)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SECTION_GAP)
        layout.addLayout(grid)
        layout.addLayout(_pair(self.undo, self.redo))
        layout.addLayout(_pair(self.clear, self.start))
        layout.addWidget(self.counts)
        layout.addStretch(1)
        self._show_kind()

    def _class_buttons(self) -> QWidget:
        holder = QWidget()
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(2)
        for n in range(len(CLASSES)):
            button = QToolButton()
            button.setCheckable(True)
            button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
            self.classes.addButton(button, n)
            inside.addWidget(button)
        inside.addStretch(1)
        self.classes.button(0).setChecked(True)
        return holder

    def _connect(self) -> None:
        self.kind.chosen.connect(self._change_kind)
        self.tool.chosen.connect(self.changed)
        self.classes.idClicked.connect(partial(self.use, "brush"))
        for field in (self.breadth, self.count, self.value):
            field.valueChanged.connect(self.changed)

    def _change_kind(self) -> None:
        self._show_kind()
        self.kind_changed.emit()

    def _show_kind(self) -> None:
        self.choice.setVisible(self.is_classes)
        self.value.setVisible(not self.is_classes)

    def _tint(self, theme: Theme | None = None) -> None:
        theme = theme or self._appearance.theme
        for n in range(len(CLASSES)):
            self.classes.button(n).setIcon(mark_icon(theme, n))

    # ---- what is in force -----------------------------------------------------------------------

    @property
    def is_classes(self) -> bool:
        """Whether the points have classes."""
        return self.kind.key == "class"

    @property
    def brush(self) -> Brush:
        """The brush as it stands."""
        return Brush(self.breadth.value() / 100, self.count.value())

    @property
    def painted_value(self) -> float:
        """The class, or the number, of the points that are painted."""
        return float(self.classes.checkedId()) if self.is_classes else self.value.value()

    @property
    def erases(self) -> bool:
        """Whether a touch takes away."""
        return self.tool.key == "eraser"

    def use(self, tool: str, *_: object) -> None:
        """Take brush or eraser."""
        self.tool.choose(tool)
        self.changed.emit()

    def choose_kind(self, is_classes: bool) -> None:
        """Classes or numbers, as the points have."""
        self.kind.choose("class" if is_classes else "number")
        self._show_kind()

    def choose_number(self, n: int) -> None:
        """A number key: class n, or so many tenths as the value."""
        if not self.is_classes:
            self.value.setValue(n / 10)
        elif n < len(CLASSES):
            self.classes.button(n).setChecked(True)
        self.use("brush")

    def name_classes(self, names: Sequence[str]) -> None:
        """What the classes are called."""
        for n in range(len(CLASSES)):
            text = tip(f"Paint points of class {names[n]}", str(n))
            self.classes.button(n).setToolTip(text)
            self.classes.button(n).setAccessibleName(text)
        self._tint()


def _pair(*buttons: QPushButton) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(GAP)
    for button in buttons:
        line.addWidget(button, 1)
    return line


def mark_icon(theme: Theme, n: int) -> QIcon:
    """The mark of class n."""
    pixmap = QPixmap(2 * ICON_SIZE, 2 * ICON_SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(ICON_SIZE, ICON_SIZE)
    painter.scale(1.5 * ICON_SIZE, 1.5 * ICON_SIZE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(class_color(theme, n)))
    painter.drawPath(pg.graphicsItems.ScatterPlotItem.Symbols[symbol(n)])
    painter.end()
    pixmap.setDevicePixelRatio(2.0)
    return QIcon(pixmap)
