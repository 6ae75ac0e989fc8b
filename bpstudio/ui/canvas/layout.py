"""Where everything lies: pure geometry in pixels of the widget, y downwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.ui.canvas.elision import Shown
from bpstudio.ui.canvas.state import Thing

Floats = NDArray[np.float64]

VALUE_DIAMETER = 36  # from here on nodes carry their value
INDEX_DIAMETER = 20  # their index
CIRCLE_DIAMETER = 8  # below this a layer is a heat strip
ROW_GAP = 28.0  # between a picture of the inputs and that of a row of weights below it
_LARGEST_ZOOMED = 64.0


class Box(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """The point of it that is nearest to (x, y)."""
        return min(max(x, self.x), self.x + self.width), min(max(y, self.y), self.y + self.height)

    def is_within(self, other: Box) -> bool:
        """Whether it lies in another one, edges included."""
        return (
            self.x >= other.x
            and self.y >= other.y
            and self.x + self.width <= other.x + other.width
            and self.y + self.height <= other.y + other.height
        )

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


class View(NamedTuple):
    """How the fitted picture is looked at: zoom, then moved by (dx, dy) pixels."""

    zoom: float = 1.0
    dx: float = 0.0
    dy: float = 0.0


FITTED = View()


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One layer. ``x`` and ``y`` (n_l,) hold every node; a folded node lies at its gap.

    ``image``: the inputs are drawn as one picture in this box, ``diameter`` is a pixel's side.
    """

    l: int
    shown: Shown
    center: float
    diameter: float
    spacing: float
    x: Floats
    y: Floats
    hidden: NDArray[np.bool_]
    gap_y: Floats
    image: Box | None = None

    def is_like(self, other: Column) -> bool:
        """Whether both hold the same nodes at the same places."""
        mine = (self.l, self.shown, self.diameter, self.spacing, self.image, self.center)
        theirs = (other.l, other.shown, other.diameter, other.spacing, other.image, other.center)
        return mine == theirs and float(self.y[0]) == float(other.y[0])

    @property
    def radius(self) -> float:
        return 0.0 if self.image else self.diameter / 2

    @property
    def has_folds(self) -> bool:
        """Whether nodes are folded away, or were and are brought out."""
        return bool(self.shown.gaps or self.shown.unfolded)

    def folds(self) -> list[Thing]:
        """The gaps, and the beginnings of what was brought out by hand, as things."""
        gaps: list[Thing] = [("more", self.l, *gap) for gap in self.shown.gaps]
        return [*gaps, *(("fold", self.l, *stretch) for stretch in self.shown.unfolded)]

    def height_of(self, thing: Thing) -> float:
        """The y of one of its nodes or folds."""
        return float(self.y[thing[2]])

    def things(self) -> list[Thing]:
        """Nodes and folds, from top to bottom; the words that fold follow the first node."""
        nodes: list[Thing] = [("node", self.l, j) for j in self.shown.nodes]
        return sorted([*nodes, *self.folds()], key=lambda thing: (thing[2], thing[0] != "node"))

    @property
    def is_strip(self) -> bool:
        """Whether the nodes are too small to be circles."""
        return self.image is None and self.diameter < CIRCLE_DIAMETER

    @property
    def has_values(self) -> bool:
        return self.image is None and self.diameter >= VALUE_DIAMETER

    @property
    def has_indices(self) -> bool:
        return self.image is None and self.diameter >= INDEX_DIAMETER


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Places of all layers, targets and the loss in a widget of ``width`` × ``height``."""

    width: float
    height: float
    columns: tuple[Column, ...]
    target_x: float
    target_size: tuple[float, float]
    loss: tuple[float, float]
    loss_diameter: float
    caption_baselines: tuple[float, float]
    top: float
    bottom: float
    names_width: float

    @property
    def L(self) -> int:
        return len(self.columns)

    def column(self, l: int) -> Column:
        return self.columns[l - 1]

    def node(self, l: int, j: int) -> tuple[float, float]:
        """Centre of node j of layer l."""
        column = self.columns[l - 1]
        return float(column.x[j]), float(column.y[j])

    def keeping(self, other: Layout) -> Layout:
        """This layout with the columns of another one where both have the same."""
        columns = tuple(
            old if new.is_like(old) else new
            for new, old in zip(self.columns, other.columns, strict=False)
        )
        return replace(self, columns=(*columns, *self.columns[len(columns) :]))

    def target(self, j: int) -> Box:
        """The box of target j."""
        y = float(self.columns[-1].y[j])
        width, height = self.target_size
        return Box(self.target_x - width / 2, y - height / 2, width, height)


def seen(layout: Layout, view: View) -> Layout:
    """The layout as it is looked at: moved, and larger or smaller with all its distances."""
    if view == FITTED:
        return layout
    zoom, dx, dy = view
    width, height = layout.target_size
    return replace(
        layout,
        columns=tuple(_seen_column(column, view) for column in layout.columns),
        target_x=layout.target_x * zoom + dx,
        target_size=(_zoomed(width, zoom, 48.0), _zoomed(height, zoom, 42.0)),
        loss=(layout.loss[0] * zoom + dx, layout.loss[1] * zoom + dy),
        loss_diameter=_zoomed(layout.loss_diameter, zoom, 78.0),
        top=layout.top * zoom + dy,
        bottom=layout.bottom * zoom + dy,
    )


def _seen_column(column: Column, view: View) -> Column:
    zoom, dx, dy = view
    box = column.image
    return replace(
        column,
        center=column.center * zoom + dx,
        diameter=column.diameter * zoom if box else _zoomed(column.diameter, zoom),
        spacing=column.spacing * zoom,
        x=column.x * zoom + dx,
        y=column.y * zoom + dy,
        gap_y=column.gap_y * zoom + dy,
        image=Box(box.x * zoom + dx, box.y * zoom + dy, box.width * zoom, box.height * zoom)
        if box
        else None,
    )


def _zoomed(length: float, zoom: float, most: float = _LARGEST_ZOOMED) -> float:
    return min(length * zoom, max(length, most))
