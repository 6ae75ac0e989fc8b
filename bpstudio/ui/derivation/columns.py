"""The columns of a product: how wide they are and at which heights their rows stand."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from bpstudio.core.derivation import Part
from bpstudio.ui.derivation.frame import Room
from bpstudio.ui.derivation.measures import Sizes
from bpstudio.ui.derivation.number_text import halves, likely_numbers, number_text
from bpstudio.ui.derivation.parts import value_text
from bpstudio.ui.derivation.strip import (
    Strip,
    fitted,
    smaller,
    symbol_strip,
    tex_strip,
    text_strip,
)
from bpstudio.ui.fonts import REGULAR, SEMIBOLD

_WIDEST_PADDING, _PADDING, _GAP, _WIDEST_GAP = 14.0, 6.0, 10.0, 56.0
_HARD_TO_READ = 0.8
"""Numbers shrunk by more than this go on two lines."""
NUMBER_LINE = 15.0
"""From one line of numbers to the next."""


@dataclass(frozen=True, slots=True)
class Column:
    """A factor's strips, from the symbol down."""

    part: Part
    symbol: Strip
    formula: Strip
    numbers: tuple[Strip, ...]
    value: Strip

    @property
    def brace(self) -> float:
        """Width of the brace; 0 where there is nothing under it."""
        return max(self.symbol.width, self.formula.width) if self.formula.stretches else 0.0


@dataclass(frozen=True, slots=True)
class Rows:
    """Heights at which the rows of all columns stand: baselines of their strips."""

    badge: float
    symbol: float
    brace: float
    formula: float
    numbers: float
    value: float
    bottom: float


def natural_width(column: Column, sizes: Sizes) -> float:
    """The width a factor would like: the same in every state, so that columns stand still."""
    part = column.part
    numbers = tex_small(part.numbers or likely_numbers(part.formula), sizes.table, sizes)
    least = text_strip("\u22120.0000", sizes.value, SEMIBOLD)
    strips = (column.symbol, column.formula, numbers, column.value, least)
    return max(column.brace, *(strip.width for strip in strips))


def column_of(part: Part, sizes: Sizes, width: float = math.inf) -> Column:
    """The factor's strips, none wider than `width`."""
    return Column(
        part,
        fitted(lambda k: symbol_strip(part.symbol, sizes.equation * k), width),
        fitted(lambda k: tex_small(part.formula, sizes.base, sizes, k), width),
        _number_lines(part, sizes, width),
        fitted(lambda k: _value(part, sizes, k), width),
    )


def tex_small(tex: str, size: int, sizes: Sizes, factor: float = 1.0) -> Strip:
    """A formula under a brace; a fraction at its full height, or its parts would be tiny."""
    size = smaller(size, factor)
    if r"\frac" in tex:
        return tex_strip(tex, size, sizes.formula * 0.86 * factor, REGULAR)
    return tex_strip(tex, size, sizes.formula * factor, REGULAR, False)


def _number_lines(part: Part, sizes: Sizes, width: float) -> tuple[Strip, ...]:
    """The numbers plugged in; on two lines where one would be hard to read."""
    if part.state == "pending" or not part.numbers:
        return ()
    whole = tex_small(part.numbers, sizes.table, sizes)
    text = number_text(part.numbers)
    if text is None or whole.width * _HARD_TO_READ <= width:
        return (fitted(lambda k: tex_small(part.numbers, sizes.table, sizes, k), width),)
    return tuple(_text_line(half, sizes, width) for half in halves(text))


def _text_line(text: str, sizes: Sizes, width: float) -> Strip:
    return fitted(lambda k: text_strip(text, smaller(sizes.table, k)), width)


def _value(part: Part, sizes: Sizes, factor: float) -> Strip:
    if part.value is None:
        return text_strip(value_text(part), smaller(sizes.base, factor))
    return text_strip(value_text(part), smaller(sizes.value, factor), SEMIBOLD)


def least_room(sizes: Sizes, count: int) -> float:
    return sizes.px(2 * _PADDING * count + _GAP * (count - 1))


def shared_widths(natural: list[float], width: float, sizes: Sizes) -> tuple[list[float], float]:
    """Widths of the columns' contents and the padding beside them.

    Where they do not fit, the widest give way first.
    """
    count = len(natural)
    room = width - least_room(sizes, count)
    if sum(natural) > room:
        cap = _cap(natural, room)
        return [min(w, cap) for w in natural], sizes.px(_PADDING)
    free = width - sum(natural) - sizes.px(_GAP * (count - 1))
    return natural, min(free / (2 * count), sizes.px(_WIDEST_PADDING))


def _cap(widths: list[float], room: float) -> float:
    """The largest width such that the widths, cut to it, fill the room."""
    left = room
    for place, width in enumerate(sorted(widths)):
        share = left / (len(widths) - place)
        if width > share:
            return share
        left -= width
    return room


def cells_of(
    widths: list[float],
    padding: float,
    room: Room,
    labels: float,
    top: float,
    rows: Rows,
    sizes: Sizes,
) -> list[QRectF]:
    """The boxes of the columns: the last ends at the right, gaps are even."""
    taken = sum(widths) + 2 * padding * len(widths)
    between = max(len(widths) - 1, 1)
    free = room.inner_width - labels - taken
    gap = min(free / between, sizes.px(_WIDEST_GAP))
    x = room.right - taken - gap * (len(widths) - 1) - max(0.0, free - gap * between) / 2
    cells = []
    for width in widths:
        cells.append(QRectF(x, top, width + 2 * padding, rows.bottom - top))
        x += width + 2 * padding + gap
    return cells


def rows_of(columns: list[Column], top: float, sizes: Sizes) -> Rows:
    dy = sizes.dy
    badge = top + dy(18)
    symbol = badge + sizes.px(11) + dy(5) + max(c.symbol.ascent for c in columns)
    brace = symbol + max(c.symbol.descent for c in columns) + dy(4)
    bottom, formula = brace - dy(4), brace
    if any(c.formula.stretches for c in columns):
        formula = brace + dy(12) + max(c.formula.ascent for c in columns)
        bottom = formula + max(c.formula.descent for c in columns)
    numbers = bottom
    if any(c.part.numbers for c in columns):
        strips = [strip for c in columns for strip in c.numbers]
        numbers = bottom + dy(10) + max([sizes.px(10), *(s.ascent for s in strips)])
        bottom = numbers + max([sizes.px(3), *(s.descent for s in strips)])
        bottom += (max(len(c.numbers) for c in columns) > 1) * sizes.px(NUMBER_LINE)
    value = bottom + dy(14) + max(sizes.px(10), *(c.value.ascent for c in columns))
    return Rows(badge, symbol, brace, formula, numbers, value, value + dy(11))
