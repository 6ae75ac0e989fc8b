"""How numbers are written in the room of a column, and how wide they come to be."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.ui.ledger.numbers import compact, of_class, signed, widest


@pytest.mark.parametrize(
    ("x", "text"),
    [(0.0, "0.0000"), (-0.0123, "−0.0123"), (1.98e-4, "+1.98·10⁻⁴"), (-2e5, "−2.00·10⁵")],
)
def test_numbers_have_the_room_of_a_column(x, text):
    assert signed(x) == text


def test_a_class_s_number_is_shorter():
    assert compact(2.6e-4, 5e-5, 0) == "0.0003"
    assert of_class(2.6e-4) == "+0.0003"
    assert of_class(-2.6e-6) == "−3·10⁻⁶"
    assert of_class(float("nan")) == "–"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([], ()),
        ([0.0, np.nan, np.inf], ()),
        ([0.5, -0.25], ("−0.0000",)),
        ([-0.5, 12.25], ("−00.0000",)),
        ([9.99999], ("−00.0000",)),  # written 10.0000
        ([0.5, 1.98e-4], ("−0.0000", "−0.00·10⁻⁰")),
        ([1.98e-4, 3e-12], ("−0.00·10⁻⁰⁰",)),
        ([2e5, 0.0], ("−0.00·10⁻⁰",)),
    ],
)
def test_the_widest_text_has_as_many_figures_as_any(values, texts):
    assert widest(np.array(values)) == texts
