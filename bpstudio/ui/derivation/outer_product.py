"""A product around the innermost block: its symbols in boxes."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from bpstudio.core.derivation import Block, Part
from bpstudio.ui.derivation.frame import Room
from bpstudio.ui.derivation.parts import FACTOR_LOOKS, frame, part_hit
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.derivation.strip import Strip, symbol_strip
from bpstudio.ui.fonts import SEMIBOLD


def outer_product(sheet: Sheet, block: Block, room: Room, top: float) -> float:
    """∂C_0/∂w = [∂C_0/∂a] · [∂a/∂z] · [∂z/∂w]; its lower end."""
    px = sheet.sizes.px
    padding, gap = px(10), px(22)
    free = room.inner_width - px(28) - len(block.parts) * 2 * padding
    free -= gap * (len(block.parts) - 1)
    symbols = _symbols((block.result, *block.parts), sheet.sizes.outer, free)
    ascent = max(s.ascent for s in symbols)
    baseline = top + sheet.sizes.dy(6) + ascent
    middle = baseline - symbols[0].axis
    x = sheet.strip(room.left, baseline, symbols[0], "text1").right() + px(8)
    sheet.hits.append(part_hit(block.result, _round(symbols[0], room.left, baseline), "left"))
    x = sheet.text(x, middle, "=", sheet.sizes.base, "text2").right() + px(10)
    for place, (part, symbol) in enumerate(zip(block.parts, symbols[1:], strict=True)):
        if place:
            sheet.text(x + gap / 2, middle, "·", sheet.sizes.base, "text2", SEMIBOLD, 0.5)
            x += gap
        rect = QRectF(x, baseline - symbol.ascent - px(5), symbol.width + 2 * padding, 0)
        rect.setBottom(baseline + symbol.descent + px(5))
        _boxed_symbol(sheet, part, symbol, rect, baseline)
        x = rect.right()
    return baseline + max(s.descent for s in symbols) + sheet.sizes.dy(11)


def _symbols(parts: tuple[Part, ...], size: float, width: float) -> list[Strip]:
    """The symbols at a size, or all a little smaller where they are wider than the room."""
    strips = [symbol_strip(part.symbol, size) for part in parts]
    natural = sum(strip.width for strip in strips)
    if natural <= width:
        return strips
    return [symbol_strip(part.symbol, size * width / natural) for part in parts]


def _boxed_symbol(sheet: Sheet, part: Part, symbol: Strip, rect: QRectF, baseline: float) -> None:
    look = FACTOR_LOOKS[part.state]
    frame(sheet, rect, look)
    sheet.strip(rect.center().x() - symbol.width / 2, baseline, symbol, look.symbol)
    sheet.hits.append(part_hit(part, rect, "outer"))


def _round(symbol: Strip, x: float, baseline: float) -> QRectF:
    return QRectF(x, baseline - symbol.ascent, symbol.width, symbol.ascent + symbol.descent)
