"""Threads that give way to the window."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from bpstudio.core.background import NICE, background_thread

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
