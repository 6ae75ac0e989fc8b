"""Long work in small portions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui.plots import portions
from bpstudio.ui.plots.portions import Portions, Work
from tests.ui.windows import show


class Counting:
    """Work of a number of turns that writes down what it does."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def work(self, name: str, turns: int) -> Work:
        def run() -> Iterator[None]:
            for n in range(turns):
                self.done.append(f"{name}{n}")
                yield
            self.done.append(f"{name} shown")

        return run


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    show(made)
    return made


@pytest.fixture
def turns(owner: QWidget, monkeypatch: pytest.MonkeyPatch) -> Portions:
    """One turn of the work in each portion."""
    monkeypatch.setattr(portions, "PORTION", 1e-9)
    return Portions(owner, lambda: False)


def test_work_is_done_turn_by_turn_and_shown_at_the_end(turns: Portions, qtbot: QtBot) -> None:
    log = Counting()
    turns.ask(log.work("a", 2))
    assert log.done == []
    qtbot.waitUntil(lambda: turns.is_done)
    assert log.done == ["a0", "a1", "a shown"]


def test_newer_work_waits_and_only_the_newest_is_begun(turns: Portions, qtbot: QtBot) -> None:
    log = Counting()
    turns.ask(log.work("a", 3))
    turns._turn()
    assert log.done == ["a0"]
    turns.ask(log.work("b", 1))
    turns.ask(log.work("c", 1))
    qtbot.waitUntil(lambda: turns.is_done)
    assert log.done == ["a0", "a1", "a2", "a shown", "c0", "c shown"]


def test_work_that_is_not_wanted_any_more_ends(turns: Portions, qtbot: QtBot) -> None:
    log = Counting()
    turns.ask(log.work("a", 3))
    turns._turn()
    assert log.done == ["a0"]
    turns.ask(log.work("b", 1), now=True)
    qtbot.waitUntil(lambda: turns.is_done)
    assert log.done == ["a0", "b0", "b shown"]


def test_out_of_sight_it_rests_and_goes_on_in_sight(
    turns: Portions, owner: QWidget, qtbot: QtBot
) -> None:
    log = Counting()
    turns.ask(log.work("a", 3))
    turns._turn()
    assert log.done == ["a0"]
    owner.hide()
    qtbot.wait(20)
    assert log.done == ["a0"]
    owner.show()
    qtbot.waitUntil(lambda: turns.is_done)
    assert log.done[-1] == "a shown"


def test_stopped_it_does_nothing_more(turns: Portions, qtbot: QtBot) -> None:
    log = Counting()
    turns.ask(log.work("a", 3))
    turns.stop()
    qtbot.wait(10)
    assert turns.is_done
    assert log.done == []


def test_what_was_begun_before_others_became_busy_or_were_no_more_is_not_finished(
    owner: QWidget, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(portions, "PORTION", 1e-9)
    log, busy = Counting(), [True]
    turns = Portions(owner, lambda: busy[0])
    turns.ask(log.work("a", 3))
    turns._turn()
    assert log.done == ["a0"]
    busy[0] = False
    turns.ask(log.work("b", 1))
    qtbot.waitUntil(lambda: turns.is_done)
    assert log.done == ["a0", "b0", "b shown"]
