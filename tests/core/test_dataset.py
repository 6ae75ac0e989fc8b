"""The data set: rows, batches, the split, the scaling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.rejected import Rejected


def regression(n: int = 10, scale: str = "none") -> Dataset:
    X = np.arange(2.0 * n).reshape(n, 2)
    return Dataset.from_arrays(X, X[:, :1] * 10 + 3, scale=scale)


def with_gaps() -> Dataset:
    """Rows 0 and 3 of a file of six were left out."""
    rejected = (
        Rejected(0, 2, None, "3 fields instead of 4"),
        Rejected(3, 6, "width", "the value is missing"),
    )
    rows, lines = np.array([1, 2, 4, 5]), np.array([3, 4, 7, 8])
    return replace(regression(4), name="gaps.csv", rows=rows, lines=lines, rejected=rejected)


# --- arrays ------------------------------------------------------------------------------------


def test_arrays_become_a_regression_with_plain_names() -> None:
    data = Dataset.from_arrays([[1, 2], [3, 4]], [5, 6])
    assert data.task == "regression"
    assert data.feature_names == ("x0", "x1")
    assert data.target_names == ("y0",)
    assert data.Y.tolist() == [[5.0], [6.0]]
    assert data.labels is None
    assert len(data) == 2


def test_a_one_hot_target_makes_a_classification_with_labels() -> None:
    data = Dataset.from_arrays([[1], [2], [3]], [[0, 1], [1, 0], [0, 1]], target_names=["a", "b"])
    assert data.task == "classification"
    assert data.labels is not None
    assert data.labels.tolist() == [1, 0, 1]


def test_the_given_arrays_are_copied() -> None:
    X = np.ones((2, 1))
    data = Dataset.from_arrays(X, [[1.0], [2.0]])
    X[0, 0] = 9.0
    assert data.features.tolist() == [[1.0], [1.0]]


@pytest.mark.parametrize("name", ["features", "target", "rows", "lines", "training", "X", "Y"])
def test_all_arrays_are_read_only(name: str) -> None:
    array = getattr(regression(scale="standard"), name)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


@pytest.mark.parametrize(
    ("X", "Y", "message"),
    [
        ([[1], [2]], [[1]], "X has 2 rows and Y has 1"),
        ([[1], [float("nan")]], [1, 2], "X, row 1, column 0: nan is not finite"),
        ([[1], [2]], [1, float("inf")], "Y, row 1, column 0: inf is not finite"),
        ([["a"]], [1], "X is no table of numbers"),
        (np.ones((2, 2, 2)), [1, 2], "X has shape"),
        (np.ones((0, 2)), [], "it needs rows and columns"),
    ],
    ids=["lengths", "nan", "inf", "text", "three axes", "empty"],
)
def test_unusable_arrays_are_refused_with_the_place(X: object, Y: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Dataset.from_arrays(X, Y)


def test_the_wrong_number_of_names_is_refused() -> None:
    with pytest.raises(InputError, match="feature_names has 1 names for 2 columns"):
        Dataset.from_arrays([[1, 2]], [1], feature_names=["a"])


# --- batches -----------------------------------------------------------------------------------


def test_a_batch_holds_the_scaled_rows_in_the_order_asked_for() -> None:
    data = regression(scale="standard")
    batch = data.batch([7, 2])
    assert batch.rows == (7, 2)
    assert batch.X.tolist() == [data.X[7].tolist(), data.X[2].tolist()]
    assert batch.Y.tolist() == [data.Y[7].tolist(), data.Y[2].tolist()]


def test_rows_are_named_as_in_the_file_also_after_gaps() -> None:
    data = with_gaps()
    assert data.position(4) == 2
    assert data.batch([5]).X.tolist() == [data.X[3].tolist()]


@pytest.mark.parametrize(("count", "rows"), [(1, (4,)), (3, (4, 5, 1)), (9, (4, 5, 1, 2))])
def test_rows_from_one_on_go_round_the_end_once(count: int, rows: tuple[int, ...]) -> None:
    assert with_gaps().rows_from(4, count) == rows


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([0], r"gaps.csv, line 2 \(row 0\): 3 fields instead of 4; it was left out"),
        ([1, 3], r"line 6 \(row 3\), column width: the value is missing; it was left out"),
        ([6], r"gaps.csv has no row 6; its rows are 0..5, 2 of them left out"),
        ([-1], "no row -1"),
        ([10**30], "no row 1000000"),
        ([1, 2, 1], "row 1 is given twice"),
        ([], "no row was given"),
        ([1.5], "rows are whole numbers"),
    ],
    ids=["ragged", "missing", "beyond", "negative", "huge", "twice", "none", "fraction"],
)
def test_a_row_that_is_not_there_is_refused_with_the_reason(rows: list[int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        with_gaps().batch(rows)


def test_a_range_of_rows_is_half_open_and_skips_those_left_out() -> None:
    assert with_gaps().batch_range(0, 5).rows == (1, 2, 4)
    assert regression(10).batch_range(3, 5).rows == (3, 4)


@pytest.mark.parametrize("bounds", [(0, 7), (-1, 2), (2, 2), (4, 1)])
def test_an_impossible_range_is_refused_with_the_possible_ones(bounds: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="0 ≤ A < B ≤ 6"):
        with_gaps().batch_range(*bounds)


def test_a_range_of_which_nothing_was_kept_is_refused() -> None:
    with pytest.raises(InputError, match="all of rows 3:4 were left out"):
        with_gaps().batch_range(3, 4)


# --- split and scaling -------------------------------------------------------------------------


@given(n=st.integers(2, 60), fraction=st.floats(0, 0.95), seed=st.integers(0, 2**40))
def test_a_split_keeps_every_row_once(n: int, fraction: float, seed: int) -> None:
    data = regression(n)
    if fraction > 0 and not 0 < round(fraction * n) < n:
        with pytest.raises(InputError, match="leaves no row"):
            data.split(fraction, seed)
        return
    divided = data.split(fraction, seed)
    together = np.concatenate([divided.training, divided.validation])
    assert sorted(together.tolist()) == list(range(n))
    assert len(divided.validation) == round(fraction * n)
    assert (np.diff(divided.training) > 0).all()


def test_the_split_follows_from_the_seed_alone() -> None:
    first, second = regression(50, "none").split(0.2, 7), regression(50, "minmax").split(0.2, 7)
    assert first.validation.tolist() == second.validation.tolist()
    assert first.validation.tolist() != regression(50).split(0.2, 8).validation.tolist()


def test_splitting_again_starts_from_all_rows() -> None:
    once = regression(50).split(0.4, 1)
    again = once.split(0.2, 3)
    assert again.validation.tolist() == regression(50).split(0.2, 3).validation.tolist()
    assert len(once.split(0, 0).training) == 50


def test_scaling_is_fitted_on_the_training_rows_only() -> None:
    data = regression(20, "standard").split(0.5, 0)
    training = data.features[data.training]
    assert data.scaling.shift == pytest.approx(training.mean(axis=0))
    assert data.scaling.scale == pytest.approx(training.std(axis=0))
    assert data.X[data.training].mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert abs(data.X.mean(axis=0)).max() > 1e-3


@pytest.mark.parametrize("scale", ["standard", "minmax", "none"])
def test_a_few_samples_are_scaled_as_all_of_them_are(scale: str) -> None:
    data = regression(200, scale).split(0.3, seed=1)
    chosen = data.validation[::-2]
    X, Y = data.scaled(chosen)
    assert "X" not in vars(data)
    assert X.tobytes() == data.X[chosen].tobytes()
    assert Y.tobytes() == data.Y[chosen].tobytes()
    assert data.with_input(3, 0, 0.125).scaled(np.array([3]))[0][0, 0] == 0.125


def test_a_split_may_scale_in_another_way_at_once() -> None:
    at_once = regression().split(0.3, 1, scale="minmax")
    after = regression().rescale("minmax").split(0.3, 1)
    assert at_once.scaling.kind == "minmax"
    assert at_once.X.tobytes() == after.X.tobytes()


def test_targets_of_a_regression_are_scaled_too_and_classes_are_not() -> None:
    numbers = regression(10, "standard")
    assert numbers.target_scaling.kind == "standard"
    assert numbers.Y.mean() == pytest.approx(0, abs=1e-12)
    classes = Dataset.from_arrays([[1], [2]], [[0, 1], [1, 0]], scale="standard")
    assert classes.target_scaling.kind == "none"
    assert classes.Y.tolist() == [[0, 1], [1, 0]]


def test_rescaling_keeps_the_raw_numbers_and_the_split() -> None:
    data = regression(20, "standard").split(0.25, 4)
    again = data.rescale("minmax")
    assert again.features is data.features
    assert again.training.tolist() == data.training.tolist()
    assert again.X[again.training].min() == 0.0
    assert again.X[again.training].max() == 1.0
    assert data.scaling.kind == "standard"


@pytest.mark.parametrize("fraction", [1.0, -0.1, 2.0, float("nan")])
def test_a_validation_fraction_outside_0_to_1_is_refused(fraction: float) -> None:
    with pytest.raises(InputError, match="it must be from 0 to below 1"):
        regression().split(fraction, 0)


def test_a_validation_fraction_that_leaves_no_row_is_refused() -> None:
    with pytest.raises(InputError, match=r"0\.01 leaves no row of 10 for validation"):
        regression(10).split(0.01, 0)
    with pytest.raises(InputError, match=r"0\.99 leaves no row of 10 for training"):
        regression(10).split(0.99, 0)


@pytest.mark.parametrize("seed", [-1, 1.5, "x"])
def test_a_seed_that_is_none_is_refused(seed: object) -> None:
    with pytest.raises(InputError, match="whole number ≥ 0"):
        regression().split(0.5, seed)  # type: ignore[arg-type]


def test_a_columns_own_scaling_outlasts_another_split_and_another_scaling_of_all() -> None:
    data = regression(20, "standard").with_own_scalings(["minmax", None], ["none"])
    for changed in (data.split(0.25, 3), data.rescale("none").split(0.25, 3)):
        first = changed.X[changed.training, 0]
        assert (first.min(), first.max()) == (0.0, 1.0)
        assert changed.Y.tolist() == changed.target.tolist()
    assert data.rescale("none").X[:, 1].tolist() == data.features[:, 1].tolist()


def test_a_number_that_the_file_could_not_hold_is_refused() -> None:
    data = Dataset.from_arrays([[-10.0], [20.0]], [[-10.0], [20.0]], scale="standard")
    for change in (data.with_input, data.with_target):
        assert change(1, 0, 1e307).features.max() >= 20.0
        with pytest.raises(InputError, match=r"_0 of row 1 is 1e\+308, too large"):
            change(1, 0, 1e308)
