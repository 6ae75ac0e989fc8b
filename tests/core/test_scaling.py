"""Scaling: x = (raw − shift) / scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from bpstudio.core.errors import InputError
from bpstudio.core.scaling import SCALINGS, fit_scaling, no_scaling

TABLES = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, max_side=8),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda x: round(x, 6)),
)
ANY_TABLES = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.floats(-1e300, 1e300)
)


def test_standard_scaling_uses_the_mean_and_the_population_standard_deviation() -> None:
    # 1, 3, 8: mean 12/3 = 4; deviations −3, −1, 4; variance (9 + 1 + 16)/3 = 26/3
    scaling = fit_scaling("standard", np.array([[1.0], [3.0], [8.0]]))
    assert scaling.shift.tolist() == [4.0]
    assert scaling.scale[0] == pytest.approx((26 / 3) ** 0.5, rel=1e-15)


def test_minmax_scaling_maps_the_range_to_0_and_1() -> None:
    raw = np.array([[2.0, -1.0], [6.0, 3.0], [4.0, 1.0]])
    scaled = fit_scaling("minmax", raw).apply(raw)
    assert scaled.tolist() == [[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]]


def test_scaling_none_leaves_the_bits_alone() -> None:
    raw = np.array([[0.1, 5.0], [0.1, 7.0]])
    assert fit_scaling("none", raw).apply(raw).tobytes() == raw.tobytes()


@pytest.mark.parametrize("kind", ["standard", "minmax"])
def test_a_constant_column_becomes_0_exactly(kind: str) -> None:
    raw = np.full((7, 1), 0.1)  # the sum of seven is not 7 × 0.1 in binary
    scaling = fit_scaling(kind, raw)
    assert scaling.scale.tolist() == [1.0]
    assert scaling.apply(raw).tolist() == [[0.0]] * 7


@given(raw=TABLES, kind=st.sampled_from(SCALINGS))
def test_a_scaled_value_is_the_raw_one_less_the_shift_over_the_scale(
    raw: np.ndarray, kind: str
) -> None:
    scaling = fit_scaling(kind, raw)
    scaled = scaling.apply(raw)
    for row, column in np.ndindex(raw.shape):
        expected = (raw[row, column] - scaling.shift[column]) / scaling.scale[column]
        assert scaled[row, column] == expected


@given(raw=TABLES)
def test_standard_columns_have_mean_0_and_deviation_1_or_are_constant(raw: np.ndarray) -> None:
    scaled = fit_scaling("standard", raw).apply(raw)
    constant = raw.min(axis=0) == raw.max(axis=0)
    assert np.allclose(scaled.mean(axis=0), 0, atol=1e-6)
    assert np.allclose(scaled.std(axis=0), np.where(constant, 0, 1), atol=1e-6)


@given(raw=ANY_TABLES, kind=st.sampled_from(["standard", "minmax"]))
def test_numbers_up_to_the_largest_allowed_scale_without_overflow(
    raw: np.ndarray, kind: str
) -> None:
    scaled = fit_scaling(kind, raw).apply(raw)
    assert np.isfinite(scaled).all()
    # twice: of numbers that differ in their last bit alone, mean and deviation are rounded
    assert np.abs(scaled).max() <= 2 * max(1.0, np.sqrt(len(raw)))


@given(raw=TABLES, kind=st.sampled_from(SCALINGS))
def test_undo_gives_the_raw_numbers_back(raw: np.ndarray, kind: str) -> None:
    scaling = fit_scaling(kind, raw)
    largest = max(1.0, float(np.abs(raw).max()))
    assert np.allclose(scaling.undo(scaling.apply(raw)), raw, rtol=0, atol=1e-9 * largest)


def test_shift_and_scale_are_read_only() -> None:
    scaling = no_scaling(2)
    with pytest.raises(ValueError, match="read-only"):
        scaling.shift[0] = 1.0


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="'robust'; choose standard, minmax, none"):
        fit_scaling("robust", np.ones((1, 1)))


def test_a_column_may_be_scaled_in_a_way_of_its_own() -> None:
    raw = np.array([[1.0, 2.0, 0.0], [3.0, 6.0, 1.0], [8.0, 4.0, 0.0]])
    scaling = fit_scaling("standard", raw, (None, "minmax", "none"))
    assert scaling.shift.tolist() == [4.0, 2.0, 0.0]
    assert scaling.scale.tolist() == [pytest.approx((26 / 3) ** 0.5), 4.0, 1.0]
    assert [scaling.kind_of(k) for k in range(3)] == ["standard", "minmax", "none"]


@given(raw=TABLES, kind=st.sampled_from(SCALINGS), data=st.data())
def test_each_column_is_scaled_as_if_it_were_alone(
    raw: np.ndarray, kind: str, data: st.DataObject
) -> None:
    n = raw.shape[1]
    own = data.draw(st.lists(st.sampled_from([None, *SCALINGS]), min_size=n, max_size=n))
    scaling = fit_scaling(kind, raw, own)
    for k in range(n):
        alone = fit_scaling(own[k] or kind, raw[:, [k]])
        # numpy adds up a column that is alone in another order: the last bits may differ
        rounding = 1e-12 * float(np.abs(raw[:, k]).max())
        assert scaling.shift[k] == pytest.approx(alone.shift[0], abs=rounding)
        assert scaling.scale[k] == pytest.approx(alone.scale[0], abs=rounding)
        assert scaling.kind_of(k) == (own[k] or kind)
        same = fit_scaling(own[k] or kind, raw)  # for all columns: to the bit
        assert (scaling.shift[k], scaling.scale[k]) == (same.shift[k], same.scale[k])


def test_there_is_one_scaling_for_each_column_or_none() -> None:
    with pytest.raises(InputError, match="2 scalings are given for 3 columns"):
        fit_scaling("none", np.ones((1, 3)), ("none", None))
