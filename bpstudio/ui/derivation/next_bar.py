"""The bar at the bottom: which term comes next, and the key that goes there."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF

from bpstudio.ui.derivation.explanation_view import key_cap_width, put_key_cap
from bpstudio.ui.derivation.inline import slashed
from bpstudio.ui.derivation.items import Hit, Piece
from bpstudio.ui.derivation.measures import Sizes
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.mixed_text import MixedText


@lru_cache(maxsize=64)
def next_piece(label: str, is_link: bool, width: float, sizes: Sizes, key: str) -> Piece:
    """Next, the label (markup) and the key. No link at the last step."""
    px, sheet = sizes.px, Sheet(sizes)
    height = px(38)
    sheet.rule(0, 0, width)
    caption = sheet.text(px(12), height / 2, "Next", sizes.table, "text2")
    shown = key if is_link else ""
    right = width - px(12) - key_cap_width(shown, sizes)
    mixed = _fitting(slashed(label), right - caption.right() - px(20), sizes)
    sheet.line(caption.right() + px(10), height / 2, mixed, "text1" if is_link else "text3")
    put_key_cap(sheet, shown, width - px(12), height / 2)
    if is_link:
        bar = QRectF(4, 4, width - 8, height - 8)
        hit = Hit(bar, "next", action="goto", label=f"Next: {label}", tip=f"Step into ({key})")
        sheet.hits.append(hit)
    return sheet.piece(height)


def _fitting(label: str, width: float, sizes: Sizes) -> MixedText:
    """The label, smaller where it is too wide."""
    size = sizes.table
    while size > 7 and MixedText(label, size).natural_width > width:
        size -= 1
    return MixedText(label, size, sizes.px(20))
