"""Painting the targets and the loss."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from bpstudio.core.notation import format_number
from bpstudio.ui.canvas.layout import Box, Layout
from bpstudio.ui.canvas.look import Look, color
from bpstudio.ui.canvas.paint_nodes import paint_in_node
from bpstudio.ui.canvas.progress import Moment, is_done
from bpstudio.ui.canvas.state import CanvasState

_BESIDE_NODE = 4.0  # px that stay free beside an output node


def paint_targets(
    painter: QPainter,
    look: Look,
    layout: Layout,
    state: CanvasState,
    nodes: Sequence[int],
) -> None:
    """Boxes with the targets of output nodes."""
    for j in nodes:
        box = QRectF(*layout.target(j))
        painter.setPen(QPen(color(look.theme.node_outline), 1.5 * look.scale))
        painter.setBrush(color(look.theme.canvas if look.theme.dark else look.theme.surface))
        painter.drawRoundedRect(box, 4, 4)
        if box.height() >= 15:
            text = format_number(float(state.trace.Y[state.s, j]), 2)
            paint_in_node(painter, look, box.center(), box.width(), text, look.theme.text1)


def paint_target_names(painter: QPainter, look: Look, layout: Layout, state: CanvasState) -> None:
    """The names of the targets, and their numbers in the file, where there is room."""
    names, raw = state.target_names, state.raw_targets
    painter.setFont(look.font(12))
    painter.setPen(color(look.theme.text2))
    for j in layout.column(layout.L).shown.nodes:
        box = target_name_box(layout, j, look.scale)
        if box is not None and j < len(names):
            number = f" {raw[j]}" if j < len(raw) else ""
            room = box.width - look.metrics(12).horizontalAdvance(number)
            name = look.metrics(12).elidedText(names[j], Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(*box), Qt.AlignmentFlag.AlignCenter, name + number)


def target_name_box(layout: Layout, j: int, scale: float = 1.0) -> Box | None:
    """Where a target's name stands: away from the edges to the loss; None without room."""
    target, height = layout.target(j), 15 * scale
    if layout.column(layout.L).spacing - target.height < height:
        return None
    after_node = layout.target_x - names_begin(layout, scale)
    width = min(96 * scale, 2 * (layout.loss[0] - layout.target_x) * 0.78, 2 * after_node)
    above = target.y + target.height / 2 < layout.loss[1] - 1
    y = target.y - height - 2 if above else target.y + target.height + 2
    return Box(layout.target_x - width / 2, y, width, height)


def names_begin(layout: Layout, scale: float = 1.0) -> float:
    """The place right of the output nodes from which on names of targets may stand."""
    column = layout.column(layout.L)
    return column.center + column.radius + _BESIDE_NODE * scale


def paint_loss(
    painter: QPainter, look: Look, layout: Layout, state: CanvasState, now: Moment
) -> None:
    """The loss of the sample, once it is computed."""
    known = bool(is_done(state.sequence, now, "C"))
    pen = QPen(color(look.theme.text2 if known else look.theme.border), 1.5 * look.scale)
    if not known:
        pen = QPen(color(look.theme.border), 1)
        pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.setBrush(color(look.theme.canvas if look.theme.dark else look.theme.surface))
    center, radius = QPointF(*layout.loss), layout.loss_diameter / 2 - 1
    painter.drawEllipse(center, radius, radius)
    if known and layout.loss_diameter >= 30:
        text = loss_number(float(state.trace.C[state.s]))
        diameter = min(layout.loss_diameter, 46 * look.scale)
        paint_in_node(painter, look, center, diameter, text, look.theme.text1)


def loss_number(C_0: float) -> str:
    """C_0 with three decimals where they fit."""
    return format_number(C_0, 3 if C_0 < 100 else 1)
