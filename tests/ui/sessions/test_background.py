"""One long call beside the window."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from bpstudio.core.errors import InputError
from bpstudio.ui.sessions.background import Background, words_of


@pytest.fixture
def background(qapp):
    parent = QObject()
    made = Background("bpstudio test", parent)
    yield made
    made.stop()


def test_what_a_call_gives_comes_back_in_the_windows_thread(background, qtbot):
    threads, found = [], []

    def call():
        threads.append(threading.current_thread())
        return 7

    background.start(call, lambda *outcome: found.append((outcome, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(found))
    assert found == [((7, None), threading.main_thread())]
    assert threads[0].name == "bpstudio test"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("no such thing"), "no such thing"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (MemoryError(), "there is not enough memory for it"),
        (KeyError("rows"), "a mistake in bpstudio itself (KeyError('rows'))"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_was_wrong_is_said(background, qtbot, error, said):
    found = []

    def call():
        raise error

    background.start(call, lambda *outcome: found.append(outcome))
    qtbot.waitUntil(lambda: bool(found))
    assert found == [(None, error)]
    assert words_of(error) == said


def test_only_the_last_call_counts_and_none_after_it_was_forgotten(background, qtbot):
    gate, found = threading.Event(), []
    background.start(gate.wait, lambda *outcome: found.append("first"))
    background.start(lambda: None, lambda *outcome: found.append("second"))
    gate.set()
    qtbot.waitUntil(lambda: bool(found))
    background.start(lambda: None, lambda *outcome: found.append("third"))
    background.stop()
    qtbot.wait(60)
    assert found == ["second"]
