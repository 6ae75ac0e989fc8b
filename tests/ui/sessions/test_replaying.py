"""What is said of the replay of an opened session."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject

from bpstudio import sessions
from bpstudio.core.errors import InputError
from bpstudio.files.run_replay import Replay
from bpstudio.ui.message_bar import MessageBar
from bpstudio.ui.sessions import replaying
from bpstudio.ui.sessions.replaying import Replaying

OPENED = SimpleNamespace(saved=SimpleNamespace(runs=(1,)))


class Window(QObject):
    """As much of a window as it needs."""

    def __init__(self, bar: MessageBar) -> None:
        super().__init__()
        self.message_bar = bar


@pytest.fixture
def window(qtbot, appearance):
    bar = MessageBar(appearance)
    qtbot.addWidget(bar)
    return Window(bar)


@pytest.fixture
def replay(window, monkeypatch):
    monkeypatch.setattr(replaying, "READY_MS", 0)
    made = Replaying(window)
    yield made
    made.stop()


def comes_to(monkeypatch, found):
    """What replaying comes to, from now on."""

    def check(_saved, _seconds, _cancelled):
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(sessions, "check", check)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Replay(900, True), "Opened mine.bps. Every number of the recorded run came out the same"),
        (Replay(900, False), "the first 900 updates of the recorded run came out the same"),
        (Replay(3, False, "the loss of e0/b3 is 1.0 here, 2.0 there"), "the loss of e0/b3 is 1.0"),
        (InputError("update 7 cannot be replayed"), "update 7 cannot be replayed"),
    ],
    ids=["same", "same so far", "differs", "fails"],
)
def test_of_a_file_it_is_said_what_came_of_it(window, replay, monkeypatch, qtbot, found, said):
    comes_to(monkeypatch, found)
    replay.check(OPENED, "mine.bps")
    qtbot.waitUntil(lambda: said in window.message_bar.text)


def test_of_a_session_that_was_kept_only_a_difference(window, replay, monkeypatch, qtbot):
    comes_to(monkeypatch, Replay(900, True))
    replay.check(OPENED)
    qtbot.wait(100)
    assert window.message_bar.text == ""
    comes_to(monkeypatch, Replay(3, False, "the loss of e0/b3 is another"))
    replay.check(OPENED)
    qtbot.waitUntil(lambda: "e0/b3" in window.message_bar.text)
    assert window.message_bar.kind == "error"


def test_what_the_user_was_told_since_is_not_replaced_by_good_news(
    window, replay, monkeypatch, qtbot
):
    comes_to(monkeypatch, Replay(900, True))
    replay.check(OPENED, "mine.bps")
    window.message_bar.show_error("There is no step 10000")
    qtbot.wait(100)
    assert window.message_bar.text == "There is no step 10000."


def test_it_ends_with_the_window_and_says_nothing_of_a_session_that_was_left(
    window, replay, monkeypatch, qtbot
):
    begun = threading.Event()

    def check(_saved, _seconds, cancelled):
        begun.set()
        while not cancelled():
            pass
        return Replay(0, False, "left in the middle")

    monkeypatch.setattr(sessions, "check", check)
    replay.check(OPENED, "mine.bps")
    qtbot.waitUntil(begun.is_set)
    replay.stop()
    assert "bpstudio replay" not in {thread.name for thread in threading.enumerate()}
    qtbot.wait(50)
    assert window.message_bar.text == ""
