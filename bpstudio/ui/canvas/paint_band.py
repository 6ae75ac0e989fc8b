"""Painting the edges of the path: the goal, factors that are done, and the current band."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from bpstudio.ui.canvas.band import BAND, Segment, band_segments
from bpstudio.ui.canvas.edges import edges_at
from bpstudio.ui.canvas.look import color, line_pen, tone_color
from bpstudio.ui.canvas.paint_edges import shade, shade_pen
from bpstudio.ui.canvas.progress import is_done
from bpstudio.ui.canvas.scene import Scene
from bpstudio.ui.canvas.state import Thing

_RAIL, _DATA, _HALO = 3.5, 4.5, 2.5
_THIN_BAND, _THIN_RAIL = 11.0, 1.25


def _stroke(painter: QPainter, name: str, width: float, segments: Sequence[Segment]) -> None:
    painter.setPen(line_pen(name, width))
    painter.drawLines([QLineF(*segment) for segment in segments])


def paint_goal(painter: QPainter, scene: Scene, goal: Thing) -> None:
    """Two neutral lines."""
    theme, k = scene.look.theme, scene.look.scale
    segments = band_segments(scene.layout, goal, 0.0)
    _stroke(painter, theme.canvas, 8.5 * k, segments)
    _stroke(painter, theme.text2, 6.0 * k, segments)
    _stroke(painter, theme.canvas, 3.5 * k, segments)


def paint_done(painter: QPainter, scene: Scene, thing: Thing) -> None:
    """Thin rails along a factor that is done."""
    theme, k = scene.look.theme, scene.look.scale
    segments = band_segments(scene.layout, thing, k)
    if not segments:
        return
    _stroke(painter, theme.accent_outline, _THIN_BAND * k, segments)
    _stroke(painter, theme.canvas, (_THIN_BAND - 2 * _THIN_RAIL) * k, segments)
    painter.setPen(_data_pen(scene, thing))
    painter.drawLines([QLineF(*segment) for segment in segments])


def _data_pen(scene: Scene, thing: Thing) -> QPen:
    """The line of a done factor, as it lies in the picture but in full colour."""
    found = _data_value(scene, thing)
    if found is None:
        return line_pen(scene.look.theme.node_outline, scene.look.scale)
    value, vmax = found
    return shade_pen(scene.look, shade(value, vmax))


def _data_value(scene: Scene, thing: Thing) -> tuple[float, float] | None:
    """The number an edge carries in the picture, and the end of its ramp; None while pending."""
    state = scene.state
    if thing[0] == "loss_edge":
        L, j = scene.layout.L, thing[1]
        known = is_done(state.sequence, scene.now, "dC_da", L, j)
        value = float(state.trace.dC_da(L)[state.s, j])
        return (value, scene.scales.dC_da) if known else None
    edges = edges_at(scene.source, thing[1], [thing[2]], [thing[3]])
    return (float(edges.values[0]), scene.vmax) if edges.done(scene.now)[0] else None


def paint_band(painter: QPainter, scene: Scene, segments: Sequence[Segment]) -> None:
    """Two accent rails, the data line between them, an arrowhead with the flow."""
    theme, k = scene.look.theme, scene.look.scale
    small = _smallest_diameter(scene) < 20
    k *= 0.72 if small else 1.0
    _stroke(painter, theme.canvas, (BAND + 2 * _HALO) * k, segments)
    _stroke(painter, theme.accent, BAND * k, segments)
    _stroke(painter, theme.canvas, (BAND - 2 * _RAIL) * k, segments)
    value, tone = scene.highlight.value, scene.highlight.tone
    l = (scene.state.step.l or scene.layout.L) if scene.state.step else scene.layout.L
    ends = scene.scales.activation(max(l - 1, 1))
    name = tone_color(theme, scene.scales, tone, value, ends)
    width = _DATA * k
    if tone == "activation":  # as a node: a pale fill needs its outline
        _stroke(painter, theme.node_outline, width, segments)
        width -= 1.5 * k
    painter.setPen(line_pen(name, width, value < 0))
    painter.drawLines([QLineF(*segment) for segment in segments])
    if scene.highlight.flow:
        _paint_arrowhead(painter, scene, segments[-1], k)


def _smallest_diameter(scene: Scene) -> float:
    return min(
        (
            scene.layout.column(r.l).diameter
            for r in scene.highlight.rings
            if scene.layout.column(r.l).image is None
        ),
        default=42.0,
    )


def _paint_arrowhead(painter: QPainter, scene: Scene, segment: Segment, k: float) -> None:
    """A triangle on the band, nearer to where the flow goes."""
    x0, y0, x1, y1 = segment if scene.highlight.flow > 0 else (*segment[2:], *segment[:2])
    length = hypot(x1 - x0, y1 - y0)
    if length < 24 * k:
        return
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    at = min(0.72 * length + 7 * k, length - 2)
    tip = (x0 + at * dx, y0 + at * dy)
    base = (tip[0] - 14 * k * dx, tip[1] - 14 * k * dy)
    wing = (-dy * 7.5 * k, dx * 7.5 * k)
    painter.setPen(QPen(color(scene.look.theme.canvas), 1.2 * k))
    painter.setBrush(color(scene.look.theme.accent))
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(*tip),
                QPointF(base[0] + wing[0], base[1] + wing[1]),
                QPointF(base[0] - wing[0], base[1] - wing[1]),
            ]
        )
    )
