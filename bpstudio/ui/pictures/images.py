"""The images inside an SVG: cells with sharp edges, and what has one colour as a shape."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from math import ceil

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter

_IMAGE = re.compile(
    r'<image (?P<place>x="\S+" y="\S+" width="(?P<width>\S+)" height="(?P<height>\S+)")'
    r'[^>]*? xlink:href="data:image/png;base64,(?P<data>[^"]*)"\s*/?>(\s*</image>)?'
)
_SHARP = 8  # pixels of the image for each of the picture, from which on no edge looks soft
_MOST = 2048  # pixels of a side


def sharp(svg: str) -> str:
    """The SVG with images that look the same where programs smooth what they enlarge."""
    return _IMAGE.sub(_image, svg)


def _image(found: re.Match[str]) -> str:
    image = QImage.fromData(b64decode(found["data"]))
    plain = _only_color(image)
    if plain is not None:
        return f'<rect {found["place"]} fill="{plain.name()}" stroke="none"/>'
    width, height = float(found["width"]), float(found["height"])
    k = ceil(_SHARP * max(width / image.width(), height / image.height()) / 2)
    k = max(1, min(k, _MOST // max(image.width(), image.height())))
    larger = image.scaled(k * image.width(), k * image.height())  # without smoothing
    return (
        f'<image {found["place"]} preserveAspectRatio="none" style="image-rendering:pixelated" '
        f'xlink:href="data:image/png;base64,{_packed(larger)}"/>'
    )


def _only_color(image: QImage) -> QColor | None:
    """The colour of an image that has no other, and does not let anything through."""
    rows = image.convertToFormat(QImage.Format.Format_ARGB32)
    pixels = np.frombuffer(rows.constBits(), np.uint32)
    first = QColor.fromRgba(int(pixels[0]))
    return first if first.alpha() == 255 and bool((pixels == pixels[0]).all()) else None


def _packed(image: QImage) -> str:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    return b64encode(bytes(buffer.data().data())).decode("ascii")
