"""Chips and names: measuring and painting."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from bpstudio.ui.canvas.highlight import Label
from bpstudio.ui.canvas.labels import Placed
from bpstudio.ui.canvas.look import Look, color
from bpstudio.ui.fonts import REGULAR, SEMIBOLD
from bpstudio.ui.typeset import Formula, typeset

_PADDING = 8.0
_GAP = 6.0
_BADGE = 16.0


class _Style(NamedTuple):
    """Colour tokens of a kind of chip; "" means none."""

    fill: str
    border: str
    symbol: str
    number: str
    height: float
    symbol_size: float
    number_size: float


_STYLES = {
    "current": _Style("accent", "", "on_accent", "on_accent", 24, 14.5, 13),
    "done": _Style("canvas", "accent_outline", "text2", "text2", 22, 13.5, 12.5),
    "goal": _Style("canvas", "border", "text2", "text2", 20, 13.5, 11.5),
    "name": _Style("", "", "accent_text", "accent_text", 18, 15, 11),
}


def label_size(look: Look, label: Label) -> tuple[float, float]:
    """Width and height of a label."""
    style = _STYLES[label.style]
    padding = 2 * _PADDING if style.fill else 4
    width = padding * look.scale + sum(_part_widths(look, label))
    formula = _formula(look, label, style)
    height = style.height * look.scale
    return width, max(height, formula.height + 2) if formula and not style.fill else height


@lru_cache(maxsize=256)
def _part_widths(look: Look, label: Label) -> tuple[float, ...]:
    style = _STYLES[label.style]
    gap = _GAP if label.before or label.tex or label.text else 0.0
    badge = (_BADGE + gap) * look.scale if label.badge is not None else 0.0
    before = _text_width(look, label.before, style, bold=False)
    formula = _formula(look, label, style)
    symbol = formula.width if formula else 0.0
    return (
        badge,
        before + 4 * look.scale if before else 0.0,
        symbol,
        _text_width(look, label.joint, style, bold=False),
        _text_width(look, label.text, style, bold=True),
    )


def _text_width(look: Look, text: str, style: _Style, bold: bool) -> float:
    if not text:
        return 0.0
    weight = SEMIBOLD if bold else REGULAR
    return look.metrics(style.number_size, weight).horizontalAdvance(text)


def _formula(look: Look, label: Label, style: _Style) -> Formula | None:
    return typeset(label.tex, style.symbol_size * look.scale, False) if label.tex else None


def paint_label(painter: QPainter, look: Look, placed: Placed) -> None:
    """One chip or name in its box."""
    label, style = placed.label, _STYLES[placed.label.style]
    box = QRectF(*placed.box)
    if style.fill:
        _paint_box(painter, look, box, style)
    else:
        _paint_halo(painter, look, box)
    x = box.x() + (_PADDING if style.fill else 2) * look.scale
    middle = box.center().y()
    if label.badge is not None:
        paint_badge(painter, look, QPointF(x + _BADGE * look.scale / 2, middle), label)
    _paint_parts(painter, look, label, style, x, middle)


def paint_leader(
    painter: QPainter, look: Look, placed: Placed, anchor: tuple[float, float]
) -> None:
    """A thin line from a chip that had to stand off to what it belongs to."""
    near = QPointF(*placed.box.nearest(*anchor))
    token = "accent" if placed.label.style == "current" else "accent_outline"
    painter.setPen(QPen(color(getattr(look.theme, token)), 1.25 * look.scale))
    painter.drawLine(near, QPointF(*anchor))


def _paint_box(painter: QPainter, look: Look, box: QRectF, style: _Style) -> None:
    border = QPen(color(getattr(look.theme, style.border)), 1) if style.border else None
    painter.setPen(border or Qt.PenStyle.NoPen)
    painter.setBrush(color(getattr(look.theme, style.fill)))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


def _paint_halo(painter: QPainter, look: Look, box: QRectF) -> None:
    halo = color(look.theme.canvas).toRgb()
    halo.setAlphaF(0.82)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(halo)
    painter.drawRoundedRect(box, 4, 4)


def _paint_parts(
    painter: QPainter, look: Look, label: Label, style: _Style, x: float, middle: float
) -> None:
    badge, before, symbol, joint, _ = _part_widths(look, label)
    formula = _formula(look, label, style)
    x += badge
    _paint_text(painter, look, label.before, style, x, middle, bold=False)
    x += before
    if formula:
        baseline = middle + (formula.ascent - formula.descent) / 2
        formula.paint(painter, x, baseline, getattr(look.theme, style.symbol))
    _paint_text(painter, look, label.joint, style, x + symbol, middle, bold=False)
    _paint_text(painter, look, label.text, style, x + symbol + joint, middle, bold=True)


def _paint_text(
    painter: QPainter, look: Look, text: str, style: _Style, x: float, middle: float, bold: bool
) -> None:
    if not text:
        return
    weight = SEMIBOLD if bold else REGULAR
    metrics = look.metrics(style.number_size, weight)
    painter.setFont(look.font(style.number_size, weight))
    painter.setPen(color(getattr(look.theme, style.number)))
    painter.drawText(QPointF(x, middle + metrics.capHeight() / 2), text)


def paint_badge(painter: QPainter, look: Look, center: QPointF, label: Label) -> None:
    """The number of a factor in a circle: filled where current, outlined where done."""
    theme, radius = look.theme, _BADGE * look.scale / 2 - 0.75
    current = label.style == "current"
    painter.setPen(Qt.PenStyle.NoPen if current else QPen(color(theme.accent), 1.2 * look.scale))
    painter.setBrush(color(theme.on_accent if current else theme.canvas))
    painter.drawEllipse(center, radius, radius)
    painter.setFont(look.font(10.5, SEMIBOLD))
    painter.setPen(color(theme.accent if current else theme.accent_text))
    box = QRectF(center.x() - radius, center.y() - radius, 2 * radius, 2 * radius)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(label.badge))
