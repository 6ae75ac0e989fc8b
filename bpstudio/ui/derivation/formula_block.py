"""A step that is neither a sum nor a product: name = formula = numbers, and the value."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from bpstudio.core.derivation import Block, Part
from bpstudio.ui.derivation.frame import Room, label_width, result_row
from bpstudio.ui.derivation.parts import FACTOR_LOOKS, part_hit
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.derivation.strip import EMPTY, Strip, fitted, smaller, tex_strip
from bpstudio.ui.fonts import REGULAR

_LABELS = ("Symbols", "Numbers")


def formula_block(sheet: Sheet, block: Block, room: Room, top: float) -> float:
    """The formula in symbols and with the numbers, one below the other; the lower end."""
    px, sizes, part = sheet.sizes.px, sheet.sizes, block.parts[0]
    labels = label_width(sheet, _LABELS)
    name = fitted(
        lambda k: tex_strip(part.symbol, sizes.base, sizes.outer * k, REGULAR),
        room.inner_width * 0.45,
    )
    x = room.left + labels + name.width + px(30)
    first, second = _lines(part, room.right - px(8) - x, sheet)
    bottom = _put_line(sheet, room, x, top, "Symbols", first, part.state, name)
    if second.stretches:
        bottom = _put_line(sheet, room, x, bottom, "Numbers", second, part.state, EMPTY)
    rect = QRectF(room.left, top, room.inner_width, bottom - top)
    sheet.hits.append(part_hit(part, rect, "formula"))
    if room.innermost:
        return result_row(sheet, block, room, bottom + sizes.dy(6), "Value")
    return bottom + sizes.dy(6)


def _lines(part: Part, width: float, sheet: Sheet) -> tuple[Strip, Strip]:
    """The formula and the numbers; a pending step does not show its numbers yet."""
    sizes = sheet.sizes

    def formula(k: float) -> Strip:
        return tex_strip(part.formula, smaller(sizes.base, k), sizes.outer * k, REGULAR)

    def numbers(k: float) -> Strip:
        return tex_strip(part.numbers, smaller(sizes.base, k), sizes.outer * k, REGULAR)

    shown = EMPTY if part.state == "pending" else fitted(numbers, width)
    return fitted(formula, width), shown


def _put_line(
    sheet: Sheet,
    room: Room,
    x: float,
    top: float,
    label: str,
    strip: Strip,
    state: str,
    name: Strip,
) -> float:
    """One line: label, name where there is one, equals sign, formula; its lower end."""
    px, sizes, ink = sheet.sizes.px, sheet.sizes, FACTOR_LOOKS[state].symbol
    above = max(strip.ascent - strip.axis, name.ascent - name.axis, px(12))
    below = max(strip.descent + strip.axis, name.descent + name.axis, px(10))
    middle = top + sizes.dy(6) + above
    sheet.text(room.left, middle, label, sizes.caption, "text3")
    sheet.strip(x - px(30) - name.width, middle + name.axis, name, ink)
    if strip.stretches:
        sheet.text(x - px(15), middle, "=", sizes.base, "text2", REGULAR, 0.5)
        sheet.strip(x, middle + strip.axis, strip, ink)
    return middle + below + px(2)
