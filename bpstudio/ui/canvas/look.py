"""Pens, fonts and colours of the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from bpstudio.ui.canvas.highlight import Tone
from bpstudio.ui.canvas.state import Scales
from bpstudio.ui.fonts import REGULAR, ui_font
from bpstudio.ui.palette import Theme, mix
from bpstudio.ui.ramps import activation_color, diverging_color

DASH, SPACE = 7.0, 4.0  # pixels, of a negative edge
FOLDED = 0.72  # how far edges to folded nodes are mixed towards the canvas


@dataclass(frozen=True, slots=True)
class Look:
    """Theme and enlargement: everything that colours and strokes follow from."""

    theme: Theme
    scale: float = 1.0

    def font(self, size: float, weight: QFont.Weight = REGULAR) -> QFont:
        return font_of(size * self.scale, weight)

    def metrics(self, size: float, weight: QFont.Weight = REGULAR) -> QFontMetricsF:
        return metrics_of(size * self.scale, weight)


@lru_cache(maxsize=64)
def font_of(size: float, weight: QFont.Weight) -> QFont:
    """A font, kept. Not to be changed."""
    return ui_font(size, weight)


@lru_cache(maxsize=64)
def metrics_of(size: float, weight: QFont.Weight) -> QFontMetricsF:
    return QFontMetricsF(font_of(size, weight))


@lru_cache(maxsize=512)
def color(name: str) -> QColor:
    """A colour token as Qt takes it, kept. Not to be changed."""
    return QColor(name)


def mixed(one: str, towards: str, share: float) -> QColor:
    """One colour mixed with a share of another."""
    return color(mix(one, towards, share))


@lru_cache(maxsize=512)
def line_pen(name: str, width: float, negative: bool = False) -> QPen:
    """A line with flat ends; dashed where its value is negative."""
    pen = QPen(color(name), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if negative:
        pen.setDashPattern([DASH / width, SPACE / width])
    return pen


def tone_color(
    theme: Theme, scales: Scales, tone: Tone, value: float, ends: tuple[float, float]
) -> str:
    """The colour of one value on the ramp of its kind; ``ends`` are the activation ramp's."""
    if tone == "activation":
        return activation_color(theme, value, *ends).name()
    return diverging_color(theme, value, getattr(scales, tone)).name()
