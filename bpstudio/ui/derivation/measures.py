"""Sizes of the derivation at a scale, and the widths of plain text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetricsF

from bpstudio.ui.fonts import REGULAR, Size, ui_font

MATH_AXIS = 0.25
"""Height of a fraction's bar above the baseline, in em."""
CAP_MIDDLE = 0.364
"""Half the height of a capital above the baseline, in em."""
_SNUG = 0.7


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths and text sizes in pixels.

    `scale` 2 is the presentation mode; `snug` brings lines closer together where height is short.
    """

    scale: float = 1.0
    snug: bool = False

    def px(self, length: float) -> float:
        """A length of the specification at this scale."""
        return length * self.scale

    def dy(self, length: float) -> float:
        """A vertical distance of the specification, which gives way where height is short."""
        return length * self.scale * (_SNUG if self.snug else 1.0)

    def font(self, size: float) -> int:
        """A text size of the specification at this scale."""
        return round(size * self.scale)

    @property
    def caption(self) -> int:
        return self.font(Size.CAPTION)

    @property
    def table(self) -> int:
        return self.font(Size.TABLE)

    @property
    def base(self) -> int:
        return self.font(Size.BASE)

    @property
    def narration(self) -> int:
        return self.font(Size.NARRATION)

    @property
    def value(self) -> int:
        """Values of factors."""
        return self.font(15)

    @property
    def result(self) -> int:
        return self.font(Size.RESULT)

    @property
    def equation(self) -> float:
        """Symbols of the innermost block: 18, and 32 in presentation mode."""
        return self._mathematics(Size.EQUATION)

    @property
    def outer(self) -> float:
        """Symbols of the blocks around it."""
        return self._mathematics(15)

    @property
    def formula(self) -> float:
        """What stands under a brace."""
        return self._mathematics(14)

    def _mathematics(self, size: float) -> float:
        return size * (1 + (32 / Size.EQUATION - 1) * (self.scale - 1))


@lru_cache(maxsize=64)
def font(size: int, weight: QFont.Weight = REGULAR) -> QFont:
    """The interface's face; kept. Not to be changed."""
    return ui_font(size, weight)


@lru_cache(maxsize=64)
def _metrics(size: int, weight: QFont.Weight) -> QFontMetricsF:
    return QFontMetricsF(font(size, weight))


@lru_cache(maxsize=8192)
def advance(text: str, size: int, weight: QFont.Weight = REGULAR) -> float:
    """Width of plain text."""
    return _metrics(size, weight).horizontalAdvance(text)


def elided(text: str, size: int, weight: QFont.Weight, width: float) -> str:
    """The text, cut with … where it is wider than `width`."""
    if advance(text, size, weight) <= width:
        return text
    while text and advance(text + "…", size, weight) > width:
        text = text[:-1]
    return text.rstrip() + "…"
