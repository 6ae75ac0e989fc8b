"""Edges: coloured by value, dashed where negative, grey where not computed yet."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF

from bpstudio.ui.canvas.band import loss_segments
from bpstudio.ui.canvas.edges import (
    EdgeSet,
    Source,
    folded,
    row_done,
    row_values,
    segments,
)
from bpstudio.ui.canvas.layout import ROW_GAP, VALUE_DIAMETER, Column, Layout
from bpstudio.ui.canvas.look import FOLDED, Look, color, line_pen
from bpstudio.ui.canvas.progress import Moment, is_done
from bpstudio.ui.canvas.state import CanvasState
from bpstudio.ui.palette import mix, rgb
from bpstudio.ui.ramps import diverging_color, diverging_colors, edge_widths, signed_position

Floats = NDArray[np.float64]

_SHADES = 24  # steps of colour and width on either side of 0: edges of one shade share a pen
_ROW_IMAGE = 10.0


def paint_edges(
    painter: QPainter,
    look: Look,
    layout: Layout,
    edges: EdgeSet,
    now: Moment,
    vmax: float,
    lit: bool = False,
) -> None:
    """All edges of a set; mixed towards the canvas unless they are ``lit``."""
    lines = segments(layout, edges.l, edges.j, edges.k)
    done = edges.done(now)
    to_gap = folded(layout, edges.l, edges.j, edges.k)
    pending = look.theme.node_outline if lit else look.theme.pending_edge
    painter.setPen(line_pen(pending, look.scale))
    painter.drawLines(_lines(lines[~done & ~to_gap]))
    dimmed, width = 0.0 if lit else look.theme.dimmed, thinness(layout, edges.l)
    for chosen, share, thin in ((done & to_gap, FOLDED, 0.4), (done & ~to_gap, dimmed, width)):
        for pen, rows in _by_pen(look, edges.values, np.flatnonzero(chosen), vmax, share, thin):
            painter.setPen(pen)
            painter.drawLines(_lines(lines[rows]))


def thinness(layout: Layout, l: int) -> float:
    """Edges between small nodes are thinner, so that they do not outgrow them."""
    columns = (layout.column(l - 1), layout.column(l))
    smallest = min((c.diameter for c in columns if c.image is None), default=VALUE_DIAMETER)
    return min(max(smallest / VALUE_DIAMETER, 0.5), 1.0)


def _by_pen(
    look: Look, values: Floats, rows: NDArray[np.intp], vmax: float, share: float, thin: float
) -> Iterator[tuple[QPen, NDArray[np.intp]]]:
    """Rows that share a pen, thin ones first."""
    if not len(rows):
        return
    steps = shades(values[rows], vmax)
    for each in sorted(set(steps.tolist()), key=lambda n: (abs(n), n)):
        yield shade_pen(look, each, share, thin), rows[steps == each]


def shades(values: Floats, vmax: float) -> NDArray[np.intp]:
    """Places of values on the ramp in whole steps; a value below 0 is never 0."""
    steps = np.rint(signed_position(values, vmax) * _SHADES).astype(np.intp)
    return np.where((steps == 0) & (values < 0), -1, steps)


def shade(value: float, vmax: float) -> int:
    """The same for one value."""
    if not math.isfinite(value) or vmax <= 0:
        return int(shades(np.array([value]), vmax)[0])
    steps = round(_SHADES * math.sqrt(min(abs(value) / vmax, 1.0)))
    return -max(steps, 1) if value < 0 else steps


@lru_cache(maxsize=256)
def shade_color(look: Look, n: int) -> str:
    """The colour of one step of the ramp."""
    return diverging_color(look.theme, _shade_value(n), 1.0).name()


@lru_cache(maxsize=1024)
def shade_pen(look: Look, n: int, share: float = 0.0, thin: float = 1.0) -> QPen:
    """The pen of one step of the ramp."""
    width = float(edge_widths(_shade_value(n), 1.0)) * look.scale
    name = mix(shade_color(look, n), look.theme.canvas, share)
    return line_pen(name, round(max(width * thin, 1.0), 2), n < 0)


def _shade_value(n: int) -> float:
    return float(np.sign(n) * (n / _SHADES) ** 2)


def _lines(ends: Floats) -> list[QLineF]:
    return [QLineF(*end) for end in ends.tolist()]


# Between output, target and loss -----------------------------------------------------------


def paint_loss_edges(
    painter: QPainter, look: Look, layout: Layout, state: CanvasState, now: Moment, vmax: float
) -> None:
    """Output – target – loss, by ∂C_0/∂a, with the arrows of what lowers the loss."""
    nodes = np.array(layout.column(layout.L).shown.nodes, dtype=np.intp)
    values = state.trace.dC_da(layout.L)[state.s]
    done = is_done(state.sequence, now, "dC_da", layout.L, nodes)
    for j, known in zip(nodes.tolist(), done.tolist(), strict=True):
        pen = line_pen(look.theme.pending_edge, look.scale)
        if known:
            pen = shade_pen(look, shade(float(values[j]), vmax), look.theme.dimmed)
        painter.setPen(pen)
        painter.drawLines([QLineF(*segment) for segment in loss_segments(layout, j)])
        if known and state.show_arrows:
            paint_arrow(painter, look, layout, j, float(values[j]))


def paint_arrow(painter: QPainter, look: Look, layout: Layout, j: int, dC_da: float) -> None:
    """Which way a_j must move to lower C_0."""
    length = arrow_length(dC_da) * look.scale
    column = layout.column(layout.L)
    if length == 0 or column.is_strip or length > column.spacing + 6:
        return
    x, y = layout.node(layout.L, j)
    box = layout.target(j)
    x = min(x + column.radius + 15 * look.scale, (x + column.radius + box.x) / 2 + 4)
    up = -1.0 if dC_da > 0 else 1.0  # screen y grows downwards: a falls where the loss rises
    tip, tail = y - up * length / 2, y + up * length / 2
    head, half = 9 * look.scale, 5.5 * look.scale
    painter.setPen(line_pen(look.theme.canvas, 8 * look.scale))
    painter.drawLine(QLineF(x, tail, x, tip))
    painter.setPen(line_pen(look.theme.text1, 3 * look.scale))
    painter.drawLine(QLineF(x, tail, x, tip + up * head * 0.7))
    painter.setPen(QPen(color(look.theme.canvas), 1))
    painter.setBrush(color(look.theme.text1))
    base = tip + up * head
    painter.drawPolygon(
        QPolygonF([QPointF(x, tip), QPointF(x - half, base), QPointF(x + half, base)])
    )


def arrow_length(dC_da: float) -> float:
    """12 + 18·|∂C_0/∂a| pixels, at most 30; 0 where there is nothing to gain."""
    if not np.isfinite(dC_da) or dC_da == 0:
        return 0.0
    return min(12 + 18 * abs(dC_da), 30.0)


# Too many edges ----------------------------------------------------------------------------


def paint_row_image(
    painter: QPainter,
    look: Look,
    layout: Layout,
    source: Source,
    edges: EdgeSet,
    now: Moment,
    vmax: float,
) -> None:
    """The whole row of weights of the current node, as a picture beside its inputs."""
    assert edges.row is not None, "there is a current row"
    values = row_values(source, edges.l, edges.row)
    colors = diverging_colors(look.theme, values, vmax)
    colors[~row_done(source, edges.l, edges.row, now)] = rgb(look.theme.canvas)
    below = layout.column(edges.l - 1)
    target = row_box(below)
    shape = (len(values), 1)
    if below.image is not None:
        columns = round(below.image.width / below.diameter)
        shape = (len(values) // columns, columns)
    painter.drawImage(target, picture(colors.reshape(*shape, 3)))
    painter.setPen(QPen(color(look.theme.node_outline), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(target)
    if below.image is not None:
        painter.setFont(look.font(11))
        painter.setPen(color(look.theme.text3))
        above = QRectF(target.x(), target.y() - 18, target.width(), 16)
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, f"row {edges.row}")


def row_box(below: Column) -> QRectF:
    """Where the picture of a row lies: under the picture of the inputs, or beside their column."""
    if below.image is not None:
        box = below.image
        return QRectF(box.x, box.y + box.height + ROW_GAP, box.width, box.height)
    top, bottom = float(below.y.min()), float(below.y.max())
    x = below.center + below.radius + 8
    return QRectF(x, top - below.radius, _ROW_IMAGE, bottom - top + 2 * below.radius)


def picture(colors: NDArray[np.uint8]) -> QImage:
    """Colours (rows, columns, 3) as an image, one pixel each."""
    rows, columns, _ = colors.shape
    data = np.ascontiguousarray(colors)
    image = QImage(data.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    # a copy: the array's memory is not the image's
    return image.convertToFormat(QImage.Format.Format_RGB32)


def paint_matrix(
    painter: QPainter, look: Look, layout: Layout, edges: EdgeSet, now: Moment, vmax: float
) -> None:
    """A layer's weights as a matrix between two heat strips: rows j downwards, columns k."""
    l, done = edges.l, edges.done(now)
    colors = np.empty((layout.column(l).shown.n, layout.column(l - 1).shown.n, 3), dtype=np.uint8)
    colors[:] = rgb(look.theme.canvas)
    colors[edges.j[done], edges.k[done]] = diverging_colors(look.theme, edges.values[done], vmax)
    left, right = layout.column(l - 1), layout.column(l)
    room = right.center - left.center - left.diameter - right.diameter - 16
    top = min(float(left.y.min()), float(right.y.min()))
    bottom = max(float(left.y.max()), float(right.y.max()))
    side = max(min(room, bottom - top), 4.0)
    x = (left.center + right.center - side) / 2
    box = QRectF(x, (top + bottom - side) / 2, side, side)
    painter.drawImage(box, picture(colors))
