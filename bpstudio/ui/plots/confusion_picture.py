"""Confusion matrices side by side, painted as heat maps with their counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from bpstudio.core.notation import format_count
from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, ui_font
from bpstudio.ui.palette import Theme, rgb
from bpstudio.ui.ramps import Colors, activation_colors, text_colors
from bpstudio.ui.theme import Appearance

Integers = NDArray[np.int64]
Place = tuple[int, int, int]
"""Which matrix, its true class i, and the class j it was taken for."""

_TITLE, _HEAD = 20, 16
_NAMES = 78.0  # the widest that names of rows may be
_CELL = (52.0, 36.0)  # the largest
_LEAST_WITH_COUNT = (24.0, 15.0)
_BETWEEN = 20
_ROOM_FOR_NAMES = 11.0  # height of a cell
_FAINT = 0.25
_DEEPEST = 0.85  # of the ramp
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The counts of some rows: targets down, outputs across."""

    title: str
    matrix: Integers

    @property
    def right(self) -> int:
        """How many were classified rightly."""
        return int(np.trace(self.matrix))

    @property
    def total(self) -> int:
        """How many there are."""
        return int(self.matrix.sum())


class ConfusionPicture(QWidget):
    """Matrices with the same classes. The pointer, or the arrow keys, choose a cell."""

    pointed = Signal(object)
    """The place pointed at, or None."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._names: tuple[str, ...] = ()
        self._parts: tuple[Judged, ...] = ()
        self._names_width = _NAMES
        self._at: Place | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Confusion matrix: true classes down, recognised ones across")
        self.setToolTip("Rows: true class. Columns: class of the largest output. Arrow keys move.")

    def show_matrices(self, names: tuple[str, ...], parts: tuple[Judged, ...]) -> None:
        """These matrices (classes × classes) under their titles."""
        self._names, self._parts = names, parts
        metrics = QFontMetricsF(ui_font(Size.CAPTION))
        widest = max(map(metrics.horizontalAdvance, names), default=0.0)
        self._names_width = min(_NAMES, widest + 10.0)
        if self._at is not None and not self.has(self._at):
            self._at = None
        self.update()

    @property
    def at(self) -> Place | None:
        """The cell that is pointed at."""
        return self._at

    def sizeHint(self) -> QSize:
        """Room for two matrices of a few classes."""
        return QSize(420, 150)

    # ---- where things are -----------------------------------------------------------------------

    def cell(self, place: Place) -> QRectF:
        """The box of a cell."""
        part, i, j = place
        size = self._cell_size()
        x = self._left(part) + j * size.x()
        return QRectF(x, _TITLE + _HEAD + i * size.y(), size.x(), size.y())

    def _cell_size(self) -> QPointF:
        count, parts = max(1, len(self._names)), max(1, len(self._parts))
        width = (self.width() - parts * (self._names_width + _BETWEEN)) / parts / count
        height = (self.height() - _TITLE - _HEAD - 4) / count
        return QPointF(max(1.0, min(_CELL[0], width)), max(1.0, min(_CELL[1], height)))

    def _left(self, part: int) -> float:
        whole = self._names_width + len(self._names) * self._cell_size().x() + _BETWEEN
        return part * whole + self._names_width

    def _place_at(self, point: QPointF) -> Place | None:
        size = self._cell_size()
        i = int((point.y() - _TITLE - _HEAD) // size.y())
        for part in range(len(self._parts)):
            place = part, i, int((point.x() - self._left(part)) // size.x())
            if self.has(place):
                return place
        return None

    def has(self, place: Place) -> bool:
        """Whether there is such a cell."""
        part, i, j = place
        count = len(self._names)
        return 0 <= part < len(self._parts) and 0 <= i < count and 0 <= j < count

    # ---- pointing -------------------------------------------------------------------------------

    def point_at(self, place: Place | None) -> None:
        """Choose a cell, or none."""
        if place != self._at:
            self._at = place
            self.pointed.emit(place)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The cell under the pointer."""
        self.point_at(self._place_at(event.position()))

    def leaveEvent(self, event: object) -> None:
        """None any more."""
        self.point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys move from cell to cell, and on into the next matrix."""
        move = _MOVES.get(Qt.Key(event.key()))
        if move is None or not self._parts:
            super().keyPressEvent(event)
            return
        self.point_at(self._moved(self._at or (0, 0, -1), *move))

    def _moved(self, place: Place, down: int, across: int) -> Place:
        part, i, j = place
        count = len(self._names)
        at = min(max(part * count + j + across, 0), len(self._parts) * count - 1)
        return at // count, min(max(i + down, 0), count - 1), at % count

    # ---- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Titles, names, cells, and a frame round the one pointed at."""
        painter = QPainter(self)
        theme = self._appearance.theme
        for part, judged in enumerate(self._parts):
            self._paint_title(painter, theme, part, judged)
            self._paint_names(painter, theme, part)
            self._paint_cells(painter, theme, part, judged)
        if self._at is not None:
            painter.setPen(QPen(QColor(theme.text1), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell(self._at).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_title(self, painter: QPainter, theme: Theme, part: int, judged: Judged) -> None:
        box = QRectF(self._left(part) - self._names_width + 8, 0, self.width(), _TITLE)
        painter.setFont(ui_font(Size.TABLE, SEMIBOLD))
        painter.setPen(QColor(theme.text1))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, judged.title)
        box.setLeft(box.left() + painter.fontMetrics().horizontalAdvance(judged.title) + 6)
        painter.setFont(ui_font(Size.TABLE, REGULAR))
        painter.setPen(QColor(theme.text2))
        right = f"{format_count(judged.right)} of {format_count(judged.total)} right"
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, right)

    def _paint_names(self, painter: QPainter, theme: Theme, part: int) -> None:
        painter.setFont(ui_font(Size.CAPTION))
        painter.setPen(QColor(theme.text2))
        size, metrics = self._cell_size(), painter.fontMetrics()
        right, middle = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignCenter
        elide = Qt.TextElideMode.ElideRight
        heads = short_names(self._names, metrics.horizontalAdvance, size.x() - 2)
        for n, name in enumerate(self._names):
            down, across = self.cell((part, n, 0)), self.cell((part, 0, n))
            if size.y() >= _ROOM_FOR_NAMES:
                box = QRectF(down.left() - _NAMES - 6, down.top(), _NAMES, size.y())
                text = metrics.elidedText(name, elide, round(self._names_width) - 6)
                painter.drawText(box, right | Qt.AlignmentFlag.AlignVCenter, text)
            box = QRectF(across.left(), _TITLE, size.x(), _HEAD)
            painter.drawText(box, middle, heads[n])

    def _paint_cells(self, painter: QPainter, theme: Theme, part: int, judged: Judged) -> None:
        size, colors = self._cell_size(), _cell_colors(theme, judged.matrix)
        inks, counts = text_colors(colors), judged.matrix.tolist()
        with_counts = size.x() >= _LEAST_WITH_COUNT[0] and size.y() >= _LEAST_WITH_COUNT[1]
        painter.setFont(ui_font(Size.TABLE, SEMIBOLD))
        for i, j in np.ndindex(judged.matrix.shape):
            box = self.cell((part, i, j))
            painter.fillRect(box.adjusted(0, 0, -1, -1), QColor(*colors[i, j].tolist()))
            if with_counts:
                ink = QColor(*inks[i, j].tolist()) if counts[i][j] else QColor(theme.text3)
                painter.setPen(ink)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, format_count(counts[i][j]))


def _cell_colors(theme: Theme, matrix: Integers) -> Colors:
    """The activation ramp on the diagonal, light orange beside it; never as pale as nothing."""
    share = matrix / max(1, int(matrix.sum(axis=1).max()))
    empty = np.array(rgb(theme.surface2), dtype=float)
    orange = np.array(rgb(theme.diverging[2]), dtype=float)
    strength = _FAINT + (1 - _FAINT) * np.sqrt(share)
    beside = empty + (orange - empty) * strength[..., None]
    right = activation_colors(theme, _DEEPEST * (_FAINT + (1 - _FAINT) * share), 0.0, 1.0)
    colors = np.where(np.eye(len(matrix), dtype=bool)[..., None], right, np.rint(beside))
    return np.where(matrix[..., None] > 0, colors, empty).astype(np.uint8)


def short_names(names: Sequence[str], width: Callable[[str], float], room: float) -> list[str]:
    """Names for columns so wide: their first letters, else what tells them apart, else numbers.

    ``width`` is that of a text.
    """
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    common = len(list(alike))
    for tries in (names, [name[common:].lstrip(" _-") for name in names]):
        cut = [_cut(name, width, room) for name in tries]
        if all(cut) and len(set(cut)) == len(cut):
            return cut
    return [_cut(str(n), width, room) for n in range(len(names))]


def _cut(name: str, width: Callable[[str], float], room: float) -> str:
    """As many letters of a name as have room."""
    for length in range(len(name), 0, -1):
        if width(name[:length]) <= room:
            return name[: min(length, 3)] if length < len(name) else name
    return ""
