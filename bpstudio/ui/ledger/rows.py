"""How one change of a parameter is drawn: a link, the value before, the change with a bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from bpstudio.core.notation import format_count
from bpstudio.debugger.ledger_values import Order
from bpstudio.ui.analysis.bars import paint_signed_bar
from bpstudio.ui.fonts import SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.ledger.columns import Boxes, Needs, boxes
from bpstudio.ui.ledger.numbers import compact, of_class, signed
from bpstudio.ui.ledger.pages import LedgerRow, Page, titles
from bpstudio.ui.painted_rows import paint_back, paint_cell
from bpstudio.ui.palette import Theme


def paint_change(
    painter: QPainter, row: tuple[LedgerRow, Page, Needs], box: QRectF, chosen: bool, theme: Theme
) -> None:
    """A row is one change, the page that it is on, and what the columns of that need."""
    change, page, needs = row
    paint_back(painter, box, change.current, chosen, theme)
    painter.translate(box.topLeft())
    _paint_row(painter, change, page, boxes(page, needs, box.width()), theme)


def _paint_row(painter: QPainter, row: LedgerRow, page: Page, at: Boxes, theme: Theme) -> None:
    plain = ui_font(Size.TABLE)
    face = plain if page.view == "class" else mono_font(Size.TABLE)
    paint_cell(painter, at.place, row.place, face, theme.accent_text)
    number = compact(row.before) if page.view == "iteration" else format_count(row.updates)
    paint_cell(painter, at.number, number, plain, theme.text2, at_right=True)
    bold = ui_font(Size.TABLE, SEMIBOLD)
    paint_cell(painter, at.change, signed(row.change), bold, theme.text1, at_right=True)
    if at.bar.width() > 0:
        paint_signed_bar(painter, at.bar, row.of_largest, row.change < 0, theme)
    if row.classes and at.classes and not row.words:
        for box, value in zip(at.classes, row.classes, strict=True):
            paint_cell(painter, box, of_class(value), plain, theme.text2, at_right=True)
    else:
        paint_cell(painter, at.words, row.words, plain, theme.text2)


def head_of(
    page: Page, needs: Needs, by: Order, width: float
) -> Sequence[tuple[str, QRectF, bool, bool]]:
    """The titles of the columns: text, box, whether at the right, whether in order of it."""
    at = boxes(page, needs, width)
    first, second, change = titles(page, by)
    by_size = by == "size"
    made = [
        (first, at.place, False, not by_size),
        (second, at.number, True, False),
        (change, at.change, True, by_size),
    ]
    names = zip(page.classes, at.classes, strict=False)
    return (*made, *((name, box.adjusted(-3, 0, 0, 0), True, False) for name, box in names))
