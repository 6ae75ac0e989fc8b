"""How a row of an origin is drawn: icon, name and note, value, address as a link."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from bpstudio.core.notation import format_count, on_one_line
from bpstudio.core.origin_values import OriginItem
from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.icons import paint_icon
from bpstudio.ui.origin.model import Row, value_text
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import PADDING
from bpstudio.ui.typeset import typeset

HEIGHT = 27
LINK = 126  # width of the column of addresses
_MOST_VALUE = 110
_LEAST_TEXT = 6.0
_NAME = 14.0
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_GAP = 10
_ICON = 15
_ICONS = {"data": "table", "scale": "sigma", "seed": "dice"}
_LABELS = {"data": "cell"}


class OriginRows:
    """Paints rows; the link under the mouse is underlined."""

    def __init__(self) -> None:
        self.hovered: Row | None = None  # whose link is under the mouse
        self.sample = ""  # "s52/": left out of the addresses, as all are of that sample

    def paint(self, painter: QPainter, row: Row, box: QRectF, chosen: bool, theme: Theme) -> None:
        """An item, or the line that unfolds what is left of a long sum."""
        if chosen:
            painter.fillRect(box, QColor(theme.accent_soft))
        if row.item is None:
            _paint_more(painter, row, box, theme)
        else:
            self._paint_item(painter, row, row.item, box, theme)

    def _paint_item(
        self, painter: QPainter, row: Row, item: OriginItem, box: QRectF, theme: Theme
    ) -> None:
        font = ui_font(Size.BASE, SEMIBOLD if row.parent is None else REGULAR)
        number = value_text(item)
        values = values_box(box, min(QFontMetricsF(font).horizontalAdvance(number), _MOST_VALUE))
        _paint_name(painter, item, names_box(box, values), theme)
        painter.setFont(font)
        painter.setPen(QColor(theme.text1))
        _draw_elided(painter, number, values, Qt.AlignmentFlag.AlignRight)
        link = mono_font(Size.CAPTION)
        link.setUnderline(row is self.hovered)
        painter.setFont(link)
        painter.setPen(QColor(theme.accent_text))
        text, dots = short_place(item, self.sample), Qt.TextElideMode.ElideLeft
        _draw_elided(painter, text, link_box(box), Qt.AlignmentFlag.AlignLeft, dots)


def link_box(box: QRectF) -> QRectF:
    """Where the address of a row is."""
    return QRectF(box.right() - LINK - PADDING + _GAP, box.y(), LINK - _GAP, box.height())


def values_box(box: QRectF, width: float) -> QRectF:
    """Where its value is, which is that wide."""
    return QRectF(link_box(box).x() - _GAP - width, box.y(), width + 1, box.height())


def names_box(box: QRectF, values: QRectF) -> QRectF:
    """Where its name and note are: up to the value."""
    return QRectF(box.x() + 4, box.y(), max(values.x() - box.x() - _GAP - 4, 0), box.height())


def short_place(item: OriginItem, sample: str) -> str:
    """The address without the sample that all are of, and without the backward pass."""
    if item.place != item.address or item.kind in ("x", "y"):
        return item.place
    return item.place.removeprefix(sample).removeprefix("back/")


def _paint_name(painter: QPainter, item: OriginItem, box: QRectF, theme: Theme) -> None:
    """Icon, name and note; what has no room is cut off, the note with dots."""
    x = box.x()
    painter.setClipRect(box)
    if item.kind in _ICONS:
        y = box.y() + (HEIGHT - _ICON) / 2
        paint_icon(painter, _ICONS[item.kind], QRectF(x, y, _ICON, _ICON), theme.text3)
        x += _ICON + 7
    if item.name:
        formula = typeset(on_one_line(item.name), _NAME, display=False)
        formula.paint(
            painter, x, box.center().y() + (formula.ascent - formula.descent) / 2, theme.text1
        )
        x += formula.width + _GAP
    elif item.kind in _LABELS:
        painter.setFont(ui_font(Size.BASE, SEMIBOLD))
        painter.setPen(QColor(theme.text1))
        painter.drawText(QRectF(x, box.y(), 60, HEIGHT), _MIDDLE, _LABELS[item.kind])
        x += painter.fontMetrics().horizontalAdvance(_LABELS[item.kind]) + _GAP
    painter.setFont(ui_font(Size.TABLE))
    painter.setPen(QColor(theme.text2))
    room = QRectF(x, box.y(), max(box.right() - x, 0), HEIGHT)
    _draw_elided(painter, item.note, room, Qt.AlignmentFlag.AlignLeft)
    painter.setClipping(False)


def _draw_elided(
    painter: QPainter,
    text: str,
    box: QRectF,
    side: Qt.AlignmentFlag,
    dots: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    if box.width() >= _LEAST_TEXT:
        elided = QFontMetricsF(painter.font()).elidedText(text, dots, box.width() + 0.5)
        painter.drawText(box, side | _MIDDLE, elided)


def _paint_more(painter: QPainter, row: Row, box: QRectF, theme: Theme) -> None:
    painter.setFont(ui_font(Size.TABLE))
    painter.setPen(QColor(theme.accent_text))
    text = f"⋮ {format_count(row.left)} more"
    painter.drawText(box.adjusted(4, 0, 0, 0), _MIDDLE, text)
