"""Paint data: points set by mouse or keys on a plane of two features, then opened as data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.notation import MINUS, counted
from bpstudio.core.painted import (
    Painting,
    cleared,
    dab,
    erased,
    lacking,
    painted_data,
    start_from,
    why_not_start_from,
)
from bpstudio.files.dataset_csv import class_names, save_csv
from bpstudio.ui import dialogs
from bpstudio.ui.painting.plane import Plane
from bpstudio.ui.painting.points import Points, span
from bpstudio.ui.painting.strokes import Canvas
from bpstudio.ui.painting.tools import Tools
from bpstudio.ui.plots.looks import sign
from bpstudio.ui.style import GAP, PADDING, SECTION_GAP, set_primary, set_role
from bpstudio.ui.theme import Appearance

_SIZE = QSize(880, 620)
_FOOTER = 56


class PaintDialog(QDialog):
    """`data` is what the points make, once the dialog is accepted."""

    data: Dataset

    def __init__(
        self,
        appearance: Appearance,
        canvas: Canvas,
        open_data: Dataset,
        seed: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Paint data")
        self._appearance, self.canvas, self._open_data = appearance, canvas, open_data
        self.plane = Plane(appearance)
        self.points = Points(self.plane, len(Painting().classes))
        self.tools = Tools(appearance, seed)
        self.place, self.problem = QLabel(), QLabel()
        self.save, self.cancel = QPushButton("Save as CSV…"), QPushButton("Cancel")
        self.ok = QPushButton()
        self._build()
        self._connect()
        self.tools.choose_kind(canvas.is_classes)
        self._show_start()
        self.show_painting()
        self._take_tool()
        self.resize(_SIZE)
        self._show_place(*self.plane.cursor)
        self.plane.setFocus()

    def _build(self) -> None:
        drawing = QVBoxLayout()
        drawing.setSpacing(GAP)
        drawing.addWidget(self.plane, 1)
        drawing.addWidget(self.place)
        set_role(self.place, "hint")
        top = QHBoxLayout()
        top.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        top.setSpacing(SECTION_GAP)
        top.addWidget(self.tools)
        top.addLayout(drawing, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top, 1)
        layout.addWidget(self._footer())

    def _footer(self) -> QWidget:
        self.save.setToolTip(
            "Write the points to a file that opens as the same data; classes that are called by "
            "numbers get the word class before them"
        )
        self.cancel.setToolTip("Keep the data that is open; what is painted stays for later (Esc)")
        for button in (self.save, self.cancel):
            button.setAutoDefault(False)
        set_primary(self.ok)
        self.ok.setDefault(True)
        set_role(self.problem, "label")
        holder = QWidget()
        set_role(holder, "footer")
        holder.setFixedHeight(_FOOTER)
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(PADDING, 0, PADDING, 0)
        inside.setSpacing(GAP)
        inside.addWidget(self.save)
        inside.addWidget(self.problem, 1)
        inside.addWidget(self.cancel)
        inside.addWidget(self.ok)
        return holder

    def _connect(self) -> None:
        tools, plane = self.tools, self.plane
        plane.touched.connect(self._touch)
        plane.moved.connect(self._show_place)
        plane.number.connect(tools.choose_number)
        plane.toggled.connect(self._toggle)
        tools.changed.connect(self._take_tool)
        tools.kind_changed.connect(self._take_kind)
        tools.undo.clicked.connect(partial(self._go, "undo"))
        tools.redo.clicked.connect(partial(self._go, "redo"))
        tools.clear.clicked.connect(self._clear)
        tools.start.clicked.connect(self._start)
        self.save.clicked.connect(self.ask_save)
        self.cancel.clicked.connect(self.reject)
        self.ok.clicked.connect(self.accept)
        self._appearance.changed.connect(self.show_painting)

    @property
    def painting(self) -> Painting:
        """What is painted."""
        return self.canvas.strokes.now

    # ---- painting -----------------------------------------------------------------------------

    def _touch(self, x: float, y: float, erases: bool, begins: bool) -> None:
        tools, strokes = self.tools, self.canvas.strokes
        if erases or tools.erases:
            strokes.put(erased(strokes.now, (x, y), tools.brush.radius), begins)
        else:
            wanted = (tools.painted_value, tools.brush, tools.seed.value())
            made = self._tried(lambda: dab(strokes.now, (x, y), *wanted))
            if made is None:
                return
            strokes.put(made, begins)
        self.show_painting()

    def _tried(self, make: Callable[[], Painting]) -> Painting | None:
        try:
            return make()
        except InputError as error:
            self._say(str(error), "error")
            return None

    def _clear(self) -> None:
        self.canvas.strokes.put(cleared(self.painting))
        self.show_painting()

    def _start(self) -> None:
        made = start_from(self._open_data)
        self.canvas.is_classes = bool(made.classes)
        self.tools.choose_kind(self.canvas.is_classes)
        self.canvas.strokes.put(made)
        self.show_painting()

    def _go(self, way: str, *_: object) -> None:
        strokes = self.canvas.strokes
        strokes.undo() if way == "undo" else strokes.redo()
        self.show_painting()

    def _toggle(self) -> None:
        self.tools.use("brush" if self.tools.erases else "eraser")

    def _take_tool(self) -> None:
        self.plane.show_tool(self.tools.brush, self.tools.erases)

    def _take_kind(self) -> None:
        self.canvas.is_classes = self.tools.is_classes
        self.show_painting()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo; all else as dialogs do."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self._go("undo")
        elif event.matches(QKeySequence.StandardKey.Redo):
            self._go("redo")
        else:
            super().keyPressEvent(event)

    # ---- what is shown --------------------------------------------------------------------------

    def show_painting(self, *_: object) -> None:
        """The points, their numbers, and what can be done with them."""
        painting, strokes = self.painting, self.canvas.strokes
        if self.plane.area != painting.area:
            self.plane.show_area(painting.area)
        self.points.show(painting, self._appearance.theme)
        if painting.classes:
            self.tools.name_classes(painting.classes)
        self.tools.counts.setText(_counts_text(painting))
        self.tools.undo.setEnabled(strokes.can_undo)
        self.tools.redo.setEnabled(strokes.can_redo)
        self.tools.clear.setEnabled(len(painting) > 0)
        self._show_end()

    def _show_start(self) -> None:
        reason = why_not_start_from(self._open_data)
        self.tools.start.setEnabled(not reason)
        if reason:
            self.tools.start.setToolTip(f"Begin with the data that are open: {reason}")

    def _show_end(self) -> None:
        reason = lacking(self.painting)
        count = len(self.painting)
        self.ok.setText(f"Use {counted(count, 'point')}")
        self.ok.setToolTip(reason or "Open the points in the place of the data (Enter)")
        self._say(reason, "label")
        for button in (self.ok, self.save):
            button.setEnabled(not reason)

    def _say(self, text: str, role: str) -> None:
        set_role(self.problem, role)
        self.problem.setText(text)

    def _show_place(self, x: float, y: float) -> None:
        area = self.plane.area
        place = area.snapped(np.array([[x, y]]))[0]
        text = ", ".join(f"{name} {_short(v)}" for name, v in zip(area.names, place, strict=True))
        self.place.setText(f"{text}.  Space paints, arrows move, E changes to the eraser")
        self.plane.setAccessibleDescription(text)

    # ---- the end --------------------------------------------------------------------------------

    def accept(self) -> None:
        """Take the points as data."""
        if not lacking(self.painting):
            self.data = painted_data(self.painting)
            super().accept()

    def ask_save(self) -> None:
        """Choose where the points go, and write them."""
        path = dialogs.ask_where_to_save_data(self, "painted.csv")
        if path is None:
            return
        data = painted_data(self.painting)
        try:
            save_csv(data, path)
        except InputError as error:
            self._say(str(error), "error")
            return
        self._say(f"Written to {path.name}{_renamed_text(data)}", "label")


def _short(value: float) -> str:
    return f"{value:.6g}".replace("-", MINUS)


def _renamed_text(data: Dataset) -> str:
    """What the classes are called in a file, where that is something else."""
    names = class_names(data)
    is_other = names not in ((), data.target_names)
    return f", its classes called {', '.join(names)}" if is_other else ""


def _counts_text(painting: Painting) -> str:
    """How many points there are, of each class."""
    if not painting.classes:
        count = counted(len(painting), "point")
        low, high = span(painting)
        return f"{count}, their colours from {_short(low)} to {_short(high)}"
    pairs = zip(painting.classes, painting.counts(), strict=True)
    parts = [
        f"{sign(n)}\u00a0{name}:\u00a0{count}" for n, (name, count) in enumerate(pairs) if count
    ]
    return "   ".join(parts) or "No points yet"
