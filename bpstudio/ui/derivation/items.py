"""What is laid out: texts, formulas, boxes and the places that answer to mouse and keys.

Values only. Colours are names of theme tokens, so that another theme needs no new layout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from bpstudio.ui.fonts import REGULAR
from bpstudio.ui.mixed_text import MixedText
from bpstudio.ui.typeset import Formula
from bpstudio.ui.wrapping import Layout

Action = Literal["goto", "fold", "explain", ""]


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text on one line; `x` its left end."""

    x: float
    baseline: float
    text: str
    size: int
    ink: str
    width: float
    weight: QFont.Weight = REGULAR

    @property
    def rect(self) -> QRectF:
        return QRectF(self.x, self.baseline - self.size, self.width, self.size * 1.25)


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in markup, wrapped into the rectangle."""

    rect: QRectF
    mixed: MixedText
    layout: Layout
    ink: str
    bold_ink: str

    @property
    def text(self) -> str:
        return self.mixed.markup


@dataclass(frozen=True, slots=True)
class Maths:
    """A typeset formula."""

    x: float
    baseline: float
    formula: Formula
    ink: str

    @property
    def rect(self) -> QRectF:
        return self.formula.rect(self.x, self.baseline)

    @property
    def text(self) -> str:
        return self.formula.tex


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled or outlined; an empty token draws nothing."""

    rect: QRectF
    fill: str = ""
    line: str = ""
    line_width: float = 1.0
    dashed: bool = False
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Brace:
    """A horizontal brace opening upwards."""

    rect: QRectF
    ink: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An icon."""

    rect: QRectF
    name: str
    ink: str


Item = Text | Words | Maths | Box | Brace | Picture


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that shows a tooltip and, with an action, answers to a click or Enter.

    `label` (markup) and `tex` are what a screen reader says; `tip` is the tooltip. `key` tells
    the same place from step to step. `state` is the state of the part it stands for.
    """

    rect: QRectF
    key: str
    address: str = ""
    action: Action = ""
    label: str = ""
    tex: str = ""
    tip: str = ""
    state: str = ""

    def moved(self, dy: float) -> Hit:
        """The same place further down."""
        return replace(self, rect=self.rect.translated(0, dy))


@dataclass(frozen=True, slots=True)
class Piece:
    """Items laid out from (0, 0) downwards, and how high they are together."""

    height: float
    items: tuple[Item, ...]
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece at its height in the widget."""

    y: float
    piece: Piece
