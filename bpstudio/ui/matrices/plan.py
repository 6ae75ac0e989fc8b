"""Where the cells of a matrix lie in its view: arithmetic, no painting."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect

from bpstudio.ui.matrices.source import Cell

WITH_NUMBERS = (46, 24)  # least size of a cell that carries a number
LARGEST = (64, 36)  # of a cell before anybody zooms
ENLARGED = (160, 90)  # of a cell at all
SEPARATE = 8  # from this size on there are gaps between cells
GAP = 12  # between matrix and biases
TOP = 20  # height of the column indices
_BIAS = 12  # width of the biases beside an image
_LEANEST = 16.0  # cells of an image are no leaner than that
MOST_ZOOM = 512.0


@dataclass(frozen=True, slots=True)
class CellSize:
    """``w`` × ``h`` pixels for ``x`` × ``y`` numbers: more than one where they share a pixel."""

    w: int
    h: int
    x: int = 1
    y: int = 1

    @property
    def shows_numbers(self) -> bool:
        """Whether a number has room."""
        return self.w >= WITH_NUMBERS[0] and self.h >= WITH_NUMBERS[1]

    @property
    def is_separate(self) -> bool:
        """Whether cells stand apart; otherwise the matrix is an image without gaps."""
        return min(self.w, self.h) >= SEPARATE

    @property
    def is_reduced(self) -> bool:
        """Whether several numbers share a pixel."""
        return self.x > 1 or self.y > 1


def fitted(room: tuple[float, float], shape: tuple[int, int], zoom: float = 1.0) -> CellSize:
    """The size with which a matrix of rows × columns fills its room, enlarged by a factor."""
    (width, height), (rows, columns) = room, shape
    w = min(max(width, 1.0) / columns, LARGEST[0])
    h = min(max(height, 1.0) / rows, LARGEST[1])
    if min(w, h) < SEPARATE:
        w, h = _not_leaner(w, h), _not_leaner(h, w)
    (w, x), (h, y) = _whole(min(w * zoom, ENLARGED[0])), _whole(min(h * zoom, ENLARGED[1]))
    return CellSize(w, h, x, y)


def _not_leaner(side: float, other: float) -> float:
    return max(min(side, other * _LEANEST), min(side, float(SEPARATE)))


def _whole(pixels: float) -> tuple[int, int]:
    """Whole pixels for a cell, or how many cells share one."""
    if pixels >= 1:
        return int(pixels), 1
    return 1, math.ceil(1 / pixels - 1e-9)


@dataclass(frozen=True, slots=True)
class Plan:
    """A matrix of ``shape`` in a view of ``width`` × ``height`` that is scrolled by (dx, dy).

    ``left`` is the width of the row indices.
    """

    shape: tuple[int, int]
    has_bias: bool
    size: CellSize
    width: int
    height: int
    left: int
    dx: int = 0
    dy: int = 0

    @property
    def room(self) -> QRect:
        """The part of the view where the matrix shows."""
        return QRect(
            self.left, TOP, *room_of(self.width, self.height, self.left, self.size, self.has_bias)
        )

    @property
    def content(self) -> tuple[int, int]:
        """Width and height of the whole matrix, biases left out."""
        return content_of(self.shape, self.size)

    @property
    def area(self) -> QRect:
        """The part of the room that cells take."""
        width, height = self.content
        return self.room.intersected(QRect(self.left - self.dx, TOP - self.dy, width, height))

    @property
    def bias_area(self) -> QRect:
        """Where the biases show: always in sight, beside the matrix."""
        if not self.has_bias:
            return QRect()
        area = self.area
        return QRect(area.right() + 1 + GAP, area.top(), bias_width(self.size), area.height())

    @property
    def rows(self) -> range:
        """The rows in sight; those that share a pixel by the first of them."""
        return _in_sight(self.dy, self.area.height(), self.size.h, self.size.y, self.shape[0])

    @property
    def columns(self) -> range:
        """The columns in sight."""
        return _in_sight(self.dx, self.area.width(), self.size.w, self.size.x, self.shape[1])

    def x(self, column: int) -> int:
        """The left edge of a column; of the biases for the one beyond the last."""
        if column == self.shape[1] and self.has_bias:
            return self.bias_area.left()
        return self.left - self.dx + column // self.size.x * self.size.w

    def y(self, row: int) -> int:
        """The upper edge of a row."""
        return TOP - self.dy + row // self.size.y * self.size.h

    def rect(self, cell: Cell) -> QRect:
        """The box of a cell, in sight or not."""
        row, column = cell
        is_bias = column == self.shape[1]
        width = bias_width(self.size) if is_bias else self.size.w
        return QRect(self.x(column), self.y(row), width, self.size.h)

    def cell_at(self, point: QPointF) -> Cell | None:
        """The cell at a point; of several that share a pixel the first."""
        at = point.toPoint()
        row = (at.y() - TOP + self.dy) // self.size.h * self.size.y
        if self.bias_area.contains(at):
            return (row, self.shape[1])
        if not self.area.contains(at):
            return None
        return (row, (at.x() - self.left + self.dx) // self.size.w * self.size.x)

    def scroll_to(self, cell: Cell) -> tuple[int, int]:
        """The least scrolling that brings a cell into sight, as (dx, dy)."""
        column = cell[1]
        room, box = self.room, self.rect(cell)
        dx, dy = self.dx, self.dy
        if column < self.shape[1]:
            dx += min(box.left() - room.left(), 0) + max(box.right() - room.right(), 0)
        dy += min(box.top() - room.top(), 0) + max(box.bottom() - room.bottom(), 0)
        return dx, dy


def content_of(shape: tuple[int, int], size: CellSize) -> tuple[int, int]:
    """Width and height of a whole matrix."""
    rows, columns = shape
    return -(-columns // size.x) * size.w, -(-rows // size.y) * size.h


def bias_width(size: CellSize) -> int:
    """Width of the column of biases."""
    return size.w if size.is_separate else _BIAS


def room_of(width: int, height: int, left: int, size: CellSize, has_bias: bool) -> tuple[int, int]:
    """Width and height that a view leaves for the matrix."""
    beside = GAP + bias_width(size) if has_bias else 0
    return max(width - left - beside, 1), max(height - TOP, 1)


def fitted_in(
    width: int, height: int, left: int, shape: tuple[int, int], has_bias: bool, zoom: float
) -> CellSize:
    """The size of cells with which matrix and biases fill a view."""
    rows, columns = shape
    beside = GAP + _BIAS if has_bias else 0
    size = fitted((width - left - beside, height - TOP), shape)
    if has_bias and size.is_separate:
        size = fitted((width - left - GAP, height - TOP), (rows, columns + 1))
    if zoom == 1.0:
        return size
    return fitted((size.w / size.x * columns, size.h / size.y * rows), shape, zoom)


def _in_sight(scrolled: int, shown: int, pixels: int, shared: int, count: int) -> range:
    first = scrolled // pixels
    last = -(-(scrolled + shown) // pixels)
    return range(first * shared, min(last * shared, count), shared)
