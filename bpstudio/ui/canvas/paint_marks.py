"""Painting breakpoints, and the sign of what an edit changed: shapes tell them apart."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from bpstudio.ui.canvas.layout import Layout
from bpstudio.ui.canvas.look import Look, color, line_pen
from bpstudio.ui.canvas.marks import Spot, breakpoint_spot, change_spot
from bpstudio.ui.canvas.scene import Scene
from bpstudio.ui.canvas.state import OFF, Thing

_OUTLINE = 2.0  # of canvas colour, round a mark
_RING = 1.75


def paint_marks(painter: QPainter, scene: Scene) -> None:
    """The signs of changed numbers, and over them all breakpoints."""
    look, layout, state = scene.look, scene.layout, scene.state
    paint_changes(painter, look, layout, state.changed)
    for thing, style in state.breakpoints.items():
        spot = breakpoint_spot(layout, thing, look.scale)
        if spot is not None:
            _paint_way_to_pixel(painter, look, layout, thing)
            paint_breakpoint(painter, look, spot, style)


def _paint_way_to_pixel(painter: QPainter, look: Look, layout: Layout, thing: Thing) -> None:
    """The edge below a breakpoint, where edges from an image are not drawn."""
    if thing[0] != "edge" or layout.column(thing[1] - 1).image is None:
        return
    _, l, j, k = thing
    painter.setPen(line_pen(look.theme.text3, look.scale))
    painter.drawLine(QPointF(*layout.node(l - 1, k)), QPointF(*layout.node(l, j)))


def paint_breakpoint(painter: QPainter, look: Look, spot: Spot, style: str) -> None:
    """A dot, a diamond with a condition, a ring with two lines that logs; off: hollow, grey."""
    kind, off = style.removesuffix(OFF), style.endswith(OFF)
    ink = look.theme.text3 if off else look.theme.breakpoint
    shape = _shape(kind, spot, look.scale)
    painter.setPen(QPen(color(look.theme.canvas), 2 * _OUTLINE * look.scale))
    painter.setBrush(color(look.theme.canvas))
    painter.drawPath(shape)
    hollow = off or kind == "log"
    painter.setPen(QPen(color(ink), (_RING if hollow else 1.0) * look.scale))
    painter.setBrush(color(look.theme.canvas if hollow else ink))
    painter.drawPath(shape)
    if kind == "log":
        _paint_log_lines(painter, spot)


def paint_place(painter: QPainter, look: Look, spot: Spot) -> None:
    """Where a click would set a breakpoint."""
    painter.setPen(QPen(color(look.theme.canvas), 2 * _OUTLINE * look.scale))
    painter.setBrush(color(look.theme.canvas))
    shape = _shape("line", spot, look.scale)
    painter.drawPath(shape)
    painter.setPen(QPen(color(look.theme.breakpoint), 1.25 * look.scale))
    painter.drawPath(shape)


def _shape(kind: str, spot: Spot, scale: float) -> QPainterPath:
    """The outline, so that its stroke ends at the mark's diameter."""
    path, half = QPainterPath(), spot.size / 2 - scale / 2
    if kind == "condition":
        half += 1.2 * scale  # a diamond of the same weight is larger
        corners = ((0, -half), (half, 0), (0, half), (-half, 0))
        path.addPolygon(QPolygonF([QPointF(spot.x + dx, spot.y + dy) for dx, dy in corners]))
        path.closeSubpath()
    else:
        path.addEllipse(QPointF(spot.x, spot.y), half, half)
    return path


def _paint_log_lines(painter: QPainter, spot: Spot) -> None:
    reach, gap = 0.22 * spot.size, 0.12 * spot.size
    for dy in (-gap, gap):
        y = spot.y + dy
        painter.drawLine(QLineF(spot.x - reach, y, spot.x + reach, y))


def paint_changes(painter: QPainter, look: Look, layout: Layout, changed: Iterable[Thing]) -> None:
    """A small Δ at everything whose number an edit changed, all in one stroke."""
    path = QPainterPath()
    for thing in changed:
        spot = change_spot(layout, thing, look.scale)
        if spot is not None:
            add_triangle(path, spot)
    if path.isEmpty():
        return
    painter.setBrush(color(look.theme.canvas))
    painter.setPen(QPen(color(look.theme.canvas), 3.5 * look.scale))
    painter.drawPath(path)
    painter.setPen(QPen(color(look.theme.text2), 1.25 * look.scale))
    painter.drawPath(path)


def add_triangle(path: QPainterPath, spot: Spot) -> None:
    """Δ, the sign of a changed number."""
    half, rise = spot.size / 2, 0.45 * spot.size
    path.moveTo(spot.x, spot.y - rise)
    path.lineTo(spot.x + half, spot.y + rise)
    path.lineTo(spot.x - half, spot.y + rise)
    path.closeSubpath()
