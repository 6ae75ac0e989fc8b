"""The derivation of a step, and the line under a picture, as drawings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from bpstudio.core.derivation import Derivation
from bpstudio.ui.derivation.blocks import GAP, block_pieces
from bpstudio.ui.derivation.items import Piece
from bpstudio.ui.derivation.measures import Sizes
from bpstudio.ui.derivation.narration import narration_piece
from bpstudio.ui.derivation.painting import paint_piece
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.mixed_text import MixedText
from bpstudio.ui.palette import Theme
from bpstudio.ui.pictures.drawing import Drawing
from bpstudio.ui.style import PADDING

_TOP = 12.0
_LINE, _MARGIN = 17.0, 6.0  # of a caption


def derivation_drawing(
    derivation: Derivation, theme: Theme, width: float, height: float = 0.0
) -> Drawing:
    """All blocks and the sentence; in a ``height``, outer blocks fold, and the rest is smaller."""
    sizes = Sizes()
    sentence = narration_piece(derivation, width, sizes)
    room = height - _TOP - sentence.height if height else float("inf")
    pieces = [*block_pieces(derivation.blocks, width, room, sizes, {}), sentence]
    made = _surface(pieces, theme, width)
    return _fitted(made, theme, height) if height else made


def caption_drawing(markup: str, theme: Theme, width: float) -> Drawing:
    """A line of small text, or as many as it needs."""
    sheet = Sheet(Sizes())
    mixed = MixedText(markup, sheet.sizes.caption, _LINE)
    box = sheet.words(PADDING, _MARGIN, width - 2 * PADDING, mixed, "text2")
    piece = sheet.piece(box.bottom() + _MARGIN)

    def paint(painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, width, piece.height), QColor(theme.surface))
        paint_piece(painter, piece, theme)

    return Drawing(width, piece.height, paint)


def _surface(pieces: Sequence[Piece], theme: Theme, width: float) -> Drawing:
    tops, y = [], _TOP
    for n, piece in enumerate(pieces):
        tops.append(y)
        y += piece.height + (GAP if n < len(pieces) - 2 else 0.0)

    def paint(painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, width, y), QColor(theme.surface))
        for top, piece in zip(tops, pieces, strict=True):
            painter.save()
            painter.translate(0, round(top))
            paint_piece(painter, piece, theme)
            painter.restore()

    return Drawing(width, y, paint)


def _fitted(made: Drawing, theme: Theme, height: float) -> Drawing:
    """In a fixed height, smaller where it would not fit."""
    scale = min(1.0, height / made.height)

    def paint(painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, made.width, height), QColor(theme.surface))
        if scale < 1:
            painter.scale(scale, scale)
        made.paint(painter)

    return Drawing(made.width, height, paint)
