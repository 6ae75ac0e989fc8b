"""What is painted over the picture at each step: the path, the current thing, the labels."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from bpstudio.ui.canvas.band import RING, Segment, band_segments, reach_of
from bpstudio.ui.canvas.faces import bias_value, faces
from bpstudio.ui.canvas.look import Look, color
from bpstudio.ui.canvas.paint_band import paint_band, paint_done, paint_goal
from bpstudio.ui.canvas.paint_edges import paint_arrow, paint_edges
from bpstudio.ui.canvas.paint_labels import paint_label, paint_leader
from bpstudio.ui.canvas.paint_nodes import (
    beside_box,
    bias_box,
    fold_text,
    index_box,
    more_text,
    paint_bias,
    paint_halo,
    paint_node,
)
from bpstudio.ui.canvas.paint_output import paint_loss, paint_targets
from bpstudio.ui.canvas.progress import is_done
from bpstudio.ui.canvas.scene import Scene
from bpstudio.ui.canvas.state import Thing
from bpstudio.ui.fonts import SEMIBOLD


def paint_highlight(painter: QPainter, scene: Scene, band: Sequence[Segment]) -> None:
    """The path of the step; ``band``: where the current band lies, while it moves."""
    lit = scene.highlight
    for edges in scene.lit:
        paint_edges(painter, scene.look, scene.layout, edges, scene.now, scene.vmax, lit=True)
        for j in sorted(set(edges.j.tolist())):
            if scene.layout.column(edges.l).has_indices:
                _paint_bias(painter, scene, edges.l, j, ringed=False)
    if lit.goal is not None:
        paint_goal(painter, scene, lit.goal)
    for thing in lit.done:
        if thing != lit.current:
            paint_done(painter, scene, thing)
    if lit.current is not None and band:
        paint_band(painter, scene, band)
    _paint_rings(painter, scene)
    _paint_ends(painter, scene)
    if lit.current is not None and lit.current[0] == "bias":
        _paint_current_bias(painter, scene, lit.current)


def paint_labels(painter: QPainter, scene: Scene) -> None:
    """Names and chips, on top of everything."""
    for placed in scene.labels:
        if placed.leader is not None:
            paint_leader(painter, scene.look, placed, placed.leader)
    for placed in scene.labels:
        paint_label(painter, scene.look, placed)


# Nodes ------------------------------------------------------------------------------------


def _paint_rings(painter: QPainter, scene: Scene) -> None:
    lit = scene.highlight
    ringed = {(ring.l, ring.j) for ring in lit.rings}
    for l, j in lit.soft:
        if (l, j) not in ringed:
            _paint_ring(painter, scene, l, j, current=False)
            _paint_side_index(painter, scene, l, j)
    for ring in lit.rings:
        _paint_ring(painter, scene, ring.l, ring.j, current=True)


def _paint_ring(painter: QPainter, scene: Scene, l: int, j: int, current: bool) -> None:
    look, column = scene.look, scene.layout.column(l)
    x, y = scene.layout.node(l, j)
    if column.image is not None:
        _frame_pixel(painter, look, x, y, column.diameter)
        return
    if current and column.has_values:
        paint_halo(painter, look, index_box(column, j, look.scale).adjusted(8, 0, -8, 0))
    width = (RING if current else 1.5) * look.scale
    radius = column.radius + reach_of(column, look.scale) - (0 if current else 3 * look.scale)
    painter.setPen(QPen(color(look.theme.canvas), width + 3 * look.scale))
    painter.setBrush(color(look.theme.accent_soft if current else look.theme.canvas))
    painter.drawEllipse(QPointF(x, y), radius, radius)
    name = look.theme.accent if current else look.theme.accent_outline
    painter.setPen(QPen(color(name), width))
    painter.drawEllipse(QPointF(x, y), radius, radius)
    _paint_face(painter, scene, l, j, current)


def _paint_side_index(painter: QPainter, scene: Scene, l: int, j: int) -> None:
    """The index beside a node that is too small to carry it."""
    look, column = scene.look, scene.layout.column(l)
    if column.has_indices or column.spacing < 10 * look.scale:
        return
    x, y = scene.layout.node(l, j)
    width = look.metrics(11, SEMIBOLD).horizontalAdvance(str(j)) + 4
    left = x + column.radius + reach_of(column, look.scale) + 1
    box = QRectF(left, y - 7 * look.scale, width, 14 * look.scale)
    paint_halo(painter, look, box)
    painter.setFont(look.font(11, SEMIBOLD))
    painter.setPen(color(look.theme.text1))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(j))


def _paint_face(painter: QPainter, scene: Scene, l: int, j: int, ringed: bool) -> None:
    column = scene.layout.column(l)
    if column.is_strip:
        return
    each = faces(scene.state, scene.modes.nodes, scene.now, l, (j,), scene.look.theme, scene.scales)
    paint_node(painter, scene.look, column, j, each[0])
    if l > 1 and column.has_indices:
        _paint_bias(painter, scene, l, j, ringed)


def _paint_bias(painter: QPainter, scene: Scene, l: int, j: int, ringed: bool) -> None:
    found = bias_value(scene.state, scene.modes.edges, scene.now, l, j)
    if found is not None:
        value, known = found
        box = bias_box(scene.layout.column(l), j, scene.look.scale, ringed)
        paint_bias(painter, scene.look, box, value if known else None, scene.vmax)


def _frame_pixel(painter: QPainter, look: Look, x: float, y: float, side: float) -> None:
    half = max(side / 2, 3) + 1
    box = QRectF(x - half, y - half, 2 * half, 2 * half)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color(look.theme.canvas), 4 * look.scale))
    painter.drawRect(box)
    painter.setPen(QPen(color(look.theme.accent), 2 * look.scale))
    painter.drawRect(box)


def _paint_ends(painter: QPainter, scene: Scene) -> None:
    """Targets, loss and arrows that the path runs through, put back on top of it."""
    things = [thing for thing in (scene.highlight.current, *scene.highlight.done) if thing]
    losses = [thing[1] for thing in things if thing[0] == "loss_edge"]
    for j in losses:
        dC_da = float(scene.state.trace.dC_da(scene.layout.L)[scene.state.s, j])
        known = bool(is_done(scene.state.sequence, scene.now, "dC_da", scene.layout.L, j))
        if known and scene.state.show_arrows:
            paint_arrow(painter, scene.look, scene.layout, j, dC_da)
    if losses:
        paint_targets(painter, scene.look, scene.layout, scene.state, losses)
        paint_loss(painter, scene.look, scene.layout, scene.state, scene.now)
    if scene.highlight.current == ("loss",):
        _paint_loss_ring(painter, scene)


def _paint_loss_ring(painter: QPainter, scene: Scene) -> None:
    look, radius = scene.look, scene.layout.loss_diameter / 2 + 5 * scene.look.scale
    painter.setPen(QPen(color(look.theme.accent), RING * look.scale))
    painter.setBrush(color(look.theme.accent_soft))
    painter.drawEllipse(QPointF(*scene.layout.loss), radius, radius)
    paint_loss(painter, look, scene.layout, scene.state, scene.now)


def _paint_current_bias(painter: QPainter, scene: Scene, thing: Thing) -> None:
    """The bias mark in an accent frame."""
    look, column = scene.look, scene.layout.column(thing[1])
    if not column.has_indices:
        return
    area = QRectF(*bias_box(column, thing[2], look.scale, ringed=True))
    painter.setPen(QPen(color(look.theme.accent), 2.5 * look.scale))
    painter.setBrush(color(look.theme.canvas))
    painter.drawRoundedRect(area.adjusted(-3.5, -3.5, 3.5, 3.5), 4, 4)
    _paint_bias(painter, scene, thing[1], thing[2], ringed=True)


def paint_selection(painter: QPainter, scene: Scene, thing: Thing, focused: bool) -> None:
    """The outline of what is selected: accent while the canvas has the focus."""
    look = scene.look
    pen = QPen(color(look.theme.accent if focused else look.theme.text3), 2 * look.scale)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for segment in band_segments(scene.layout, thing, 0.0):
        _paint_outline(painter, segment, 6 * look.scale)
    if thing[0] == "node":
        column = scene.layout.column(thing[1])
        x, y = scene.layout.node(thing[1], thing[2])
        radius = max(column.diameter / 2, 3) + 3 * look.scale
        painter.drawEllipse(QPointF(x, y), radius, radius)
    elif thing[0] == "bias":
        area = QRectF(*bias_box(scene.layout.column(thing[1]), thing[2], look.scale))
        painter.drawRoundedRect(area.adjusted(-3, -3, 3, 3), 4, 4)
    elif thing[0] in ("more", "fold"):
        painter.drawRoundedRect(_fold_frame(scene, thing), 4, 4)
    elif thing[0] == "target":
        area = QRectF(*scene.layout.target(thing[1]))
        painter.drawRoundedRect(area.adjusted(-4, -4, 4, 4), 4, 4)
    elif thing[0] == "loss":
        radius = scene.layout.loss_diameter / 2 + 3 * look.scale
        painter.drawEllipse(QPointF(*scene.layout.loss), radius, radius)


def _fold_frame(scene: Scene, thing: Thing) -> QRectF:
    """Round ⋮ and its words, or round the words that fold again."""
    look, column = scene.look, scene.layout.column(thing[1])
    text = more_text(*thing[2:]) if thing[0] == "more" else fold_text(*thing[2:])
    width = look.metrics(11).horizontalAdvance(text) + 2
    box = beside_box(column, column.height_of(thing), width, look.scale)
    if thing[0] == "more":
        box.setLeft(column.center - 6 * look.scale)
    return box.adjusted(-3, 0, 2, 0)


def _paint_outline(painter: QPainter, segment: Segment, half: float) -> None:
    x0, y0, x1, y1 = segment
    length = max(hypot(x1 - x0, y1 - y0), 1e-9)
    nx, ny = -(y1 - y0) / length * half, (x1 - x0) / length * half
    painter.drawLine(QLineF(x0 + nx, y0 + ny, x1 + nx, y1 + ny))
    painter.drawLine(QLineF(x0 - nx, y0 - ny, x1 - nx, y1 - ny))
