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

_WRITERS: Mapping[str, Callable[[BinaryIO, Reel, Iterable[bytes]], None]] = MappingProxyType(
    {".webp": write_webp, ".gif": write_gif, ".mp4": write_movie}
)
ANIMATION_SUFFIXES = tuple(_WRITERS)


def animation_suffix(path: str | os.PathLike[str]) -> str:
    """The suffix that picks the format. InputError for another one."""
    suffix = Path(path).suffix.lower()
    if suffix not in _WRITERS:
        raise InputError(
            f"{os.fspath(path)} has the suffix {suffix!r}; an animation ends in .webp, .gif or .mp4"
        )
    return suffix


def write_animation(path: str | os.PathLike[str], reel: Reel, frames: Iterable[bytes]) -> None:
    """Write frames, each the red, green and blue bytes of all its pixels; whole or not at all.

    What ``frames`` raises ends it without a file. InputError where the suffix is another one, the
    file cannot be written, or there is no encoder.
    """
    write = _WRITERS[animation_suffix(path)]
    with writing_bytes(path) as file:
        write(file, reel, frames)
