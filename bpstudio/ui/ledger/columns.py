"""Where the columns of the ledger are: numbers get what they need, the rest gives way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from bpstudio.ui.fonts import REGULAR, SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.ledger.pages import Page, titles
from bpstudio.ui.style import PADDING, TABLE_ROW

BAR = 56.0
_LEAST_BAR = 20.0
_GAP = 6.0
_BETWEEN_CLASSES = 6.0
_PLACE, _SAMPLE, _NAME = 62.0, 68.0, 130.0
_BEFORE, _CHANGE, _SUM, _COUNT = 60.0, 68.0, 84.0, 54.0
_LEAST_CLASS, _MOST_CLASS = 52.0, 76.0


class Needs(NamedTuple):
    """Widths: of the link, or of the name in its place, of both numbers, of a class's number."""

    place: float
    number: float
    change: float
    part: float


class Boxes(NamedTuple):
    """Where the columns are: the words have what the others leave over, in the place of classes."""

    place: QRectF
    number: QRectF
    change: QRectF
    bar: QRectF
    words: QRectF
    classes: tuple[QRectF, ...]


def needs_of(page: Page) -> Needs:
    """What the columns of a page need so that no number of it is cut."""
    bold, plain, link = ui_font(Size.TABLE, SEMIBOLD), ui_font(Size.TABLE), mono_font(Size.TABLE)
    first, second, change = (_width([t], title_font(True)) for t in titles(page, "size"))
    one_by_one = page.view == "iteration"
    place = {"iteration": _PLACE, "sample": _SAMPLE, "class": _NAME}[page.view]
    return Needs(
        max(place, first, _width([page.longest], link)),
        max(_BEFORE if one_by_one else _COUNT, second, _width(page.widest.numbers, plain)),
        max(_CHANGE if one_by_one else _SUM, change, _width(page.widest.changes, bold)),
        max(_LEAST_CLASS, _width(page.widest.parts, plain) + _BETWEEN_CLASSES),
    )


def _width(texts: Iterable[str], font: QFont) -> float:
    metrics = QFontMetricsF(font)
    return max(map(metrics.horizontalAdvance, texts), default=0.0)


def title_font(in_order: bool) -> QFont:
    """Of a column's title."""
    return ui_font(Size.CAPTION, SEMIBOLD if in_order else REGULAR)


def boxes(page: Page, needs: Needs, width: float) -> Boxes:
    """The columns of a page in a row of that width; classes only where all of them fit."""
    place, number, change, part = needs
    room = max(width - 2 * PADDING - number - change - 3 * _GAP, 0.0)
    if page.view == "class":  # the name is no number
        place = min(place, room)
    bar = _bar(room - place, len(page.classes) * part + _GAP)
    words = max(room - place - bar - _GAP, 0.0)
    if page.view == "sample":  # the words stand beside the sample
        at, beside, first, second, drawn = _in_a_row(place, words, number, change, bar)
        return Boxes(at, first, second, drawn, beside, ())
    at, first, second, drawn, rest = _in_a_row(place, number, change, bar, words)
    return Boxes(at, first, second, drawn, rest, _class_boxes(len(page.classes), part, rest))


def _bar(room: float, classes: float) -> float:
    """What is left over; smaller where the classes have room then."""
    left = room - classes if room - classes >= _LEAST_BAR else room
    return 0.0 if left < _LEAST_BAR else min(left, BAR)


def _in_a_row(*widths: float) -> list[QRectF]:
    x, made = float(PADDING), []
    for width in widths:
        made.append(QRectF(x, 0, width, TABLE_ROW))
        x += width + _GAP
    return made


def _class_boxes(count: int, least: float, room: QRectF) -> tuple[QRectF, ...]:
    if not count or room.width() < count * least:
        return ()
    each, apart = min(room.width() / count, max(_MOST_CLASS, least)), _BETWEEN_CLASSES
    return tuple(
        QRectF(room.x() + n * each + apart, 0, each - apart, room.height()) for n in range(count)
    )
