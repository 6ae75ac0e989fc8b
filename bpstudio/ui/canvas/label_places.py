"""From a highlight to placed labels: where each would like to be, and where it finds room."""

from __future__ import annotations

from dataclasses import replace
from math import dist

import numpy as np

from bpstudio.ui.canvas.band import BAND, Segment, band_segments, nearest_point, reach_of
from bpstudio.ui.canvas.highlight import Highlight, Label
from bpstudio.ui.canvas.labels import (
    Floats,
    Obstacles,
    Placed,
    Wishes,
    Wording,
    along_line,
    around_node,
    arrange_labels,
    nearer_to_others,
)
from bpstudio.ui.canvas.layout import Box, Layout
from bpstudio.ui.canvas.look import Look
from bpstudio.ui.canvas.obstacles import index_key
from bpstudio.ui.canvas.paint_labels import label_size
from bpstudio.ui.canvas.paint_nodes import bias_box

_ORDER = {"name": 0, "current": 1, "done": 2, "goal": 3}
_BAND_COST, _RING_COST, _MARK_COST = 3.0, 12.0, 2.0
_MISTAKABLE = 5.0  # cost of a name that is nearer to another node than to its own
_NAME_AWAY = 28.0  # pixels from its ring at the most
_MARGIN = 4.0
_BESIDE = 10.0  # pixels from its anchor beyond which a chip gets a line to it


def place_labels(
    lit: Highlight, layout: Layout, look: Look, static: Obstacles
) -> tuple[Placed, ...]:
    """All labels of a highlight, the most important first."""
    labels = sorted(lit.labels, key=lambda label: _ORDER[label.style])
    choices = [
        [_wording(each, layout, look) for each in wordings(label, layout)] for label in labels
    ]
    obstacles = _with_path(lit, layout, look, static)
    placed = arrange_labels(choices, obstacles, label_bounds(layout, look.scale))
    return tuple(_with_leader(each, layout, look) for each in placed)


def label_bounds(layout: Layout, scale: float) -> Box:
    """Where labels may stand: inside, and below the captions of the layers."""
    top = layout.caption_baselines[1] + _MARGIN * scale
    return Box(_MARGIN, top, layout.width - 2 * _MARGIN, layout.height - top - _MARGIN)


def wordings(label: Label, layout: Layout) -> tuple[Label, ...]:
    """Ways to word a label, the fullest first.

    A name carries its node's value where the node itself is too small to. A chip that finds no
    room has its number only; that of a factor done, then only its badge.
    """
    if label.style == "name":
        bare = replace(label, text="")
        own = layout.column(label.anchor[1]).has_values or not label.text
        return (bare,) if own else (label, bare)
    if label.style not in ("current", "done"):
        return (label,)
    number = replace(label, tex="", before="")
    badge = replace(number, text="")
    shorter = [number] * bool(label.tex)
    shorter += [badge] * (label.style == "done" and label.badge is not None)
    return (label, *shorter)


def _wording(label: Label, layout: Layout, look: Look) -> Wording:
    size = label_size(look, label)
    return Wording(label, size, _wishes(label, size, layout, look))


def _with_leader(placed: Placed, layout: Layout, look: Look) -> Placed:
    """The label with a line to its anchor, where it is not beside it."""
    if placed.label.style not in ("current", "done"):
        return placed
    x, y, width, height = placed.box
    at = anchor_point(placed.label, layout, look, x + width / 2, y + height / 2)
    corners = [(x, y), (x + width, y), (x, y + height), (x + width, y + height)]
    near = [anchor_point(placed.label, layout, look, *corner) for corner in corners]
    away = min(dist(point, placed.box.nearest(*point)) for point in (at, *near))
    return placed if away <= _BESIDE * look.scale else replace(placed, leader=at)


def anchor_point(
    label: Label, layout: Layout, look: Look, x: float, y: float
) -> tuple[float, float]:
    """The point of what a label belongs to, with its rails or ring, that is nearest to (x, y)."""
    segments = _anchor_segments(label, layout, look)
    if segments:
        points = [nearest_point(segment, x, y) for segment in segments]
        center, radius = min(points, key=lambda p: dist(p, (x, y))), BAND / 2 * look.scale
        if label.anchor[0] == "loss_edge" and layout.target(label.anchor[1]).contains(*center):
            radius = layout.target_size[1] / 2 + 1
    else:
        center, radius = _round_anchor(label, layout, look)
    share = min(radius / max(dist(center, (x, y)), 1e-9), 1.0)
    return center[0] + share * (x - center[0]), center[1] + share * (y - center[1])


def _anchor_segments(label: Label, layout: Layout, look: Look) -> tuple[Segment, ...]:
    """The lines of an edge; on the way to the loss through the target as well."""
    segments = band_segments(layout, label.anchor, look.scale)
    if label.anchor[0] != "loss_edge":
        return segments
    return (*segments, (*segments[0][2:], *segments[1][:2]))


def _round_anchor(label: Label, layout: Layout, look: Look) -> tuple[tuple[float, float], float]:
    """Centre and radius of a node with its ring, a bias mark, or the loss."""
    if label.anchor[0] == "loss":
        return layout.loss, layout.loss_diameter / 2 + 6 * look.scale
    _, l, j = label.anchor
    column = layout.column(l)
    if label.anchor[0] == "bias" and column.has_indices:
        box = bias_box(column, j, look.scale, ringed=True)
        return (box.x + box.width / 2, box.y + box.height / 2), 8 * look.scale
    return layout.node(l, j), column.radius + reach_of(column, look.scale)


def _with_path(lit: Highlight, layout: Layout, look: Look, static: Obstacles) -> Obstacles:
    obstacles = static.extended({index_key(ring.l, ring.j) for ring in lit.rings})
    for thing in (lit.current, *lit.done):
        for segment in band_segments(layout, thing, look.scale) if thing else ():
            obstacles.add_line(segment, 14 * look.scale, _BAND_COST)
    if lit.goal is not None:
        for segment in band_segments(layout, lit.goal, look.scale):
            obstacles.add_line(segment, 6 * look.scale, _BAND_COST / 3)
    for ring in lit.rings:
        column = layout.column(ring.l)
        x, y = layout.node(ring.l, ring.j)
        side = column.diameter + 2 * reach_of(column, look.scale)
        obstacles.add(x, y, side, side, _RING_COST)
        if ring.l > 1 and column.has_indices:
            box = bias_box(column, ring.j, look.scale, ringed=True)
            middle = (box.x + box.width / 2, box.y + box.height / 2)
            obstacles.add(*middle, box.width, box.height, _MARK_COST)
    return obstacles


def _wishes(label: Label, size: tuple[float, float], layout: Layout, look: Look) -> Wishes:
    kind = label.anchor[0]
    if kind in ("edge", "loss_edge"):
        segments = band_segments(layout, label.anchor, look.scale)
        reach = (6 if label.style == "goal" else 12) * look.scale
        if kind == "loss_edge":
            x0, y0, x1, y1 = (*segments[0][:2], *segments[1][2:])
            segments = ((x0, y0, x1, y1), *segments)
        beside = [along_line(segment, size, reach) for segment in segments]
        if all(dist(line[:2], line[2:]) < size[0] for line in segments):  # it is hardly longer
            middle = ((segments[0][0] + segments[0][2]) / 2, (segments[0][1] + segments[0][3]) / 2)
            beside.append(around_node(middle, size, reach))
        return _joined(beside)
    center, radius = _round_anchor(label, layout, look)
    reach = radius + (1 if label.style == "name" else 4) * look.scale
    below = kind == "bias" or (label.style == "done" and label.badge == 2)
    if label.style != "name":
        # it may stand off: it has a line to its node then
        return around_node(center, size, reach, "below" if below else "above")
    wishes = around_node(center, size, reach, farthest=_NAME_AWAY)
    others = _other_nodes(label, layout)
    return wishes.dearer(nearer_to_others(wishes.centers, size, center, others), _MISTAKABLE)


def _other_nodes(label: Label, layout: Layout) -> Floats:
    """The centres of the nodes that a name does not belong to, (n, 2)."""
    return np.array(
        [
            layout.node(column.l, j)
            for column in layout.columns
            if column.image is None
            for j in column.shown.nodes
            if ("node", column.l, j) != label.anchor
        ]
    ).reshape(-1, 2)


def _joined(wishes: list[Wishes]) -> Wishes:
    return Wishes(*(np.concatenate(each) for each in zip(*wishes, strict=True)))
