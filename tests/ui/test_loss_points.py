"""The points of the loss curves: values between them, and outlines of long ones."""

import math

import numpy as np

from bpstudio.ui.loss_points import Curve


def test_the_value_at_a_place_is_that_of_the_nearest_point() -> None:
    curve = Curve(np.array([12.0, 24.0, 36.0]), np.array([3.0, 2.0, 1.0]))
    assert [curve.at(x) for x in (0, 17, 19, 30.1, 99)] == [3.0, 3.0, 2.0, 1.0, 1.0]
    assert math.isnan(Curve(np.array([]), np.array([])).at(3))


def test_what_is_known_at_an_update_is_the_point_before_it() -> None:
    curve = Curve(np.array([12.0, 24.0]), np.array([3.0, 2.0]))
    assert [curve.known_at(x) for x in (12, 23.9, 24, 99)] == [3.0, 3.0, 2.0, 2.0]
    assert math.isnan(curve.known_at(11.9))
    assert math.isnan(Curve(np.array([]), np.array([])).known_at(3))


def test_a_curve_begins_at_its_branch() -> None:
    curve = Curve(np.arange(5.0), np.arange(5.0) * 10).since(2)
    assert (curve.x.tolist(), curve.y.tolist()) == ([2, 3, 4], [20, 30, 40])


def test_a_long_curve_keeps_its_extremes_and_its_end_in_the_outline() -> None:
    x = np.arange(100_003.0)
    y = np.sin(x)
    y[50_000] = 7.0
    outline = Curve(x, y).outline()
    assert len(outline.x) < 3000
    assert np.nanmax(outline.y) == 7.0
    assert (outline.x[-1], outline.y[-1]) == (x[-1], y[-1])
    assert (np.diff(outline.x) > 0).all()


def test_a_short_curve_is_its_own_outline() -> None:
    curve = Curve(np.arange(900.0), np.arange(900.0))
    assert curve.outline() is curve
