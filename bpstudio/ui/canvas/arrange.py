"""Fitting a network into a widget: sizes and places of everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bpstudio.ui.canvas.elision import Shown
from bpstudio.ui.canvas.layout import (
    INDEX_DIAMETER,
    ROW_GAP,
    VALUE_DIAMETER,
    Box,
    Column,
    Layout,
)

_LARGEST = 42.0  # node diameter; larger only when zoomed in
_COMFORT = 78.0  # spacing of nodes from which further room is used sparingly
_WIDEST = 130.0
_LOSS_DIAMETER = 52.0
_TARGET = (32.0, 28.0)
_BELOW = 14.0  # under the lowest node: room for its bias, or the name of its target
_UNDER_IMAGES = 10.0  # under the picture of a row of weights


class _Measures(NamedTuple):
    """Fixed distances at one size of the widget."""

    captions: tuple[float, float]
    top: float
    bottom: float
    target_gap: float
    loss_gap: float
    right: float


def arrange(
    layers: Sequence[Shown],
    width: float,
    height: float,
    names_width: float = 0.0,
    image_shape: tuple[int, int] | None = None,
    pair_captions: bool = False,
    scale: float = 1.0,
) -> Layout:
    """The whole network fitted into the widget. ``scale`` enlarges nodes (presentation)."""
    m = _measures(width, height, pair_captions, scale)
    centers = _centers(len(layers), width, m, _left(names_width, image_shape, height, scale))
    diameters = _diameters(layers, m.bottom - m.top, _step(centers), scale)
    columns = tuple(
        _column(n + 1, layer, center, diameter, m, scale)
        for n, (layer, center, diameter) in enumerate(zip(layers, centers, diameters, strict=True))
    )
    if image_shape:
        columns = (_as_image(columns[0], image_shape, m, height, scale), *columns[1:])
    output = columns[-1]
    x = output.center + m.target_gap
    return Layout(
        *(width, height, columns, x),
        (_TARGET[0] * scale, min(_TARGET[1] * scale, max(output.spacing - 4, 4))),
        (x + m.loss_gap, (m.top + m.bottom) / 2),
        _LOSS_DIAMETER * min(scale, 1.0 if width < 560 else scale),
        m.captions,
        *(m.top, m.bottom, names_width),
    )


def _measures(width: float, height: float, pair_captions: bool, scale: float) -> _Measures:
    roomy = min(max((width / scale - 560) / 300, 0.0), 1.0)
    tall = height / scale >= 380
    captions = (22.0, 40.0) if tall else (17.0, 33.0)
    top = 74.0 if tall else 52.0
    below = (_BELOW + (26.0 if pair_captions else 0.0)) * scale
    return _Measures(
        (captions[0] * scale, captions[1] * scale),
        top * scale,
        max(height - below, top * scale + 20),
        (66 + 24 * roomy) * scale,
        (64 + 36 * roomy) * scale,
        (36 + 6 * roomy) * scale,
    )


def _left(
    names_width: float, image_shape: tuple[int, int] | None, height: float, scale: float
) -> float:
    """Where the first column's centre lies."""
    if image_shape:
        return 20 * scale + _image_side(height) / 2
    return max(10 + names_width + 32 * scale if names_width else 0.0, 52.0 * scale)


def _centers(L: int, width: float, m: _Measures, left: float) -> list[float]:
    last = width - m.right - m.loss_gap - m.target_gap
    return [float(x) for x in np.linspace(left, max(last, left + 4 * (L - 1)), L)]


def _step(centers: Sequence[float]) -> float:
    return centers[1] - centers[0]


def _diameters(layers: Sequence[Shown], room: float, step: float, scale: float) -> list[float]:
    """One diameter for all layers that have room for values, smaller ones where they are many."""
    each = [
        min(_diameter(_spacing(layer.slots, room, _LARGEST * scale, scale), scale), 0.55 * step)
        for layer in layers
    ]
    roomy = min((d for d in each if d >= VALUE_DIAMETER), default=0.0)
    return [roomy if d >= VALUE_DIAMETER else d for d in each]


def _diameter(spacing: float, scale: float) -> float:
    """The node that fits a spacing: with its index above, beside or inside it."""
    largest = _LARGEST * scale
    if spacing >= VALUE_DIAMETER + 2:
        return min(max(spacing - 14, VALUE_DIAMETER), largest)
    if spacing >= INDEX_DIAMETER + 6:
        return min(spacing - 6, VALUE_DIAMETER - 1)
    return max(min(spacing - 3, INDEX_DIAMETER - 1), 0.8 * spacing)


def _spacing(slots: int, room: float, diameter: float, scale: float) -> float:
    """Distance of neighbours: all the room where it is short, part of it where it is not."""
    if slots < 2:
        return _WIDEST * scale
    full, comfort = (room - diameter) / (slots - 1), _COMFORT * scale
    if full <= comfort:
        return full
    return min(comfort + 0.4 * (full - comfort), _WIDEST * scale)


def _column(
    l: int, shown: Shown, center: float, diameter: float, m: _Measures, scale: float
) -> Column:
    spacing = _spacing(shown.slots, m.bottom - m.top, diameter, scale)
    middle = (m.top + m.bottom) / 2
    slots = middle + spacing * (np.arange(shown.slots) - (shown.slots - 1) / 2)
    y, hidden = np.zeros(shown.n), np.zeros(shown.n, dtype=bool)
    gap_starts = np.array([first for first, _ in shown.gaps], dtype=np.intp)
    nodes = np.array(shown.nodes, dtype=np.intp)
    gaps_before = np.searchsorted(gap_starts, nodes)
    y[nodes] = slots[np.arange(len(nodes)) + gaps_before]
    gap_y = slots[np.searchsorted(nodes, gap_starts) + np.arange(len(gap_starts))]
    for (first, stop), place in zip(shown.gaps, gap_y, strict=True):
        y[first:stop], hidden[first:stop] = place, True
    return Column(l, shown, center, diameter, spacing, np.full(shown.n, center), y, hidden, gap_y)


def _image_side(height: float) -> float:
    return min(max(height * 0.22, 60.0), 120.0)


def _as_image(
    column: Column, shape: tuple[int, int], m: _Measures, height: float, scale: float
) -> Column:
    """The input layer as one picture in the middle of its column.

    In a low window it is further up: a row of weights is shown as a picture below it.
    """
    rows, columns = shape
    pixel = _image_side(height) / max(rows, columns)
    middle = (m.top + m.bottom - pixel * rows) / 2
    highest = height - _UNDER_IMAGES - 2 * pixel * rows - ROW_GAP
    top = max(min(middle, highest), m.top)
    box = Box(column.center - pixel * columns / 2, top, pixel * columns, pixel * rows)
    row, across = np.divmod(np.arange(rows * columns), columns)
    return replace(
        column,
        diameter=pixel,
        x=box.x + pixel * (across + 0.5),
        y=box.y + pixel * (row + 0.5),
        hidden=np.zeros(rows * columns, dtype=bool),
        shown=Shown(column.shown.n, tuple(range(column.shown.n))),
        gap_y=np.zeros(0),
        image=box,
    )
