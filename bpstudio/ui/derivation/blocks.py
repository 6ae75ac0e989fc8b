"""All blocks of a derivation, from the goal inwards; the outer ones fold where room is short."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QRectF

from bpstudio.core.derivation import Block
from bpstudio.ui.derivation.formula_block import formula_block
from bpstudio.ui.derivation.frame import Room, close_block, fold_hit, folded_block, open_block
from bpstudio.ui.derivation.items import Piece
from bpstudio.ui.derivation.measures import Sizes
from bpstudio.ui.derivation.outer_product import outer_product
from bpstudio.ui.derivation.product_block import inner_product
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.derivation.sum_block import sum_block

GAP = 10.0
"""Between two blocks."""


@lru_cache(maxsize=128)
def block_piece(block: Block, room: Room, folded: bool, chevron: bool) -> Piece:
    """A block laid out. `chevron` marks one that was unfolded by hand."""
    sheet = Sheet(room.sizes)
    if folded:
        height = folded_block(sheet, block, room)
    else:
        height = _whole_block(sheet, block, room, "chevron-down" if chevron else "")
    height = ceil(height)
    close_block(sheet, room, height)
    return sheet.piece(height)


def _whole_block(sheet: Sheet, block: Block, room: Room, chevron: str) -> float:
    top = open_block(sheet, block, room, chevron)
    if not room.innermost:
        rect = QRectF(room.left - 4, 2, room.inner_width + 4, top - 4)
        sheet.hits.append(fold_hit(block, room, rect, False))
    if block.kind == "sum":
        return sum_block(sheet, block, room, top)
    if block.kind == "formula":
        return formula_block(sheet, block, room, top)
    lay_out = inner_product if room.innermost else outer_product
    return lay_out(sheet, block, room, top)


def block_pieces(
    blocks: tuple[Block, ...],
    width: float,
    height: float,
    sizes: Sizes,
    by_hand: Mapping[int, bool],
) -> list[Piece]:
    """The blocks so that they fit the height if they can: the outermost fold first.

    `by_hand` tells which depths the user folded (True) or unfolded (False) himself.
    """
    rooms = [Room(sizes, width, d, d == len(blocks) - 1) for d in range(len(blocks))]
    whole = [
        block_piece(b, r, by_hand.get(r.depth, False), by_hand.get(r.depth) is False)
        for b, r in zip(blocks, rooms, strict=True)
    ]
    for depth in range(len(blocks) - 1):
        if stacked_height(whole, sizes) <= height:
            break
        if depth not in by_hand:
            whole[depth] = block_piece(blocks[depth], rooms[depth], True, False)
    return whole


def stacked_height(pieces: list[Piece], sizes: Sizes) -> float:
    """Height of the pieces one below the other."""
    return sum(p.height for p in pieces) + sizes.dy(GAP) * max(len(pieces) - 1, 0)
