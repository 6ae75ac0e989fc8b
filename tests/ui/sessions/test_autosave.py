"""What changed is written soon, beside the window, and said where it cannot be."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bpstudio.ui.sessions.autosave import Autosave
from bpstudio.ui.sessions.shelf import Shelf


class Work:
    """A session of one number, and a disk that may be full or slow."""

    def __init__(self) -> None:
        self.number = 0
        self.problem: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.writers: list[str] = []

    def remember(self):
        number = self.number

        def write(place):
            self.writers.append(threading.current_thread().name)
            self.gate.wait(10)
            if self.problem is not None:
                raise self.problem
            place.path.write_text(str(number))

        return write


@pytest.fixture
def work():
    return Work()


@pytest.fixture
def autosave(qapp, tmp_path, work):
    made = Autosave(Shelf(tmp_path / "sessions"), work.remember)
    yield made
    work.gate.set()
    work.problem = None
    made.finish(10)
    made.close()


def kept(tmp_path: Path) -> list[str]:
    return sorted(path.read_text() for path in (tmp_path / "sessions").glob("*.bps"))


def test_nothing_is_written_where_nothing_was_done(autosave, tmp_path):
    assert autosave.finish(10) == ""
    assert not (tmp_path / "sessions").exists()


def test_what_changes_is_written_by_another_thread(autosave, work, tmp_path, qtbot):
    work.number = 5
    autosave.touch()
    qtbot.waitUntil(lambda: kept(tmp_path) == ["5"])
    assert all(name.startswith("bpstudio autosave") for name in work.writers)


def test_changes_that_come_fast_are_written_together(autosave, work, tmp_path, qtbot):
    for number in range(50):
        work.number = number
        autosave.touch()
        qtbot.wait(2)
    qtbot.waitUntil(lambda: kept(tmp_path) == ["49"])
    assert len(work.writers) <= 2


def test_the_window_goes_on_while_the_disk_is_slow(autosave, work, tmp_path, qtbot):
    work.gate.clear()
    autosave.touch()
    qtbot.waitUntil(lambda: len(work.writers) == 1)
    work.number = 2
    autosave.touch()
    qtbot.wait(100)
    assert len(work.writers) == 1
    work.gate.set()
    assert autosave.finish(10) == ""
    assert kept(tmp_path) == ["2"]


def test_a_full_disk_is_said_once_and_tried_again(autosave, work, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr("bpstudio.ui.sessions.autosave.AT_MOST_EVERY", 0.02)
    said, mended = [], []
    autosave.troubled.connect(said.append)
    autosave.mended.connect(lambda: mended.append(True))
    work.problem = OSError(28, "No space left on device")
    autosave.touch()
    qtbot.waitUntil(lambda: len(work.writers) >= 3)
    assert said == ["No space left on device"]
    assert autosave.finish(10) == "No space left on device"
    autosave.touch()
    work.problem = None
    qtbot.waitUntil(lambda: bool(mended))
    assert kept(tmp_path) == ["0"]


def test_a_mistake_in_the_writing_is_said_too(autosave, work, qtbot):
    said = []
    autosave.troubled.connect(said.append)
    work.problem = KeyError("rows")
    autosave.touch()
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["a mistake in bpstudio itself (KeyError('rows'))"]


def test_a_session_that_another_one_replaces_is_kept_as_it_stood(autosave, work, tmp_path):
    work.number = 1
    autosave.touch()
    before = autosave.moment()
    work.number = 2
    autosave.begin_another(before)
    autosave.touch()
    assert autosave.finish(10) == ""
    assert kept(tmp_path) == ["1", "2"]


def test_it_is_kept_later_where_the_disk_is_full_just_then(autosave, work, tmp_path):
    work.number = 1
    autosave.touch()
    before = autosave.moment()
    work.problem = OSError(28, "No space left on device")
    work.number = 2
    autosave.begin_another(before)
    autosave.touch()
    assert autosave.finish(10) == "No space left on device"
    work.problem = None
    assert autosave.finish(10) == ""
    assert kept(tmp_path) == ["1", "2"]


def test_a_kept_session_is_gone_on_in_where_it_is(autosave, work, tmp_path):
    shelf = Shelf(tmp_path / "sessions")
    place = shelf.begin()
    place.path.write_text("old")
    autosave.go_on_in(place)
    assert autosave.finish(10) == ""
    assert kept(tmp_path) == ["old"]
    work.number = 7
    autosave.touch()
    assert autosave.finish(10) == ""
    assert kept(tmp_path) == ["7"]
    assert shelf.take(place.path) is None, "it is this window's until that is closed"
    autosave.close()
    taken = shelf.take(place.path)
    assert taken is not None
    taken.let_go()


@pytest.mark.parametrize("is_on_its_way", [True, False])
def test_what_is_not_worth_keeping_goes_once_nothing_is_written_to_it(
    autosave, work, tmp_path, qtbot, is_on_its_way
):
    if is_on_its_way:
        work.gate.clear()
    autosave.touch()
    qtbot.waitUntil(lambda: len(work.writers) == 1)
    if not is_on_its_way:
        autosave.finish(10)
    other = Shelf(tmp_path / "sessions").begin()
    other.path.write_text("other")
    autosave.go_on_in(other, keeps_left=False)
    work.gate.set()
    qtbot.waitUntil(lambda: kept(tmp_path) == ["other"])
