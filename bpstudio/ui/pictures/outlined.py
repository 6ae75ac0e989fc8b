"""The text of an SVG as outlines: it looks the same where the fonts are not installed.

Each outline keeps its text as ``aria-label``, where screen readers, searches and drawing programs
find it. Fonts inside an SVG would be larger than the picture, and most programs leave them out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from xml.sax.saxutils import quoteattr

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QGlyphRun, QPainterPath, QRawFont, QTextLayout

from bpstudio.ui.fonts import MONO_FAMILY, UI_FAMILY, face_file, mono_font, ui_font

_TEXT = re.compile(r"<text (?P<attributes>[^>]*)>(?P<text>.*?)</text>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_EMPTY_GROUP = re.compile(r"<g [^>]*>\s*</g>\s*")
_FONT_OF_GROUP = re.compile(r'\nfont-family="[^"]*" font-size="[^"]*" [^>\n]*\n>')
_MOVE, _LINE, _CURVE = range(3)  # kinds of the elements of a path


def outlined(svg: str) -> str:
    """The SVG of `QSvgGenerator` with paths in the place of its texts, and without empty groups."""
    return _FONT_OF_GROUP.sub("\n>", _EMPTY_GROUP.sub("", _TEXT.sub(_as_path, svg)))


def _as_path(found: re.Match[str]) -> str:
    given = dict(_ATTRIBUTE.findall(found["attributes"]))
    text = unescape(found["text"])
    x, y = float(given["x"]), float(given["y"])
    font = _font(given["font-family"], float(given["font-size"]), int(given["font-weight"]))
    return (
        f"<path aria-label={quoteattr(text)} fill={quoteattr(given['fill'])} "
        f'fill-opacity="{given["fill-opacity"]}" fill-rule="nonzero" stroke="none" '
        f'd="{_outline(text, font, x, y)}"/>'
    )


@lru_cache(maxsize=64)
def _font(family: str, size: float, weight: int) -> QFont:
    """The font that a text was drawn in, with the features of the bundled faces."""
    if family == MONO_FAMILY:
        return mono_font(size)
    font = ui_font(size, QFont.Weight(weight))
    if family != UI_FAMILY:
        font.setFamily(family)
    return font


def _outline(text: str, font: QFont, x: float, y: float) -> str:
    layout = QTextLayout(text, font)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    path, start = QPainterPath(), QPointF(x, y - line.ascent())
    for run in layout.glyphRuns():
        _add_run(path, run, start)
    return path_data(path)


def _add_run(path: QPainterPath, run: QGlyphRun, start: QPointF) -> None:
    font = _untouched(run.rawFont())
    for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True):
        path.addPath(font.pathForGlyph(glyph).translated(start + place))


def _untouched(font: QRawFont) -> QRawFont:
    """A bundled face of which nothing is ever painted; another font as it is.

    Qt's outlines are off by up to a sixtieth of a pixel, depending on which part of a pixel the
    last glyph began in that was painted with the face.
    """
    file = face_file(font.familyName(), font.weight())
    return font if file is None else _read(file, font.pixelSize())


@lru_cache(maxsize=64)
def _read(file: str, size: float) -> QRawFont:
    return QRawFont(file, size, QFont.HintingPreference.PreferNoHinting)


def path_data(path: QPainterPath) -> str:
    """A path as the ``d`` of an SVG, to a hundredth of a pixel."""
    words: list[str] = []
    for n in range(path.elementCount()):
        element = path.elementAt(n)
        kind = int(element.type.value)  # the other two points of a curve have a kind of their own
        words.append({_MOVE: "M", _LINE: "L", _CURVE: "C"}.get(kind, " "))
        words.append(f"{_short(element.x)} {_short(element.y)}")
    return "".join(words)


def _short(number: float) -> str:
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
