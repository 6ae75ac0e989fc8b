import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from bpstudio.ui.palette import DARK, LIGHT, Theme, contrast, rgb, text_on
from bpstudio.ui.ramps import (
    activation_color,
    activation_colors,
    diverging_color,
    diverging_colors,
    edge_widths,
    gradient,
    nice_max,
    signed_position,
    text_colors,
)

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
SIZES = st.floats(min_value=0, max_value=1e300, exclude_min=True, allow_subnormal=False)


@THEMES
def test_the_sequential_ramp_has_its_stops_at_the_quarters(theme: Theme) -> None:
    colors = activation_colors(theme, [0, 0.25, 0.5, 0.75, 1], 0, 1)
    assert colors.tolist() == [list(rgb(stop)) for stop in theme.activation]


@THEMES
def test_the_signed_ramp_has_its_stops_at_the_thirds_of_the_root(theme: Theme) -> None:
    # the position is sign(v)·√|v|, so that ⅓ and ⅔ are at 1/9 and 4/9
    values = [-1, -4 / 9, -1 / 9, 0, 1 / 9, 4 / 9, 1]
    colors = diverging_colors(theme, values, 1)
    assert colors.tolist() == [list(rgb(stop)) for stop in theme.diverging]


def test_values_beyond_the_ends_take_the_colours_of_the_ends() -> None:
    colors = activation_colors(LIGHT, [-7, 9, np.inf, -np.inf], 0, 1)
    low, high = list(rgb(LIGHT.activation[0])), list(rgb(LIGHT.activation[-1]))
    assert colors.tolist() == [low, high, high, low]


def test_what_is_not_a_number_is_drawn_as_nothing() -> None:
    assert activation_color(LIGHT, float("nan"), 0, 1) == QColor(LIGHT.activation[0])
    assert diverging_color(LIGHT, float("nan"), 1) == QColor(LIGHT.diverging[3])


def test_a_layer_of_equal_values_has_a_colour() -> None:
    assert activation_colors(LIGHT, [0.3, 0.3], 0.3, 0.3).shape == (2, 3)


def test_a_matrix_keeps_its_shape() -> None:
    assert diverging_colors(DARK, np.zeros((4, 5)), 1).shape == (4, 5, 3)


def test_the_sign_of_the_position_is_the_sign_of_the_value() -> None:
    # √(0.25 / 1) = 0.5
    assert signed_position([-0.25, 0, 0.25], 1).tolist() == [-0.5, 0, 0.5]
    assert signed_position([-0.25, 0.25], 0).tolist() == [0, 0]


def test_edges_are_one_to_five_pixels_wide() -> None:
    # 1 + 4·√(|v| / max)
    assert edge_widths([0, -0.25, 1, 30], 1).tolist() == [1, 3, 5, 5]


@pytest.mark.parametrize(
    ("value", "nice"),
    [(0.2, 0.2), (0.21, 0.5), (0.51, 1.0), (1.0, 1.0), (1.1, 2.0), (7.0, 10.0), (0.001, 0.001)],
)
def test_a_range_ends_at_1_2_or_5_times_a_power_of_ten(value: float, nice: float) -> None:
    assert nice_max([value, -value / 2]) == nice
    assert nice_max([-value]) == nice


@given(SIZES)
def test_a_range_holds_its_values_and_is_not_wider_than_needed(value: float) -> None:
    assert value <= nice_max([value]) <= 2.6 * value


@pytest.mark.parametrize(
    "values", [[], [0.0, -0.0], [float("nan")], [float("inf")]], ids=["none", "0", "nan", "inf"]
)
def test_a_range_of_nothing_is_one(values: list[float]) -> None:
    assert nice_max(values) == 1.0


def test_the_largest_numbers_have_a_range() -> None:
    assert nice_max([1.7e308]) == 1.7e308
    assert nice_max([5e-324]) == 5e-324


@THEMES
def test_text_colours_of_a_whole_layer_are_those_of_each_node(theme: Theme) -> None:
    fills = activation_colors(theme, np.linspace(0, 1, 50), 0, 1)
    for fill, ink in zip(fills.tolist(), text_colors(fills).tolist(), strict=True):
        expected = rgb(text_on("#{:02X}{:02X}{:02X}".format(*fill)))
        assert tuple(ink) == expected


@THEMES
@pytest.mark.parametrize("kind", ["activation", "diverging"])
def test_the_colour_bar_shows_the_ramp(theme: Theme, kind: str) -> None:
    stops = gradient(theme, kind, 0, 100).stops()
    assert [color.name().upper() for _, color in stops] == list(getattr(theme, kind))
    assert (stops[0][0], stops[-1][0]) == (0, 1)


@THEMES
def test_strong_signed_colours_stand_out_from_the_canvas(theme: Theme) -> None:
    for stop in (theme.diverging[0], theme.diverging[1], *theme.diverging[5:]):
        assert contrast(stop, theme.canvas) >= 3
