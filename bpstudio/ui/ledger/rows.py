"""How one change of a parameter is drawn: a link, the value before, the change with a bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter

from bpstudio.core.notation import MINUS, format_count, format_number
from bpstudio.debugger.ledger_values import Order
from bpstudio.ui.analysis.bars import paint_signed_bar
from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.ledger.pages import LedgerRow, Page, titles
from bpstudio.ui.painted_rows import paint_back, paint_cell
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import PADDING, TABLE_ROW

BAR = 56.0
_GAP = 6.0
_MONO = 7.3  # of a character of an address
_PLACE, _SAMPLE, _NAME = 62.0, 68.0, 130.0
_BEFORE, _CHANGE, _SUM, _COUNT = 60.0, 68.0, 84.0, 54.0
_LEAST_CLASS, _MOST_CLASS = 52.0, 76.0
_LARGE = 1e4


class Boxes(NamedTuple):
    """Where the columns are: the words have what the others leave over, in the place of classes."""

    place: QRectF
    number: QRectF
    change: QRectF
    bar: QRectF
    words: QRectF
    classes: tuple[QRectF, ...]


def boxes(page: Page, width: float) -> Boxes:
    """The columns of a page in a row of that width; classes only where all of them fit."""
    wide = max(_PLACE, _MONO * len(page.longest))
    if page.view != "iteration":
        wide = _NAME if page.view == "class" else _SAMPLE
    if page.view == "sample":  # the words stand beside the sample
        words = max(width - 2 * PADDING - wide - _COUNT - _SUM - BAR - 4 * _GAP, 0.0)
        place, words_box, count, change, bar = _in_a_row(wide, words, _COUNT, _SUM, BAR)
        return Boxes(place, count, change, bar, words_box, ())
    number, sums = (_BEFORE, _CHANGE) if page.view == "iteration" else (_COUNT, _SUM)
    fixed = wide + number + sums + BAR + 4 * _GAP + 2 * PADDING
    room = max(width - fixed, 0.0)
    place, number_box, change, bar, rest = _in_a_row(wide, number, sums, BAR, room)
    return Boxes(place, number_box, change, bar, rest, _class_boxes(len(page.classes), rest))


def _in_a_row(*widths: float) -> list[QRectF]:
    x, made = float(PADDING), []
    for width in widths:
        made.append(QRectF(x, 0, width, TABLE_ROW))
        x += width + _GAP
    return made


def _class_boxes(count: int, room: QRectF) -> tuple[QRectF, ...]:
    if not count or room.width() < count * _LEAST_CLASS:
        return ()
    each = min(room.width() / count, _MOST_CLASS)
    return tuple(QRectF(room.x() + n * each + 3, 0, each - 3, room.height()) for n in range(count))


def paint_change(
    painter: QPainter, row: tuple[LedgerRow, Page], box: QRectF, chosen: bool, theme: Theme
) -> None:
    """A row is one change, and the page that it is on."""
    change, page = row
    paint_back(painter, box, change.current, chosen, theme)
    painter.translate(box.topLeft())
    _paint_row(painter, change, page, boxes(page, box.width()), theme)


def _paint_row(painter: QPainter, row: LedgerRow, page: Page, at: Boxes, theme: Theme) -> None:
    plain = ui_font(Size.TABLE)
    face = plain if page.view == "class" else mono_font(Size.TABLE)
    paint_cell(painter, at.place, row.place, face, theme.accent_text)
    number = compact(row.before) if page.view == "iteration" else format_count(row.updates)
    paint_cell(painter, at.number, number, plain, theme.text2, at_right=True)
    bold = ui_font(Size.TABLE, SEMIBOLD)
    paint_cell(painter, at.change, signed(row.change), bold, theme.text1, at_right=True)
    paint_signed_bar(painter, at.bar, row.of_largest, row.change < 0, theme)
    if row.classes and at.classes and not row.words:
        for box, value in zip(at.classes, row.classes, strict=True):
            text = "–" if math.isnan(value) else signed(value, 5e-5, 0)
            paint_cell(painter, box, text, plain, theme.text2, at_right=True)
    else:
        paint_cell(painter, at.words, row.words, plain, theme.text2)


def compact(x: float, least: float = 1e-3, digits: int = 2) -> str:
    """A number in the room of a column: 4 decimals, 1.98·10⁻⁴ where its size is below ``least``."""
    if x == 0 or least <= abs(x) < _LARGE:
        return f"{x:.4f}".replace("-", MINUS)
    return format_number(x, digits).replace("\u2009×\u2009", "·")


def signed(x: float, least: float = 1e-3, digits: int = 2) -> str:
    """The same with its sign, also where it is positive."""
    return ("+" if x > 0 else "") + compact(x, least, digits)


def head_of(page: Page, by: Order, width: float) -> Sequence[tuple[str, QRectF, bool, bool]]:
    """The titles of the columns: text, box, whether at the right, whether in order of it."""
    at = boxes(page, width)
    first, second, change = titles(page, by)
    by_size = by == "size"
    made = [
        (first, at.place, False, not by_size),
        (second, at.number, True, False),
        (change, at.change, True, by_size),
    ]
    names = zip(page.classes, at.classes, strict=False)
    return (*made, *((name, box.adjusted(-3, 0, 0, 0), True, False) for name, box in names))


def title_font(in_order: bool) -> QFont:
    """Of a column's title."""
    return ui_font(Size.CAPTION, SEMIBOLD if in_order else REGULAR)
