"""Bands of equal height."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.ui.palette import LIGHT
from bpstudio.ui.plots.contours import BANDS, banded, refined


def test_between_two_points_it_is_straight() -> None:
    fine = refined(np.array([[0.0, 6.0], [12.0, 18.0]]))
    assert fine.shape == (7, 7)
    assert fine[0] == pytest.approx([0, 1, 2, 3, 4, 5, 6])
    assert fine[:, 0] == pytest.approx([0, 2, 4, 6, 8, 10, 12])
    assert fine[3, 3] == pytest.approx(9.0)


def test_a_slope_has_every_band_and_a_valley_more_of_the_low_ones() -> None:
    slope = np.tile(np.linspace(0, 1, 60) ** 2, (4, 1))
    colors = {tuple(color) for color in banded(LIGHT, slope)[0]}
    assert len(colors) == BANDS


def test_flat_ground_and_numbers_that_are_not_finite_are_drawn() -> None:
    assert len(np.unique(banded(LIGHT, np.ones((3, 3))).reshape(-1, 3), axis=0)) == 1
    holed = np.array([[0.0, np.nan], [np.inf, 1.0]])
    assert banded(LIGHT, holed).shape == (7, 7, 3)
    assert banded(LIGHT, np.full((2, 2), np.nan)).dtype == np.uint8
