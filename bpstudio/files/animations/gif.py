"""An animated GIF: the container written here, each picture packed by Pillow.

Every picture has the 256 colours that suit it best; only what changes is a picture. Pillow's own
writer keeps all frames until the end. Source of the layout: GIF89a, www.w3.org/Graphics/GIF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bpstudio.files.animations.reel import Change, Reel, changes

_HUNDREDTHS = 100
_HEAD = 13  # bytes before the colours
_EXTENSION, _IMAGE, _END = 0x21, 0x2C, 0x3B
_LOCAL_COLORS = 0x80
_KEPT, _SEE_THROUGH = 0x04, 0x01
_MOST = 255  # colours of a picture; the last place stands for what is as it was
_EXACT = 64  # of them are the commonest
_LONGEST = 255  # bytes of a block


def write_gif(file: BinaryIO, reel: Reel, frames: Iterable[bytes]) -> None:
    """Write the frames; they come again without end."""
    file.write(b"GIF89a" + _words(*reel.size) + b"\x70\0\0")
    file.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")
    if reel.about:
        file.write(b"\x21\xfe" + b"".join(_blocks(reel.about.encode("utf-8"))) + b"\0")
    for change in changes(reel, frames):
        file.write(_frame(change, reel.fps))
    file.write(bytes([_END]))


def _frame(change: Change, fps: int) -> bytes:
    left, top, right, bottom = change.box
    delay = min(change.duration(fps, _HUNDREDTHS), 0xFFFF)
    control = bytes([_EXTENSION, 0xF9, 4, _KEPT | _SEE_THROUGH]) + _words(delay)
    place = bytes([_IMAGE]) + _words(left, top, right - left, bottom - top)
    colors, pixels = _packed(change.part)
    return control + bytes([_MOST, 0]) + place + bytes([_LOCAL_COLORS | 7]) + colors + pixels


def _packed(part: Image.Image) -> tuple[bytes, bytes]:
    """The 256 colours of a picture, three bytes each, and its packed pixels."""
    buffer = BytesIO()
    _few_colors(part).save(buffer, "GIF", optimize=False, interlace=False)
    data = buffer.getvalue()
    stop = _HEAD + 3 * (2 << (data[10] & 7))
    return data[_HEAD:stop].ljust(3 * 256, b"\0"), data[_pixels_at(data, stop) : -1]


def _few_colors(part: Image.Image) -> Image.Image:
    """The picture in the colours that suit its changed pixels; the others have the last place.

    The commonest are kept as they are, so that a ground that comes back leaves no trace of what
    was on it; for the rest no method of Pillow's but this one has colours that are far off.
    """
    pixels = np.asarray(part)
    changed = pixels[..., 3] > 0
    colors = pixels[changed][:, :3]
    exact, places = _commonest(colors)
    rest = places < 0
    palette = exact.ravel().tolist()
    if rest.any():
        method = Image.Quantize.MAXCOVERAGE
        row = Image.fromarray(colors[rest][np.newaxis])
        few = row.quantize(_MOST - len(exact), method, kmeans=1, dither=Image.Dither.NONE)
        places[rest] = np.asarray(few)[0] + len(exact)
        palette += few.getpalette() or []
    all_places = np.full(changed.shape, _MOST, np.uint8)
    all_places[changed] = places
    made = Image.frombytes("P", part.size, all_places.tobytes())
    made.putpalette(palette)
    return made


def _commonest(colors: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """The commonest of colours (n, 3), and for each colour its place among them, else −1."""
    packed = colors.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    known, which, counts = np.unique(packed, return_inverse=True, return_counts=True)
    kept = np.argsort(-counts, kind="stable")[:_EXACT]
    places = np.full(len(known), -1, np.intp)
    places[kept] = np.arange(len(kept))
    exact = np.stack([known[kept] >> 16, known[kept] >> 8 & 255, known[kept] & 255], axis=1)
    return exact.astype(np.uint8), places[which]


def _pixels_at(data: bytes, at: int) -> int:
    """Where the pixels of the only picture begin: after extensions and its own head."""
    while data[at] == _EXTENSION:
        at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    return at + 10


def _blocks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _LONGEST):
        block = data[start : start + _LONGEST]
        yield bytes([len(block)]) + block


def _words(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(2, "little") for number in numbers)
