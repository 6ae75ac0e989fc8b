"""Painting what was laid out."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from bpstudio.ui.derivation.items import Box, Brace, Item, Maths, Picture, Piece, Text, Words
from bpstudio.ui.derivation.measures import font
from bpstudio.ui.icons import paint_icon
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import RADIUS

_CLEAR = 2


def paint_piece(painter: QPainter, piece: Piece, theme: Theme) -> None:
    """Draw a piece at the painter's origin."""
    for item in piece.items:
        paint_item(painter, item, theme)


def paint_item(painter: QPainter, item: Item, theme: Theme) -> None:
    """Draw one item in the theme's colours."""
    if isinstance(item, Text):
        painter.setFont(font(item.size, item.weight))
        painter.setPen(_color(getattr(theme, item.ink)))
        painter.drawText(QPointF(item.x, item.baseline), item.text)
    elif isinstance(item, Maths):
        item.formula.paint(painter, item.x, item.baseline, _color(getattr(theme, item.ink)))
    elif isinstance(item, Words):
        _paint_words(painter, item, theme)
    elif isinstance(item, Box):
        _paint_box(painter, item, theme)
    elif isinstance(item, Brace):
        painter.strokePath(_brace(item.rect), QPen(_color(getattr(theme, item.ink)), 1.3))
    elif isinstance(item, Picture):
        paint_icon(painter, item.name, item.rect, getattr(theme, item.ink))


def paint_frame(painter: QPainter, rect: QRectF, color: str, width: float) -> None:
    """The frame round what the mouse or the keyboard is at, 2 px away from it."""
    reach = _CLEAR + width / 2
    painter.setPen(QPen(_color(color), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(-reach, -reach, reach, reach), RADIUS, RADIUS)


@lru_cache(maxsize=128)
def _color(color: str) -> QColor:
    return QColor(color)


def _paint_words(painter: QPainter, words: Words, theme: Theme) -> None:
    ink, bold = _color(getattr(theme, words.ink)), _color(getattr(theme, words.bold_ink))
    left, top = words.rect.left(), words.rect.top()
    for piece in words.layout.pieces:
        color = bold if piece.run.bold else ink
        x, y = left + piece.x, top + piece.baseline
        if piece.formula is not None:
            piece.formula.paint(painter, x, y, color)
        else:
            painter.setFont(piece.font)
            painter.setPen(color)
            painter.drawText(QPointF(x, y), piece.run.text)


def _paint_box(painter: QPainter, box: Box, theme: Theme) -> None:
    if not box.line:
        if box.radius == 0:
            painter.fillRect(box.rect, _color(getattr(theme, box.fill)))
            return
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        painter.setPen(_pen(getattr(theme, box.line), box.line_width, box.dashed))
    painter.setBrush(_color(getattr(theme, box.fill)) if box.fill else Qt.BrushStyle.NoBrush)
    inset = box.line_width / 2 if box.line else 0.0
    rect = _on_pixels(box.rect).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(rect, box.radius - inset, box.radius - inset)


def _on_pixels(rect: QRectF) -> QRectF:
    """Edges on whole pixels, so that thin lines stay sharp."""
    left, top = round(rect.left()), round(rect.top())
    return QRectF(left, top, round(rect.right()) - left, round(rect.bottom()) - top)


@lru_cache(maxsize=64)
def _pen(color: str, width: float, dashed: bool) -> QPen:
    pen = QPen(_color(color), width)
    if dashed:
        pen.setDashPattern([3.0, 2.0])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _brace(rect: QRectF) -> QPainterPath:
    left, right, middle = rect.left(), rect.right(), rect.center().x()
    top, bottom = rect.top(), rect.bottom()
    waist = (top + bottom) / 2
    bend = min(rect.height(), rect.width() / 4)
    path = QPainterPath(QPointF(left, top))
    path.quadTo(left, waist, left + bend, waist)
    path.lineTo(middle - bend, waist)
    path.quadTo(middle, waist, middle, bottom)
    path.quadTo(middle, waist, middle + bend, waist)
    path.lineTo(right - bend, waist)
    path.quadTo(right, waist, right, top)
    return path
