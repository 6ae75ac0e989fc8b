"""File › Export animation…: its steps, frames and dialog, and the writing beside the window."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.files.animations import movie, writing
from bpstudio.ui import dialogs
from bpstudio.ui.animation import dialog as asking
from bpstudio.ui.animation.dialog import AnimationDialog
from bpstudio.ui.animation.film import Film, subject_of
from bpstudio.ui.animation.job import pixels_of
from bpstudio.ui.animation.wish import MOST_FRAMES, TYPED, AnimationWish, stretches, stride_for
from bpstudio.ui.app import make_window
from bpstudio.ui.form import select
from bpstudio.ui.palette import DARK, LIGHT
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import MainWindow
from tests.core.cases import traced

SIZE = {"width": 480, "height": 320}


@pytest.fixture(autouse=True)
def _asked(
    monkeypatch: pytest.MonkeyPatch, folder: Path, shared_window: MainWindow
) -> Iterator[None]:
    """Files are written under the name that is suggested; nothing goes on being written."""
    monkeypatch.setattr(dialogs, "ask_where_to_save_animation", lambda _, name: folder / name)
    yield
    shared_window.animations.close()


def opened(window: MainWindow) -> AnimationDialog:
    window.commands["export_animation"].trigger()
    return next(each for each in window.findChildren(AnimationDialog) if each.isVisible())


def writers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "bpstudio animation"]


def film_of(window: MainWindow, first: int, last: int, **looks: object) -> Film:
    wish = AnimationWish(first, last, **(SIZE | looks))  # type: ignore[arg-type]
    return Film(subject_of(window), wish, wish.theme(window.appearance.theme), wish.steps)


def differs(one: QImage, other: QImage, height: int) -> float:
    """The share of pixels down to a height that are clearly of another colour."""
    width = one.width()
    a, b = (
        np.frombuffer(pixels_of(each), np.uint8).reshape(-1, width, 3)[:height].astype(int)
        for each in (one, other)
    )
    return float((np.abs(a - b).max(axis=2) > 40).mean())


def read(path: Path) -> list[Image.Image]:
    with Image.open(path) as image:
        return [frame.convert("RGB") for frame in ImageSequence.Iterator(image)]


# Steps -----------------------------------------------------------------------------------------


def test_the_levels_around_a_step_are_offered_and_the_way_to_the_end() -> None:
    trace = traced(rows=(52, 53))
    n = trace["s52/back/l3/j2/k1/dz_dw"].index
    offered = stretches(trace, n)
    assert [each.title for each in offered] == [
        "Weight 1 of node 2, layer L−1",
        "Node 2, layer L−1",
        "Layer L−1",
        "Backward",
        "Row 52",
        "Whole pass",
        "From here to the end",
    ]
    backward, onwards = offered[3].steps, offered[-1].steps
    assert {trace[m].address.split("/")[1] for m in backward} == {"back"}
    assert trace[backward.stop].address.startswith("s53")
    assert onwards == range(n, len(trace))
    assert all(n in each.steps for each in offered)


def test_a_long_stretch_gets_a_stride_that_keeps_the_frames_few() -> None:
    for count in (1, MOST_FRAMES, MOST_FRAMES + 1, 123_456):
        frames = len(AnimationWish(0, count - 1, stride_for(count)).steps)
        assert min(count, MOST_FRAMES // 2) <= frames <= MOST_FRAMES


# Frames ----------------------------------------------------------------------------------------


def test_frames_are_what_the_canvas_shows_at_their_steps(window: MainWindow) -> None:
    canvas, debugger = window.network.canvas, window.session.debugger
    first = debugger.cursor
    shown = {"width": canvas.width(), "height": canvas.height()}
    film = film_of(window, first, first + 3, **shown)
    images = [film.image(n) for n in range(len(film))]
    assert debugger.cursor == first
    for n in (0, 3):
        window.goto(str(first + n))
        assert differs(images[n], canvas.grab().toImage(), canvas.height()) < 0.002
    assert len({pixels_of(image) for image in images}) == 4
    assert {image.size().toTuple() for image in images} == {film.size}
    assert film.size[0] % 2 == film.size[1] % 2 == 0


def test_all_frames_have_the_size_of_the_highest_derivation(window: MainWindow) -> None:
    n = window.session.debugger.cursor
    plain, derived = film_of(window, n, n + 12), film_of(window, n, n + 12, derivation=True)
    assert derived.size[0] == plain.size[0]
    assert derived.size[1] > plain.size[1] + 150
    assert {derived.image(k).size().toTuple() for k in (0, 6, 12)} == {derived.size}


def test_larger_text_is_sharp_and_has_the_same_size(window: MainWindow) -> None:
    n = window.session.debugger.cursor
    film = film_of(window, n, n + 1, width=1200, height=800, text=200, caption=False)
    half = film_of(window, n, n + 1, width=600, height=400, caption=False)
    assert film.size == (1200, 800 + 72)
    small = half.image(0).scaled(*film.size, mode=Qt.TransformationMode.SmoothTransformation)
    assert differs(film.image(0), small, film.size[1]) < 0.05


def test_a_film_in_other_colors_leaves_the_window_alone(window: MainWindow) -> None:
    n = window.session.debugger.cursor
    film = film_of(window, n, n, colors="dark")
    assert film.image(0).pixelColor(2, 2).name().upper() == DARK.canvas
    assert window.appearance.theme is LIGHT


def test_what_it_is_about_names_the_first_and_the_last_step(window: MainWindow) -> None:
    n = window.session.debugger.cursor
    about = film_of(window, n, n + 2).about
    trace = window.session.debugger.trace
    for text in ("iris", "4 – 5 – 6 – 3", trace[n].address, trace[n + 2].address, "sse"):
        assert text in about


# Writing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".webp", ".gif"])
def test_the_file_has_a_frame_a_step_while_the_window_goes_on(
    window: MainWindow, qtbot: QtBot, folder: Path, suffix: str
) -> None:
    debugger = window.session.debugger
    n = debugger.cursor
    film = film_of(window, n, n + 4, derivation=True)
    expected = [pixels_of(film.image(k)) for k in range(5)]
    wish = AnimationWish(n, n + 4, derivation=True, **SIZE)
    assert window.animations.write(folder / f"a{suffix}", wish)
    window.goto("s52/fwd/l2/j0/z")  # what is written does not follow
    qtbot.waitUntil(lambda: not window.animations.is_on, timeout=30_000)
    assert "5 frames" in window.message_bar.text
    assert debugger.step.address == "s52/fwd/l2/j0/z"
    frames = read(folder / f"a{suffix}")
    assert len(frames) == 5
    if suffix == ".webp":
        assert [frame.tobytes() for frame in frames] == expected
    assert not writers()


def test_called_off_it_leaves_no_file(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    assert window.animations.write(folder / "a.webp", AnimationWish(0, 300, **SIZE))
    qtbot.waitUntil(lambda: "0\u2009%" not in window.message_bar.text, timeout=30_000)
    assert not window.animations.write(folder / "b.webp", AnimationWish(0, 1, **SIZE))
    assert "still being written" in window.message_bar.text
    qtbot.waitUntil(lambda: "Writing" in window.message_bar.text)
    window.animations.call_off()
    assert not window.animations.is_on
    qtbot.waitUntil(lambda: not writers())
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="the encoder is a script")
def test_a_movie_called_off_after_its_last_frame_leaves_no_file_and_is_not_waited_for(
    window: MainWindow, qtbot: QtBot, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\ncat > /dev/null\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setattr(movie, "_encoder", lambda: (str(program), "mpeg4"))
    assert window.animations.write(folder / "a.mp4", AnimationWish(0, 1, **SIZE))
    qtbot.waitUntil(lambda: "100\u2009%" in window.message_bar.text)
    window.animations.call_off()
    assert not window.animations.is_on
    qtbot.waitUntil(lambda: not writers())
    assert list(folder.iterdir()) == []


def test_progress_leaves_a_standing_error_where_it_is(
    window: MainWindow, qtbot: QtBot, folder: Path
) -> None:
    window.message_bar.show_error("The session cannot be kept", standing=True)
    assert window.animations.write(folder / "a.gif", AnimationWish(0, 1, **SIZE))
    qtbot.waitUntil(lambda: not window.animations.is_on)
    assert window.message_bar.text == "The session cannot be kept."
    assert (folder / "a.gif").exists()
    window.message_bar.dismiss()


def test_what_ends_the_writing_early_is_said(
    window: MainWindow, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(writing, "write_animation", no_memory)
    path = folder / "pass.webp"
    assert window.animations.write(path, AnimationWish(0, 3, **SIZE))
    qtbot.waitUntil(lambda: not window.animations.is_on)
    assert "not enough memory" in window.message_bar.text
    assert not path.exists()


def test_closing_the_window_ends_it_without_a_file(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    made = make_window(qapp, Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(made)
    assert made.animations.write(folder / "a.gif", AnimationWish(0, 300, **SIZE))
    made.close()
    assert list(folder.iterdir()) == []
    assert not writers()


def test_what_cannot_be_written_is_said_before_a_frame_is_drawn(
    window: MainWindow, folder: Path
) -> None:
    for path, words in (
        (folder / "nowhere" / "a.gif", "there is no folder"),
        (folder / "a.avi", "an animation ends in"),
    ):
        assert not window.animations.write(path, AnimationWish(0, 3, **SIZE))
        assert words in window.message_bar.text
    assert not window.animations.is_on


# The dialog ------------------------------------------------------------------------------------


def test_the_dialog_counts_frames_and_writes_them(
    window: MainWindow, qtbot: QtBot, folder: Path
) -> None:
    n = window.session.debugger.cursor
    dialog = opened(window)
    select(dialog.stretch, TYPED)
    dialog.first.setValue(n)
    dialog.last.setValue(n + 4)
    dialog.stride.setValue(2)
    dialog.looks.width.setValue(320)
    dialog.looks.height.setValue(240)
    assert dialog.ok.text() == "Write 3 frames…"
    qtbot.waitUntil(lambda: "320 ×" in dialog.hint.text())
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.animations.is_on, timeout=30_000)
    assert len(read(folder / "iris-s52-back-l3-j2-i1-dz_da.webp")) == 3


def test_the_dialog_refuses_what_makes_no_sense(window: MainWindow) -> None:
    dialog = opened(window)
    select(dialog.stretch, TYPED)
    dialog.first.setValue(9)
    dialog.last.setValue(3)
    assert not dialog.ok.isEnabled()
    assert "comes before" in dialog.hint.text()
    dialog.last.setValue(9)
    assert dialog.ok.isEnabled()


def test_too_many_frames_are_refused_with_a_way_out(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_FRAMES", 100)
    dialog = opened(window)
    select(dialog.stretch, TYPED)
    dialog.first.setValue(0)
    dialog.last.setValue(300)
    assert not dialog.ok.isEnabled()
    assert "301 frames are more than 100" in dialog.hint.text()


def test_without_an_encoder_a_movie_is_off_and_says_why(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_movie_problem", lambda: "MP4 needs ffmpeg")
    dialog = opened(window)
    item = dialog.looks.format.model().item(2)
    assert not item.isEnabled()
    assert item.toolTip() == "MP4 needs ffmpeg"
    assert "MP4 needs ffmpeg" in dialog.looks.format.toolTip()


def test_every_control_says_what_it_does(window: MainWindow) -> None:
    dialog = opened(window)
    looks = dialog.looks
    whole = (dialog.first, dialog.last, dialog.stride, dialog.fps, looks.text)
    sides = (looks.width, looks.height, dialog.derivation, looks.caption)
    for control in (*whole, *sides, dialog.stretch, looks.colors, looks.format, dialog.ok):
        assert control.toolTip()
        assert control.accessibleName() or control is dialog.ok
