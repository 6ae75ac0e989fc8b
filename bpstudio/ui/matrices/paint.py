"""Painting a matrix: colours from an image, numbers where there is room, pending cells empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QRegion

from bpstudio.ui.canvas.faces import node_number
from bpstudio.ui.fonts import MEDIUM, REGULAR, SEMIBOLD, Size, ui_font
from bpstudio.ui.matrices.plan import TOP, CellSize, Plan
from bpstudio.ui.matrices.sheet import Sheet
from bpstudio.ui.matrices.source import Cell
from bpstudio.ui.palette import Theme

_DOTTED = 14  # pending cells from this size on have their dot
_BETWEEN = 8  # pixels between indices


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Cells that are painted together: the matrix, or its biases.

    ``area`` is what shows of them, ``x`` and ``y`` where the first cell of the sheet starts.
    ``done`` counts the computed cells, row after row of ``columns``; ``bold`` are cells of the
    matrix whose numbers stand out.
    """

    sheet: Sheet
    area: QRect
    x: int
    y: int
    size: CellSize
    done: int
    columns: int
    bold: frozenset[Cell] = frozenset()

    def box(self, row: int, column: int) -> QRect:
        """Where a cell of the sheet lies, its gap left out; by positions in the sheet."""
        gap = 1 if self.size.is_separate else 0
        w, h = self.size.w, self.size.h
        return QRect(self.x + column * w, self.y + row * h, w - gap, h - gap)

    def bold_places(self) -> frozenset[Cell]:
        """The bold cells by their positions in the sheet."""
        row, column = self.sheet.rows.start, self.sheet.columns.start
        return frozenset((j - row, k - column) for j, k in self.bold)

    @property
    def done_region(self) -> QRegion:
        """Where computed numbers lie; of those that share a pixel, all must be computed."""
        sheet, size = self.sheet, self.size
        whole, rest = divmod(self.done, self.columns)
        below = max(whole - sheet.rows.start, 0)
        rows = len(sheet.rows) if whole >= sheet.rows.stop else below // size.y
        region = QRegion(QRect(self.x, self.y, len(sheet.columns) * size.w, rows * size.h))
        if rest and size.y == 1 and sheet.rows.start <= whole < sheet.rows.stop:
            count = min(max(rest - sheet.columns.start, 0) // size.x, len(sheet.columns))
            region |= QRegion(QRect(self.x, self.y + rows * size.h, count * size.w, size.h))
        return region & self.area


def paint_strip(
    painter: QPainter, theme: Theme, strip: Strip, clip: QRegion, numbers: bool
) -> None:
    """What lies within the clip."""
    shown = clip & strip.area
    if shown.isEmpty():
        return
    done = strip.done_region
    painter.save()
    _paint_done(painter, theme, strip, shown & done)
    _paint_pending(painter, theme, strip, shown - done)
    painter.setClipRegion(shown & done)
    if numbers and strip.size.shows_numbers:
        _paint_numbers(painter, strip, (shown & done).boundingRect())
    painter.restore()


def _paint_done(painter: QPainter, theme: Theme, strip: Strip, region: QRegion) -> None:
    if region.isEmpty():
        return
    sheet, size = strip.sheet, strip.size
    painter.setClipRegion(region)
    whole = QRect(strip.x, strip.y, len(sheet.columns) * size.w, len(sheet.rows) * size.h)
    painter.drawImage(whole, sheet.image)
    if size.is_separate:
        _paint_gaps(painter, strip, region.boundingRect(), QColor(theme.surface))


def _paint_pending(painter: QPainter, theme: Theme, strip: Strip, region: QRegion) -> None:
    if region.isEmpty():
        return
    painter.setClipRegion(region)
    box = region.boundingRect()
    painter.fillRect(box, QColor(theme.surface if strip.size.is_separate else theme.surface2))
    if strip.size.is_separate:
        _paint_gaps(painter, strip, box, QColor(theme.divider))
        _paint_dots(painter, theme, strip, box)
    painter.setPen(QPen(QColor(theme.divider), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(strip.area.adjusted(0, 0, -1, -1))


def _paint_gaps(painter: QPainter, strip: Strip, box: QRect, color: QColor) -> None:
    """The lines between cells: their last pixels at the right and below."""
    w, h = strip.size.w, strip.size.h
    first, last = _cut(strip.x, w, box.left(), box.right())
    for column in range(first, last):
        painter.fillRect(strip.x + (column + 1) * w - 1, box.top(), 1, box.height(), color)
    first, last = _cut(strip.y, h, box.top(), box.bottom())
    for row in range(first, last):
        painter.fillRect(box.left(), strip.y + (row + 1) * h - 1, box.width(), 1, color)


def _paint_dots(painter: QPainter, theme: Theme, strip: Strip, box: QRect) -> None:
    if min(strip.size.w, strip.size.h) < _DOTTED:
        return
    pen = QPen(QColor(theme.text3), 2.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawPoints([QRectF(strip.box(*at)).center() for at in _cells(strip, box)])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_numbers(painter: QPainter, strip: Strip, box: QRect) -> None:
    inks, values = strip.sheet.inks, strip.sheet.values
    bold = strip.bold_places()
    for row, column in _cells(strip, box):
        ink = Qt.GlobalColor.white if inks[row, column, 0] else Qt.GlobalColor.black
        painter.setPen(ink)
        painter.setFont(_font(Size.TABLE, SEMIBOLD if (row, column) in bold else MEDIUM))
        text = node_number(float(values[row, column]))
        painter.drawText(strip.box(row, column), Qt.AlignmentFlag.AlignCenter, text)


def _cells(strip: Strip, box: QRect) -> Iterator[tuple[int, int]]:
    """Positions in the sheet of the cells that a box touches."""
    first_row, last_row = _cut(strip.y, strip.size.h, box.top(), box.bottom())
    first, last = _cut(strip.x, strip.size.w, box.left(), box.right())
    for row in range(first_row, min(last_row, len(strip.sheet.rows))):
        for column in range(first, min(last, len(strip.sheet.columns))):
            yield row, column


def _cut(start: int, pixels: int, low: int, high: int) -> tuple[int, int]:
    """The first cell that reaches beyond ``low`` and one past the last before ``high``."""
    return max((low - start) // pixels, 0), (high - start) // pixels + 1


# ---- indices ------------------------------------------------------------------------------------


def paint_columns(painter: QPainter, theme: Theme, plan: Plan, lit: int | None) -> None:
    """Indices above the columns; that of the current cell always and in accent."""
    area, metrics = plan.area, _metrics(Size.CAPTION, SEMIBOLD)
    painter.save()
    painter.setClipRect(QRect(0, 0, plan.width, TOP))
    last = str(max(plan.shape[1] - 1, 0))
    every = tick(metrics.horizontalAdvance(last) + _BETWEEN, plan.size.w / plan.size.x)
    taken = QRectF()
    if lit is not None and (
        lit == plan.shape[1] or _within(plan.x(lit), area.left(), area.right())
    ):
        taken = _column_label(painter, theme, plan, lit, True)
    for column in _ticks(plan.columns, every):
        if column != lit and not _column_box(plan, column).intersects(taken):
            _column_label(painter, theme, plan, column, False)
    if plan.has_bias and lit != plan.shape[1]:
        _column_label(painter, theme, plan, plan.shape[1], False)
    painter.restore()


def _column_label(painter: QPainter, theme: Theme, plan: Plan, column: int, lit: bool) -> QRectF:
    box = _column_box(plan, column)
    _index(painter, theme, lit)
    text = "b" if column == plan.shape[1] else str(column)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return box


def _column_box(plan: Plan, column: int) -> QRectF:
    """Room for an index: above its cell, wider where the cell is narrow; within the view."""
    box = QRectF(plan.rect((0, column)))
    width = _metrics(Size.CAPTION, SEMIBOLD).horizontalAdvance(str(column)) + 2
    half = max(box.width(), width) / 2
    centre = min(max(box.center().x(), plan.left + half - 4), plan.width - half)
    return QRectF(centre - half, 0, 2 * half, TOP - 2)


def paint_rows(
    painter: QPainter, theme: Theme, plan: Plan, labels: tuple[int, ...] | None, lit: int | None
) -> None:
    """Indices at the left of the rows; ``labels`` are other names for them, such as data rows."""
    area = plan.area
    painter.save()
    painter.setClipRect(QRect(0, area.top() - 8, plan.left, area.height() + 16))
    every = tick(14, plan.size.h / plan.size.y)
    taken = QRectF()
    if lit is not None and _within(plan.y(lit), area.top(), area.bottom()):
        taken = _row_label(painter, theme, plan, lit, labels, True)
    for row in _ticks(plan.rows, every):
        if row != lit and not _row_box(plan, row).intersects(taken):
            _row_label(painter, theme, plan, row, labels, False)
    painter.restore()


def _row_label(
    painter: QPainter,
    theme: Theme,
    plan: Plan,
    row: int,
    labels: tuple[int, ...] | None,
    lit: bool,
) -> QRectF:
    box = _row_box(plan, row)
    _index(painter, theme, lit)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box, right, str(row if labels is None else labels[row]))
    return box


def _row_box(plan: Plan, row: int) -> QRectF:
    box = QRectF(plan.rect((row, 0)))
    half = max(box.height(), 13) / 2
    return QRectF(0, box.center().y() - half, plan.left - 8, 2 * half)


def _index(painter: QPainter, theme: Theme, lit: bool) -> None:
    painter.setFont(_font(Size.CAPTION, SEMIBOLD if lit else REGULAR))
    painter.setPen(QColor(theme.accent_text if lit else theme.text3))


def _within(x: int, low: int, high: int) -> bool:
    return low <= x <= high


def _ticks(cells: range, every: int) -> range:
    first = -(-cells.start // every) * every
    return range(first, cells.stop, every)


def tick(pixels: float, cell: float) -> int:
    """Every how many cells there is room for an index: 1, 2 or 5 × 10ⁿ."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power * cell >= pixels:
                return factor * power
        power *= 10


def left_of(labels: tuple[int, ...] | None, rows: int) -> int:
    """Width of the row indices."""
    longest = max(labels) if labels else rows - 1
    return round(_metrics(Size.CAPTION, SEMIBOLD).horizontalAdvance(str(longest))) + 14


@lru_cache(maxsize=16)
def _font(size: int, weight: QFont.Weight) -> QFont:
    return ui_font(size, weight)


@lru_cache(maxsize=16)
def _metrics(size: int, weight: QFont.Weight) -> QFontMetricsF:
    return QFontMetricsF(_font(size, weight))
