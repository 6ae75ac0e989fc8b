"""The SVG of a plot in plain pixels: no line depends on how a program scales its pen.

pyqtgraph draws in the units of the data, under a transform, with pens that must not scale. Few
programs but browsers know such pens, and Qt leaves out what cuts the curves off at the axes.
"""

from __future__ import annotations

import re
from itertools import count

from PySide6.QtCore import QPointF
from PySide6.QtGui import QTransform

_GROUP = re.compile(
    r'<g (?P<looks>[^>]*?) transform="matrix\((?P<matrix>[^)]*)\)"\s*>\n(?P<inside>.*?)</g>\n',
    re.DOTALL,
)
_SHAPE = re.compile(r"<(?P<tag>\w+) (?P<attributes>[^>]*?)/>")
_DATA = re.compile(r'(?P<name> d| points|^d|^points)="(?P<data>[^"]*)"')
_RECTANGLE = re.compile(r'x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"')
_PAIR = re.compile(r"(-?[\d.]+(?:e[-+]?\d+)?),(-?[\d.]+(?:e[-+]?\d+)?)")
_UNSCALED = ' vector-effect="non-scaling-stroke"'
_KNOWN = {"path", "polyline", "polygon", "rect"}
_FRAME = 'fill="none" stroke="none"'  # of a view: drawn before what is in it, and not seen
_PROFILE = ' version="1.2" baseProfile="tiny"'


def flat(svg: str) -> str:
    """What is drawn in units of data, in pixels, and cut off at the frame of its view."""
    numbers, frame, clips = count(1), "", list[str]()

    def group(found: re.Match[str]) -> str:
        nonlocal frame
        looks, inside = found["looks"], found["inside"]
        matrix = QTransform(*_matrix(found["matrix"]))
        if _UNSCALED not in inside or not _is_known(inside):
            return found[0]
        moved = _SHAPE.sub(lambda shape: _moved(shape, matrix), inside)
        if looks == _FRAME:
            frame = f"view{next(numbers)}"
            clips.append(f'<clipPath id="{frame}">\n{moved}</clipPath>\n')
            return ""
        cut = f' clip-path="url(#{frame})"' if frame and _is_of_data(matrix) else ""
        return f"<g {looks}{cut}>\n{moved}</g>\n"

    made = _GROUP.sub(group, svg)
    if not clips:
        return made
    # clipping is no part of SVG Tiny
    return made.replace("<defs>\n", "<defs>\n" + "".join(clips), 1).replace(_PROFILE, "", 1)


def _matrix(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]


def _is_of_data(matrix: QTransform) -> bool:
    """Whether units are no pixels: what has such a transform is inside a view."""
    return (matrix.m11(), matrix.m12(), matrix.m21(), matrix.m22()) != (1, 0, 0, 1)


def _is_known(inside: str) -> bool:
    shapes = [found["tag"] for found in _SHAPE.finditer(inside)]
    return inside.count(_UNSCALED) == len(shapes) and set(shapes) <= _KNOWN


def _moved(shape: re.Match[str], matrix: QTransform) -> str:
    tag, attributes = shape["tag"], f" {shape['attributes']}".replace(_UNSCALED, "")
    if tag == "rect":
        return f"<polygon{_RECTANGLE.sub(lambda found: _corners(found, matrix), attributes)}/>"
    return f"<{tag}{_DATA.sub(lambda found: _points(found, matrix), attributes)}/>"


def _corners(found: re.Match[str], matrix: QTransform) -> str:
    x, y, width, height = (float(number) for number in found.groups())
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    return f'points="{" ".join(_at(matrix, *corner) for corner in corners)}"'


def _points(found: re.Match[str], matrix: QTransform) -> str:
    data = _PAIR.sub(lambda pair: _at(matrix, float(pair[1]), float(pair[2])), found["data"])
    return f'{found["name"]}="{data}"'


def _at(matrix: QTransform, x: float, y: float) -> str:
    moved = matrix.map(QPointF(x, y))
    return f"{moved.x():.3f},{moved.y():.3f}"
