"""Counts in bins, against a plain loop, and brought together over time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bpstudio.core.histograms import BINS, histogram, over_time

numbers = arrays(np.float64, st.integers(0, 30), elements=st.floats(-1e6, 1e6, width=64))


def counted(values: np.ndarray, limit: float) -> list[int]:
    """One number at a time."""
    counts = [0] * BINS
    for value in values:
        place = math.floor((value / limit + 1.0) * (BINS // 2))
        counts[min(place, BINS - 1)] += 1
    return counts


@given(numbers)
def test_every_number_is_counted_in_its_bin(values: np.ndarray) -> None:
    made = histogram(values)
    assert made.counts.tolist() == counted(values, made.limit)
    assert made.total == len(values)


@given(numbers)
def test_the_limit_is_the_smallest_power_of_two_that_no_number_exceeds(
    values: np.ndarray,
) -> None:
    made = histogram(values)
    largest = np.abs(values).max(initial=0.0)
    assert math.frexp(made.limit)[0] == 0.5
    assert largest <= made.limit
    if largest > 1e-300:
        assert largest > made.limit / 2


@given(numbers, st.integers(0, 9))
def test_a_wider_histogram_is_that_of_the_numbers_in_wider_bins(
    values: np.ndarray, doublings: int
) -> None:
    made = histogram(values)
    limit = made.limit * 2**doublings
    wide = made.widened(limit)
    assert wide.total == len(values)
    if doublings < 6:  # beyond, the numbers are in the two bins beside 0
        assert wide.counts.tolist() == _ends_inside(values, made.limit, limit)


def _ends_inside(values: np.ndarray, narrow: float, wide: float) -> list[int]:
    """A number at the very end belongs to the last bin of the narrow limit, and stays there."""
    return counted(np.where(values == narrow, narrow * (1 - 2**-40), values), wide)


def test_numbers_that_are_not_finite_are_apart() -> None:
    made = histogram(np.array([[1.0, np.nan], [np.inf, -0.5]]))
    assert (made.total, made.not_finite) == (2, 2)


def test_the_largest_and_smallest_numbers_have_a_limit() -> None:
    assert histogram(np.array([1.7e308, -1.0])).total == 2
    assert histogram(np.array([5e-324])).total == 1
    assert histogram(np.zeros(3)).limit == 1.0


def test_moments_share_the_widest_limit_and_are_shares() -> None:
    limit, shares = over_time([histogram(np.array([0.3, 0.2])), histogram(np.array([-3.0]))])
    assert limit == 4.0
    assert shares.shape == (2, BINS)
    assert shares.sum(axis=1) == pytest.approx([1.0, 1.0])
    # 0.3 and 0.2 in bins of 1/16: number 4 and 3 right of 0; −3 is 48 bins left of it
    assert np.flatnonzero(shares[0]).tolist() == [BINS // 2 + 3, BINS // 2 + 4]
    assert np.flatnonzero(shares[1]).tolist() == [BINS // 2 - 48]


@pytest.mark.parametrize(("count", "bins"), [(1, 16), (20, 16), (100, 32), (1000, 64), (2000, 128)])
def test_few_numbers_are_shown_in_few_bins(count: int, bins: int) -> None:
    made = histogram(np.random.default_rng(0).normal(size=count))
    edges, counts = made.coarse()
    assert len(counts) == bins
    assert counts.sum() == count
    assert np.array_equal(counts, np.histogram(made.edges[:-1], edges, weights=made.counts)[0])
