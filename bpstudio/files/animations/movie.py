"""A movie by ffmpeg, where there is one: frames go to it one by one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from bpstudio.core.errors import InputError
from bpstudio.files.animations.reel import Reel

NO_ENCODER = "MP4 needs ffmpeg, which is not on the PATH; install it, or choose WebP or GIF"
# the best first; the quality of each is hardly to be told from the frames
_ENCODERS = {
    "libx264": ("-crf", "15", "-preset", "medium", "-tune", "animation"),
    "libopenh264": ("-b:v", "8M"),
    "mpeg4": ("-q:v", "2"),
}
# colours as players take them for granted; width and height must be even
_FILTER = "scale=out_color_matrix=bt709:out_range=tv,pad=ceil(iw/2)*2:ceil(ih/2)*2"
_NO_WINDOW = int(getattr(subprocess, "CREATE_NO_WINDOW", 0))  # a console, on Windows
_LOOK_SECONDS = 0.1
_COLORS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")


def movie_problem() -> str:
    """Why no movie can be written here; "" where one can."""
    return "" if _encoder() else NO_ENCODER


def write_movie(
    file: BinaryIO, reel: Reel, frames: Iterable[bytes], look: Callable[[], object]
) -> None:
    """Write the frames as MP4. InputError where there is no encoder or it gives up.

    ``look`` is called while the encoder is waited for; what it raises ends that.
    """
    encoder = _encoder()
    if encoder is None:
        raise InputError(NO_ENCODER)
    # the index of an MP4 is written last and belongs in front: it cannot be a stream
    with TemporaryDirectory(prefix="bpstudio-") as folder:
        made = Path(folder) / "movie.mp4"
        _encode(_command(*encoder, reel, made), made.with_suffix(".log"), frames, look)
        with open(made, "rb") as movie:
            shutil.copyfileobj(movie, file)


def _command(program: str, encoder: str, reel: Reel, made: Path) -> list[str]:
    width, height = reel.size
    return [
        *(program, "-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(reel.fps)),
        *("-i", "pipe:0", "-an", "-vf", _FILTER, "-c:v", encoder, *_ENCODERS[encoder]),
        *("-pix_fmt", "yuv420p", *_COLORS, "-movflags", "+faststart", "-map_metadata", "-1"),
        *("-fflags", "+bitexact", "-metadata", f"comment={reel.about}", str(made)),
    ]


def _encode(
    command: list[str], log: Path, frames: Iterable[bytes], look: Callable[[], object]
) -> None:
    with open(log, "wb") as said, _running(command, said) as process:
        assert process.stdin is not None, "it is a pipe"
        try:
            for frame in frames:
                process.stdin.write(frame)
            process.stdin.close()
        except OSError:
            pass  # it gave up, and says why
        code = _waited(process, look)
    if code != 0:
        told = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise InputError(f"ffmpeg gave up: {told[-1] if told else f'exit code {code}'}")


def _waited(process: subprocess.Popen[bytes], look: Callable[[], object]) -> int:
    """The exit code, once there is one."""
    while True:
        look()
        with suppress(subprocess.TimeoutExpired):
            return process.wait(_LOOK_SECONDS)


@contextmanager
def _running(command: list[str], said: BinaryIO) -> Iterator[subprocess.Popen[bytes]]:
    """The encoder; it is ended whatever happens."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
        creationflags=_NO_WINDOW,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()


@lru_cache(maxsize=1)
def _encoder() -> tuple[str, str] | None:
    """The program and the best of its encoders; None where there is none."""
    program = shutil.which("ffmpeg") or _bundled()
    if program is None:
        return None
    asked = [program, "-hide_banner", "-encoders"]
    try:
        told = subprocess.run(
            asked,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            creationflags=_NO_WINDOW,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    known = {line.split()[1] for line in told.stdout.splitlines() if len(line.split()) > 1}
    return next(((program, name) for name in _ENCODERS if name in known), None)


def _bundled() -> str | None:
    """The program that the package imageio-ffmpeg brings, where that is installed."""
    if find_spec("imageio_ffmpeg") is None:
        return None
    try:
        return str(import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except RuntimeError:
        return None
