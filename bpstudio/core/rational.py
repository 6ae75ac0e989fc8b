"""Numbers that are fractions: 0.5 is 1/2, and the number nearest to 1/3 is 1/3."""

from __future__ import annotations

import math
from fractions import Fraction

LARGEST_DENOMINATOR = 1_000
LARGEST_NUMERATOR = 9_999


def as_fraction(x: float) -> Fraction | None:
    """The fraction p/q, q ≤ 1000, to which x is the nearest 64-bit number; None where none is.

    A whole number is none either, nor is what rounding took away from a fraction, such as
    0.1 + 0.2.
    """
    if not math.isfinite(x) or x == int(x):
        return None
    found = Fraction(x).limit_denominator(LARGEST_DENOMINATOR)
    small = 0 < abs(found.numerator) <= LARGEST_NUMERATOR
    return found if small and found.numerator / found.denominator == x else None
