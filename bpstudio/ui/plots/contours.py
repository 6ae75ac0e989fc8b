"""Bands of equal height: an image whose borders between colours are contour lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bpstudio.ui.palette import Theme
from bpstudio.ui.ramps import activation_colors

Floats = NDArray[np.float64]

BANDS = 14
_FINE = 6  # pixels between two points


def banded(theme: Theme, heights: Floats) -> NDArray[np.uint8]:
    """Colours (rows, columns, 3) of a grid of heights (n, m), in bands that narrow downwards.

    Each of the borders is where the square root of the height over the lowest is the next of
    equal steps, so that the ground of a valley is seen as well as its walls.
    """
    finite = heights[np.isfinite(heights)]
    if len(finite) == 0:
        return activation_colors(theme, np.zeros(heights.shape), 0.0, 1.0)
    low, high = float(finite.min()), float(finite.max())
    known = np.where(np.isfinite(heights), heights, high)
    span = high - low if high > low else 1.0
    rise = np.sqrt(np.clip((refined(known) - low) / span, 0.0, 1.0))
    return activation_colors(theme, np.minimum(np.floor(rise * BANDS), BANDS - 1), 0.0, BANDS - 1)


def refined(grid: Floats) -> Floats:
    """More points between those of a grid (n, m), on straight lines from one to the next."""
    return _along_columns(_along_columns(grid).T).T


def _along_columns(grid: Floats) -> Floats:
    count = (len(grid) - 1) * _FINE + 1
    place = np.linspace(0, len(grid) - 1, count)
    below = np.minimum(place.astype(int), len(grid) - 2)
    share = (place - below)[:, None]
    return np.asarray(grid[below] * (1 - share) + grid[below + 1] * share)
