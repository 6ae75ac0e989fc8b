"""Data made from a seed: the same again, of the shape that its name promises."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.generated import RECIPES, generate


@pytest.mark.parametrize("kind", RECIPES)
def test_the_same_seed_makes_the_same_rows_and_another_seed_others(kind: str) -> None:
    one, again, other = generate(kind, seed=3), generate(kind, seed=3), generate(kind, seed=4)
    assert np.array_equal(one.X, again.X)
    assert np.array_equal(one.Y, again.Y)
    assert not np.array_equal(one.Y if kind == "gaussians" else one.X, other.X)


@pytest.mark.parametrize("kind", RECIPES)
def test_it_has_the_rows_features_and_classes_it_says(kind: str) -> None:
    data = generate(kind, rows=90, noise=0.0, seed=1)
    classes = RECIPES[kind].classes
    assert (len(data), data.feature_names) == (90, ("x0", "x1"))
    assert data.task == ("classification" if classes else "regression")
    assert data.target_names == (classes or ("height",)) == tuple(sorted(data.target_names))
    if data.labels is not None:
        assert set(np.bincount(data.labels)) == {90 // len(classes)}


@pytest.mark.parametrize("kind", RECIPES)
def test_it_says_how_it_was_made(kind: str) -> None:
    data = generate(kind, rows=60, noise=0.25, seed=7)
    assert data.name == f"{kind}-7"
    assert data.notes == ("made from seed 7: 60 rows, noise 0.25",)


def test_without_noise_xor_is_the_sign_of_the_product() -> None:
    data = generate("xor", noise=0.0)
    equal = data.features[:, 0] * data.features[:, 1] > 0
    assert np.array_equal(data.labels == data.target_names.index("equal"), equal)


def test_without_noise_circles_lie_on_their_radii() -> None:
    data = generate("circles", noise=0.0)
    radius = np.hypot(*data.features.T)
    assert np.allclose(radius, np.where(data.labels == 0, 0.5, 1.0))


def test_without_noise_moons_lie_on_half_circles_that_interlock() -> None:
    data = generate("moons", noise=0.0)
    upper = data.features[data.labels == 1]
    lower = data.features[data.labels == 0]
    assert np.allclose(np.hypot(*upper.T), 1.0)
    assert upper[:, 1].min() >= 0
    assert np.allclose(np.hypot(*(lower - (1.0, 0.5)).T), 1.0)
    assert lower[:, 1].max() <= 0.5


def test_without_noise_one_spiral_is_the_other_turned_by_half_a_turn() -> None:
    data = generate("spirals", noise=0.0)
    turned = np.where(data.labels[:, np.newaxis] == 1, -data.features, data.features)
    radius = np.hypot(*turned.T)
    expected = radius[:, np.newaxis] * np.column_stack(
        [np.cos(3 * np.pi * radius), np.sin(3 * np.pi * radius)]
    )
    assert np.allclose(turned, expected)


def test_gaussians_spread_by_the_noise_around_three_centres() -> None:
    data = generate("gaussians", rows=30_000, noise=0.2)
    for label in range(3):
        cloud = data.features[data.labels == label]
        assert np.allclose(cloud.std(axis=0), 0.2, atol=0.01)
        assert np.isclose(np.hypot(*cloud.mean(axis=0)), 1.0, atol=0.01)


def test_without_noise_the_plane_is_found_by_least_squares() -> None:
    data = generate("plane", noise=0.0)
    columns = np.column_stack([data.features, np.ones(len(data))])
    found, *_ = np.linalg.lstsq(columns, data.target[:, 0], rcond=None)
    assert np.allclose(found, [2.0, -1.0, 0.5])


def test_the_noise_of_a_regression_is_that_of_its_target() -> None:
    noisy, plain = (generate("hill", rows=20_000, noise=noise) for noise in (0.3, 0.0))
    assert np.array_equal(noisy.features, plain.features)
    assert np.isclose((noisy.target - plain.target).std(), 0.3, atol=0.01)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "moon"}, "there is no generated data 'moon'; choose xor, moons"),
        ({"rows": 3}, "rows are from 4 to 100000, given: 3"),
        ({"noise": -0.1}, "the noise is from 0 to 10, given: -0.1"),
        ({"noise": float("nan")}, "the noise is from 0 to 10, given: nan"),
        ({"seed": -1}, "the seed is -1; it must be a whole number ≥ 0"),
    ],
    ids=["kind", "rows", "noise", "no number", "seed"],
)
def test_what_is_impossible_is_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        generate(**{"kind": "moons", **given})  # type: ignore[arg-type]
