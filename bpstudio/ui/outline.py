"""From LaTeX to outlines: `mathra` sets the formula, its SVG is read as paths and bars.

The SVG uses five elements only (glyph outlines, uses of them, bars, strokes, an invisible text).
Reading them here instead of handing the file to QSvgRenderer keeps each part of a formula apart,
so that a part is tinted or hit without loading anything again, and fraction bars are drawn sharp.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

import mathra
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QTransform

EM = 1000.0
"""Units of the SVG in one em."""

NO_PART = -1
_SENTINEL = "#0100"

_ELEMENT = re.compile(r"<([a-z]+)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_TRANSFORM = re.compile(r"translate\((\S+) (\S+)\) scale\((\S+)\)")
_PATH_TOKEN = re.compile(r"[A-Za-z]|-?[\d.]+(?:e-?\d+)?")
_LAYER = re.compile(r" to the power, open paren (.*?) close paren, end exponent")
_SILENT = {"defs", "g", "svg", "text"}


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """What is drawn in one colour: all of a part, or what belongs to no part.

    Pixels; the baseline is y = 0 and y grows downwards.
    """

    part: int
    path: QPainterPath
    bars: tuple[QRectF, ...]

    def bounds(self) -> QRectF:
        box = self.path.boundingRect()
        for bar in self.bars:
            box = box.united(bar)
        return box


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A typeset formula as outlines, in pixels."""

    width: float
    ascent: float
    descent: float
    speech: str
    inks: tuple[Ink, ...]


def part(number: int, tex: str) -> str:
    """LaTeX that sets `tex` as part `number` (0 … 255) of a formula, to be tinted and hit."""
    return rf"\textcolor{{{_SENTINEL}{number:02X}}}{{{tex}}}"


def without_parts(tex: str) -> str:
    """The LaTeX as someone would write it: part marks taken out again."""
    marker = rf"\textcolor{{{_SENTINEL}"
    while (start := tex.find(marker)) >= 0:
        opening = start + len(marker) + 3
        closing = _closing_brace(tex, opening)
        tex = tex[:start] + tex[opening + 1 : closing] + tex[closing + 1 :]
    return tex


def read_formula(tex: str, size: float, display: bool = True) -> Outline:
    """The outlines of a formula with an em of `size` pixels.

    Raises ValueError where the LaTeX cannot be typeset.
    """
    svg = mathra.tex_to_svg(tex, display=display, strict=True)
    k = size / EM
    _, top, width, height = map(float, _between(svg, 'viewBox="', '"').split())
    return Outline(width * k, -top * k, (height + top) * k, _speech(svg), _inks(svg, k))


def _inks(svg: str, k: float) -> tuple[Ink, ...]:
    glyphs: dict[str, QPainterPath] = {}
    paths: dict[int, QPainterPath] = {}
    bars: dict[int, list[QRectF]] = {}
    for name, attributes in _elements(svg):
        if name == "path":
            glyphs["#" + attributes["id"]] = _glyph(attributes["d"])
        elif name == "rect":
            bars.setdefault(_part(attributes), []).append(_bar(attributes, k))
        elif name == "use":
            placed = _placement(attributes, k).map(glyphs[attributes["href"]])
            _path(paths, attributes).addPath(placed)
        elif name == "line":
            _path(paths, attributes).addPath(_stroke(attributes, k))
        elif name not in _SILENT:
            raise ValueError(f"the typesetter drew <{name}>, which is not read")
    parts = sorted({*paths, *bars})
    return tuple(Ink(n, paths.get(n, QPainterPath()), tuple(bars.get(n, ()))) for n in parts)


def _elements(svg: str) -> Iterator[tuple[str, dict[str, str]]]:
    drawing = svg[svg.index("<defs") :]
    for match in _ELEMENT.finditer(drawing):
        yield match[1], dict(_ATTRIBUTE.findall(match[2]))


def _path(paths: dict[int, QPainterPath], attributes: dict[str, str]) -> QPainterPath:
    number = _part(attributes)
    if number not in paths:
        paths[number] = QPainterPath()
        # Outlines of neighbouring glyphs may overlap, as a root sign's do.
        paths[number].setFillRule(Qt.FillRule.WindingFill)
    return paths[number]


def _part(attributes: dict[str, str]) -> int:
    color = attributes.get("fill") or attributes.get("stroke", "")
    return int(color[len(_SENTINEL) :], 16) if color.startswith(_SENTINEL) else NO_PART


def _placement(attributes: dict[str, str], k: float) -> QTransform:
    x, y, scale = attributes.get("x", "0"), attributes.get("y", "0"), "1"
    if "transform" in attributes:
        match = _TRANSFORM.fullmatch(attributes["transform"])
        if match is None:
            raise ValueError(f"a glyph is placed by {attributes['transform']}")
        x, y, scale = match.groups()
    s = float(scale) * k
    return QTransform(s, 0, 0, -s, float(x) * k, -float(y) * k)


def _bar(attributes: dict[str, str], k: float) -> QRectF:
    x, y, width, height = (float(attributes[name]) * k for name in ("x", "y", "width", "height"))
    return QRectF(x, -y - height, width, height)


def _stroke(attributes: dict[str, str], k: float) -> QPainterPath:
    x1, y1, x2, y2 = (float(attributes[name]) * k for name in ("x1", "y1", "x2", "y2"))
    line = QPainterPath(QPointF(x1, -y1))
    line.lineTo(x2, -y2)
    stroker = QPainterPathStroker()
    stroker.setWidth(float(attributes["stroke-width"]) * k)
    return stroker.createStroke(line)


@lru_cache(maxsize=1024)
def _glyph(d: str) -> QPainterPath:
    """The outline of one glyph; the same for every formula, hence kept."""
    path = QPainterPath()
    draw: dict[str, tuple[Callable[..., None], int]] = {
        "M": (path.moveTo, 2),
        "L": (path.lineTo, 2),
        "Q": (path.quadTo, 4),
        "C": (path.cubicTo, 6),
        "Z": (path.closeSubpath, 0),
    }
    tokens = _PATH_TOKEN.findall(d)
    n = 0
    while n < len(tokens):
        if tokens[n] not in draw:
            raise ValueError(f"an outline has the command {tokens[n]}")
        command, count = draw[tokens[n]]
        command(*map(float, tokens[n + 1 : n + 1 + count]))
        n += 1 + count
    return path


def _speech(svg: str) -> str:
    title = unescape(_between(svg, "<title", "</title>").partition(">")[2])
    return _LAYER.sub(r" of layer \1", title)


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


def _closing_brace(tex: str, opening: int) -> int:
    depth = 0
    for n in range(opening, len(tex)):
        depth += (tex[n] == "{") - (tex[n] == "}")
        if depth == 0:
            return n
    return len(tex)
