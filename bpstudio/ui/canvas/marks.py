"""Where the marks of things lie: their breakpoints, and the sign of what an edit changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import hypot
from typing import NamedTuple

import numpy as np

from bpstudio.ui.canvas.band import Segment, band_segments
from bpstudio.ui.canvas.layout import Column, Layout
from bpstudio.ui.canvas.paint_nodes import bias_box
from bpstudio.ui.canvas.state import Thing

DOT, SMALL_DOT = 13.0, 9.0
_ON_EDGE, _ON_LOSS_EDGE = 0.82, 0.35  # share of the way, clear of the arrowhead
_CHANGE_ON_EDGE = 0.5
_CHANGE_AT_NODE = (0.9, 0.44)  # direction from its middle: clear of index, bias and breakpoint
_DIAGONAL = 0.7071
_REACH = 2.0  # pixels beyond a mark that still count


class Spot(NamedTuple):
    """The middle of a mark and its diameter."""

    x: float
    y: float
    size: float


def breakpoint_spot(layout: Layout, thing: Thing, scale: float = 1.0) -> Spot | None:
    """Where the breakpoint of a thing lies: on an edge, in the gutter of a node. None: nowhere."""
    if not is_there(layout, thing):
        return None
    match thing:
        case ("edge", l, _, _):
            (line,) = band_segments(layout, thing, 0.0)
            return _on_line(line, _ON_EDGE, _dot(layout.column(l), scale))
        case ("node", l, j):
            dx, dy, size = gutter(layout.column(l), scale)
            x, y = layout.node(l, j)
            return Spot(x + dx, y + dy, size)
        case ("bias", l, j) if layout.column(l).has_indices:
            box = bias_box(layout.column(l), j, scale)
            return Spot(box.x - 7 * scale, box.y + box.height, SMALL_DOT * scale)
        case ("target", j):
            box, size = layout.target(j), _dot(layout.columns[-1], scale)
            return Spot(box.x, box.y, min(size, box.height))
        case ("loss_edge", j):
            line = band_segments(layout, thing, 0.0)[1]
            return _on_line(line, _ON_LOSS_EDGE, _dot(layout.columns[-1], scale))
        case ("loss",):
            x, y = layout.loss
            away = _DIAGONAL * layout.loss_diameter / 2
            return Spot(x - away, y - away, DOT * scale)
    return None


def is_there(layout: Layout, thing: Thing) -> bool:
    """Whether a network of this layout has such a thing."""
    sizes = [column.shown.n for column in layout.columns]
    match thing:
        case ("edge", l, j, k):
            return 2 <= l <= len(sizes) and j < sizes[l - 1] and k < sizes[l - 2]
        case ("node" | "bias", l, j):
            return 1 <= l <= len(sizes) and j < sizes[l - 1]
        case ("target" | "loss_edge", j):
            return j < sizes[-1]
    return thing == ("loss",)


def gutter(column: Column, scale: float = 1.0) -> Spot:
    """Where a node's breakpoint lies from its middle: at its upper left, else at its left."""
    size = _dot(column, scale)
    if column.image is not None:
        return Spot(0.0, 0.0, size)
    if column.has_indices:
        away = _DIAGONAL * (column.radius + 4 * scale)
        return Spot(-away, -away, size)
    return Spot(-(column.radius + size / 2 + 3 * scale), 0.0, size)


def _dot(column: Column, scale: float) -> float:
    return (DOT if column.has_indices else SMALL_DOT) * scale


def _on_line(line: Segment, share: float, size: float) -> Spot:
    x0, y0, x1, y1 = line
    return Spot(x0 + share * (x1 - x0), y0 + share * (y1 - y0), size)


def can_stop_at(layout: Layout, thing: Thing | None) -> bool:
    """Whether a thing has terms of its own to stop at, and is in sight: inputs have none."""
    match thing:
        case ("edge", l, j, k):
            return not (layout.column(l).hidden[j] or layout.column(l - 1).hidden[k])
        case ("node", l, j):
            return l > 1 and not layout.column(l).hidden[j]
        case ("bias", _, _) | ("target", _) | ("loss_edge", _) | ("loss",):
            return True
    return False


def mark_at(
    layout: Layout,
    breakpoints: Iterable[Thing],
    x: float,
    y: float,
    under: Thing | None,
    biases: Sequence[bool] = (),
    scale: float = 1.0,
) -> Thing | None:
    """The thing whose breakpoint is at a point, or would be there.

    Breakpoints that exist come first, then the places beside nodes, biases and targets, then that
    on the edge ``under`` the point. ``biases`` says for l = 2 … L whether the layer has biases.
    """
    existing = [thing for thing in breakpoints if can_stop_at(layout, thing)]
    edge = [under] if under is not None and can_stop_at(layout, under) else []
    return (
        _nearest(layout, existing, x, y, scale)
        or _gutter_at(layout, x, y, scale)
        or _nearest(layout, _beside(layout, x, biases, scale), x, y, scale)
        or _nearest(layout, edge, x, y, scale)
    )


def _beside(layout: Layout, x: float, biases: Sequence[bool], scale: float) -> Iterator[Thing]:
    """Biases, targets and the loss whose places may lie at x."""
    for column, has_bias in zip(layout.columns[1:], biases, strict=False):
        if has_bias and column.has_indices and abs(x - column.center) < 2 * column.diameter:
            yield from (("bias", column.l, j) for j in column.shown.nodes)
    if abs(x - layout.target_x) < layout.target_size[0] + DOT * scale:
        yield from (("target", j) for j in layout.columns[-1].shown.nodes)
    yield ("loss",)


def _nearest(
    layout: Layout, things: Iterable[Thing], x: float, y: float, scale: float
) -> Thing | None:
    best: tuple[float, Thing | None] = (np.inf, None)
    for thing in things:
        spot = breakpoint_spot(layout, thing, scale)
        if spot is not None:
            away = hypot(spot.x - x, spot.y - y)
            if away <= spot.size / 2 + _REACH and away < best[0]:
                best = (away, thing)
    return best[1]


def _gutter_at(layout: Layout, x: float, y: float, scale: float) -> Thing | None:
    for column in layout.columns[1:]:
        dx, dy, size = gutter(column, scale)
        if column.is_strip or abs(column.center + dx - x) > size / 2:
            continue
        nodes = np.array(column.shown.nodes)
        away = np.abs(column.y[nodes] + dy - y)
        nearest = int(np.argmin(away))
        if away[nearest] <= size / 2:
            return ("node", column.l, int(nodes[nearest]))
    return None


def change_spot(layout: Layout, thing: Thing, scale: float = 1.0) -> Spot | None:
    """Where the sign lies that says that an edit changed a thing's number. None: nowhere."""
    if not is_there(layout, thing):
        return None
    match thing:
        case ("edge", l, j, k):
            if layout.column(l).hidden[j] or layout.column(l - 1).hidden[k]:
                return None
            (line,) = band_segments(layout, thing, 0.0)
            return _on_line(line, _CHANGE_ON_EDGE, 6 * scale)
        case ("node", l, j):
            column = layout.column(l)
            if column.hidden[j] or column.is_strip or column.image is not None:
                return None
            x, y = layout.node(l, j)
            away = column.radius + 4 * scale
            dx, dy = _CHANGE_AT_NODE
            return Spot(x + dx * away, y + dy * away, 8 * scale)
        case ("bias", l, j) if layout.column(l).has_indices:
            box = bias_box(layout.column(l), j, scale)
            return Spot(box.x + box.width / 2, box.y + box.height + 5 * scale, 6 * scale)
        case ("target", j):
            box = layout.target(j)
            return Spot(box.x + box.width, box.y + box.height, 8 * scale)
        case ("loss",):
            away = _DIAGONAL * layout.loss_diameter / 2
            return Spot(layout.loss[0] + away, layout.loss[1] + away, 8 * scale)
    return None
