"""The breadcrumb: where the step lies, every level a link, the step itself as a filled chip."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF

from bpstudio.core.derivation import Crumb
from bpstudio.ui.derivation.items import Hit, Piece
from bpstudio.ui.derivation.measures import Sizes, advance
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.fonts import REGULAR, SEMIBOLD
from bpstudio.ui.mixed_text import MixedText

ELLIPSIS = "…"
_ROW = 20.0


@lru_cache(maxsize=64)
def breadcrumb_piece(
    crumbs: tuple[Crumb, ...], address: str, width: float, sizes: Sizes, rows: int
) -> Piece:
    """The crumbs in at most `rows` rows; the first ones give way to … where they do not fit."""
    for hidden in range(len(crumbs)):
        lines = _lines(crumbs[hidden:], width, sizes, hidden > 0)
        if len(lines) <= rows or hidden == len(crumbs) - 1:
            return _put_all(crumbs, hidden, lines, width, sizes, address)
    return Piece(0.0, ())


def _lines(
    crumbs: tuple[Crumb, ...], width: float, sizes: Sizes, cut: bool
) -> list[tuple[Crumb, ...]]:
    """The crumbs wrapped into rows."""
    room = width - sizes.px(24)
    x = _separator(sizes) + advance(ELLIPSIS, sizes.table) if cut else 0.0
    lines: list[list[Crumb]] = [[]]
    for crumb in crumbs:
        needed = _width(crumb, crumb is crumbs[-1], sizes)
        if lines[-1] and x + needed > room:
            lines.append([])
            x = 0.0
        lines[-1].append(crumb)
        x += needed + _separator(sizes)
    return [tuple(line) for line in lines]


def _put_all(
    crumbs: tuple[Crumb, ...],
    hidden: int,
    lines: list[tuple[Crumb, ...]],
    width: float,
    sizes: Sizes,
    address: str,
) -> Piece:
    px, sheet = sizes.px, Sheet(sizes)
    middle = px(18)
    x = px(12)
    if hidden:
        x = _put_ellipsis(sheet, crumbs[hidden - 1], x, middle, address)
    for line in lines:
        for crumb in line:
            x = _put_crumb(sheet, crumb, x, middle, crumb is crumbs[-1])
        x, middle = px(12), middle + px(_ROW)
    height = middle - px(_ROW) + px(18)
    sheet.rule(0, height - 1, width)
    return sheet.piece(height)


def _put_ellipsis(sheet: Sheet, crumb: Crumb, x: float, middle: float, address: str) -> float:
    box = sheet.text(x, middle, ELLIPSIS, sheet.sizes.table, "text3")
    place = box.adjusted(-2, 0, 2, 0)
    sheet.hits.append(Hit(place, crumb.address, crumb.address, "goto", crumb.label, "", address))
    return _put_separator(sheet, box.right(), middle)


def _put_crumb(sheet: Sheet, crumb: Crumb, x: float, middle: float, last: bool) -> float:
    px = sheet.sizes.px
    mixed = _mixed(crumb, last, sheet.sizes)
    if last:
        chip = QRectF(x, middle - px(10), _width(crumb, True, sheet.sizes), px(20))
        sheet.box(chip, "accent", radius=px(4))
        sheet.line(x + px(6), middle, mixed, "on_accent")
        state = "current"
    else:
        chip = sheet.line(x, middle, mixed, "text2")
        state = ""
    hit = Hit(chip, crumb.address, crumb.address, "goto", crumb.label, "", crumb.address, state)
    sheet.hits.append(hit)
    return chip.right() if last else _put_separator(sheet, chip.right(), middle)


def _put_separator(sheet: Sheet, x: float, middle: float) -> float:
    half = _separator(sheet.sizes) / 2
    sheet.text(x + half, middle - 1, "›", sheet.sizes.table, "text3", REGULAR, 0.5)
    return x + 2 * half


def _separator(sizes: Sizes) -> float:
    return advance("›", sizes.table) + sizes.px(11)


def _mixed(crumb: Crumb, last: bool, sizes: Sizes) -> MixedText:
    return MixedText(crumb.label, sizes.table, sizes.px(20), SEMIBOLD if last else REGULAR)


def _width(crumb: Crumb, last: bool, sizes: Sizes) -> float:
    return _mixed(crumb, last, sizes).natural_width + (sizes.px(12) if last else 0.0)
