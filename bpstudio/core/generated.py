"""Data sets made from a seed: the usual small worlds on which networks are understood."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Rng = np.random.Generator

FEWEST_ROWS, MOST_ROWS = 4, 100_000
MOST_NOISE = 10.0
FEATURES = ("x0", "x1")
PREFIX, EXAMPLE = "generate:", "generate:moons,n=200,noise=0.1,seed=3"
_PARTS: Mapping[str, tuple[str, Callable[[str], Any]]] = MappingProxyType(
    {"n": ("rows", int), "noise": ("noise", float), "seed": ("seed", int)}
)
_STREAM = 2  # of the seed; the split of a data set draws from another


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a data set is made. ``noise`` is the one that shows it well."""

    title: str
    hint: str
    classes: tuple[str, ...]  # sorted; empty for a regression
    noise: float
    points: Callable[[Integers, Rng], Floats]  # of classes (n,) on the plane: (n, 2)
    height: Callable[[Floats], Floats] | None = None  # the target of points (n, 2): (n,)


def generate(kind: str, rows: int = 200, noise: float | None = None, seed: int = 0) -> Dataset:
    """So many rows of one of `RECIPES`, the same for the same seed; features standardised.

    ``noise`` is the standard deviation of a normal error, in the units of the drawing: of both
    features in a classification, of the target in a regression; the recipe's own where it is
    not given. Rows take turns in the classes. InputError where a number is impossible.

    >>> data = bp.generate("spirals", rows=100, noise=0.1, seed=7)
    >>> data.name, data.X.shape, data.Y.shape
    ('spirals-7', (100, 2), (100, 2))
    """
    recipe = _recipe(kind)
    noise = recipe.noise if noise is None else noise
    _require(rows, noise)
    rng = _generator(seed)
    labels = np.arange(rows) % max(1, len(recipe.classes))
    points = recipe.points(labels, rng)
    error = noise * rng.standard_normal((rows, 2))
    if recipe.height is None:
        X, Y, names = points + error, np.eye(len(recipe.classes))[labels], recipe.classes
    else:
        X, Y, names = points, recipe.height(points) + error[:, 0], ("height",)
    data = Dataset.from_arrays(X, Y, FEATURES, names, scale="standard")
    made = f"made from seed {seed}: {rows} rows, noise {noise:g}"
    target = "class" if recipe.classes else "height"
    return replace(
        data,
        name=f"{kind}-{seed}",
        notes=(made,),
        feature_columns=(0, 1),
        target_columns=(2,),
        target_column_names=(target,),
        column_names=(*FEATURES, target),
    )


def is_generated(text: str) -> bool:
    """Whether a text names data to be made rather than a file."""
    return text.startswith(PREFIX)


def generated(text: str) -> Dataset:
    """The data that a text such as ``generate:moons,n=200,noise=0.1,seed=3`` names.

    What it leaves out is as `generate` has it. InputError says what is wrong with it.
    """
    kind, *parts = text.removeprefix(PREFIX).split(",")
    try:
        return generate(kind, **dict(_part(part) for part in parts))
    except InputError as error:
        raise InputError(f"{text}: {error}; write it as {EXAMPLE}") from error


def _part(text: str) -> tuple[str, Any]:
    key, _, value = text.partition("=")
    if key not in _PARTS:
        raise InputError(f"{text!r} is none of n=ROWS, noise=X and seed=N")
    name, read = _PARTS[key]
    try:
        return name, read(value)
    except ValueError as error:
        raise InputError(f"{text!r} has no number that {key} can be") from error


def _recipe(kind: str) -> Recipe:
    if kind not in RECIPES:
        raise InputError(f"there is no generated data {kind!r}; choose {', '.join(RECIPES)}")
    return RECIPES[kind]


def _require(rows: int, noise: float) -> None:
    if not FEWEST_ROWS <= rows <= MOST_ROWS:
        raise InputError(f"rows are from {FEWEST_ROWS} to {MOST_ROWS}, given: {rows}")
    if not 0 <= noise <= MOST_NOISE:
        raise InputError(f"the noise is from 0 to {MOST_NOISE:g}, given: {noise}")


def _generator(seed: int) -> Rng:
    try:
        return np.random.default_rng([operator.index(seed), _STREAM])
    except (TypeError, ValueError) as error:
        raise InputError(f"the seed is {seed!r}; it must be a whole number ≥ 0") from error


def _xor(labels: Integers, rng: Rng) -> Floats:
    """Opposite quadrants are of one class: class 0 where the signs differ."""
    size = rng.uniform(0.15, 1.0, (len(labels), 2))
    left = rng.choice((-1.0, 1.0), len(labels))
    return np.asarray(size * np.column_stack([left, left * (2 * labels - 1)]))


def _moons(labels: Integers, rng: Rng) -> Floats:
    """Two half circles that reach into each other."""
    angle = rng.uniform(0.0, np.pi, len(labels))
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)])
    is_upper = (labels == 1)[:, np.newaxis]
    return np.where(is_upper, upper, lower).astype(np.float64)


def _circles(labels: Integers, rng: Rng) -> Floats:
    """A small circle within a large one."""
    angle = rng.uniform(0.0, 2 * np.pi, len(labels))
    radius = np.where(labels == 0, 0.5, 1.0)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _spirals(labels: Integers, rng: Rng) -> Floats:
    """Two arms of one and a half turns, evenly filled."""
    part = np.sqrt(rng.uniform(0.01, 1.0, len(labels)))
    angle = 3 * np.pi * part + np.pi * labels
    return np.column_stack([part * np.cos(angle), part * np.sin(angle)])


def _gaussians(labels: Integers, rng: Rng) -> Floats:
    """Three centres on a circle; the noise is the spread around them."""
    del rng
    angle = np.pi / 2 + 2 * np.pi * labels / 3
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _square(labels: Integers, rng: Rng) -> Floats:
    """Anywhere from −1 to 1."""
    return rng.uniform(-1.0, 1.0, (len(labels), 2))


def _plane(points: Floats) -> Floats:
    return 0.5 + 2.0 * points[:, 0] - points[:, 1]


def _hill(points: Floats) -> Floats:
    return np.asarray(np.exp(-3.0 * np.sum(points**2, axis=1)))


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "xor": Recipe("XOR", "Opposite quadrants", ("differ", "equal"), 0.05, _xor),
        "moons": Recipe("Moons", "Two half circles", ("lower", "upper"), 0.1, _moons),
        "circles": Recipe("Circles", "One within the other", ("inner", "outer"), 0.08, _circles),
        "spirals": Recipe("Spirals", "Two arms", ("first", "second"), 0.03, _spirals),
        "gaussians": Recipe("Gaussians", "Three clouds", ("a", "b", "c"), 0.4, _gaussians),
        "plane": Recipe("Plane", "2x₀ − x₁ + 0.5, regression", (), 0.1, _square, _plane),
        "hill": Recipe("Hill", "exp(−3(x₀² + x₁²)), regression", (), 0.05, _square, _hill),
    }
)
