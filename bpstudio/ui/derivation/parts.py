"""How a part of a block looks and what it tells: by its state."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from bpstudio.core.derivation import Part
from bpstudio.core.notation import format_number, format_signed
from bpstudio.ui.derivation.items import Hit
from bpstudio.ui.derivation.sheet import Sheet

PENDING = "pending"
_SIGNED = ("addend", "addend_z", "wa")


@dataclass(frozen=True, slots=True)
class Look:
    """Colours and frame of a part in one state."""

    symbol: str
    value: str
    fill: str = ""
    line: str = ""
    line_width: float = 1.0
    dashed: bool = False


FACTOR_LOOKS = {
    "done": Look("text3", "text3"),
    "current": Look("text1", "text1", "accent_soft", "accent", 2.0),
    "open": Look("text1", "text1", "accent_soft", "accent", 1.0),
    "pending": Look("text3", "text3", "", "border", 1.0, True),
}
ADDEND_LOOKS = FACTOR_LOOKS | {
    "done": Look("text3", "text2", "", "divider"),
    "current": Look("accent_text", "text1", "accent_soft", "accent", 2.0),
    "open": Look("accent_text", "text1", "accent_soft", "accent", 1.0),
}


def frame(sheet: Sheet, rect: QRectF, look: Look) -> None:
    """The box round a part, where its state has one."""
    if look.fill or look.line:
        width = sheet.sizes.px(look.line_width)
        sheet.box(rect, look.fill, look.line, width, look.dashed)


def value_text(part: Part) -> str:
    """The value as it stands in a product, or "pending"."""
    return PENDING if part.value is None else format_number(part.value)


def result_text(part: Part) -> str:
    """The value of a result; an addend keeps its sign."""
    if part.value is not None and part.address.rpartition("/")[2] in _SIGNED:
        return format_signed(part.value)
    return value_text(part)


def tip(value: float | None, address: str) -> str:
    """The tooltip of a number: all its digits, and where it comes from."""
    number = "not computed yet" if value is None else repr(value).replace("-", "\u2212")
    return f"{number}\n{address}" if address else number


def part_hit(part: Part, rect: QRectF, role: str) -> Hit:
    """The place of a part. Steps answer to a click; leaves and boxes for the rest only tell."""
    return Hit(
        rect,
        key=f"{role}:{part.address or f'{part.label} {part.state}'}",
        address=part.address,
        action="" if part.index is None else "goto",
        label=part.label,
        tex=part.symbol,
        tip=tip(part.value, part.address),
        state=part.state,
    )
