"""Decision regions, against one pass a point."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core import boundary
from bpstudio.core.boundary import (
    Plane,
    classes_and_margins,
    fill_outputs,
    on_plane,
    outputs_at,
    pass_cost,
)
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.passes import forward


@pytest.fixture
def data() -> Dataset:
    rng = np.random.default_rng(5)
    X = rng.normal(3.0, 2.0, size=(20, 4))
    return Dataset.from_arrays(X, np.eye(3)[rng.integers(3, size=20)], scale="standard")


def one_by_one(network: Network, plane: Plane, rows: int, columns: int) -> np.ndarray:
    """The whole network at each point, scaled as a sample is."""
    found = np.empty((rows, columns, network.sizes[-1]))
    for r in range(rows):
        for c in range(columns):
            raw = plane.held.copy()
            raw[plane.x] = plane.centres(plane.x, columns)[c]
            raw[plane.y] = plane.centres(plane.y, rows)[r]
            scaled = plane.data.scaling.apply(raw[None, :])
            found[r, c] = forward(network, scaled)[1][-1][0]
    return found


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("x", "y"), [(0, 2), (3, 1)])
def test_a_cell_is_a_pass_at_its_middle(data: Dataset, bias: bool, x: int, y: int) -> None:
    network = Network.create([4, 5, 3], "tanh", "softmax", seed=2, bias=bias)
    plane = Plane.at_mean(data, x, y)
    out = np.full((6, 7, 3), np.nan)
    for _ in fill_outputs(on_plane(network, plane), plane, out):
        pass
    assert out == pytest.approx(one_by_one(network, plane, 6, 7), rel=1e-9)


def test_a_portion_is_bounded_and_fills_in_the_rest_later(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = on_plane(Network.create([4, 3]), plane := Plane.at_mean(data, 0, 1))
    monkeypatch.setattr(boundary, "_OPERATIONS", 4 * pass_cost(network))
    out = np.full((3, 5, 3), np.nan)
    filled = [np.isfinite(out).all(axis=2).sum() for _ in fill_outputs(network, plane, out)]
    assert filled == [4, 8, 12, 15]


def test_the_other_features_are_held_at_their_mean_or_at_a_row(data: Dataset) -> None:
    split = data.split(0.3, seed=1)
    mean = Plane.at_mean(split, 0, 1)
    assert mean.held == pytest.approx(split.features[split.training].mean(axis=0))
    network = Network.create([4, 5, 3], "tanh", "softmax", seed=2)
    plane = Plane.at_row(split, 0, 1, 7)
    x, y = split.features[7, :2]
    expected = forward(network, split.X[7:8])[1][-1][0]
    assert outputs_at(on_plane(network, plane), plane, x, y) == pytest.approx(expected)


def test_the_plane_holds_all_samples_with_a_margin(data: Dataset) -> None:
    plane = Plane.at_mean(data, 0, 1)
    low, high = plane.span(0)
    assert low < data.features[:, 0].min() < data.features[:, 0].max() < high


def test_a_feature_that_never_varies_has_a_span() -> None:
    data = Dataset.from_arrays([[2.0, 1.0], [2.0, 3.0]], [[1.0], [0.5]])
    low, high = Plane.at_mean(data, 0, 1).span(0)
    assert low < 2.0 < high


def test_the_class_is_that_of_the_largest_output_and_the_margin_its_lead() -> None:
    found, margin = classes_and_margins(np.array([[0.1, 0.7, 0.4], [0.5, 0.2, 0.5]]))
    assert found.tolist() == [1, 0]
    assert margin == pytest.approx([0.3, 0.0])


def test_a_single_output_has_two_classes() -> None:
    found, margin = classes_and_margins(np.array([[0.2], [0.5], [1.0]]))
    assert found.tolist() == [0, 1, 1]
    assert margin == pytest.approx([0.6, 0.0, 1.0])


def test_outputs_that_are_not_finite_have_no_margin() -> None:
    _, margin = classes_and_margins(np.array([[np.nan, 1.0], [np.inf, 0.0]]))
    assert np.isfinite(margin).all()


def test_the_two_features_exist_and_differ(data: Dataset) -> None:
    with pytest.raises(InputError, match="x1 was chosen twice"):
        Plane.at_mean(data, 1, 1)
    with pytest.raises(InputError, match=r"feature 4 does not exist: there are 0\.\.3"):
        Plane.at_mean(data, 0, 4)
