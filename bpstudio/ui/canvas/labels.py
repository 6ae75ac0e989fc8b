"""Putting labels where they cover as little as possible: arithmetic on rectangles."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.ui.canvas.highlight import Label
from bpstudio.ui.canvas.layout import Box

Floats = NDArray[np.float64]

_OUTSIDE = 1e6  # more than anything that could be covered inside
_ON_LABEL, _NEAR_LABEL = 60.0, 2.0
_CLEAR = 4.0
ACCEPTABLE = 4.0  # cost up to which a label takes its place
_DISPENSABLE = {"goal", "name"}  # the double line and the ring are there all the same
_DISTANCE = 0.045  # cost of each pixel away from the anchor
_ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)
_FARTHER = (0.0, 7.0, 16.0, 28.0, 42.0, 60.0, 86.0)

# (share of the line, distance beyond the nearest, side) of the places along a line
_SPOTS = np.array([(t, far, side) for t in _ALONG for far in _FARTHER for side in (1.0, -1.0)])
_SPOT_COSTS = 0.5 * np.abs(_SPOTS[:, 0] - 0.5) + _DISTANCE * _SPOTS[:, 1] + 0.1 * (_SPOTS[:, 2] < 0)

_ANGLES = np.linspace(0, 2 * np.pi, 24, endpoint=False)  # 0 is straight up, clockwise
_ROUND = np.array([(np.sin(angle), -np.cos(angle), far) for angle in _ANGLES for far in _FARTHER])
_FROM_TOP = np.repeat(np.pi - np.abs(_ANGLES - np.pi), len(_FARTHER)) / np.pi
_ROUND_COSTS = {
    "above": 0.35 * _FROM_TOP + _DISTANCE * _ROUND[:, 2],
    "below": 0.35 * (1 - _FROM_TOP) + _DISTANCE * _ROUND[:, 2],
}


class Wishes(NamedTuple):
    """Centres (c, 2) where a label might stand, and what each costs (c,)."""

    centers: Floats
    costs: Floats

    def dearer(self, which: NDArray[np.bool_], cost: float) -> Wishes:
        """The same places, of which some (c,) cost more."""
        return self._replace(costs=self.costs + cost * which)


class Wording(NamedTuple):
    """One way to word a label, its size, and where it might stand."""

    label: Label
    size: tuple[float, float]
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class Placed:
    """A label and its box; ``leader``: the point it belongs to, where it had to stand off."""

    label: Label
    box: Box
    leader: tuple[float, float] | None = None


class Obstacles:
    """Rectangles that labels keep clear of, each with the cost of covering it wholly."""

    def __init__(self) -> None:
        self._rows: list[tuple[float, ...]] = []  # left, top, right, bottom, cost
        self._keys: list[Hashable] = []
        self._table: Floats | None = None

    def add(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        weight: float,
        key: Hashable = None,
    ) -> None:
        """A rectangle by its centre and size; ``key`` names it for `extended`."""
        half, down = width / 2, height / 2
        self._rows.append((x - half, y - down, x + half, y + down, weight))
        self._keys.append(key)
        self._table = None

    def add_line(self, segment: Sequence[float], width: float, weight: float) -> None:
        """A line, as a row of squares along it."""
        x0, y0, x1, y1 = segment
        steps = max(int(hypot(x1 - x0, y1 - y0) / width), 1)
        for n in range(steps + 1):
            t = n / steps
            self.add(x0 + t * (x1 - x0), y0 + t * (y1 - y0), width, width, weight)

    def extended(self, without: Collection[Hashable] = ()) -> Obstacles:
        """A copy to add to, without the rectangles of some keys."""
        copy = Obstacles()
        kept = [n for n, key in enumerate(self._keys) if key is None or key not in without]
        copy._rows = [self._rows[n] for n in kept]
        copy._keys = [self._keys[n] for n in kept]
        return copy

    def table(self) -> Floats:
        """All rectangles with their costs, (n, 5)."""
        if self._table is None:
            self._table = np.array(self._rows, dtype=float).reshape(-1, 5)
        return self._table


def cheapest(
    wishes: Wishes, size: tuple[float, float], bounds: Box, obstacles: Floats
) -> tuple[Box, float]:
    """The best of the wished places for a label of this size among obstacles (n, 5); its cost."""
    half = np.array(size) / 2
    first, last = wishes.centers - half, wishes.centers + half
    cost = wishes.costs + _outside(first, last, bounds)
    (x0, y0), (x1, y1) = first.min(axis=0), last.max(axis=0)
    near = obstacles[
        (obstacles[:, 0] < x1)
        & (obstacles[:, 2] > x0)
        & (obstacles[:, 1] < y1)
        & (obstacles[:, 3] > y0)
    ]
    if len(near):
        # the root: to touch a thing a little is already bad
        cost = cost + np.sqrt(_covered(first, last, near) / _smaller(near, size)) @ near[:, 4]
    best = int(np.argmin(cost))
    return Box(float(first[best, 0]), float(first[best, 1]), *size), float(cost[best])


def _smaller(boxes: Floats, size: tuple[float, float]) -> Floats:
    """The smaller of each box's area and the label's: what can be covered at most."""
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return np.minimum(areas, size[0] * size[1])


def _covered(first: Floats, last: Floats, boxes: Floats) -> Floats:
    """The area that each candidate (c) shares with each box (n): (c, n)."""
    sides = [
        np.minimum(last[:, n, None], boxes[:, n + 2]) - np.maximum(first[:, n, None], boxes[:, n])
        for n in (0, 1)
    ]
    return np.maximum(sides[0], 0) * np.maximum(sides[1], 0)


def _outside(first: Floats, last: Floats, bounds: Box) -> Floats:
    """The cost of not lying wholly inside."""
    low, high = bounds[:2], (bounds.x + bounds.width, bounds.y + bounds.height)
    inside = (first >= low).all(axis=1) & (last <= high).all(axis=1)
    return np.where(inside, 0.0, _OUTSIDE)


def arrange_labels(
    choices: Sequence[Sequence[Wording]], obstacles: Obstacles, bounds: Box
) -> tuple[Placed, ...]:
    """Boxes for labels, in order: each keeps clear of those before it as well.

    Of a label's wordings the first that finds room is taken, else the one that covers least. One
    that does not fit into the bounds, as its anchor is out of sight, is left out; so is a label
    that may be, where it finds no room.
    """
    taken, placed = obstacles.table(), []
    for wordings in choices:
        best = _best_wording(wordings, bounds, taken)
        if best is None:
            continue
        placed.append(best)
        x, y, width, height = best.box
        edges = np.array((x, y, x + width, y + height))
        outer = edges + np.array((-_CLEAR, -_CLEAR, _CLEAR, _CLEAR))
        taken = np.vstack((taken, (*edges, _ON_LABEL), (*outer, _NEAR_LABEL)))
    return tuple(placed)


def _best_wording(wordings: Sequence[Wording], bounds: Box, taken: Floats) -> Placed | None:
    best: tuple[float, Placed] | None = None
    for label, size, wishes in wordings:
        box, cost = cheapest(wishes, size, bounds, taken)
        if not box.is_within(bounds):
            continue
        if cost <= ACCEPTABLE:
            return Placed(label, box)
        if best is None or cost < best[0]:
            best = (cost, Placed(label, box))
    if best is None or best[1].label.style in _DISPENSABLE:
        return None
    return best[1]


# Where a label would like to be ------------------------------------------------------------


def along_line(segment: Sequence[float], size: tuple[float, float], reach: float) -> Wishes:
    """Places beside a line: near its middle, above it, close to it. ``reach``: half its band."""
    x0, y0, x1, y1 = segment
    dx, dy = x1 - x0, y1 - y0
    length = max(hypot(dx, dy), 1e-9)
    nx, ny = dy / length, -dx / length
    if ny > 0:
        nx, ny = -nx, -ny
    away = size[0] / 2 * abs(nx) + size[1] / 2 * abs(ny) + reach
    t, side = _SPOTS[:, 0], _SPOTS[:, 2]
    distance = (away + _SPOTS[:, 1]) * side
    centers = np.column_stack((x0 + t * dx + distance * nx, y0 + t * dy + distance * ny))
    return Wishes(centers, _SPOT_COSTS)


def around_node(
    center: tuple[float, float],
    size: tuple[float, float],
    reach: float,
    prefer: str = "above",
    farthest: float = _FARTHER[-1],
) -> Wishes:
    """Places round a node whose ring has the radius ``reach``, above it (or below) first.

    ``farthest``: how many pixels from the ring at the most.
    """
    near = _ROUND[:, 2] <= farthest
    ux, uy, farther = _ROUND[near].T
    # the box touches the circle along the direction of the angle
    distance = reach + size[0] / 2 * np.abs(ux) + size[1] / 2 * np.abs(uy) + farther
    centers = np.column_stack((center[0] + distance * ux, center[1] + distance * uy))
    return Wishes(centers, _ROUND_COSTS[prefer][near])


def nearer_to_others(
    centers: Floats, size: tuple[float, float], own: tuple[float, float], others: Floats
) -> NDArray[np.bool_]:
    """Which boxes of a size (c,), by their centres (c, 2), are nearer to another point than to own.

    ``others``: points (n, 2). Distances are those of a box's nearest edge, squared.
    """
    points = np.vstack((own, others))
    beyond = np.abs(centers[:, None] - points[None]) - np.array(size) / 2
    away = np.sum(np.maximum(beyond, 0.0) ** 2, axis=2)
    return away[:, :1].ravel() > away.min(axis=1)
