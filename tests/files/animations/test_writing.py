"""Animations as they are read back: every picture, how long it is shown, and what it is about."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from bpstudio.core.errors import InputError
from bpstudio.files.animations import movie
from bpstudio.files.animations.movie import movie_problem
from bpstudio.files.animations.reel import Reel
from bpstudio.files.animations.writing import ANIMATION_SUFFIXES, write_animation

Pixels = NDArray[np.uint8]
WIDTH, HEIGHT = 75, 44  # odd, and even
NO_MOVIE = pytest.mark.skipif(bool(movie_problem()), reason=movie_problem())
EACH = [".webp", ".gif", pytest.param(".mp4", marks=NO_MOVIE)]


def pictures(count: int = 6) -> list[Pixels]:
    """A block that moves over a ground of many colours, the third picture twice."""
    rng = np.random.default_rng(4)
    ground = rng.integers(0, 5, (HEIGHT, WIDTH, 3)).astype(np.uint8) * 30
    made = []
    for n in range(count):
        picture = ground.copy()
        picture[11:23, 10 * n + 3 : 10 * n + 9] = (200 - 20 * n, 220, 20 * n)
        made.append(picture)
    return [*made[:3], made[2], *made[3:]]


def written(path: Path, shown: list[Pixels], reel: Reel) -> Path:
    write_animation(path, reel, (picture.tobytes() for picture in shown))
    return path


def read(path: Path) -> tuple[list[Pixels], list[int], dict[str, object]]:
    """The pictures, the milliseconds of each, and what else is in the file."""
    with Image.open(path) as image:
        found = [
            (np.asarray(frame.convert("RGB")).copy(), round(image.info["duration"]))
            for frame in ImageSequence.Iterator(image)
        ]
        return [pixels for pixels, _ in found], [time for _, time in found], dict(image.info)


@pytest.mark.parametrize("suffix", [".webp", ".gif"])
def test_every_picture_comes_back_to_the_bit_and_a_repeated_one_lasts(
    suffix: str, tmp_path: Path
) -> None:
    shown = pictures()
    reel = Reel((WIDTH, HEIGHT), 4, "iris; s52 & <more>")
    found, times, info = read(written(tmp_path / f"a{suffix}", shown, reel))
    assert len(found) == len(shown) - 1
    for one, other in zip(found, [*shown[:3], *shown[4:]], strict=True):
        np.testing.assert_array_equal(one, other)
    assert times == [250, 250, 500, 250, 250, 1250]  # the last one stays a second longer
    assert info["loop"] == 0  # without end
    told = info["comment"] if suffix == ".gif" else info["xmp"]
    assert isinstance(told, bytes)
    assert b"iris; s52" in told


def test_many_colors_lose_little_in_a_gif(tmp_path: Path) -> None:
    across, down = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    shade = np.stack([across * 3, down * 5, across + down], axis=2).astype(np.uint8)
    shown = [shade, shade[::-1].copy()]
    found, _, _ = read(written(tmp_path / "a.gif", shown, Reel((WIDTH, HEIGHT), 2)))
    for one, other in zip(found, shown, strict=True):
        assert np.abs(one.astype(int) - other).max() < 30


def test_a_ground_that_comes_back_in_a_gif_is_what_it_was(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    ground = np.full((HEIGHT, WIDTH, 3), (251, 251, 253), np.uint8)
    marked = ground.copy()
    marked[8:30, 10:50] = rng.integers(200, 256, (22, 40, 3))  # hundreds of colours, near to it
    found, _, _ = read(
        written(tmp_path / "a.gif", [ground, marked, ground], Reel((WIDTH, HEIGHT), 2))
    )
    np.testing.assert_array_equal(found[2], ground)
    assert np.abs(found[1].astype(int) - marked).max() < 30


def test_times_do_not_drift_where_hundredths_do_not_fit(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    shown = [rng.integers(0, 2, (8, 8, 3)).astype(np.uint8) * 255 for _ in range(31)]
    _, times, _ = read(written(tmp_path / "a.gif", shown, Reel((8, 8), 30, hold=0.0)))
    assert sum(times[:30]) == 1000
    assert set(times) <= {30, 40}


@NO_MOVIE
def test_a_movie_has_every_frame_and_its_colors(tmp_path: Path) -> None:
    shown = [np.full((48, 80, 3), color, np.uint8) for color in ((200, 40, 40), (30, 60, 220))]
    path = written(tmp_path / "a.mp4", shown * 3, Reel((80, 48), 6, "iris"))
    found = movie._encoder()
    assert found is not None
    program = found[0]
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    back = subprocess.run(
        [program, "-v", "error", "-i", path, *raw], capture_output=True, check=True
    )
    frames = np.frombuffer(back.stdout, np.uint8).reshape(-1, 48, 80, 3).astype(int)
    assert len(frames) == 6
    for n, frame in enumerate(frames):
        assert np.abs(frame - shown[n % 2]).max() < 12


@pytest.mark.parametrize("suffix", EACH)
def test_the_same_frames_give_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    reel = Reel((WIDTH, HEIGHT), 5, "iris")
    one = written(tmp_path / f"a{suffix}", pictures(), reel).read_bytes()
    assert written(tmp_path / f"b{suffix}", pictures(), reel).read_bytes() == one


@pytest.mark.parametrize("suffix", EACH)
def test_what_ends_in_the_middle_leaves_no_file_and_no_program(suffix: str, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield from (picture.tobytes() for picture in pictures())
        raise KeyError("called off")

    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"before")
    with pytest.raises(KeyError):
        write_animation(path, Reel((WIDTH, HEIGHT), 4), broken())
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert threading.active_count() == 1


def test_what_cannot_be_written_is_refused_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reel = Reel((WIDTH, HEIGHT), 4)
    with pytest.raises(InputError, match=r"'\.avi'; an animation ends in \.webp, \.gif or \.mp4"):
        write_animation(tmp_path / "a.avi", reel, [])
    with pytest.raises(InputError, match="there is no folder"):
        write_animation(tmp_path / "nowhere" / "a.gif", reel, [])
    monkeypatch.setattr(movie, "_encoder", lambda: None)
    with pytest.raises(InputError, match="MP4 needs ffmpeg"):
        write_animation(tmp_path / "a.mp4", reel, [])
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_that_gives_up_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho 'first' >&2\necho 'no such codec' >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr(movie, "_encoder", lambda: (str(program), "mpeg4"))
    many = (picture.tobytes() for _ in range(50) for picture in pictures())
    with pytest.raises(InputError, match="ffmpeg gave up: no such codec"):
        write_animation(tmp_path / "a.mp4", Reel((WIDTH, HEIGHT), 4), many)
    assert [each.name for each in tmp_path.iterdir()] == ["ffmpeg"]


def test_a_pipe_that_fails_in_the_way_of_windows_does_not_hide_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Iterator[bytes]:
        yield pictures()[0].tobytes()
        raise OSError(errno.EINVAL, "Invalid argument")

    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho 'no such codec' >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr(movie, "_encoder", lambda: (str(program), "mpeg4"))
    with pytest.raises(InputError, match="ffmpeg gave up: no such codec"):
        write_animation(tmp_path / "a.mp4", Reel((WIDTH, HEIGHT), 4), broken())


@pytest.mark.skipif(os.name != "posix", reason="the encoder is a script")
def test_an_encoder_that_is_waited_for_can_be_called_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call_off() -> None:
        raise KeyError("called off")

    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\ncat > /dev/null\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setattr(movie, "_encoder", lambda: (str(program), "mpeg4"))
    frames = [picture.tobytes() for picture in pictures()]
    with pytest.raises(KeyError):
        write_animation(tmp_path / "a.mp4", Reel((WIDTH, HEIGHT), 4), frames, call_off)
    assert [each.name for each in tmp_path.iterdir()] == ["ffmpeg"]


@pytest.mark.parametrize("suffix", [".webp", ".gif"])
def test_what_is_called_off_after_its_last_frame_leaves_no_file(
    suffix: str, tmp_path: Path
) -> None:
    def call_off() -> None:
        raise KeyError("called off")

    frames = [picture.tobytes() for picture in pictures()]
    with pytest.raises(KeyError):
        write_animation(tmp_path / f"a{suffix}", Reel((WIDTH, HEIGHT), 4), frames, call_off)
    assert list(tmp_path.iterdir()) == []


def test_no_program_opens_a_console_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []

    def run(*_: object, **options: object) -> None:
        said.append(options["creationflags"])
        raise OSError

    monkeypatch.setattr(movie, "_NO_WINDOW", 0x08000000)
    monkeypatch.setattr(movie.shutil, "which", lambda _: "ffmpeg")
    for name in ("run", "Popen"):
        monkeypatch.setattr(movie.subprocess, name, run)
    assert movie._encoder.__wrapped__() is None
    with pytest.raises(OSError), movie._running(["ffmpeg"], io.BytesIO()):  # noqa: PT011
        pass
    assert said == [0x08000000, 0x08000000]


def test_the_best_encoder_that_a_program_has_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho ' V..... mpeg4 old'\necho ' V..... libopenh264 new'\n")
    program.chmod(0o755)
    movie._encoder.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        assert movie._encoder() == (str(program), "libopenh264")
        program.unlink()
        movie._encoder.cache_clear()
        monkeypatch.setattr(movie, "_bundled", lambda: None)
        assert movie_problem() == movie.NO_ENCODER
    finally:
        movie._encoder.cache_clear()


def test_every_format_has_its_suffix() -> None:
    assert ANIMATION_SUFFIXES == (".webp", ".gif", ".mp4")
