"""A sum: its addends in boxes, as many on a line as fit, and the sum so far."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from bpstudio.core.derivation import Block, Part
from bpstudio.core.notation import format_number, format_signed
from bpstudio.ui.derivation.frame import Room, result_row
from bpstudio.ui.derivation.items import Hit
from bpstudio.ui.derivation.measures import Sizes, advance
from bpstudio.ui.derivation.parts import ADDEND_LOOKS, PENDING, frame, part_hit, tip
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.derivation.strip import symbol_strip
from bpstudio.ui.fonts import REGULAR, SEMIBOLD
from bpstudio.ui.mixed_text import MixedText

_BOX_HEIGHT, _ROW_GAP, _PLUS_GAP = 39.0, 8.0, 24.0


def sum_block(sheet: Sheet, block: Block, room: Room, top: float) -> float:
    """result = [addend] + [addend] + …, the running sum, and innermost the result; lower end."""
    start = _put_left_side(sheet, block, room, top)
    bottom = _put_addends(sheet, block, room, start, top)
    if block.total is not None:
        bottom = _put_running(sheet, block, room, bottom + sheet.sizes.dy(5))
    if room.innermost:
        return result_row(
            sheet, block, room, bottom + sheet.sizes.dy(10), "Mean" if block.scale else "Sum"
        )
    return bottom + sheet.sizes.dy(6)


def _put_left_side(sheet: Sheet, block: Block, room: Room, top: float) -> float:
    """The result's symbol, the equals sign and the factor before the sum; where the sum starts."""
    px, sizes = sheet.sizes.px, sheet.sizes
    middle = top + px(_BOX_HEIGHT) / 2
    symbol = symbol_strip(block.result.symbol, sizes.outer)
    box = sheet.strip(room.left, middle + symbol.axis, symbol, "text1")
    sheet.hits.append(part_hit(block.result, box, "left"))
    x = sheet.text(box.right() + px(8), middle, "=", sizes.base, "text2").right() + px(10)
    if not block.scale:
        return x
    scale = symbol_strip(block.scale, sizes.outer)
    x = sheet.strip(x, middle + scale.axis, scale, "text1").right() + px(3)
    return sheet.text(x, middle, "(", sizes.font(24), "text2").right() + px(3)


def _put_addends(sheet: Sheet, block: Block, room: Room, start: float, top: float) -> float:
    """The boxes of the addends, wrapped at the right; their lower end."""
    px, sizes = sheet.sizes.px, sheet.sizes
    widths = [_box_width(part, sizes) for part in block.parts]
    height, plus = px(_BOX_HEIGHT), _plus_width(widths, room.right - start, sizes)
    x, y = start, top
    for place, (part, width) in enumerate(zip(block.parts, widths, strict=True)):
        if place:
            sheet.text(x + plus / 2, y + height / 2, "+", sizes.base, "text2", REGULAR, 0.5)
            x += plus
            reserve = plus * 0.75 if part is not block.parts[-1] else 0.0
            if x + width + reserve > room.right:
                x, y = start, y + height + sizes.dy(_ROW_GAP)
        _put_addend(sheet, part, QRectF(x, y, width, height))
        x += width
    if block.scale:
        sheet.text(x + px(3), y + height / 2, ")", sizes.font(24), "text2")
    return y + height


def _plus_width(widths: list[float], room: float, sizes: Sizes) -> float:
    """Room for a plus sign; less where all boxes then fit on one line."""
    wide, narrow = sizes.px(_PLUS_GAP), sizes.px(_PLUS_GAP - 6)
    gaps = len(widths) - 1
    taken = sum(widths)
    return narrow if taken + gaps * narrow <= room < taken + gaps * wide else wide


def _box_width(part: Part, sizes: Sizes) -> float:
    """The same before and after the value is there, so that boxes stand still."""
    value = format_signed(part.value) if part.value is not None else "\u22120.0000"
    label = MixedText(part.label, sizes.table).natural_width
    number = advance(value, sizes.narration, SEMIBOLD)
    return max(label, number, advance(PENDING, sizes.base)) + sizes.px(18)


def _put_addend(sheet: Sheet, part: Part, rect: QRectF) -> None:
    sizes, look = sheet.sizes, ADDEND_LOOKS[part.state]
    frame(sheet, rect, look)
    label = MixedText(part.label, sizes.table)
    x, middle = rect.center().x() - label.natural_width / 2, rect.top() + sizes.px(11)
    sheet.line(x, middle, label, look.symbol)
    x, middle = rect.center().x(), rect.top() + sizes.px(28)
    if part.value is None:
        sheet.text(x, middle, PENDING, sizes.base, look.value, REGULAR, 0.5)
    else:
        number = format_signed(part.value)
        sheet.text(x, middle, number, sizes.narration, look.value, SEMIBOLD, 0.5)
    sheet.hits.append(part_hit(part, rect, "addend"))


def _put_running(sheet: Sheet, block: Block, room: Room, top: float) -> float:
    """Running sum 0.2169 − 0.2282 = −0.0113; its lower end."""
    assert block.total is not None
    size, px = sheet.sizes.table, sheet.sizes.px
    complete = all(part.state == "done" for part in block.parts)
    caption = "Sum" if complete else "Running sum"
    addends = f"{_written(block.running)} =\u2002" if len(block.running) > 1 else ""
    markup = f"{caption}\u2002{addends}**{format_number(block.total)}**"
    mixed = MixedText(markup, size, px(20))
    rect = sheet.words(room.left, top, room.inner_width, mixed, "text2", "text1")
    _hit_total(sheet, block.total, rect, mixed)
    return rect.bottom()


def _written(addends: tuple[float, ...]) -> str:
    """0.2169 − 0.2282 + 0.1: joined by their own signs."""
    text = ""
    for place, addend in enumerate(addends):
        number = format_number(abs(addend)) if place else format_number(addend)
        sign = "\u2212 " if addend < 0 else "+ "
        text += f" {sign}{number}" if place else number
    return text


def _hit_total(sheet: Sheet, total: float, rect: QRectF, mixed: MixedText) -> None:
    """The total shows all its digits."""
    last = mixed.layout(rect.width()).pieces[-1]
    width = advance(last.run.text, mixed.size, SEMIBOLD)
    box = QRectF(rect.left() + last.x, rect.top() + last.baseline - mixed.size, width, mixed.size)
    sheet.hits.append(Hit(box, "total", tip=tip(total, "")))
