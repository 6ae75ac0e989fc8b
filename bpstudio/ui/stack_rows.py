"""How a level of the call stack is drawn."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from bpstudio.core.frames import Frame
from bpstudio.core.notation import format_count, format_number
from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, ui_font
from bpstudio.ui.icons import paint_icon
from bpstudio.ui.mixed_text import MixedText
from bpstudio.ui.painted_rows import paint_back
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import PADDING, TABLE_ROW

_MARK = 30  # room for the arrow of the current step
_LABEL_SHARE = 0.42
_VALUE = 136


def paint_frame(
    painter: QPainter, row: tuple[Frame, bool], box: QRectF, chosen: bool, theme: Theme
) -> None:
    """A row is a frame, and whether it is the step itself, which has the arrow of the steps."""
    frame, current = row
    paint_back(painter, box, current, chosen, theme)
    if current:
        paint_icon(painter, "marker", QRectF(8, box.y() + 4, 15, 15), theme.accent)
    _paint_words(painter, frame, box.adjusted(_MARK, 0, -PADDING, 0), theme, current)


def _paint_words(painter: QPainter, frame: Frame, box: QRectF, theme: Theme, current: bool) -> None:
    weight = SEMIBOLD if current else REGULAR
    label = MixedText(frame.label, Size.TABLE, TABLE_ROW, weight)
    room = box.width() - _VALUE
    split = max(room * _LABEL_SHARE, 0)
    painter.setClipRect(box.adjusted(0, 0, -_VALUE, 0))
    label.paint(painter, QRectF(box.x(), box.y(), 10_000, TABLE_ROW), theme)
    start = max(split, label.natural_width + PADDING)
    position = MixedText(frame.position, Size.TABLE, TABLE_ROW)
    position.paint(painter, QRectF(box.x() + start, box.y(), 10_000, TABLE_ROW), theme, theme.text3)
    painter.setClipping(False)
    painter.setFont(ui_font(Size.TABLE, weight))
    painter.setPen(QColor(theme.text1 if len(frame.steps) == 1 else theme.text3))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box, right, result_of(frame))


def result_of(frame: Frame) -> str:
    """The number of a step; which steps a level takes, for that is no number of its own."""
    return format_number(frame.value) if len(frame.steps) == 1 else span_of(frame)


def span_of(frame: Frame) -> str:
    """Which steps a level takes."""
    first, last = format_count(frame.steps.start), format_count(frame.steps[-1])
    return f"step {first}" if len(frame.steps) == 1 else f"steps {first} to {last}"
