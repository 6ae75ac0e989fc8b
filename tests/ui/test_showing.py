"""What the window shows of a run that goes on, and what it leaves to others meanwhile."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.core.background import window_first
from bpstudio.core.notation import format_count
from bpstudio.debugger.notices import Changes
from bpstudio.ui.panels.runs import RunsPanel
from bpstudio.ui.run_rows import TO
from bpstudio.ui.window import MainWindow


@pytest.fixture
def training(main_window: MainWindow) -> MainWindow:
    """In the midst of a run."""
    main_window.session.change(epochs=100_000)
    main_window.commands["train"].trigger()
    return main_window


def test_work_waits_from_the_moment_a_run_has_something_new_until_it_is_painted(
    training: MainWindow, qtbot: QtBot
) -> None:
    found: list[bool] = []

    def look(changes: Changes) -> None:
        if "run" in changes and training.session.is_training:
            found.append(window_first.is_taken)

    stop = training.session.subscribe(look)
    for _ in range(3):  # it is taken and let go of again and again
        seen = len(found)
        qtbot.waitUntil(lambda seen=seen: len(found) > seen)
        qtbot.waitUntil(lambda: not window_first.is_taken)
    stop()
    assert all(found)


def test_a_pause_does_not_wait_for_what_is_still_to_be_shown(
    training: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: training.session.snapshot is not None)
    window_first.begin()  # as if it were in the midst of it
    training.session.pause()
    assert not training.session.is_training
    qtbot.waitUntil(lambda: training.showing.is_up_to_date and not window_first.is_taken)


def test_a_window_that_is_closed_holds_up_nothing(training: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window_first.is_taken)
    training.close()
    assert not window_first.is_taken


def test_all_that_shows_a_run_says_the_same_update_though_the_run_is_further(
    training: MainWindow, qtbot: QtBot
) -> None:
    training.commands["layout_train"].trigger()
    session = training.session

    def is_further() -> bool:
        run = session.recording
        known = run is not None and run.length > session.length_of(run) > 0
        return known and training.showing.is_up_to_date and session.is_training

    qtbot.waitUntil(is_further)
    run, snapshot = session.recording, session.snapshot
    assert run is not None
    assert snapshot is not None
    place = f"e{snapshot.epoch}/b{snapshot.batch}"
    runs, loss = training.panels["runs"], training.loss
    assert isinstance(runs, RunsPanel)
    assert runs.rows.text(run, TO) == place
    assert f"{format_count(snapshot.steps_done)} update" in training.status.run.text()
    assert loss.curves.marks.here.label.format == place
    assert loss.curves.readout.text().startswith(f"Update {format_count(snapshot.steps_done)}, ")
    session.pause()
    assert session.length_of(run) == run.length
