"""What frames have in common, and what changes from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from PIL import Image, ImageChops

Box = tuple[int, int, int, int]
"""Left, top, and the first pixels to the right and below."""


@dataclass(frozen=True, slots=True)
class Reel:
    """``size`` of every frame in pixels, frames a second, and what they show in words.

    ``hold``: how many seconds longer the last frame stays before the first one comes again.
    """

    size: tuple[int, int]
    fps: int
    about: str = ""
    hold: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """The part of a picture that differs from the one before, and when it is shown.

    Pixels of ``part`` (RGBA) that stay as they were are transparent, and packed to almost nothing.
    ``first`` and ``stop`` count frames from the beginning.
    """

    part: Image.Image
    box: Box
    first: int
    stop: float

    def duration(self, fps: int, unit: int) -> int:
        """How long it is shown in units of which so many are a second; sums do not drift."""
        return round(self.stop * unit / fps) - round(self.first * unit / fps)


def changes(reel: Reel, frames: Iterable[bytes]) -> Iterator[Change]:
    """The first frame, then what changes. A frame like the one before lengthens it."""
    before: Image.Image | None = None
    shown: Change | None = None
    count = 0
    for n, data in enumerate(frames):
        image = Image.frombytes("RGB", reel.size, data)
        mask = _differing(before, image)
        box = mask.getbbox()
        before, count = image, n + 1
        if box is None:
            continue
        if shown is not None:
            yield replace(shown, stop=n)
        shown = _change(image, mask, box, n)
    if shown is not None:
        yield replace(shown, stop=count + reel.hold * reel.fps)


def _differing(before: Image.Image | None, image: Image.Image) -> Image.Image:
    """255 where a pixel is another than before, else 0."""
    if before is None:
        return Image.new("L", image.size, 255)
    red, green, blue = ImageChops.difference(before, image).split()
    largest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return largest.point([0] + [255] * 255)


def _change(image: Image.Image, mask: Image.Image, box: Box, n: int) -> Change:
    """The changed pixels of frame n; the box begins at even ones."""
    left, top, right, bottom = box
    box = (left & ~1, top & ~1, right, bottom)
    part, seen = image.crop(box), mask.crop(box)
    black = Image.new("RGB", part.size)
    part = Image.composite(part, black, seen)
    part.putalpha(seen)
    return Change(part, box, n, n + 1)
