"""Points painted by hand on the plane of two features: each dab of the brush is a value."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError

Floats = NDArray[np.float64]
Place = tuple[float, float]

MOST_POINTS = 5_000
FEWEST_POINTS = 4
CLASSES = ("a", "b", "c", "d", "e")
FEATURES = ("x0", "x1")
_STREAM = 3  # of the seed; splits and generated data draw from others
_DIGITS = 2  # after the one that the size of the plane has: as many as a hand can place


@dataclass(frozen=True, slots=True)
class Area:
    """The plane: two features by name, from ``low`` to ``high``."""

    low: Place = (-1.0, -1.0)
    high: Place = (1.0, 1.0)
    names: tuple[str, str] = FEATURES

    @property
    def size(self) -> Floats:
        """How far the plane reaches in both features."""
        size: Floats = np.array(self.high) - np.array(self.low)
        return size

    def snapped(self, points: Floats) -> Floats:
        """Points (n, 2) within the plane, in few enough digits to be read."""
        inside = np.clip(points, self.low, self.high)
        places = [_DIGITS - int(np.floor(np.log10(size))) for size in self.size]
        rounded = [np.round(inside[:, k], places[k]) for k in range(2)]
        return np.clip(np.column_stack(rounded), self.low, self.high)


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """Points (n, 2) on an area, and of each its class or its number: values (n,).

    ``classes`` names the classes, () where the values are numbers to learn; ``target`` names the
    column of either. ``dabs`` counts the touches that made points; each draws them from the seed
    and its number, so that the same touches make the same points.
    """

    points: Floats = field(default_factory=lambda: np.empty((0, 2)))
    values: Floats = field(default_factory=lambda: np.empty(0))
    dabs: int = 0
    area: Area = field(default_factory=Area)
    classes: tuple[str, ...] = CLASSES
    target: str = "class"

    def __len__(self) -> int:
        return len(self.points)

    def counts(self) -> list[int]:
        """How many points each class has."""
        return [int(np.sum(self.values == n)) for n in range(len(self.classes))]


NUMBERS = Painting(classes=(), target="value")
"""An empty plane for points with numbers."""


@dataclass(frozen=True, slots=True)
class Brush:
    """Where a dab's points lie: within ``radius``, a part of the plane's size, evenly drawn.

    A single point lies in the middle of its dab.
    """

    radius: float = 0.05
    count: int = 3

    def offsets(self, rng: np.random.Generator) -> Floats:
        """Of its points from the middle, (count, 2), in parts of the plane's size."""
        if self.count == 1:
            return np.zeros((1, 2))
        angle = rng.uniform(0.0, 2 * np.pi, self.count)
        distance = self.radius * np.sqrt(rng.uniform(0.0, 1.0, self.count))
        return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])


def dab(painting: Painting, middle: Place, value: float, brush: Brush, seed: int) -> Painting:
    """One touch of the brush. InputError where the plane would hold too many points."""
    if len(painting) + brush.count > MOST_POINTS:
        raise InputError(f"the plane is full: it holds at most {MOST_POINTS} points")
    rng = np.random.default_rng([operator.index(seed), _STREAM, painting.dabs])
    area = painting.area
    made = area.snapped(np.array(middle) + brush.offsets(rng) * area.size)
    points = np.vstack([painting.points, made])
    values = np.append(painting.values, np.full(brush.count, value))
    return replace(painting, points=points, values=values, dabs=painting.dabs + 1)


def erased(painting: Painting, middle: Place, radius: float) -> Painting:
    """Without the points within the radius (a part of the plane's size); the same if none is."""
    distances = np.hypot(*((painting.points - np.array(middle)) / painting.area.size).T)
    kept = distances > radius
    if kept.all():
        return painting
    return replace(painting, points=painting.points[kept], values=painting.values[kept])


def cleared(painting: Painting) -> Painting:
    """A plane like the one a new user sees, for classes or for numbers."""
    return Painting() if painting.classes else NUMBERS


def why_not_start_from(data: Dataset) -> str:
    """Why data cannot be painted on; "" where they can."""
    if data.n_features != 2:
        return f"{data.name} has {data.n_features} features, and the plane has two"
    if data.labels is not None and data.n_targets > len(CLASSES):
        return f"{data.name} has {data.n_targets} classes, and the brush {len(CLASSES)}"
    if data.labels is None and data.n_targets != 1:
        return f"{data.name} has {data.n_targets} targets, and a point has one"
    if len(data) > MOST_POINTS:
        return f"{data.name} has {len(data)} rows, and the plane holds {MOST_POINTS}"
    return ""


def start_from(data: Dataset) -> Painting:
    """The points of data, on a plane with some room around them. InputError if it cannot be."""
    if reason := why_not_start_from(data):
        raise InputError(reason)
    values = data.target[:, 0] if data.labels is None else data.labels.astype(np.float64)
    target = (*data.target_column_names, "class" if data.labels is not None else "value")[0]
    classes = () if data.labels is None else _more_classes(data.target_names)
    area = _area_around(data.features, data.feature_names)
    return Painting(data.features, values, 0, area, classes, target)


def _more_classes(names: Sequence[str]) -> tuple[str, ...]:
    """As many as the brush has: those of the data and, for more, others."""
    free = [name for name in CLASSES if name not in names]
    return (*names, *free)[: len(CLASSES)]


def _area_around(points: Floats, names: Sequence[str]) -> Area:
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.where(high > low, 0.1 * (high - low), np.maximum(1.0, np.abs(high)))
    (left, bottom), (right, top) = (low - room).tolist(), (high + room).tolist()
    return Area((left, bottom), (right, top), (names[0], names[1]))


def lacking(painting: Painting) -> str:
    """What is missing before the points are data; "" where nothing is."""
    if painting.classes and len(np.unique(painting.values)) < 2:
        return "Paint points of two classes at least"
    if len(painting) < FEWEST_POINTS:
        return f"Paint {FEWEST_POINTS} points at least"
    return ""


def painted_data(painting: Painting) -> Dataset:
    """The points as data, a row each in the order of painting; features standardised.

    Classes without points are no outputs. InputError for too few points.
    """
    if reason := lacking(painting):
        raise InputError(reason)
    names: tuple[str, ...] = (painting.target,)
    Y = painting.values
    if painting.classes:
        present, labels = np.unique(painting.values, return_inverse=True)
        names = tuple(painting.classes[int(n)] for n in present)
        Y = np.eye(len(names))[labels]
    features = painting.area.names
    data = Dataset.from_arrays(painting.points, Y, features, names, scale="standard")
    return replace(
        data,
        name="painted",
        notes=(f"{len(painting)} points set by hand",),
        feature_columns=(0, 1),
        target_columns=(2,),
        target_column_names=(painting.target,),
        column_names=(*features, painting.target),
    )
