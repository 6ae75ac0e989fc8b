"""A strip: text and formulas side by side on one line, measured before it is placed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QFont

from bpstudio.ui.derivation.measures import CAP_MIDDLE, MATH_AXIS, advance, elided
from bpstudio.ui.derivation.number_text import split_text
from bpstudio.ui.fonts import REGULAR
from bpstudio.ui.typeset import Formula, typeset

_SMALLEST = 9
"""Text is not shrunk below this size; it is cut instead."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A part of a strip: text, or a formula where there is one."""

    x: float
    width: float
    text: str
    formula: Formula | None


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Stretches on a common baseline."""

    stretches: tuple[Stretch, ...]
    width: float
    ascent: float
    descent: float
    size: int
    weight: QFont.Weight
    axis: float
    """Height above the baseline of what is centred on a row: a minus, a fraction's bar."""


EMPTY = Strip((), 0.0, 0.0, 0.0, 0, REGULAR, 0.0)


@lru_cache(maxsize=4096)
def tex_strip(
    tex: str, size: int, maths: float, weight: QFont.Weight = REGULAR, display: bool = True
) -> Strip:
    """LaTeX with its numbers and words set as text of `size`, the rest with an em of `maths`."""
    if not tex:
        return EMPTY
    stretches: list[Stretch] = []
    x = 0.0
    for is_text, content in split_text(tex):
        formula = None if is_text else _typeset(content, maths, display)
        width = advance(content, size, weight) if formula is None else formula.width
        stretches.append(Stretch(x, width, content, formula))
        x += width
    return _strip(stretches, x, size, weight)


def _typeset(tex: str, maths: float, display: bool) -> Formula:
    return typeset(tex if display else _low_parentheses(tex), maths, display)


@lru_cache(maxsize=4096)
def symbol_strip(tex: str, maths: float, display: bool = True) -> Strip:
    """A symbol: typeset as a whole."""
    formula = typeset(tex, maths, display)
    stretch = Stretch(0.0, formula.width, "", formula)
    return Strip(
        (stretch,),
        formula.width,
        formula.ascent,
        formula.descent,
        0,
        REGULAR,
        maths * MATH_AXIS,
    )


def text_strip(text: str, size: int, weight: QFont.Weight = REGULAR) -> Strip:
    """Plain text."""
    width = advance(text, size, weight)
    return _strip([Stretch(0.0, width, text, None)], width, size, weight)


def _strip(stretches: list[Stretch], width: float, size: int, weight: QFont.Weight) -> Strip:
    formulas = [s.formula for s in stretches if s.formula is not None]
    texts = [size] if len(formulas) < len(stretches) else []
    ascent = max([*(0.75 * s for s in texts), *(f.ascent for f in formulas)], default=0.0)
    descent = max([*(0.25 * s for s in texts), *(f.descent for f in formulas)], default=0.0)
    axes = [*(CAP_MIDDLE * s for s in texts), *(MATH_AXIS * f.size for f in formulas)]
    return Strip(tuple(stretches), width, ascent, descent, size, weight, max(axes, default=0.0))


def fitted(make: Callable[[float], Strip], width: float) -> Strip:
    """The strip at its natural size, or made smaller until it fits the width.

    `make` takes the factor. Text that would become unreadable is cut with … instead.
    """
    strip = make(1.0)
    if strip.width <= width or not strip.stretches:
        return strip
    factor = width / strip.width
    strip = make(factor)
    for _ in range(3):
        if strip.width <= width:
            return strip
        factor *= 0.99 * width / strip.width
        strip = make(factor)
    return _cut(strip, width)


def _low_parentheses(tex: str) -> str:
    """Parentheses as high as letters, where nothing higher is inside."""
    if r"\frac" in tex or r"\sum" in tex:
        return tex
    tex = re.sub(r"(\d) \\left\(", r"\1\\,(", tex)
    return tex.replace(r"\left(", "(").replace(r"\right)", ")")


def smaller(size: int, factor: float) -> int:
    """A text size shrunk by a factor, as far as it stays readable."""
    return size if factor >= 1 else max(min(size, _SMALLEST), int(size * factor))


def _cut(strip: Strip, width: float) -> Strip:
    kept: list[Stretch] = []
    for stretch in strip.stretches:
        room = width - stretch.x
        if stretch.width > room:
            if stretch.formula is None:
                text = elided(stretch.text, strip.size, strip.weight, room)
                kept.append(Stretch(stretch.x, room, text, None))
            break
        kept.append(stretch)
    return Strip(
        tuple(kept),
        min(width, strip.width),
        strip.ascent,
        strip.descent,
        strip.size,
        strip.weight,
        strip.axis,
    )
