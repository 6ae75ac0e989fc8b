"""Long looks in slices."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui.scan import Scan


def slow(steps: int, closed: list[str]) -> Generator[float, None, str]:
    """Takes about a hundredth of a second a step."""
    try:
        for n in range(steps):
            time.sleep(0.01)
            yield n / steps
    finally:
        closed.append("closed")
    return "found"


@pytest.fixture
def scan(qapp: QApplication) -> Iterator[Scan]:
    parent = QObject()
    made = Scan(parent)
    yield made
    made.cancel()
    parent.deleteLater()


def test_a_short_one_is_done_at_once(scan: Scan) -> None:
    results: list[str] = []
    scan.run(slow(1, []), results.append)
    assert results == ["found"]
    assert not scan.is_running


def test_a_long_one_goes_on_while_the_window_lives_and_tells_how_far_it_is(
    scan: Scan, qtbot: QtBot
) -> None:
    results: list[str] = []
    shares: list[float] = []
    scan.progressed.connect(shares.append)
    scan.run(slow(30, []), results.append)
    assert results == []
    assert scan.is_running
    qtbot.waitUntil(lambda: results == ["found"])
    assert len(shares) > 3
    assert shares == sorted(shares)


def test_one_that_is_given_up_gives_no_result(scan: Scan) -> None:
    results: list[str] = []
    closed: list[str] = []
    scan.run(slow(1000, closed), results.append)
    scan.cancel()
    assert closed == ["closed"]
    assert not scan.is_running
    QApplication.processEvents()
    assert results == []


def test_the_newest_ends_the_one_before(scan: Scan) -> None:
    results: list[str] = []
    closed: list[str] = []
    scan.run(slow(1000, closed), results.append)
    scan.run(slow(1, []), results.append)
    assert closed == ["closed"]
    assert results == ["found"]


def test_the_result_may_start_another(scan: Scan, qtbot: QtBot) -> None:
    results: list[str] = []

    def again(result: str) -> None:
        results.append(result)
        if len(results) < 2:
            scan.run(slow(1, []), again)

    scan.run(slow(1, []), again)
    qtbot.waitUntil(lambda: len(results) == 2)
    assert not scan.is_running


def test_it_rests_while_its_panel_is_out_of_sight(qtbot: QtBot) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    resting = Scan(panel, panel=panel)
    results: list[str] = []
    shares: list[float] = []
    resting.progressed.connect(shares.append)
    panel.show()
    resting.run(slow(6, []), results.append)
    panel.hide()
    told = len(shares)
    QTest.qWait(60)
    assert resting.is_running
    assert len(shares) == told
    panel.show()
    qtbot.waitUntil(lambda: results == ["found"])
