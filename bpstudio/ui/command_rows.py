"""How a line of the command palette is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, ui_font
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import GAP, PADDING

if TYPE_CHECKING:
    from bpstudio.ui.command_palette import Row

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def paint_command(painter: QPainter, row: Row, box: QRectF, chosen: bool, theme: Theme) -> None:
    """Name, meant letters in bold; menu or reason in grey; key at the right end."""
    if chosen:
        painter.fillRect(box, QColor(theme.accent_soft))
    inside = box.toRect().adjusted(PADDING, 0, -PADDING, 0)
    _paint_key(painter, row.key, inside, theme)
    used = _paint_name(painter, row, inside, theme)
    _paint_note(painter, row, inside.adjusted(used + PADDING, 0, -96, 0), theme)


def _paint_key(painter: QPainter, key: str, box: QRect, theme: Theme) -> None:
    painter.setFont(ui_font(Size.CAPTION))
    painter.setPen(QColor(theme.text2))
    painter.drawText(box, _RIGHT, key)


def _paint_name(painter: QPainter, row: Row, box: QRect, theme: Theme) -> int:
    """Letter by letter where some were meant; → its width."""
    painter.setPen(QColor(theme.text3 if row.reason else theme.text1))
    x = box.x()
    for text, meant in _runs(row.text, row.places):
        font = ui_font(Size.BASE, SEMIBOLD if meant else REGULAR)
        painter.setFont(font)
        painter.drawText(QRect(x, box.y(), box.width(), box.height()), _LEFT, text)
        x += QFontMetrics(font).horizontalAdvance(text)
    return x - box.x()


def _paint_note(painter: QPainter, row: Row, box: QRect, theme: Theme) -> None:
    painter.setFont(ui_font(Size.TABLE))
    painter.setPen(QColor(theme.text3))
    text = row.reason or row.menu
    elide = Qt.TextElideMode.ElideRight
    painter.drawText(box, _LEFT, painter.fontMetrics().elidedText(text, elide, box.width() - GAP))


def _runs(text: str, places: tuple[int, ...]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether its letters were meant."""
    runs: list[tuple[str, bool]] = []
    for n, letter in enumerate(text):
        meant = n in places
        if runs and runs[-1][1] == meant:
            runs[-1] = (runs[-1][0] + letter, meant)
        else:
            runs.append((letter, meant))
    return runs
