"""Files are read beside the window: shown, cancelled, replaced, and ended with the window."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest

import bpstudio
from bpstudio.core.errors import InputError
from bpstudio.core.wanted import require_wanted
from bpstudio.files.reading import tell
from bpstudio.resources import resource
from bpstudio.ui import reading_job, readings
from bpstudio.ui.readings import Readings, is_small
from tests.files.tables import write


class Source:
    """A file that is read as slowly as a test wants."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def read(self) -> str:
        while not self.go_on.is_set():
            tell("cells", 0.5)
            self.go_on.wait(0.002)
        return "made"


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "is_small", lambda path: False)
    monkeypatch.setattr(reading_job, "SHOWN_AFTER", 0.0)
    monkeypatch.setattr(reading_job, "LOOK_MS", 2)


@pytest.fixture
def made(qtbot, appearance):
    owner = QObject()
    made = Readings(appearance, owner)
    qtbot.addWidget(made.strip)
    yield made
    made.close()
    assert not [each for each in threading.enumerate() if each.name == "bpstudio reading"]
    owner.deleteLater()


@pytest.fixture
def heard():
    return []


@pytest.fixture
def begin(made, heard):
    def begin(source: Source, name: str = "long.csv") -> bool:
        taken = lambda made: heard.append(made) or True  # noqa: E731
        return made.read(Path(name), source.read, taken, lambda error: heard.append(str(error)))

    return begin


def test_it_says_how_far_it_is_until_the_file_is_taken(made, begin, heard, qtbot):
    source = Source()
    assert begin(source, "90%.csv")
    qtbot.waitUntil(lambda: made.strip.bar.value() > 0)
    assert made.is_on
    assert made.strip.text.text() == "Reading 90%.csv … 38\u2009%"
    assert not made.strip.isHidden()
    source.go_on.set()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["made"]
    assert not made.is_on
    assert made.strip.isHidden()


def test_cancel_is_at_once_and_nothing_comes_of_it(made, begin, heard, qtbot):
    source = Source()
    begin(source)
    qtbot.waitUntil(lambda: not made.strip.isHidden())
    made.strip.cancel.click()
    assert not made.is_on
    assert made.strip.isHidden()
    qtbot.waitUntil(lambda: not made.is_busy)
    assert heard == []


def test_another_file_takes_its_place(made, begin, heard, qtbot):
    first, second = Source(), Source()
    begin(first, "first.csv")
    begin(second, "second.csv")
    first.go_on.set()
    second.go_on.set()
    for thread in threading.enumerate():  # both are done before the window looks at either
        if thread.name == "bpstudio reading":
            thread.join()
    qtbot.waitUntil(lambda: not made.is_busy)
    assert heard == ["made"]
    assert not made.is_on


def test_what_is_wrong_is_said_once(made, heard, qtbot):
    def refuse() -> str:
        raise InputError("line 3 is broken")

    made.read(Path("long.csv"), refuse, bool, lambda error: heard.append(str(error)))
    qtbot.waitUntil(lambda: not made.is_busy)
    assert heard == ["line 3 is broken"]


def test_what_is_done_with_it_afterwards_holds_nobody_up(made, heard, qtbot):
    source, go_on, done = Source(), threading.Event(), []
    source.go_on.set()
    then = lambda made: go_on.wait() and done.append(made)  # noqa: E731
    made.read(Path("long.csv"), source.read, heard.append, heard.append, then=then)
    qtbot.waitUntil(lambda: bool(heard))
    assert (made.is_on, made.is_busy, made.strip.isHidden(), done) == (False, True, True, [])
    go_on.set()
    qtbot.waitUntil(lambda: not made.is_busy)
    assert (heard, done) == (["made"], ["made"])


def test_closing_ends_what_is_read(made, begin, heard):
    begin(Source())
    made.close()
    assert not made.is_on
    assert heard == []


def test_closing_ends_what_is_done_with_it_afterwards(made, heard, qtbot):
    source, began = Source(), threading.Event()
    source.go_on.set()

    def then(made):
        began.set()
        while True:
            require_wanted()
            time.sleep(0.001)

    made.read(Path("long.csv"), source.read, heard.append, heard.append, then=then)
    qtbot.waitUntil(began.is_set)
    made.close()
    assert heard == ["made"]


def test_small_files_are_read_at_once(tmp_path):
    assert is_small(write(tmp_path, "a,b\n1,2\n"))
    assert is_small(tmp_path / "none.csv")
    assert not is_small(write(tmp_path, b"1,2\n" * (readings.SMALL // 4)))
    assert not is_small(write(tmp_path, b"\x1f\x8b" + bytes(readings.SMALL // 8), "packed.gz"))


def test_the_window_goes_on_with_the_old_session_meanwhile(main_window, monkeypatch, qtbot):
    window, source = main_window, Source()
    before, load, error = window.session.data, bpstudio.load, window.message_bar.text

    def slowly(path: str, *args: object, **options: object) -> object:
        source.read()
        return load(path, *args, **options)

    monkeypatch.setattr(bpstudio, "load", slowly)
    wine = Path(resource("data/wine.csv"))
    assert window.open_file(wine)
    qtbot.waitUntil(window.files.readings.strip.isVisible)
    window.debug.step()
    assert (window.session.data, window.session.debugger.cursor) == (before, 1)
    window.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.files.readings.strip.isVisible()
    qtbot.waitUntil(lambda: not window.files.readings.is_busy)
    assert (window.session.data, window.message_bar.text) == (before, error)
    assert str(wine) not in window.settings.recent_files
    window.open_file(wine)
    window.session.change(seed=7)  # other settings than those that it is made ready under
    source.go_on.set()
    qtbot.waitUntil(lambda: window.session.data.name == "wine.csv")
    assert window.session.experiment.seed == 7
    assert window.session.network.sizes[0] == 13
    source.go_on.clear()
    window.open_file(wine)
    window.close()
    assert not [each for each in threading.enumerate() if each.name == "bpstudio reading"]
