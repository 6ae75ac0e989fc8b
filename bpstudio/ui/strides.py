"""Round numbers of epochs between marks on an axis."""

from __future__ import annotations

ROUND = (1, 2, 5)  # times a power of ten
_MOST_MARKS = 5


def stride_of(epochs: int) -> int:
    """1, 2 or 5 times a power of ten, such that there are few marks."""
    power = 1
    while True:
        for digit in ROUND:
            if epochs <= _MOST_MARKS * digit * power:
                return digit * power
        power *= 10
