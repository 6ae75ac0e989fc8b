"""`typeset(tex)`: a formula that can be measured, painted in any colours and hit part by part."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import mathra
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QTransform,
)

from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.outline import NO_PART, Ink, Outline, part, read_formula, without_parts

__all__ = ["Formula", "part", "typeset", "without_parts"]

Color = QColor | str
PartColors = tuple[tuple[int, int], ...]
"""Part numbers with the colours (as 0xAARRGGBB) that differ from the formula's own."""

_MARGIN = 2
"""Device pixels round a formula's picture: slanted letters reach beyond their box."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A typeset formula. Lengths in pixels; `ascent` lies above the baseline, `descent` below.

    `plain` says that the LaTeX could not be typeset and stands as text.
    """

    tex: str
    size: float
    width: float
    ascent: float
    descent: float
    speech: str
    plain: bool
    inks: tuple[Ink, ...]

    @property
    def height(self) -> float:
        return self.ascent + self.descent

    @property
    def parts(self) -> tuple[int, ...]:
        return tuple(ink.part for ink in self.inks if ink.part != NO_PART)

    def rect(self, x: float = 0.0, baseline: float = 0.0) -> QRectF:
        """The box the formula takes when it is painted at (x, baseline)."""
        return QRectF(x, baseline - self.ascent, self.width, self.height)

    def part_rect(self, number: int, x: float = 0.0, baseline: float = 0.0) -> QRectF:
        """The box of a part's ink when painted at (x, baseline); null where there is none."""
        boxes = (ink.bounds() for ink in self.inks if ink.part == number)
        return next(boxes, QRectF()).translated(x, baseline)

    def part_at(self, point: QPointF) -> int | None:
        """The part under a point given from the left end of the baseline."""
        hits = (n for n in self.parts if self.part_rect(n).contains(point))
        return next(hits, None)

    def paint(
        self,
        painter: QPainter,
        x: float,
        baseline: float,
        color: Color,
        part_colors: Mapping[int, Color] | None = None,
    ) -> None:
        """Draw with the left end of the baseline at (x, baseline).

        Parts take their own colour from `part_colors`. On screen the picture is kept and drawn
        on whole pixels; where the painter scales or prints, outlines are filled.
        """
        others = tuple((n, _rgba(c)) for n, c in part_colors.items()) if part_colors else ()
        if _on_pixels(painter):
            _draw_picture(self, painter, x, baseline, _rgba(color), others)
        else:
            _draw_outlines(self, painter, QPointF(x, baseline), _rgba(color), others)


@lru_cache(maxsize=4096)
def typeset(tex: str, size: float = Size.EQUATION, display: bool = True) -> Formula:
    """The formula with an em of `size` pixels; `display` False sets fractions small, for a line.

    LaTeX that cannot be typeset becomes plain text. The answer is kept: asking again is free.
    """
    try:
        outline, plain = read_formula(tex, size, display), False
    except (ValueError, KeyError) as error:
        _log.info("not typeset: %s: %s", tex, error)
        outline, plain = _plain_outline(tex, size), True
    lengths = (outline.width, outline.ascent, outline.descent)
    return Formula(tex, size, *lengths, outline.speech, plain, outline.inks)


def _plain_outline(tex: str, size: float) -> Outline:
    text = _linear_text(without_parts(tex))
    font = ui_font(100)
    metrics, k = QFontMetricsF(font), size / 100
    path = QPainterPath()
    path.addText(0, 0, font, text)
    ink = Ink(NO_PART, QTransform.fromScale(k, k).map(path), ())
    width = metrics.horizontalAdvance(text) * k
    return Outline(width, metrics.ascent() * k, metrics.descent() * k, text, (ink,))


def _linear_text(tex: str) -> str:
    try:
        return str(mathra.render(tex)["text"]) or tex
    except ValueError:
        return tex


def _rgba(color: Color) -> int:
    return (QColor(color) if isinstance(color, str) else color).rgba()


def _on_pixels(painter: QPainter) -> bool:
    engine = painter.paintEngine()
    if engine is None or engine.type() != QPaintEngine.Type.Raster:
        return False
    moved = painter.worldTransform()
    return not (moved.isScaling() or moved.isRotating())


def _draw_picture(
    formula: Formula, painter: QPainter, x: float, baseline: float, rgba: int, others: PartColors
) -> None:
    ratio = painter.device().devicePixelRatioF()
    picture = _picture(formula, rgba, others, ratio)
    moved = painter.worldTransform()
    left = round((x + moved.dx()) * ratio) - _MARGIN
    top = round((baseline + moved.dy()) * ratio) - _rise(formula, ratio)
    painter.drawImage(QPointF(left / ratio - moved.dx(), top / ratio - moved.dy()), picture)


@lru_cache(maxsize=2048)
def _picture(formula: Formula, rgba: int, others: PartColors, ratio: float) -> QImage:
    width = math.ceil(formula.width * ratio) + 2 * _MARGIN
    height = _rise(formula, ratio) + math.ceil(formula.descent * ratio) + _MARGIN
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    origin = QPointF(_MARGIN, _rise(formula, ratio)) / ratio
    _draw_outlines(formula, painter, origin, rgba, others, ratio)
    painter.end()
    return image


def _rise(formula: Formula, ratio: float) -> int:
    """Device pixels from the picture's top to the baseline."""
    return math.ceil(formula.ascent * ratio) + _MARGIN


def _draw_outlines(
    formula: Formula,
    painter: QPainter,
    origin: QPointF,
    rgba: int,
    others: PartColors,
    ratio: float | None = None,
) -> None:
    """Fill the outlines; with a pixel ratio, bars are moved onto whole device pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(origin)
    for ink in formula.inks:
        color = QColor.fromRgba(dict(others).get(ink.part, rgba))
        painter.fillPath(ink.path, color)
        for bar in ink.bars:
            painter.fillRect(bar if ratio is None else _sharp(bar, ratio), color)
    painter.restore()


def _sharp(bar: QRectF, ratio: float) -> QRectF:
    thickness = max(1, round(bar.height() * ratio))
    top = round(bar.center().y() * ratio - thickness / 2)
    left, right = round(bar.left() * ratio), round(bar.right() * ratio)
    return QRectF(left / ratio, top / ratio, (right - left) / ratio, thickness / ratio)
