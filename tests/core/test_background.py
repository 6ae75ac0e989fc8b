"""Threads that give way to the window."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from bpstudio.core import background
from bpstudio.core.background import NICE, Precedence, background_thread, give_way

ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux has a niceness a thread")


def niceness_of_this_thread() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_the_work_is_done_in_a_thread_of_that_name_that_never_holds_up_the_end() -> None:
    names: list[str] = []
    thread = background_thread(lambda: names.append(threading.current_thread().name), "bpstudio x")
    assert thread.daemon
    thread.start()
    thread.join()
    assert names == ["bpstudio x"]


@ONLY_LINUX
def test_it_gives_way_and_the_thread_that_made_it_does_not() -> None:
    before = niceness_of_this_thread()
    found: list[int] = []
    thread = background_thread(lambda: found.append(niceness_of_this_thread()), "bpstudio x")
    thread.start()
    thread.join()
    assert found == [max(before, NICE)]
    assert niceness_of_this_thread() == before


@ONLY_LINUX
def test_what_gives_way_already_is_not_put_before_its_window() -> None:
    """As of a program that was itself started with ``nice``."""
    found: list[int] = []

    def work() -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        give_way()
        found.append(niceness_of_this_thread())

    thread = background_thread(work, "bpstudio x")
    thread.start()
    thread.join()
    assert found == [19]


class Worker:
    """A thread that wants to go on while a window may have to show something."""

    def __init__(self, precedence: Precedence) -> None:
        self._precedence = precedence
        self.went_on = threading.Event()
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _work(self) -> None:
        self._precedence.let_pass()
        self.went_on.set()


@pytest.fixture
def precedence(monkeypatch: pytest.MonkeyPatch) -> Precedence:
    monkeypatch.setattr(background, "MOST_SECONDS", 30.0)
    return Precedence()


def test_work_goes_on_while_the_window_rests(precedence: Precedence) -> None:
    worker = Worker(precedence)
    worker.thread.join(10)
    assert worker.went_on.is_set()


def test_work_stands_still_until_everything_is_shown(precedence: Precedence) -> None:
    precedence.begin()
    worker = Worker(precedence)
    assert not worker.went_on.wait(0.05)
    precedence.end()
    worker.thread.join(10)
    assert worker.went_on.is_set()


def test_the_thread_of_the_window_never_waits_for_itself(precedence: Precedence) -> None:
    precedence.begin()
    precedence.let_pass()  # would take half a minute
    precedence.end()


def test_work_does_not_wait_for_ever_even_where_the_window_begins_anew_all_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(background, "MOST_SECONDS", 0.05)
    precedence = Precedence()
    precedence.begin()
    worker = Worker(precedence)
    while not worker.went_on.is_set():
        precedence.begin()
    worker.thread.join()
    precedence.end()
