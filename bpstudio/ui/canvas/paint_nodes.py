"""Painting nodes, biases, targets and the loss."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from bpstudio.core.notation import format_count
from bpstudio.ui.canvas.band import reach_of
from bpstudio.ui.canvas.faces import Face, bias_value, faces, node_fills, node_values
from bpstudio.ui.canvas.layout import VALUE_DIAMETER, Box, Column, Layout
from bpstudio.ui.canvas.look import Look, color, line_pen
from bpstudio.ui.canvas.paint_edges import picture, shade, shade_color
from bpstudio.ui.canvas.progress import Moment, is_done
from bpstudio.ui.canvas.state import CanvasState, EdgeMode, NodeMode, Scales
from bpstudio.ui.fonts import SEMIBOLD
from bpstudio.ui.palette import text_on

_CENTER = Qt.AlignmentFlag.AlignCenter
_INDEX_GAP = 13  # room above a node from which its index stands there
_BIAS_ANGLE = (-0.5, 0.866)
_RINGED_ANGLE = (-0.766, 0.643)  # further up: its frame stays in the canvas under the lowest node


def paint_column(
    painter: QPainter,
    look: Look,
    layout: Layout,
    l: int,
    state: CanvasState,
    now: Moment,
    modes: tuple[EdgeMode, NodeMode],
    scales: Scales,
) -> None:
    """All nodes of a layer with their indices and biases."""
    column = layout.column(l)
    edge_mode, node_mode = modes
    if column.image is not None or column.is_strip:
        _paint_picture(painter, look, column, state, now, node_mode, scales)
        if column.is_strip:
            _paint_folds(painter, look, column)
        return
    each = faces(state, node_mode, now, l, column.shown.nodes, look.theme, scales)
    for j, face in zip(column.shown.nodes, each, strict=True):
        paint_node(painter, look, column, j, face)
        if column.has_values:
            _paint_index(painter, look, column, j)
    _paint_folds(painter, look, column)
    if l > 1 and column.has_indices:
        _paint_biases(painter, look, column, state, now, edge_mode, scales)


def paint_node(painter: QPainter, look: Look, column: Column, j: int, face: Face) -> None:
    """One node: circle, and its value where it has room, else its index."""
    theme, x, y = look.theme, float(column.x[j]), float(column.y[j])
    radius = column.diameter / 2
    outline = QPen(color(theme.node_outline if face.known else theme.border))
    outline.setWidthF((1.5 if column.diameter >= 20 else 1.2) * look.scale if face.known else 1.0)
    if not face.known:
        outline.setDashPattern([3, 3])
    painter.setPen(outline)
    empty = theme.surface if column.l == 1 and not theme.dark else theme.canvas
    painter.setBrush(color(face.fill or empty))
    inset = outline.widthF() / 2
    painter.drawEllipse(QPointF(x, y), radius - inset, radius - inset)
    text = face.text if column.has_values else str(j) if column.has_indices else ""
    if text:
        ink = face.ink if face.known else theme.text3
        paint_in_node(painter, look, QPointF(x, y), column.diameter, text, ink)


def paint_in_node(
    painter: QPainter, look: Look, center: QPointF, diameter: float, text: str, ink: str
) -> None:
    """Text in the middle of something, as large as fits."""
    size = min(max(diameter / look.scale * 0.29, 11.0), 18.0)
    width = look.metrics(size, SEMIBOLD).horizontalAdvance(text)
    room = diameter - 6 * look.scale
    painter.setFont(look.font(size if width <= room else max(size * room / width, 8), SEMIBOLD))
    painter.setPen(color(ink))
    box = QRectF(center.x() - diameter, center.y() - diameter, 2 * diameter, 2 * diameter)
    painter.drawText(box, _CENTER, text)


def _paint_index(painter: QPainter, look: Look, column: Column, j: int) -> None:
    box = index_box(column, j, look.scale)
    font, text = look.font(11), str(j)
    width = look.metrics(11).horizontalAdvance(text) + 2
    middle = box.center()
    paint_halo(painter, look, QRectF(middle.x() - width / 2, middle.y() - 5, width, 10))
    painter.setFont(font)
    painter.setPen(color(look.theme.text3))
    painter.drawText(box, _CENTER, text)


def index_box(column: Column, j: int, scale: float = 1.0) -> QRectF:
    """Where a node's index stands: above it, or at its upper right where room is short."""
    x, y, r = float(column.x[j]), float(column.y[j]), column.radius
    width, height = 26 * scale, 12 * scale
    if column.spacing - column.diameter >= _INDEX_GAP * scale:
        return QRectF(x - width / 2, y - r - height - 2 * scale, width, height)
    side = 0.72 * r + 6 * scale
    return QRectF(x + side - width / 2, y - side - height / 2, width, height)


def _paint_folds(painter: QPainter, look: Look, column: Column) -> None:
    """The gaps of folded nodes, and the words that fold again what was brought out by hand."""
    for (first, stop), y in zip(column.shown.gaps, column.gap_y.tolist(), strict=True):
        _paint_dots(painter, look, column, y)
        _paint_beside(painter, look, column, y, more_text(first, stop))
    for first, stop in column.shown.unfolded:
        y = float(column.y[first])
        _paint_beside(painter, look, column, y, fold_text(first, stop))


def _paint_dots(painter: QPainter, look: Look, column: Column, y: float) -> None:
    """⋮ in place of the nodes of a gap."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(look.theme.text2))
    for dy in (-4, 0, 4):
        painter.drawEllipse(QPointF(column.center, y + dy * look.scale), 1.3, 1.3)


def more_text(first: int, stop: int) -> str:
    """What stands beside a gap: how many nodes it folds away."""
    return f"{format_count(stop - first)} more"


def fold_text(first: int, stop: int) -> str:
    """What stands beside the first of the nodes that were brought out by hand."""
    return f"fold {format_count(stop - first)}"


def beside_box(column: Column, y: float, width: float, scale: float) -> QRectF:
    """Where a text of that width stands, right of a column."""
    left = column.center + max(column.radius, 6) + 4
    return QRectF(left, y - 8 * scale, width, 16 * scale)


def _paint_beside(painter: QPainter, look: Look, column: Column, y: float, text: str) -> None:
    box = beside_box(column, y, look.metrics(11).horizontalAdvance(text) + 2, look.scale)
    paint_halo(painter, look, box.adjusted(-2, 1, 0, -2))
    painter.setFont(look.font(11))
    painter.setPen(color(look.theme.text2))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def paint_halo(painter: QPainter, look: Look, box: QRectF) -> None:
    """Canvas behind a text that may lie on edges."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(look.theme.canvas))
    painter.drawRoundedRect(box, 3, 3)


# Biases -----------------------------------------------------------------------------------


def bias_box(column: Column, j: int, scale: float = 1.0, ringed: bool = False) -> Box:
    """The small square at a node's lower left that stands for its bias, outside its ring."""
    side = (10.0 if column.diameter >= VALUE_DIAMETER else 8.0) * scale
    reach = column.radius + 5 * scale + (reach_of(column, scale) if ringed else 0.0)
    across, down = _RINGED_ANGLE if ringed else _BIAS_ANGLE
    x, y = float(column.x[j]) + across * reach, float(column.y[j]) + down * reach
    return Box(x - side / 2, y - side / 2, side, side)


def _paint_biases(
    painter: QPainter,
    look: Look,
    column: Column,
    state: CanvasState,
    now: Moment,
    mode: EdgeMode,
    scales: Scales,
) -> None:
    for j in column.shown.nodes:
        found = bias_value(state, mode, now, column.l, j)
        if found is not None:
            value, known = found
            box = bias_box(column, j, look.scale)
            paint_bias(painter, look, box, value if known else None, getattr(scales, mode))


def paint_bias(painter: QPainter, look: Look, box: Box, value: float | None, vmax: float) -> None:
    """A bias as a square in the colour of its value, with its sign; outlined while pending."""
    theme = look.theme
    area = QRectF(*box)
    painter.setPen(QPen(color(theme.canvas), 2))
    painter.setBrush(color(theme.canvas))
    painter.drawRoundedRect(area, 2, 2)
    fill = theme.canvas if value is None else shade_color(look, shade(value, vmax))
    painter.setPen(QPen(color(theme.pending_edge if value is None else theme.node_outline), 1))
    painter.setBrush(color(fill))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    if value:
        _paint_sign(painter, area, value, text_on(fill))


def _paint_sign(painter: QPainter, area: QRectF, value: float, ink: str) -> None:
    painter.setPen(line_pen(ink, 1.5))
    reach, c = area.width() * 0.27, area.center()
    painter.drawLine(QLineF(c.x() - reach, c.y(), c.x() + reach, c.y()))
    if value > 0:
        painter.drawLine(QLineF(c.x(), c.y() - reach, c.x(), c.y() + reach))


# Layers as pictures -------------------------------------------------------------------------


def _paint_picture(
    painter: QPainter,
    look: Look,
    column: Column,
    state: CanvasState,
    now: Moment,
    mode: NodeMode,
    scales: Scales,
) -> None:
    """A layer as a heat strip, or the inputs as an image; pending numbers stay empty."""
    box = picture_box(column)
    values = node_values(state, mode if column.l > 1 else "a", column.l)
    assert values is not None, "inputs have activations"
    mode = mode if column.l > 1 else "a"
    nodes = np.array(column.shown.nodes, dtype=np.intp)
    fills = node_fills(mode, column.l, values[nodes], look.theme, scales)
    if column.l > 1:
        known = is_done(state.sequence, now, mode, column.l, nodes)
        canvas = color(look.theme.canvas)
        fills[~known] = (canvas.red(), canvas.green(), canvas.blue())
    across = round(box.width() / column.diameter) if column.image else 1
    painter.drawImage(box, picture(fills.reshape(-1, across, 3)))
    painter.setPen(QPen(color(look.theme.node_outline), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def picture_box(column: Column) -> QRectF:
    """Where the picture of a layer lies."""
    if column.image is not None:
        return QRectF(*column.image)
    half = column.spacing / 2
    top, bottom = float(column.y.min()) - half, float(column.y.max()) + half
    return QRectF(column.center - 5, top, 10, bottom - top)
