"""Numbers become pixels as arrays."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from bpstudio.core.trace import compute_trace
from bpstudio.ui.matrices.sheet import (
    MOST_LOOKED_AT,
    colors_of,
    image_of,
    largest_of,
    matrix_sheet,
    shrunk,
)
from bpstudio.ui.palette import DARK, LIGHT
from bpstudio.ui.ramps import activation_color, diverging_color
from tests.ui.canvas.scenes import trace
from tests.ui.matrices.scenes import source

NUMBERS = st.floats(-1e6, 1e6)


@given(
    arrays(float, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=NUMBERS),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_a_pixel_is_the_largest_number_by_size_of_its_block(
    values: NDArray[np.float64], rows: int, columns: int
) -> None:
    small = largest_of(values, rows, columns)
    for row in range(small.shape[0]):
        for column in range(small.shape[1]):
            block = values[row * rows : (row + 1) * rows, column * columns : (column + 1) * columns]
            assert abs(small[row, column]) == np.abs(block).max()
            assert small[row, column] in block


def test_a_block_with_no_number_in_it_is_none() -> None:
    assert np.isnan(largest_of(np.array([[1.0, np.nan], [2.0, 3.0]]), 2, 2)).all()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_image_has_the_canvas_ramp_at_each_pixel(theme: object) -> None:
    values = np.array([[-1.0, -0.2, 0.0], [0.1, 0.7, 2.0]])
    signed = image_of(colors_of(values, ("diverging", (-2.0, 2.0)), theme))  # type: ignore[arg-type]
    active = image_of(colors_of(values, ("activation", (-1.0, 1.0)), theme))  # type: ignore[arg-type]
    for row in range(2):
        for column in range(3):
            v = float(values[row, column])
            assert signed.pixelColor(column, row) == diverging_color(theme, v, 2.0)  # type: ignore[arg-type]
            assert active.pixelColor(column, row) == activation_color(theme, v, -1.0, 1.0)  # type: ignore[arg-type]


@dataclass
class Huge:
    """8000 × 8000 numbers that would not be there all at once."""

    asked: list[tuple[slice, slice]] = field(default_factory=list)

    def block(self, rows: slice, columns: slice) -> NDArray[np.float64]:
        self.asked.append((rows, columns))
        j, k = np.arange(8000)[rows], np.arange(8000)[columns]
        return np.add.outer(j, k).astype(float)


def test_of_very_many_numbers_only_one_a_pixel_is_looked_at() -> None:
    huge = Huge()
    values = shrunk(huge, range(0, 8000, 54), range(0, 8000, 23))  # type: ignore[arg-type]
    assert values.shape == (149, 348)
    assert values[2, 3] == 2 * 54 + 3 * 23
    assert huge.asked == [(slice(0, 8000, 54), slice(0, 8000, 23))]


def test_of_fewer_all_are_looked_at() -> None:
    huge = Huge()
    side = round(MOST_LOOKED_AT**0.5) - 1
    values = shrunk(huge, range(0, side, 10), range(0, side, 10))  # type: ignore[arg-type]
    assert values[0, 0] == 18


def test_what_an_edit_changed_is_marked() -> None:
    before = trace()
    edited = before.network.with_weight(3, 2, 1, 4.0)
    after = compute_trace(edited, before.batch)
    sheet = matrix_sheet(
        source(after, "w"), range(6), range(5), ("diverging", (-5, 5)), LIGHT, source(before, "w")
    )
    assert sheet.changed is not None
    assert np.argwhere(sheet.changed).tolist() == [[2, 1]]
