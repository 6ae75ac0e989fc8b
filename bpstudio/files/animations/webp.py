"""An animated WebP without loss: the container written here, each picture packed by Pillow.

Pillow's own writer takes all frames at once. Source of the layout: developers.google.com/speed/
webp/docs/riff_container.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO
from xml.sax.saxutils import escape

from PIL import Image

from bpstudio.files.animations.reel import Change, Reel, changes

_MILLISECONDS = 1000
_ANIMATED, _TOLD = 0x02, 0x04  # flags of the file: it moves, it has a description
_OVER = 0x00  # flags of a frame: it lies over what was there, and stays
_EFFORT = 50
_ABOUT = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    'syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>'
    "</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def write_webp(file: BinaryIO, reel: Reel, frames: Iterable[bytes]) -> None:
    """Write the frames; they come again without end."""
    width, height = reel.size
    flags = _ANIMATED | (_TOLD if reel.about else 0)
    file.write(b"RIFF\0\0\0\0WEBP")
    _chunk(file, b"VP8X", bytes([flags, 0, 0, 0]) + _three(width - 1) + _three(height - 1))
    _chunk(file, b"ANIM", bytes(6))  # background, and 0 for no end
    for change in changes(reel, frames):
        _chunk(file, b"ANMF", _frame(change, reel.fps))
    if reel.about:
        _chunk(file, b"XMP ", _ABOUT.format(escape(reel.about)).encode("utf-8"))
    size = file.tell() - 8
    file.seek(4)
    file.write(size.to_bytes(4, "little"))
    file.seek(0, 2)


def _frame(change: Change, fps: int) -> bytes:
    left, top, right, bottom = change.box
    places = (left // 2, top // 2, right - left - 1, bottom - top - 1)
    head = b"".join(map(_three, (*places, change.duration(fps, _MILLISECONDS))))
    return head + bytes([_OVER]) + _packed(change.part)


def _packed(part: Image.Image) -> bytes:
    """The picture as the chunk of a WebP of its own."""
    buffer = BytesIO()
    part.save(buffer, "WEBP", lossless=True, quality=_EFFORT, method=3)
    return buffer.getvalue()[12:]


def _chunk(file: BinaryIO, name: bytes, data: bytes) -> None:
    file.write(name + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2))


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
