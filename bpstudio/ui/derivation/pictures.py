"""Pieces as pictures: painted once, in advance where there is time, and kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from math import ceil

from PySide6.QtGui import QPainter, QPixmap

from bpstudio.ui.derivation.items import Piece, Placed
from bpstudio.ui.derivation.painting import paint_piece
from bpstudio.ui.palette import Theme

MOST = 24  # pictures kept: those of a step, of the next, and of some before

_Key = tuple[int, int, Theme, float]


class Pictures:
    """The pictures of the pieces of one view, on the ground of its own colour."""

    def __init__(self, surface: str) -> None:
        """`surface` is the token of the background: on it letters look as on the widget."""
        self._surface = surface
        # the piece is kept as well: its identity is the key
        self._kept: OrderedDict[_Key, tuple[Piece, QPixmap]] = OrderedDict()

    def paint(
        self, painter: QPainter, placed: Placed, width: int, theme: Theme, ratio: float
    ) -> None:
        """Draw a piece where it is placed."""
        if placed.y != int(placed.y) or ratio != int(ratio):  # not on whole device pixels
            painter.translate(0, placed.y)
            paint_piece(painter, placed.piece, theme)
            painter.translate(0, -placed.y)
            return
        painter.drawPixmap(0, int(placed.y), self.prepare(placed.piece, width, theme, ratio))

    def prepare(self, piece: Piece, width: int, theme: Theme, ratio: float) -> QPixmap:
        """The picture of a piece, painted now if it is not there yet."""
        key = (id(piece), width, theme, ratio)
        if key not in self._kept:
            picture = _blank(width, ceil(piece.height), ratio)
            picture.fill(getattr(theme, self._surface))
            _paint(picture, piece, theme)
            self._kept[key] = piece, picture
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key][1]


def _blank(width: int, height: int, ratio: float) -> QPixmap:
    # never null, also for a piece with nothing in it: there is no painting on a null pixmap
    picture = QPixmap(max(round(width * ratio), 1), max(round(height * ratio), 1))
    picture.setDevicePixelRatio(ratio)
    return picture


def _paint(picture: QPixmap, piece: Piece, theme: Theme) -> None:
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_piece(painter, piece, theme)
