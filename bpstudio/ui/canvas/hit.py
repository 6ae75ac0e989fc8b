"""What lies under a point: pure arithmetic on the layout and the edges that are drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bpstudio.ui.canvas.band import band_segments, loss_segments
from bpstudio.ui.canvas.edges import EdgeSet, folded, segments
from bpstudio.ui.canvas.layout import Column, Layout
from bpstudio.ui.canvas.paint_nodes import bias_box
from bpstudio.ui.canvas.state import Thing

_NEAR_NODE = 3.0  # pixels beyond the outline that still count
_NEAR_EDGE = 5.0
_NEAR_GAP = 9.0
_WORDS = 46.0  # pixels, of the words beside a gap


def thing_at(
    layout: Layout, edges: Sequence[EdgeSet], x: float, y: float, biases: Sequence[bool] = ()
) -> Thing | None:
    """The thing under a point: bias, node, target or loss first, then the nearest edge.

    ``biases`` says for l = 2 … L whether the layer has biases.
    """
    return (
        _bias_at(layout, x, y, biases)
        or _node_at(layout, x, y)
        or _output_at(layout, x, y)
        or _words_at(layout, x, y)
        or _edge_at(layout, edges, x, y)
    )


def _bias_at(layout: Layout, x: float, y: float, biases: Sequence[bool]) -> Thing | None:
    for column, has_bias in zip(layout.columns[1:], biases, strict=False):
        if not has_bias or not column.has_indices or abs(x - column.center) > column.diameter:
            continue
        for j in column.shown.nodes:
            if bias_box(column, j).contains(x, y):
                return ("bias", column.l, j)
    return None


def _node_at(layout: Layout, x: float, y: float) -> Thing | None:
    for column in layout.columns:
        if column.image is not None:
            if column.image.contains(x, y):
                return ("node", column.l, _pixel_at(column, x, y))
            continue
        reach = max(column.radius, 4) + _NEAR_NODE
        if abs(x - column.center) <= max(reach, _NEAR_GAP):
            found = _in_column(column, x, y, reach)
            if found is not None:
                return found
    return None


def _pixel_at(column: Column, x: float, y: float) -> int:
    return int(np.argmin((column.x - x) ** 2 + (column.y - y) ** 2))


def _in_column(column: Column, x: float, y: float, reach: float) -> Thing | None:
    nodes = np.array(column.shown.nodes)
    away = np.hypot(column.center - x, column.y[nodes] - y)
    nearest = int(np.argmin(away))
    if away[nearest] <= reach:
        return ("node", column.l, int(nodes[nearest]))
    for (first, stop), gap_y in zip(column.shown.gaps, column.gap_y.tolist(), strict=True):
        if abs(y - gap_y) <= min(_NEAR_GAP, column.spacing / 2):
            return ("more", column.l, first, stop)
    return None


def _words_at(layout: Layout, x: float, y: float) -> Thing | None:
    """The words beside a gap, or beside the first of nodes that were brought out."""
    for column in layout.columns:
        left = column.center + max(column.radius, 6)
        if not column.has_folds or not left <= x <= left + _WORDS:
            continue
        reach = min(_NEAR_GAP, max(column.spacing / 2, 5.0))
        for thing in column.folds():
            if abs(y - column.height_of(thing)) <= reach:
                return thing
    return None


def _output_at(layout: Layout, x: float, y: float) -> Thing | None:
    if np.hypot(layout.loss[0] - x, layout.loss[1] - y) <= layout.loss_diameter / 2:
        return ("loss",)
    if abs(x - layout.target_x) > layout.target_size[0] / 2:
        return None
    nodes = layout.column(layout.L).shown.nodes
    return next((("target", j) for j in nodes if layout.target(j).contains(x, y)), None)


def _edge_at(layout: Layout, edges: Sequence[EdgeSet], x: float, y: float) -> Thing | None:
    for each in edges:
        left, right = layout.column(each.l - 1), layout.column(each.l)
        if left.x.min() <= x <= right.center:
            return _nearest_edge(layout, each, x, y)
    if x > layout.column(layout.L).center:
        return _loss_edge_at(layout, x, y)
    return None


def _nearest_edge(layout: Layout, edges: EdgeSet, x: float, y: float) -> Thing | None:
    if not len(edges.j) or (edges.row is not None and layout.column(edges.l - 1).image):
        return None
    lines = segments(layout, edges.l, edges.j, edges.k)
    away = np.where(folded(layout, edges.l, edges.j, edges.k), np.inf, distances(lines, x, y))
    # of edges equally near the one on top, which is drawn last
    nearest = len(away) - 1 - int(np.argmin(away[::-1]))
    if away[nearest] > _NEAR_EDGE:
        return None
    return ("edge", edges.l, int(edges.j[nearest]), int(edges.k[nearest]))


def is_on(layout: Layout, thing: Thing, x: float, y: float) -> bool:
    """Whether a point lies on an edge or a bias, whatever else lies there."""
    if thing[0] == "bias":
        column = layout.column(thing[1])
        return column.has_indices and bias_box(column, thing[2]).contains(x, y)
    lines = np.array(band_segments(layout, thing, 0.0))
    return bool(len(lines)) and float(distances(lines, x, y).min()) <= _NEAR_EDGE


def distances(lines: np.ndarray, x: float, y: float) -> np.ndarray:
    """Distance of a point from each line segment, (m, 4) → (m,)."""
    start, along = lines[:, :2], lines[:, 2:] - lines[:, :2]
    offset = np.array([x, y]) - start
    squared = np.maximum((along**2).sum(axis=1), 1e-9)
    t = np.clip((offset * along).sum(axis=1) / squared, 0, 1)
    return np.hypot(*(offset - t[:, None] * along).T)


def _loss_edge_at(layout: Layout, x: float, y: float) -> Thing | None:
    nodes = layout.column(layout.L).shown.nodes
    lines = np.array([segment for j in nodes for segment in loss_segments(layout, j)])
    away = distances(lines, x, y)
    nearest = int(np.argmin(away))
    return ("loss_edge", nodes[nearest // 2]) if away[nearest] <= _NEAR_EDGE else None
