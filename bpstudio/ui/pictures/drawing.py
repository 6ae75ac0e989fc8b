"""A picture before it is written: how large it is, how it is painted, and what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Lengths in pixels of the screen; ``paint`` draws from (0, 0) downwards.

    ``title`` and ``about`` go into the file beside the picture: its name, and what it shows.
    ``ground`` is the colour under everything: between parts that meet it may shine through.
    """

    width: float
    height: float
    paint: Callable[[QPainter], None]
    title: str = ""
    about: str = ""
    ground: str = "#FFFFFF"


def stacked(parts: Sequence[Drawing], title: str, about: str, ground: str = "#FFFFFF") -> Drawing:
    """The parts one below the other."""

    width, height = max(part.width for part in parts), sum(part.height for part in parts)

    def paint(painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, width, height), QColor(ground))
        top = 0.0
        for part in parts:
            _paint_at(painter, part, top)
            top += part.height

    return Drawing(width, height, paint, title, about, ground)


def enlarged(made: Drawing, scale: float) -> Drawing:
    """The same with all its lengths so many times as large."""

    def paint(painter: QPainter) -> None:
        painter.scale(scale, scale)
        made.paint(painter)

    if scale == 1.0:
        return made
    return replace(made, width=made.width * scale, height=made.height * scale, paint=paint)


def _paint_at(painter: QPainter, part: Drawing, top: float) -> None:
    painter.save()
    painter.translate(0, top)
    painter.setClipRect(QRectF(0, 0, part.width, part.height))
    part.paint(painter)
    painter.restore()
