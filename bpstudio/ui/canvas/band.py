"""The band of an edge on the path: pure geometry shared by painting, labels and motion."""

from __future__ import annotations

from math import hypot

from bpstudio.ui.canvas.edges import FOLDED_CUT
from bpstudio.ui.canvas.layout import INDEX_DIAMETER, Column, Layout
from bpstudio.ui.canvas.state import Thing

Segment = tuple[float, float, float, float]

RING_GAP, RING = 6.0, 3.0
BAND = 16.0  # width of the current edge with its rails


def reach_of(column: Column, scale: float = 1.0) -> float:
    """How far a current node's ring reaches beyond the node."""
    if column.image is not None:
        return 3.0 * scale
    return (RING_GAP + RING / 2 if column.diameter >= INDEX_DIAMETER else 5.0) * scale


def band_segments(layout: Layout, thing: Thing, scale: float = 1.0) -> tuple[Segment, ...]:
    """The lines of an edge between its rings; of output – target – loss both; else none."""
    if thing[0] == "edge":
        return (_edge_segment(layout, thing[1], thing[2], thing[3], scale),)
    if thing[0] == "loss_edge":
        return loss_segments(layout, thing[1], reach_of(layout.column(layout.L), scale))
    return ()


def _edge_segment(layout: Layout, l: int, j: int, k: int, scale: float) -> Segment:
    left, right = layout.column(l - 1), layout.column(l)
    x0, y0 = layout.node(l - 1, k)
    x1, y1 = layout.node(l, j)
    length = max(hypot(x1 - x0, y1 - y0), 1e-9)
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    start = _cut(left, k) + reach_of(left, scale)
    stop = _cut(right, j) + reach_of(right, scale)
    if start + stop > length - 4:
        start = stop = 0.0
    return (x0 + start * dx, y0 + start * dy, x1 - stop * dx, y1 - stop * dy)


def _cut(column: Column, j: int) -> float:
    """Where an edge ends before the middle of its node."""
    return FOLDED_CUT if column.hidden[j] else column.radius


def loss_segments(layout: Layout, j: int, inset: float = 0.0) -> tuple[Segment, Segment]:
    """From output node j to its target, and on to the loss; ``inset`` at the node."""
    x, y = layout.node(layout.L, j)
    box, (cx, cy) = layout.target(j), layout.loss
    start = box.x + box.width
    dx, dy = cx - start, cy - y
    cut = layout.loss_diameter / 2 / max(hypot(dx, dy), 1e-9)
    return (
        (x + layout.column(layout.L).radius + inset, y, box.x, y),
        (start, y, cx - cut * dx, cy - cut * dy),
    )


def between(one: Segment, other: Segment, share: float) -> Segment:
    """A segment on its way from one to another."""
    x0, y0, x1, y1 = (a + share * (b - a) for a, b in zip(one, other, strict=True))
    return (x0, y0, x1, y1)


def nearest_point(segment: Segment, x: float, y: float) -> tuple[float, float]:
    """The point of a segment that is nearest to (x, y)."""
    x0, y0, x1, y1 = segment
    dx, dy = x1 - x0, y1 - y0
    t = ((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-9)
    t = min(max(t, 0.0), 1.0)
    return x0 + t * dx, y0 + t * dy
