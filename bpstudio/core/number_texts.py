"""Many numbers as LaTeX at once: to the letter what `notation.tex_number` writes of each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.notation import LARGE, SMALL, tex_number

Array = NDArray[Any]


def tex_numbers(x: Array) -> list[str]:
    """Each number of x in LaTeX, with four decimals; x is taken row after row."""
    x = np.asarray(x, dtype=np.float64).reshape(-1)
    size = np.abs(x)
    fixed = (size >= SMALL) & (size < LARGE) & (x != np.rint(x))
    numbers = x.tolist()
    if fixed.all():
        return ["%.4f" % number for number in numbers]  # noqa: UP031 - a third faster
    power = ((size > 0) & (size < SMALL)) | ((size >= LARGE) & np.isfinite(x))
    rule = np.where(fixed, 0, np.where(power, 1, 2)).tolist()
    return [_WRITE[which](number) for which, number in zip(rule, numbers, strict=True)]


def tex_factors(numbers: Sequence[str]) -> list[str]:
    """Written numbers as factors: in parentheses where negative."""
    return [f"({text})" if text[0] == "-" else text for text in numbers]


def _scientific(x: float) -> str:
    mantissa, _, exponent = f"{x:.2e}".partition("e")
    return mantissa + _power(exponent)


@cache
def _power(exponent: str) -> str:
    return rf" \times 10^{{{int(exponent)}}}"


_WRITE = ("%.4f".__mod__, _scientific, tex_number)
