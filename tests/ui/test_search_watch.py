"""A search in slices, over made-up searches that take as many slices as they are told."""

from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from bpstudio.debugger.stops import Stop
from bpstudio.ui.search_watch import SearchWatch

FOUND = Stop("breakpoint", 7, "s0/loss/C", 0.5, "C_0 = 0.5, 1st hit", seen=7)
CANCELLED = Stop("interrupted", 0, "s0/fwd/l2/j0/k0/wa", 0.0, "interrupted")


class Slow:
    """Ends after so many slices."""

    def __init__(self, slices: int) -> None:
        self.slices, self.done, self.cancelled = slices, 0, False

    @property
    def progress(self) -> float:
        return self.done / self.slices

    def advance(self, seconds: float) -> Stop | None:
        if self.cancelled:
            return CANCELLED
        self.done += 1
        return FOUND if self.done >= self.slices else None

    def cancel(self) -> Stop:
        self.cancelled = True
        return CANCELLED


@pytest.fixture
def ended() -> list[Stop]:
    return []


@pytest.fixture
def watch(qtbot: QtBot, ended: list[Stop]) -> Any:
    parent = QObject()
    made = SearchWatch(parent)
    made.ended.connect(lambda stop, _seconds: ended.append(stop))
    yield made
    made.close()


def test_what_takes_one_slice_is_done_at_once(watch: Any, ended: list[Stop]) -> None:
    watch.start(lambda: Slow(1))
    assert ended == [FOUND]
    assert not watch.is_on


def test_a_longer_one_lets_the_window_go_on_and_tells_its_progress(
    watch: Any, ended: list[Stop], qtbot: QtBot
) -> None:
    seen: list[float] = []
    watch.changed.connect(lambda: seen.append(watch.progress))
    watch.start(lambda: Slow(4))
    assert watch.is_on
    assert ended == []
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [FOUND]
    assert seen == [0.25, 0.5, 0.75, 0.0]


def test_it_can_be_stopped(watch: Any, ended: list[Stop]) -> None:
    slow = Slow(1000)
    watch.start(lambda: slow)
    watch.stop()
    assert slow.cancelled
    assert ended == [CANCELLED]
    assert not watch.is_on
    watch.stop()
    assert ended == [CANCELLED]


def test_a_verb_in_between_ends_it(watch: Any, ended: list[Stop], qtbot: QtBot) -> None:
    slow = Slow(1000)
    watch.start(lambda: slow)
    slow.cancel()
    qtbot.waitUntil(lambda: not watch.is_on)
    assert ended == [CANCELLED]


def test_the_next_search_takes_the_place_of_the_one_before(
    watch: Any, ended: list[Stop], qtbot: QtBot
) -> None:
    first, second = Slow(1000), Slow(3)
    watch.start(lambda: first)
    watch.start(lambda: second)
    qtbot.waitUntil(lambda: bool(ended))
    assert (first.done, second.done) == (1, 3)
    assert ended == [FOUND]


def test_closing_ends_it_without_a_word(watch: Any, ended: list[Stop]) -> None:
    watch.start(lambda: Slow(1000))
    watch.close()
    assert not watch.is_on
    assert ended == []
