"""The innermost product: one column a factor, and the product under them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QRectF

from bpstudio.core.derivation import Block, Part
from bpstudio.ui.derivation.columns import (
    NUMBER_LINE,
    Column,
    Rows,
    cells_of,
    column_of,
    least_room,
    natural_width,
    rows_of,
    shared_widths,
)
from bpstudio.ui.derivation.frame import Room, label_width, result_row
from bpstudio.ui.derivation.items import Brace, Picture
from bpstudio.ui.derivation.measures import CAP_MIDDLE, Sizes
from bpstudio.ui.derivation.parts import FACTOR_LOOKS, frame, part_hit
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.derivation.strip import Strip
from bpstudio.ui.fonts import SEMIBOLD

_LABELS = ("Symbols", "Numbers", "Value")


def inner_product(sheet: Sheet, block: Block, room: Room, top: float) -> float:
    """Columns with badge, symbol, brace, formula, numbers and value; then the product."""
    sizes = sheet.sizes
    columns = [column_of(part, sizes) for part in block.parts]
    natural = [natural_width(column, sizes) for column in columns]
    labels = label_width(sheet, _LABELS)
    if sum(natural) + least_room(sizes, len(natural)) > room.inner_width - labels:
        labels = 0.0
    widths, padding = shared_widths(natural, room.inner_width - labels, sizes)
    if widths != natural:
        columns = [column_of(p, sizes, w) for p, w in zip(block.parts, widths, strict=True)]
    rows = rows_of(columns, top, sizes)
    _put_columns(sheet, columns, rows, cells_of(widths, padding, room, labels, top, rows, sizes))
    if labels:
        _put_labels(sheet, columns[0], rows, room)
    return result_row(sheet, block, room, rows.bottom + sizes.dy(9), "Product")


def _put_columns(sheet: Sheet, columns: list[Column], rows: Rows, cells: list[QRectF]) -> None:
    for column, cell in zip(columns, cells, strict=True):
        _put_column(sheet, column, rows, cell)
    for before, after in pairwise(cells):
        _put_dots(sheet, columns, rows, (before.right() + after.left()) / 2)


def _put_column(sheet: Sheet, column: Column, rows: Rows, cell: QRectF) -> None:
    part, middle = column.part, cell.center().x()
    look = FACTOR_LOOKS[part.state]
    frame(sheet, cell, look)
    _put_badge(sheet, part, middle, rows.badge)
    if column.brace:
        width = column.brace + sheet.sizes.px(4)
        brace = QRectF(middle - width / 2, rows.brace, width, sheet.sizes.px(6))
        sheet.items.append(Brace(brace, "accent" if part.state == "current" else "text3"))
    for strip, baseline in _strips(column, rows, sheet.sizes):
        ink = look.value if strip is column.value else look.symbol
        sheet.strip(middle - strip.width / 2, baseline, strip, ink)
    sheet.hits.append(part_hit(part, cell, "factor"))


def _strips(column: Column, rows: Rows, sizes: Sizes) -> Iterator[tuple[Strip, float]]:
    """All strips of a column with their baselines."""
    yield column.symbol, rows.symbol
    yield column.formula, rows.formula
    for place, line in enumerate(column.numbers):
        yield line, rows.numbers + place * sizes.px(NUMBER_LINE)
    yield column.value, rows.value


def _put_badge(sheet: Sheet, part: Part, x: float, y: float) -> None:
    """The number of the factor: outlined with a check, filled, or dashed."""
    px = sheet.sizes.px
    done = part.state == "done"
    centre = x - px(9) if done else x
    circle = QRectF(centre - px(9), y - px(9), px(18), px(18))
    if part.state in ("current", "open"):
        sheet.box(circle, "accent", radius=px(9))
        ink = "on_accent"
    else:
        line = "text3" if done else "border"
        sheet.box(circle, "", line, px(1.2), not done, radius=px(9))
        ink = "text3"
    number = str(part.badge or "")
    sheet.text(centre, y, number, sheet.sizes.caption, ink, SEMIBOLD, 0.5)
    if done:
        size = round(px(14))
        sheet.items.append(Picture(QRectF(centre + px(14), y - size / 2, size, size), "check", ink))


def _put_dots(sheet: Sheet, columns: list[Column], rows: Rows, x: float) -> None:
    sizes = sheet.sizes
    heights = [rows.symbol - columns[0].symbol.axis, rows.value - sizes.value * CAP_MIDDLE]
    if any(c.numbers for c in columns):
        heights.append(rows.numbers - sizes.table * CAP_MIDDLE)
    for height in heights:
        sheet.text(x, height, "·", sizes.base, "text3", SEMIBOLD, 0.5)


def _put_labels(sheet: Sheet, column: Column, rows: Rows, room: Room) -> None:
    sizes = sheet.sizes
    heights = {"Symbols": rows.symbol - column.symbol.axis}
    if rows.numbers > rows.formula:
        heights["Numbers"] = rows.numbers - sizes.table * CAP_MIDDLE
    heights["Value"] = rows.value - sizes.value * CAP_MIDDLE
    for label, height in heights.items():
        sheet.text(room.left, height, label, sizes.caption, "text3")
