"""A sheet: where items are put down while a piece is laid out."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from bpstudio.ui.derivation.items import Box, Hit, Item, Maths, Piece, Text, Words
from bpstudio.ui.derivation.measures import CAP_MIDDLE, Sizes, advance
from bpstudio.ui.derivation.strip import Strip
from bpstudio.ui.fonts import REGULAR
from bpstudio.ui.mixed_text import MixedText


class Sheet:
    """Collects the items and hits of one piece; (0, 0) is its top left corner."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.items: list[Item] = []
        self.hits: list[Hit] = []

    def piece(self, height: float) -> Piece:
        """What was put down, as a value; its height in whole pixels, so that pieces meet."""
        return Piece(ceil(height), tuple(self.items), tuple(self.hits))

    def text(
        self,
        x: float,
        middle: float,
        text: str,
        size: int,
        ink: str,
        weight: QFont.Weight = REGULAR,
        align: float = 0.0,
    ) -> QRectF:
        """Text whose capitals are centred on the line `middle`; its box.

        `align` says which point of the text stands at x: 0 its left end, 1 its right end.
        """
        width = advance(text, size, weight)
        left = x - align * width
        baseline = round(middle + CAP_MIDDLE * size)
        if text:
            self.items.append(Text(left, baseline, text, size, ink, width, weight))
        return QRectF(left, middle - size * 0.7, width, size * 1.4)

    def strip(self, x: float, baseline: float, strip: Strip, ink: str) -> QRectF:
        """A strip with its left end at (x, baseline); its box."""
        baseline = round(baseline)
        for stretch in strip.stretches:
            left = x + stretch.x
            if stretch.formula is not None:
                self.items.append(Maths(left, baseline, stretch.formula, ink))
            else:
                size, weight = strip.size, strip.weight
                self.items.append(
                    Text(left, baseline, stretch.text, size, ink, stretch.width, weight)
                )
        return QRectF(x, baseline - strip.ascent, strip.width, strip.ascent + strip.descent)

    def words(
        self, x: float, top: float, width: float, mixed: MixedText, ink: str, bold_ink: str = ""
    ) -> QRectF:
        """A sentence wrapped to a width; its box."""
        layout = mixed.layout(width)
        rect = QRectF(x, top, width, layout.height)
        self.items.append(Words(rect, mixed, layout, ink, bold_ink or ink))
        return rect

    def line(self, x: float, middle: float, mixed: MixedText, ink: str) -> QRectF:
        """A sentence on one line that is centred on `middle`; its box."""
        layout = mixed.layout(float("inf"))
        top = round(middle + CAP_MIDDLE * mixed.size - layout.baseline)
        rect = QRectF(x, top, layout.width, layout.height)
        self.items.append(Words(rect, mixed, layout, ink, ink))
        return rect

    def box(
        self,
        rect: QRectF,
        fill: str = "",
        line: str = "",
        line_width: float = 1.0,
        dashed: bool = False,
        radius: float | None = None,
    ) -> None:
        """A rectangle, with round corners where there is a line."""
        corner = radius if radius is not None else (self.sizes.px(4) if line else 0.0)
        self.items.append(Box(rect, fill, line, line_width, dashed, corner))

    def rule(self, x: float, y: float, width: float, ink: str = "divider") -> None:
        """A thin horizontal line."""
        self.items.append(Box(QRectF(x, round(y), width, 1), ink))
