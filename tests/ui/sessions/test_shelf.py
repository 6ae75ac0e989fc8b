"""The folder of kept sessions: one window a file, the oldest make room."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bpstudio.core.errors import InputError
from bpstudio.ui.sessions.shelf import Place, Shelf, sessions_folder

LOCKS_AND_DIES = """
import os, signal, sys
from pathlib import Path
from bpstudio.ui.sessions.shelf import Shelf
place = Shelf(Path(sys.argv[1])).begin()
place.path.write_bytes(b"killed")
place.path.with_name(f".{place.path.name}.00.part").write_bytes(b"half")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "sessions", most_kept=3, most_bytes=100)


def written(place: Place, seconds: float, n_bytes: int = 10) -> Path:
    """A session that was written at that time."""
    place.path.write_bytes(b"x" * n_bytes)
    place.label.write_text("{}")
    os.utime(place.path, (seconds, seconds))
    return place.path


def left(shelf: Shelf, seconds: float, n_bytes: int = 10) -> Path:
    """The same, by a window that was closed."""
    place = shelf.begin()
    path = written(place, seconds, n_bytes)
    place.let_go()
    return path


def killed(shelf: Shelf) -> Path:
    """The session of a process that was killed."""
    before = {kept.path for kept in shelf.kept()}
    subprocess.run([sys.executable, "-c", LOCKS_AND_DIES, str(shelf.folder)], check=False)
    (path,) = {kept.path for kept in shelf.kept()} - before
    return path


def test_the_folder_is_the_users_own_unless_the_settings_are_elsewhere(monkeypatch, tmp_path):
    assert sessions_folder().parts[-2:] == ("bpstudio", "sessions")
    monkeypatch.setenv("BPSTUDIO_CONFIG_DIR", str(tmp_path))
    assert sessions_folder() == tmp_path / "sessions"


def test_every_window_writes_a_file_of_its_own(shelf):
    one, other = shelf.begin(), shelf.begin()
    assert one.path != other.path
    assert shelf.take(one.path) is None
    one.let_go()
    again = shelf.take(one.path)
    assert again is not None
    assert not again.was_killed
    again.let_go()
    other.let_go()
    assert not list(shelf.folder.iterdir())


def test_the_last_session_is_the_one_that_was_written_last(shelf):
    assert shelf.last_left() is None
    newest, oldest = left(shelf, 2000), left(shelf, 1000)
    assert [kept.path for kept in shelf.kept()] == [newest, oldest]
    place = shelf.last_left()
    assert place.path == newest
    assert shelf.last_left() is None, "the last one is open, and no window was killed"
    place.let_go()


def test_a_session_whose_window_was_killed_is_found_behind_one_that_is_open(shelf):
    path = killed(shelf)
    os.utime(path, (1000, 1000))
    here = shelf.begin()
    written(here, 2000)
    place = shelf.last_left()
    assert place.path == path
    assert place.was_killed
    assert not list(shelf.folder.glob("*.part")), "what was half written is gone"
    place.let_go()
    assert not shelf.last_left()
    here.let_go()


def test_the_oldest_make_room_but_for_those_that_are_open(shelf):
    opened = shelf.begin()
    written(opened, 1)
    paths = [left(shelf, 10 * n) for n in range(1, 6)]
    shelf.make_room()
    assert [kept.path for kept in shelf.kept()] == [*reversed(paths[2:]), opened.path]
    assert not paths[0].with_suffix(".json").exists()
    opened.let_go()


def test_so_do_those_that_take_too_much_room(shelf):
    left(shelf, 10, 90)
    small = left(shelf, 20, 20)
    shelf.make_room()
    assert [kept.path for kept in shelf.kept()] == [small]
    huge = left(shelf, 30, 1000)
    shelf.make_room()
    assert [kept.path for kept in shelf.kept()] == [huge], "the last one stays, however large"


def test_a_damaged_session_is_kept_under_another_name(shelf):
    path = left(shelf, 10)
    aside = shelf.take(path).set_aside()
    assert aside.suffix == ".damaged"
    assert aside.read_bytes() == b"x" * 10
    assert not shelf.kept()
    path.write_bytes(b"y")
    assert shelf.take(path).set_aside() != aside


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be made"):
        Shelf(tmp_path / "file" / "sessions").begin()
