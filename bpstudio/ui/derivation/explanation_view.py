"""The fold "Why is ∂z/∂a what it is?": lines of text with their formulas."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF

from bpstudio.core.explain import Explanation, ExplanationLine
from bpstudio.ui.derivation.broken_formula import Line, formula_lines
from bpstudio.ui.derivation.inline import slashed
from bpstudio.ui.derivation.items import Hit, Picture, Piece
from bpstudio.ui.derivation.measures import Sizes, advance
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.fonts import REGULAR, SEMIBOLD
from bpstudio.ui.mixed_text import MixedText


@lru_cache(maxsize=64)
def explanation_piece(
    name: str,
    explanation: Explanation | None,
    is_open: bool,
    width: float,
    sizes: Sizes,
    key: str,
) -> Piece:
    """The fold's bar, and under it the explanation where it is open.

    `name` is what is explained, in LaTeX; `key` the shortcut shown in the bar.
    """
    sheet = Sheet(sizes)
    title = explanation.title if is_open and explanation is not None else _closed_title(name)
    bottom = _put_bar(sheet, slashed(title), is_open, width, key)
    if is_open and explanation is not None:
        bottom += sizes.px(10)
        for line in explanation.lines:
            bottom = _put_line(sheet, line, width, bottom)
        bottom += sizes.px(6)
    return sheet.piece(bottom)


def _closed_title(name: str) -> str:
    """ "Explain ∂z/∂a"; a product has no name of its own."""
    return "Explain this product" if r"\cdot" in name or not name else f"Explain ${name}$"


def _put_bar(sheet: Sheet, title: str, is_open: bool, width: float, key: str) -> float:
    px, sizes = sheet.sizes.px, sheet.sizes
    mixed = MixedText(title, sizes.table, px(20), SEMIBOLD)
    left, right = px(32), width - px(12)
    cap = key_cap_width(key, sizes)
    height = max(px(30), mixed.measure(right - left - cap - px(8)) + px(8))
    sheet.box(QRectF(0, 0, width, height), "surface2")
    sheet.rule(0, 0, width)
    sheet.rule(0, height - 1, width)
    size = round(px(14))
    chevron = "chevron-down" if is_open else "chevron-right"
    sheet.items.append(Picture(QRectF(px(11), (height - size) / 2, size, size), chevron, "text2"))
    text_width = right - left - cap - px(8)
    text_height = mixed.measure(text_width)
    sheet.words(left, (height - text_height) / 2, text_width, mixed, "text1")
    put_key_cap(sheet, key, right, height / 2)
    label = f"{'Hide' if is_open else 'Show'}: {title}"
    bar = QRectF(4, 3, width - 8, height - 6)
    sheet.hits.append(Hit(bar, "explain", action="explain", label=label, tip=f"{title} ({key})"))
    return height


def _put_line(sheet: Sheet, line: ExplanationLine, width: float, top: float) -> float:
    px, left = sheet.sizes.px, sheet.sizes.px(12)
    mixed = MixedText(line.text, sheet.sizes.base, px(20))
    bottom = sheet.words(left, top, width - 2 * left, mixed, "text2").bottom()
    if line.tex:
        room = width - left - px(28)
        for place, strips in enumerate(formula_lines(line.tex, sheet.sizes.outer, room, px(24))):
            indent = px(28) + (px(24) if place else 0.0)
            bottom = _put_formula(sheet, strips, indent, bottom + px(4))
    return bottom + px(10)


def _put_formula(sheet: Sheet, strips: Line, left: float, top: float) -> float:
    baseline = top + max(strip.ascent for strip in strips)
    for strip in strips:
        left = sheet.strip(left, baseline, strip, "text1").right()
    return baseline + max(strip.descent for strip in strips)


def key_cap_width(key: str, sizes: Sizes) -> float:
    """Width of a key's cap; 0 where there is no key."""
    return advance(key, sizes.caption) + sizes.px(14) if key else 0.0


def put_key_cap(sheet: Sheet, key: str, right: float, middle: float) -> None:
    """A key as a small box that ends at `right`."""
    if not key:
        return
    width, height = key_cap_width(key, sheet.sizes), sheet.sizes.px(20)
    cap = QRectF(right - width, middle - height / 2, width, height)
    sheet.box(cap, "surface2", "divider")
    sheet.text(cap.center().x(), middle, key, sheet.sizes.caption, "text2", REGULAR, 0.5)
