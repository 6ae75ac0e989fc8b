"""Derivatives without a rule: complex steps, and central differences with their error."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bpstudio.core.differences import (
    central_differences,
    complex_step,
    extrapolated_differences,
)

X = np.array([-3.0, -1e-9, 0.0, 0.5, 4.0])


def test_a_complex_step_is_exact_to_rounding() -> None:
    np.testing.assert_allclose(complex_step(np.exp, X), np.exp(X), rtol=1e-15)
    np.testing.assert_allclose(complex_step(np.sin, X), np.cos(X), rtol=1e-15)


def test_a_complex_step_is_small_beside_what_the_function_bends_over() -> None:
    """ln′(x) = 1/x at x = 1e-30, where a step of 1e-20 would be far too large."""
    x = np.array([1e-30, 1e-3])
    np.testing.assert_allclose(complex_step(np.log, x, x), 1.0 / x, rtol=1e-15)


@pytest.mark.parametrize("h", [1e-4, 0.1, 1.0])
def test_central_differences_are_within_their_error_estimate(h: float) -> None:
    erf = np.frompyfunc(math.erf, 1, 1)
    value, error = central_differences(lambda t: np.asarray(erf(X + t), dtype=float), h)
    difference = np.abs(value - 2.0 / math.sqrt(math.pi) * np.exp(-X * X))
    assert np.all(difference <= 10.0 * error + 1e-14 / h)
    assert np.all(difference < 1e-12 / h)


def test_each_element_may_have_a_step_of_its_own() -> None:
    value, _ = central_differences(lambda t: t * np.array([1.0, 1e9]), np.array([0.1, 1e-9]))
    np.testing.assert_allclose(value, [1.0, 1e9], rtol=1e-12)


def test_large_steps_that_agree_by_chance_are_not_believed() -> None:
    """t + sin(16πt/h): at h, h/2, h/4 and h/8 the sine is 0, and the slope seems to be 1."""
    h = 0.5
    value, error = central_differences(lambda t: t + np.sin(16.0 * np.pi * t / h), h)
    assert np.abs(value - (1.0 + 16.0 * np.pi / h)) < 10.0 * error


def test_a_function_without_a_number_has_no_derivative() -> None:
    value, error = central_differences(lambda t: np.full(2, np.nan) + t, np.array([0.1, 0.1]))
    assert np.isnan(value).all()
    assert not np.isfinite(error).any()


def test_the_step_is_one_of_the_halvings_and_small_enough_for_the_function() -> None:
    found = extrapolated_differences(lambda t: np.sin(np.array([1.0, 300.0]) * t), 0.1)
    halvings = np.log2(0.1 / found.step)
    assert np.allclose(halvings, np.round(halvings))
    assert found.step[1] < 1.0 / 300.0
    np.testing.assert_allclose(found.value, [1.0, 300.0], rtol=1e-4)
