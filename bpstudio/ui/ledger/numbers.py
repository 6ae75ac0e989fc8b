"""How the ledger writes its numbers, and the widest text that some of them take."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.notation import MINUS, format_number

Floats = NDArray[np.float64]

LEAST = 1e-3
LEAST_OF_CLASS = 5e-5
_LARGE = 1e4
_LAST_DIGIT = 5e-5  # half of the last decimal: what is rounded up


def compact(x: float, least: float = LEAST, digits: int = 2) -> str:
    """A number in the room of a column: 4 decimals, 1.98·10⁻⁴ where its size is below ``least``."""
    if x == 0 or least <= abs(x) < _LARGE:
        return f"{x:.4f}".replace("-", MINUS)
    return format_number(x, digits).replace("\u2009×\u2009", "·")


def signed(x: float, least: float = LEAST, digits: int = 2) -> str:
    """The same with its sign, also where it is positive."""
    return ("+" if x > 0 else "") + compact(x, least, digits)


def of_class(x: float) -> str:
    """What a class did, shorter; a dash where it had no sample."""
    return "–" if math.isnan(x) else signed(x, LEAST_OF_CLASS, 0)


def widest(values: Floats, least: float = LEAST, digits: int = 2) -> tuple[str, ...]:
    """Texts of which one is at least as wide as that of each of these numbers, with its sign.

    All figures are of one width, and of those that stand high the 0 is the widest.
    """
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    plain = (sizes >= least) & (sizes < _LARGE)
    made = []
    if plain.any():
        made.append(f"{MINUS}{_zeros(float(sizes[plain].max()) + _LAST_DIGIT)}.0000")
    if not plain.all():
        far = np.abs(np.log10(sizes[~plain])) + 1.0
        mantissa = "0." + "0" * digits if digits else "0"
        made.append(f"{MINUS}{mantissa}·10⁻" + "⁰" * len(_zeros(float(far.max()))))
    return tuple(made)


def _zeros(x: float) -> str:
    """As many as x ≥ 0 has digits before the point."""
    return "0" * len(str(int(x)))
