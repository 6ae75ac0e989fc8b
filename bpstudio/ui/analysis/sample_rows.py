"""How one sample's pull is drawn: its row as a link, class, gradient, signed bar, share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from bpstudio.core.notation import format_signed
from bpstudio.ui.analysis.bars import paint_signed_bar
from bpstudio.ui.fonts import MEDIUM, SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.icons import paint_icon
from bpstudio.ui.painted_rows import paint_back, paint_cell
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import PADDING, TABLE_ROW


class Pull(NamedTuple):
    """One sample: row, class or target in words, ∂C_0/∂w, its share of Σ |g| and of the largest,
    whether it is the current sample.
    """

    row: int
    words: str
    gradient: float
    share: float
    of_largest: float
    current: bool


TITLES = (
    ("Row", False),
    ("Target", False),
    ("Gradient", True),
    ("", False),
    ("Pulls", False),
    ("Share", True),
)
_GAP = 12.0
_ROW, _VALUE, _PULLS, _SHARE = 58.0, 92.0, 52.0, 44.0
_LEAST_BAR, _LEAST_WORDS, _WORDS_SHARE = 40.0, 78.0, 0.38


def columns(width: float) -> Sequence[QRectF]:
    """Row, class, gradient, bar, pulls, share."""
    fixed = _ROW + _VALUE + _PULLS + _SHARE + 2 * PADDING + 5 * _GAP
    free = max(width - fixed, 0.0)
    words = min(max(free * _WORDS_SHARE, _LEAST_WORDS), max(free - _LEAST_BAR, 0.0))
    bar = free - words
    boxes, x = [], float(PADDING)
    for wide in (_ROW, words, _VALUE, bar, _PULLS, _SHARE):
        boxes.append(QRectF(x, 0, wide, TABLE_ROW))
        x += wide + _GAP
    return boxes


def paint_pull(painter: QPainter, pull: Pull, box: QRectF, chosen: bool, theme: Theme) -> None:
    """A row is one pull."""
    paint_back(painter, box, pull.current, chosen, theme)
    painter.translate(box.topLeft())
    _paint_cells(painter, pull, columns(box.width()), theme)


def pulls_words(gradient: float) -> str:
    """Which way the sample's own step would move the parameter: against its gradient."""
    return "up" if gradient < 0 else "down" if gradient > 0 else "–"


def _paint_cells(painter: QPainter, pull: Pull, boxes: Sequence[QRectF], theme: Theme) -> None:
    row, words, value, bar, pulls, share = boxes
    number = ui_font(Size.TABLE, SEMIBOLD if pull.current else MEDIUM)
    paint_cell(painter, row, f"s{pull.row}", mono_font(Size.TABLE), theme.accent_text)
    paint_cell(painter, words, pull.words, ui_font(Size.TABLE), theme.text2)
    paint_cell(painter, value, format_signed(pull.gradient), number, theme.text1, at_right=True)
    paint_signed_bar(painter, bar, pull.of_largest, pull.gradient < 0, theme)
    _paint_direction(painter, pull.gradient, pulls, theme)
    percent = "–" if pull.share != pull.share else f"{pull.share:.0%}"
    paint_cell(painter, share, percent, ui_font(Size.TABLE), theme.text2, at_right=True)


def _paint_direction(painter: QPainter, gradient: float, box: QRectF, theme: Theme) -> None:
    words = pulls_words(gradient)
    if words in ("up", "down"):
        icon = QRectF(box.x(), box.center().y() - 6, 12, 12)
        paint_icon(painter, f"arrow-{words}", icon, theme.text3)
    paint_cell(painter, box.adjusted(16, 0, 0, 0), words, ui_font(Size.TABLE), theme.text2)
