"""Writing a drawing as SVG, PNG or PDF, whole or not at all; the same drawing gives the same bytes.

Lines and text stay such in SVG and PDF.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from bpstudio.core.errors import InputError
from bpstudio.core.notation import format_count
from bpstudio.files.atomic import writing_bytes
from bpstudio.ui.pictures.drawing import Drawing
from bpstudio.ui.pictures.flat import flat
from bpstudio.ui.pictures.images import sharp
from bpstudio.ui.pictures.outlined import outlined
from bpstudio.ui.pictures.pdf import DPI, pdf_bytes

SCALE = 2  # pixels of a picture for each on screen, where nothing else is asked for
MOST_PIXELS = 100_000_000
_METRE = 1000 / 25.4  # inches


def write_picture(drawing: Drawing, path: Path, scale: float = SCALE) -> None:
    """Write a drawing; the suffix picks the format. ``scale``: pixels of a PNG for each on screen.

    InputError where the suffix is another one, the picture has too many pixels, or the file
    cannot be written.
    """
    data = bytes_of(drawing, path, scale)
    with writing_bytes(path) as file:
        file.write(data)


def bytes_of(drawing: Drawing, path: Path, scale: float = SCALE) -> bytes:
    """What `write_picture` writes."""
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        known = ", ".join(tuple(_WRITERS)[:-1])
        raise InputError(
            f"{path.name} has the suffix {path.suffix!r}; a picture ends in {known} or .pdf"
        )
    return _WRITERS[suffix](drawing, scale)


def image_of(drawing: Drawing, scale: float = 1.0) -> QImage:
    """The drawing in pixels, ``scale`` for each on screen. InputError for too many."""
    size = QSize(round(drawing.width * scale), round(drawing.height * scale))
    if size.width() * size.height() > MOST_PIXELS:
        raise InputError(
            f"{size.width()} × {size.height()} pixels are more than "
            f"{format_count(MOST_PIXELS)}; choose a smaller size or scale"
        )
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor(drawing.ground))
    image.setDevicePixelRatio(scale)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drawing.paint(painter)
    return image


def _png(drawing: Drawing, scale: float) -> bytes:
    image = image_of(drawing, scale)
    dots = round(DPI * scale * _METRE)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    for key, text in (("Title", drawing.title), ("Description", drawing.about)):
        if text:
            image.setText(key, text)
    buffer = _opened()
    QImageWriter(buffer, b"png").write(image)
    return bytes(buffer.data().data())


def _svg(drawing: Drawing, _scale: float) -> bytes:
    size = QSize(round(drawing.width), round(drawing.height))
    buffer = _opened()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setResolution(DPI)
    generator.setTitle(drawing.title)
    generator.setDescription(drawing.about)
    with QPainter(generator) as painter:
        drawing.paint(painter)
    made = bytes(buffer.data().data()).decode("utf-8")
    return sharp(flat(outlined(made))).encode("utf-8")


def _pdf(drawing: Drawing, _scale: float) -> bytes:
    return pdf_bytes(drawing)


def _opened() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


_WRITERS: dict[str, Callable[[Drawing, float], bytes]] = {".svg": _svg, ".png": _png, ".pdf": _pdf}
PICTURE_SUFFIXES = tuple(_WRITERS)
