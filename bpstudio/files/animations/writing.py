"""Writing an animation as its frames come: memory does not grow with their number."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from bpstudio.core.errors import InputError
from bpstudio.files.animations.gif import write_gif
from bpstudio.files.animations.movie import write_movie
from bpstudio.files.animations.reel import Reel
from bpstudio.files.animations.webp import write_webp
from bpstudio.files.atomic import writing_bytes

_PICTURES: Mapping[str, Callable[[BinaryIO, Reel, Iterable[bytes]], None]] = MappingProxyType(
    {".webp": write_webp, ".gif": write_gif}
)
_MOVIE = ".mp4"
ANIMATION_SUFFIXES = (*_PICTURES, _MOVIE)


def animation_suffix(path: str | os.PathLike[str]) -> str:
    """The suffix that picks the format. InputError for another one."""
    suffix = Path(path).suffix.lower()
    if suffix not in ANIMATION_SUFFIXES:
        raise InputError(
            f"{os.fspath(path)} has the suffix {suffix!r}; an animation ends in .webp, .gif or .mp4"
        )
    return suffix


def write_animation(
    path: str | os.PathLike[str],
    reel: Reel,
    frames: Iterable[bytes],
    look: Callable[[], object] = bool,
) -> None:
    """Write frames, each the red, green and blue bytes of all its pixels; whole or not at all.

    What ``frames`` raises ends it without a file; so does what ``look`` raises, which is called
    whenever something may take long after the last frame. InputError where the suffix is another
    one, the file cannot be written, or there is no encoder.
    """
    suffix = animation_suffix(path)
    with writing_bytes(path) as file:
        if suffix == _MOVIE:
            write_movie(file, reel, frames, look)
        else:
            _PICTURES[suffix](file, reel, frames)
        file.flush()
        os.fsync(file.fileno())  # before the last look: a slow disk takes its time
        look()
