"""Text and mathematics on common lines, as a value: measured, wrapped and painted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter

from bpstudio.ui.fonts import REGULAR, Size
from bpstudio.ui.markup import Run, parse_markup
from bpstudio.ui.palette import Theme
from bpstudio.ui.wrapping import Face, Layout, inline_formula, lay_out


@dataclass(frozen=True, slots=True)
class MixedText:
    """A sentence in markup (see `bpstudio.ui.markup`); sizes in pixels.

    Two with the same fields are the same text and share their layouts.
    """

    markup: str
    size: int = Size.BASE
    line_height: float = 20.0
    weight: QFont.Weight = REGULAR

    @property
    def runs(self) -> tuple[Run, ...]:
        return parse_markup(self.markup)

    @property
    def speech(self) -> str:
        """The sentence as a screen reader says it."""
        said = (inline_formula(r.text, self.size).speech if r.tex else r.text for r in self.runs)
        return "".join(said)

    @property
    def plain(self) -> str:
        """The sentence as it is copied: LaTeX between dollar signs."""
        return "".join(f"${run.text}$" if run.tex else run.text for run in self.runs)

    @property
    def natural_width(self) -> float:
        """The width on a single line."""
        return self.layout(float("inf")).width

    def measure(self, width: float) -> float:
        """The height when wrapped to a width."""
        return self.layout(width).height

    def layout(self, width: float) -> Layout:
        """The places of all pieces at a width; kept, so asking again is free."""
        return _layout(self, width)

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        theme: Theme,
        color: str | None = None,
        bold_color: str | None = None,
    ) -> None:
        """Draw wrapped into the rectangle's width, from its top.

        Bold runs take `bold_color`, else `color`, else the main text colour.
        """
        plain = QColor(color or theme.text1)
        bold = QColor(bold_color or color or theme.text1)
        for piece in self.layout(rect.width()).pieces:
            ink = bold if piece.run.bold else plain
            at = rect.topLeft() + QPointF(piece.x, piece.baseline)
            if piece.formula is not None:
                piece.formula.paint(painter, at.x(), at.y(), ink)
            else:
                painter.setFont(piece.font)
                painter.setPen(ink)
                painter.drawText(at, piece.run.text)


@lru_cache(maxsize=1024)
def _layout(text: MixedText, width: float) -> Layout:
    return lay_out(text.runs, Face(text.size, text.weight, text.line_height), width)
