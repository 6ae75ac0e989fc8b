"""Which numbers are written as fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.notation import MINUS, Notation
from bpstudio.core.rational import LARGEST_DENOMINATOR, LARGEST_NUMERATOR, as_fraction


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0.5, Fraction(1, 2)),
        (-0.75, Fraction(-3, 4)),
        (1 / 3, Fraction(1, 3)),
        (0.1, Fraction(1, 10)),
        (0.37, Fraction(37, 100)),
        (2.5, Fraction(5, 2)),
        (0.001, Fraction(1, 1000)),
        (0.0, None),
        (3.0, None),
        (0.0001, None),
        (1e-300, None),
        (12_345.5, None),
        (0.1 + 0.2, None),
        (math.nextafter(0.5, 1), None),
        (math.pi, None),
        (math.nan, None),
        (math.inf, None),
    ],
    ids=repr,
)
def test_a_number_is_the_fraction_it_is_nearest_to_or_none(x, expected):
    assert as_fraction(x) == expected


@given(st.integers(-LARGEST_NUMERATOR, LARGEST_NUMERATOR), st.integers(1, LARGEST_DENOMINATOR))
def test_every_small_fraction_is_found_from_its_64_bit_number(p, q):
    expected = Fraction(p, q)
    assert as_fraction(p / q) == (None if expected.denominator == 1 else expected)


def test_fractions_are_written_where_the_notation_has_them():
    plain, fractions = Notation(3), Notation(3, fractions=True)
    assert (plain.number(-0.5), plain.factor(-0.5), plain.text(-0.5)) == (
        "-0.5000",
        "(-0.5000)",
        f"{MINUS}0.5000",
    )
    assert (fractions.number(-0.5), fractions.factor(-0.5), fractions.text(-0.5)) == (
        r"-\frac{1}{2}",
        r"\left(-\frac{1}{2}\right)",
        f"{MINUS}1/2",
    )
    assert (fractions.number(0.1 + 0.2), fractions.number(2.0)) == ("0.3000", "2")
    assert (plain.constant(0.5), fractions.constant(0.5)) == ("0.5", r"\frac{1}{2}")
