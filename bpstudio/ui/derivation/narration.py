"""The sentence under the blocks, and the remark where one is due."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF

from bpstudio.core.derivation import Derivation
from bpstudio.ui.derivation.items import Hit, Picture, Piece
from bpstudio.ui.derivation.measures import Sizes, advance
from bpstudio.ui.derivation.parts import tip
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.fonts import SEMIBOLD
from bpstudio.ui.mixed_text import MixedText


def narration_piece(derivation: Derivation, width: float, sizes: Sizes) -> Piece:
    """One plain sentence with its number in bold, and the remark with a warning sign."""
    told = tip(derivation.value, derivation.address)
    depth = max(len(derivation.blocks) - 1, 0)
    return _piece(derivation.sentence, derivation.remark, told, depth, width, sizes)


@lru_cache(maxsize=64)
def _piece(sentence: str, remark: str, told: str, depth: int, width: float, sizes: Sizes) -> Piece:
    px, sheet = sizes.px, Sheet(sizes)
    left = px(12 + 8 * depth)
    mixed = MixedText(sentence, sizes.narration, px(22))
    box = sheet.words(left, sizes.dy(14), width - left - px(12), mixed, "text1")
    _hit_number(sheet, told, box, mixed)
    bottom = box.bottom()
    if remark:
        bottom = _put_remark(sheet, remark, left, bottom + px(10), width)
    return sheet.piece(bottom + sizes.dy(14))


def _hit_number(sheet: Sheet, told: str, box: QRectF, mixed: MixedText) -> None:
    """The bold number shows all its digits."""
    for piece in mixed.layout(box.width()).pieces:
        if piece.run.bold and not piece.formula:
            top = box.top() + piece.baseline - mixed.size
            width = advance(piece.run.text, mixed.size, SEMIBOLD)
            rect = QRectF(box.left() + piece.x, top, width, mixed.size * 1.3)
            sheet.hits.append(Hit(rect, "value", tip=told))


def _put_remark(sheet: Sheet, remark: str, left: float, top: float, width: float) -> float:
    px, size = sheet.sizes.px, round(sheet.sizes.px(16))
    sheet.items.append(Picture(QRectF(left, top + px(1), size, size), "warning", "warning"))
    mixed = MixedText(remark, sheet.sizes.base, px(19))
    text_left = left + size + px(8)
    return sheet.words(text_left, top, width - text_left - px(12), mixed, "text1").bottom()
