"""What all blocks share: the rule at the left, the line with title and note, the result."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from bpstudio.core.derivation import Block
from bpstudio.ui.derivation.inline import slashed
from bpstudio.ui.derivation.items import Box, Hit, Picture
from bpstudio.ui.derivation.measures import Sizes, advance
from bpstudio.ui.derivation.parts import FACTOR_LOOKS, frame, part_hit, result_text
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.derivation.strip import Strip, fitted, symbol_strip
from bpstudio.ui.fonts import REGULAR, SEMIBOLD
from bpstudio.ui.mixed_text import MixedText

_RULE = 3
_INDENT = 8
FOLDED_HEIGHT = 26


@dataclass(frozen=True, slots=True)
class Room:
    """Where a block stands: how deep, how wide the panel is, whether it is the innermost."""

    sizes: Sizes
    width: float
    depth: int
    innermost: bool

    @property
    def rule(self) -> float:
        """Left end of the rule."""
        return self.sizes.px(12 + _INDENT * self.depth)

    @property
    def left(self) -> float:
        return self.rule + self.sizes.px(15 if self.innermost else 14)

    @property
    def right(self) -> float:
        return self.width - self.sizes.px(24 if self.innermost else 12)

    @property
    def inner_width(self) -> float:
        return self.right - self.left


def open_block(sheet: Sheet, block: Block, room: Room, chevron: str = "") -> float:
    """Title, detail and note; the height they take."""
    dy = sheet.sizes.dy
    middle = sheet.sizes.px(10) + dy(7 if room.innermost else 6)
    x = room.left + _put_chevron(sheet, room, middle, chevron)
    title = sheet.line(x, middle, _title(sheet, block), _title_ink(room))
    note = _put_note(sheet, block, room, middle)
    height = middle + sheet.sizes.px(8) + dy(4 if room.innermost else 3)
    if block.detail:
        height += _put_detail(sheet, block, room, title, note, middle)
    return height


def close_block(sheet: Sheet, room: Room, height: float) -> None:
    """The rule, and behind the innermost block its surface; both under what is there."""
    px = sheet.sizes.px
    rule = QRectF(room.rule, 0, px(_RULE), height)
    under = [Box(rule, "accent" if room.innermost else "divider")]
    if room.innermost:
        width = room.width - px(12) - room.rule
        under.insert(0, Box(QRectF(room.rule, 0, width, height), "surface2"))
    sheet.items[:0] = under


def fold_hit(block: Block, room: Room, rect: QRectF, folded: bool) -> Hit:
    """The line of a block that can be folded away."""
    label = f"{'Unfold' if folded else 'Fold'} {block.title} {block.detail}"
    return Hit(rect, f"fold:{room.depth}", str(room.depth), "fold", label)


def folded_block(sheet: Sheet, block: Block, room: Room) -> float:
    """The block on one line; its height."""
    height = sheet.sizes.px(FOLDED_HEIGHT)
    middle = height / 2
    x = room.left + _put_chevron(sheet, room, middle, "chevron-right")
    title = sheet.line(x, middle, _title(sheet, block), "text1")
    note = _put_note(sheet, block, room, middle)
    detail = MixedText(block.detail, sheet.sizes.table)
    x = title.right() + sheet.sizes.px(8)
    if block.detail and x + detail.natural_width < note.left() - sheet.sizes.px(8):
        sheet.line(x, middle, detail, "text3")
    rect = QRectF(room.left - sheet.sizes.px(4), 0, room.inner_width + sheet.sizes.px(4), height)
    sheet.hits.append(fold_hit(block, room, rect, True))
    return height


def result_row(sheet: Sheet, block: Block, room: Room, top: float, caption: str) -> float:
    """The line under an innermost block with its result; its lower end."""
    px, sizes, part = sheet.sizes.px, sheet.sizes, block.result
    height = px(24) + sizes.dy(10)
    row = QRectF(room.left - px(6), top + sizes.dy(4), room.inner_width + px(12), height)
    if part.state != "current":
        sheet.rule(room.left, top, room.inner_width)
    frame(sheet, row, FACTOR_LOOKS["current" if part.state == "current" else "done"])
    middle = row.center().y()
    label = sheet.text(room.left, middle, caption, sizes.caption, "text3")
    number = _put_result(sheet, room, middle, result_text(part), part.value is None)
    equals = sheet.text(number.left() - px(10), middle, "=", sizes.base, "text2", align=1.0)
    _put_symbol(sheet, part.symbol, label.right() + px(12), equals.left() - px(10), middle)
    sheet.hits.append(part_hit(part, row, "result"))
    return row.bottom() + sizes.dy(4)


def _put_result(sheet: Sheet, room: Room, middle: float, text: str, pending: bool) -> QRectF:
    if pending:
        return sheet.text(room.right, middle, text, sheet.sizes.base, "text3", REGULAR, 1.0)
    return sheet.text(room.right, middle, text, sheet.sizes.result, "text1", SEMIBOLD, 1.0)


def _put_symbol(sheet: Sheet, tex: str, left: float, right: float, middle: float) -> None:
    """The result's name before the equals sign, unless it is a product and would repeat."""
    if not tex or r"\cdot" in tex:
        return

    def make(factor: float) -> Strip:
        return symbol_strip(slashed(tex), sheet.sizes.formula * factor, False)

    strip = fitted(make, right - left)
    sheet.strip(right - strip.width, middle + strip.axis, strip, "text1")


def _title(sheet: Sheet, block: Block) -> MixedText:
    return MixedText(block.title, sheet.sizes.table, sheet.sizes.px(20), SEMIBOLD)


def _title_ink(room: Room) -> str:
    return "accent_text" if room.innermost else "text1"


def _put_chevron(sheet: Sheet, room: Room, middle: float, name: str) -> float:
    if not name:
        return 0.0
    size = round(sheet.sizes.px(14))
    left = room.left - sheet.sizes.px(2)
    sheet.items.append(Picture(QRectF(left, middle - size / 2, size, size), name, "text2"))
    return size + sheet.sizes.px(6)


def _put_note(sheet: Sheet, block: Block, room: Room, middle: float) -> QRectF:
    size = sheet.sizes.table
    return sheet.text(room.right, middle, block.note, size, "text3", REGULAR, 1.0)


def _put_detail(
    sheet: Sheet, block: Block, room: Room, title: QRectF, note: QRectF, middle: float
) -> float:
    """The detail beside the title, or below it where there is no room; the height it adds."""
    px = sheet.sizes.px
    detail = MixedText(block.detail, sheet.sizes.table, px(18))
    x = title.right() + px(8)
    if x + detail.natural_width <= note.left() - px(8):
        sheet.line(x, middle, detail, "text3")
        return 0.0
    rect = sheet.words(room.left, middle + px(9), room.inner_width, detail, "text3")
    return rect.height() + px(2)


def label_width(sheet: Sheet, labels: tuple[str, ...]) -> float:
    """Room that captions in the left margin need."""
    return max(advance(label, sheet.sizes.caption) for label in labels) + sheet.sizes.px(12)
