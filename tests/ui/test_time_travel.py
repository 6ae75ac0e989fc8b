"""A recorded run in the window: visiting its updates, stepping across them, branches, stops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.runs import Runs
from bpstudio.ui.latest import FRAME_MS
from bpstudio.ui.loss_points import epoch_ends
from bpstudio.ui.panels.runs import RunsPanel
from bpstudio.ui.panels.stops import StopsPanel
from bpstudio.ui.recording_lane import bookmarked
from bpstudio.ui.run_events import events_of
from bpstudio.ui.run_rows import FROM, NAME, TO
from bpstudio.ui.update_dialog import UpdateDialog
from bpstudio.ui.window import MainWindow

EPOCHS = 3
UPDATES = 36  # of 12 batches each


def train(window: MainWindow, qtbot: QtBot) -> None:
    window.commands["train"].trigger()
    qtbot.waitUntil(lambda: not window.session.is_training, timeout=60_000)
    qtbot.waitUntil(lambda: window.showing.is_up_to_date)
    qtbot.waitUntil(lambda: window.loss.plot_actions is not None)  # a painting comes before it


@pytest.fixture
def window(main_window: MainWindow, qtbot: QtBot) -> MainWindow:
    """After a short run."""
    main_window.session.change(epochs=EPOCHS)
    train(main_window, qtbot)
    return main_window


def address(window: MainWindow) -> str:
    return window.status.address.text()


def follow(qtbot: QtBot, window: MainWindow, text: str) -> None:
    """Click a link of the message bar."""
    buttons = window.message_bar.findChildren(QPushButton)
    link = next(button for button in buttons if button.text() == text)
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)


def runs(window: MainWindow) -> RunsPanel:
    window.commands["layout_train"].trigger()
    panel = window.panels["runs"]
    assert isinstance(panel, RunsPanel)
    return panel


# ---- visiting ---------------------------------------------------------------------------------


def test_an_iteration_can_be_typed_and_is_shown_as_the_past(window: MainWindow) -> None:
    assert window.status.past.isHidden()
    assert window.goto("e1/b4")
    visited = window.session.debugger.visited
    assert visited is not None
    assert (visited.T, visited.epoch, visited.batch) == (16, 1, 4)
    assert address(window).startswith("e1/b4/s")
    assert not window.status.past.isHidden()
    assert window.status.past.chip.text() == "Update 16 of 36"


def test_a_step_in_an_iteration_can_be_typed(window: MainWindow) -> None:
    window.goto("e1/b4")
    row = window.session.debugger.rows[2]
    assert window.goto("e2/b1/mean/l3/j2/k2/mean_dC_dw")
    assert address(window) == "e2/b1/mean/l3/j2/k2/mean_dC_dw"
    assert window.goto(f"e1/b4/s{row}/back/l3/j2")
    assert address(window).startswith(f"e1/b4/s{row}/back/l3/j2/")


def test_an_iteration_that_is_not_in_the_run_is_refused_with_its_extent(
    window: MainWindow,
) -> None:
    assert not window.goto("e9/b0")
    assert "it goes from e0/b0 to e3/b0" in window.message_bar.text
    assert window.session.debugger.visited is None


def test_back_to_now_leads_to_the_weights_as_they_stand(window: MainWindow, qtbot: QtBot) -> None:
    now, rows = window.session.network, window.session.debugger.rows
    window.goto("e0/b0")
    assert window.session.network is not now
    qtbot.mouseClick(window.status.past.back, Qt.MouseButton.LeftButton)
    assert window.session.network is now
    assert window.session.debugger.rows == rows
    assert window.status.past.isHidden()
    assert not window.commands["present"].isEnabled()


def test_stepping_goes_on_across_the_border_of_an_iteration(window: MainWindow) -> None:
    window.goto("e0/b11")
    window.commands["to_end"].trigger()
    assert address(window) == "e0/b11/update/l4/j2/update_b"
    assert window.commands["into"].isEnabled()
    window.commands["into"].trigger()
    assert address(window).startswith("e1/b0/s")
    assert address(window).endswith("/fwd/l2/j0/k0/wa")
    window.commands["back_into"].trigger()
    assert address(window) == "e0/b11/update/l4/j2/update_b"


def test_the_ends_of_the_run_are_ends(window: MainWindow) -> None:
    window.goto("e0/b0")
    assert not window.commands["back_into"].isEnabled()
    window.goto("e3/b0")
    window.commands["to_end"].trigger()
    assert not window.commands["into"].isEnabled()


def test_batches_and_epochs_are_units_of_stepping(window: MainWindow) -> None:
    assert not window.commands["by_epoch"].isEnabled()
    window.goto("e0/b3")
    assert window.commands["by_epoch"].isEnabled()
    window.commands["by_batch"].trigger()
    window.commands["into"].trigger()
    assert address(window).startswith("e0/b4/")
    window.commands["by_epoch"].trigger()
    assert window.toolbar.step_by.segments.key == "epoch"
    window.commands["into"].trigger()
    assert address(window).startswith("e1/b0/")
    window.commands["back_into"].trigger()
    assert address(window).startswith("e0/b0/")


def test_epoch_and_batch_are_crumbs_and_frames_that_lead_there(window: MainWindow) -> None:
    window.goto("e2/b4/mean/l3/j2/k2/mean_dC_dw")
    derivation = window.derivation.derivation
    assert derivation is not None
    crumbs = [(crumb.label, crumb.address) for crumb in derivation.crumbs]
    assert crumbs[:2] == [("Epoch 2", "e2/b0"), ("Batch 4", "e2/b4")]
    window.show_panel("stack")
    frames = window.panels["stack"].model.frames  # type: ignore[attr-defined]
    assert [frame.label for frame in frames[:2]] == ["Epoch 2", "Batch 4"]
    window.panels["stack"].goto_start(0)  # type: ignore[attr-defined]
    assert address(window).startswith("e2/b0/s")


def test_the_address_that_is_copied_names_the_iteration(window: MainWindow) -> None:
    window.goto("e1/b4/update/l2/j0/k0/update_w")
    window.commands["copy_address"].trigger()
    assert QApplication.clipboard().text() == "e1/b4/update/l2/j0/k0/update_w"


def test_another_sample_cannot_be_chosen_in_the_past(window: MainWindow) -> None:
    window.goto("e1/b4")
    assert not window.commands["next_row"].isEnabled()
    assert not window.row.row.isEnabled()
    window.session.present()
    assert window.commands["next_row"].isEnabled()
    assert window.row.row.isEnabled()


def test_a_slider_goes_to_any_update(window: MainWindow, qtbot: QtBot) -> None:
    window.commands["goto_update"].trigger()
    (dialog,) = window.findChildren(UpdateDialog)
    dialog.slider.setFocus()
    assert dialog.slider.value() == UPDATES
    dialog.number.setValue(7)
    assert address(window).startswith("e0/b7/")
    assert dialog.slider.value() == 7
    for T in (8, 9, 30):  # faster than frames: the last one counts
        dialog.slider.setValue(T)
    qtbot.waitUntil(lambda: address(window).startswith("e2/b6/"))
    assert dialog.place.text() == "of 36, e2/b6"
    dialog.close()


# ---- branches ---------------------------------------------------------------------------------


def test_an_edit_in_the_past_and_training_make_a_branch(window: MainWindow, qtbot: QtBot) -> None:
    window.goto("e1/b4")
    window.session.debugger.set_weight(3, 2, 2, 0.25)
    assert "changed by hand" in window.status.past.chip.text()
    train(window, qtbot)
    assert len(window.session.recordings) == 2
    assert window.status.past.isHidden()
    panel = runs(window)
    model = panel.rows
    assert [model.index(1, column).data() for column in (NAME, FROM)] == ["Run 2", "e1/b4"]
    assert model.index(0, TO).data() == "e3/b0"


def test_the_first_difference_of_a_branch_is_found_and_leads_there(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.goto("e1/b4")
    window.session.change(lr=0.1)
    train(window, qtbot)
    panel = runs(window)
    panel.find_difference()
    qtbot.waitUntil(lambda: panel.place.isVisible())
    place = panel.place.text()
    assert place.startswith("e1/b4/update/l2/j0/k0/")
    qtbot.mouseClick(panel.place, Qt.MouseButton.LeftButton)
    assert address(window) == place
    assert window.docks.is_shown("steps")


def test_runs_stay_as_they_were_told_until_their_columns_have_room(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, session = runs(window), window.session
    (run,) = panel.rows.runs
    end = session.length_of(run)
    monkeypatch.setattr(session, "length_of", lambda _run: end - 1)
    assert panel.rows.text(run, TO) == "e3/b0"
    panel.refresh(frozenset({"run"}))
    assert panel.rows.text(run, TO) == "e2/b11"
    assert panel.view.columnWidth(TO) >= panel.view.sizeHintForColumn(TO)


def test_a_run_is_chosen_and_renamed_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    window.goto("e1/b0")
    window.session.change(lr=0.1)
    train(window, qtbot)
    first, second = window.session.recordings
    panel = runs(window)
    panel.view.setFocus()
    panel.view.selectRow(0)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert window.session.recording is first
    rename(qtbot, panel, "slow")
    assert first.name == "slow"
    panel.view.selectRow(1)
    rename(qtbot, panel, "slow")
    assert second.name == "Run 2"
    assert "nother run is called" in window.message_bar.text
    assert window.session.recording is first  # Enter ended the typing, and was no "go on"


def rename(qtbot: QtBot, panel: RunsPanel, name: str) -> None:
    """Type another name for the chosen run; numbers that change meanwhile are no matter."""
    qtbot.keyClick(panel.view, Qt.Key.Key_F2)
    field = panel.view.viewport().findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.accessibleName() == "Name"
    qtbot.keyClicks(field, name)
    panel.rows.tell()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.view.viewport().findChild(QLineEdit) is None)


# ---- stops ------------------------------------------------------------------------------------


@pytest.fixture
def stops(main_window: MainWindow) -> StopsPanel:
    main_window.commands["layout_train"].trigger()
    panel = main_window.panels["stops"]
    assert isinstance(panel, StopsPanel)
    return panel


def test_a_condition_pauses_training_and_says_where_and_why(
    main_window: MainWindow, stops: StopsPanel, qtbot: QtBot
) -> None:
    stops.ask()
    qtbot.keyClicks(stops.field, "step == 30")
    qtbot.keyClick(stops.field, Qt.Key.Key_Return)
    assert [stop.text for stop in main_window.session.stops] == ["step == 30"]
    train(main_window, qtbot)
    text = main_window.message_bar.text
    assert text.startswith("Stopped at e2/b6: step == 30 with step = 30")
    assert stops.rows.index(0, 3).data() == "1 hit, stop"
    follow(qtbot, main_window, "Go there")
    assert address(main_window).startswith("e2/b6/")


def test_the_message_of_a_stop_stays_while_one_steps_and_leads_to_the_condition(
    main_window: MainWindow, stops: StopsPanel, qtbot: QtBot
) -> None:
    main_window.session.add_stop("step == 30")
    train(main_window, qtbot)
    main_window.commands["into"].trigger()
    assert main_window.message_bar.text.startswith("Stopped at e2/b6")
    follow(qtbot, main_window, "Edit condition")
    assert stops.view.state() == stops.view.State.EditingState
    train(main_window, qtbot)
    assert main_window.message_bar.text == ""


def test_a_condition_that_is_only_counted_does_not_pause(
    main_window: MainWindow, stops: StopsPanel, qtbot: QtBot
) -> None:
    main_window.session.change(epochs=EPOCHS)
    main_window.session.add_stop("loss > 0")
    stops.view.setFocus()
    stops.view.selectRow(0)
    qtbot.keyClick(stops.view, Qt.Key.Key_L)
    train(main_window, qtbot)
    assert stops.rows.index(0, 3).data() == "36 hits, log"


def test_what_a_condition_reads_now_is_shown(
    main_window: MainWindow, stops: StopsPanel, qtbot: QtBot
) -> None:
    main_window.session.change(epochs=EPOCHS)
    for text in ("step > 1e9", "isnan(grad)", "loss > 9 * loss[-10]", "epoch < 0"):
        main_window.session.add_stop(text)
    train(main_window, qtbot)
    stops.show_values()
    now = [stops.rows.index(row, 2).data() for row in range(4)]
    snapshot = main_window.session.snapshot
    assert snapshot is not None
    assert (now[0], now[1], now[3]) == ("36", "no", "3")
    assert 0 < float(now[2]) < 10
    main_window.goto("e1/b4")
    stops.show_values()
    assert stops.rows.index(0, 2).data() == "16"


def test_what_is_typed_into_a_condition_stays_while_training_changes_its_values(
    main_window: MainWindow, stops: StopsPanel, qtbot: QtBot
) -> None:
    number = main_window.session.add_stop("loss < 0").id
    stops.edit_stop(number)
    field = stops.view.viewport().findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "grad ")
    stops.rows.show_values({number: 1.0})
    qtbot.keyClicks(field, "> 7")
    assert field.text() == "grad > 7"


def test_space_turns_a_condition_off_and_delete_removes_it(
    main_window: MainWindow, stops: StopsPanel, qtbot: QtBot
) -> None:
    main_window.session.add_stop("loss < 0")
    stops.view.setFocus()
    stops.view.selectRow(0)
    qtbot.keyClick(stops.view, Qt.Key.Key_Space)
    assert not main_window.session.stops[0].enabled
    assert stops.rows.index(0, 3).data() == "off"
    qtbot.keyClick(stops.view, Qt.Key.Key_Delete)
    assert main_window.session.stops == ()


def test_a_number_that_is_not_finite_leads_to_its_first_cause(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    session = main_window.session
    session.change(output_activation="linear", activations=("relu", "relu"), lr=1e5)
    train(main_window, qtbot)
    assert "is not a finite number" in main_window.message_bar.text
    follow(qtbot, main_window, "Go to first cause")
    debugger = session.debugger
    assert debugger.visited is not None
    assert session.recording is not None
    assert session.recording.length == debugger.visited.T
    assert not math.isfinite(debugger.step.value)
    assert all(math.isfinite(debugger.trace[n].value) for n in range(debugger.cursor))


def test_in_the_layout_for_training_the_steps_show_the_first_cause(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    main_window.commands["layout_train"].trigger()
    session = main_window.session
    session.change(output_activation="linear", activations=("relu", "relu"), lr=1e5)
    train(main_window, qtbot)
    follow(qtbot, main_window, "Go to first cause")
    assert main_window.docks.is_shown("steps")


# ---- the loss ---------------------------------------------------------------------------------


def at_update(window: MainWindow, T: float) -> QPoint:
    """The place in the plot of the loss above an update, in the viewport's pixels."""
    plot = window.loss.curves.plot
    QApplication.processEvents()  # its axes take the room they need when they are painted
    box = plot.getViewBox()
    scene = box.mapViewToScene(QPointF(T, box.viewRect().center().y()))
    return plot.mapFromScene(scene)


def test_a_click_on_the_loss_visits_that_update(window: MainWindow, qtbot: QtBot) -> None:
    plot = window.loss.curves.plot
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=at_update(window, 20))
    visited = window.session.debugger.visited
    assert visited is not None
    assert abs(visited.T - 20) <= 1
    marks = window.loss.curves.marks
    assert marks.here.value() == visited.T
    assert marks.under.isVisible()
    assert marks.under.getRegion() == (visited.T, UPDATES)
    window.session.present()
    assert marks.here.value() == UPDATES
    assert not marks.under.isVisible()


def test_dragging_over_the_loss_follows_the_pointer(window: MainWindow, qtbot: QtBot) -> None:
    visited: list[int] = []

    def note(changes: frozenset[str]) -> None:
        visit = window.session.debugger.visited
        if "trace" in changes and visit is not None:
            visited.append(visit.T)

    window.session.subscribe(note)
    plot = window.loss.curves
    for x in range(5, 31):
        plot.pick(float(x))
    qtbot.waitUntil(lambda: visited[-1:] == [30])
    assert visited[0] == 5
    assert len(visited) < 26


def test_while_dragging_one_panel_is_brought_up_to_date_in_a_turn(
    window: MainWindow, qtbot: QtBot
) -> None:
    view = window.loss.curves.plot.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at_update(window, 30))
    window.loss.curves.pass_by(20)
    assert not window.showing.is_up_to_date
    assert not address(window).startswith("e1/b8/")
    qtbot.waitUntil(lambda: window.showing.is_up_to_date)
    assert address(window).startswith("e1/b8/")
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at_update(window, 30))


def test_the_end_of_a_run_is_told_at_once_and_shown_in_turns(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.session.change(epochs=100_000)
    window.commands["train"].trigger()
    assert window.toolbar.train.text() == "Stop"
    qtbot.waitUntil(lambda: window.session.provenance.since != f"{UPDATES} updates")
    window.commands["train"].trigger()
    assert window.toolbar.train.text() == "Train"
    assert not window.showing.is_up_to_date
    qtbot.waitUntil(lambda: window.showing.is_up_to_date)
    assert window.session.snapshot is not None
    reached = format_count(window.session.snapshot.steps_done)
    assert reached in window.loss.curves.readout.text()


def test_arrow_keys_in_the_plot_go_to_the_neighbours(window: MainWindow, qtbot: QtBot) -> None:
    plot = window.loss.curves.plot
    plot.setFocus()
    window.goto("e1/b4")
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: address(window).startswith("e1/b3/"))
    qtbot.wait(FRAME_MS + 1)
    qtbot.keyClick(plot, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: address(window).startswith("e2/b3/"))


def test_the_readout_has_the_values_under_the_pointer(window: MainWindow) -> None:
    curves = window.loss.curves
    snapshot = window.session.snapshot
    assert snapshot is not None
    assert "Update 36, e3/b0" in curves.readout.text()
    assert "last batch" in curves.readout.text()  # that of update 36 is not made yet
    box = curves.plot.getViewBox()
    place = box.mapViewToScene(QPointF(17.0, box.viewRect().center().y()))
    curves.plot.scene().sigMouseMoved.emit(place)
    assert "Update 17, e1/b5" in curves.readout.text()
    assert format_number(float(snapshot.batch_losses.values[17]), 5) in curves.readout.text()
    assert "this batch" in curves.readout.text()


def test_where_one_is_is_in_sight_also_in_a_run_of_less_than_an_epoch(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    main_window.session.add_stop("step == 3")
    train(main_window, qtbot)
    curves = main_window.loss.curves
    assert curves.marks.here.value() == 3.0
    curves.plot.getViewBox().updateAutoRange()
    left, right = curves.plot.getViewBox().viewRange()[0]
    assert left < 3.0 < right


def test_the_readout_has_no_number_of_an_epoch_that_is_still_to_come(window: MainWindow) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    first = format_number(float(snapshot.validation_losses.values[0]), 5)
    window.goto("e0/b11")
    assert first not in window.loss.curves.readout.text()
    window.goto("e1/b0")
    assert first in window.loss.curves.readout.text()


def test_other_runs_are_overlaid_from_their_branch_on_and_can_be_hidden(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.goto("e1/b4")
    window.session.change(lr=0.1)
    train(window, qtbot)
    curves = window.loss.curves
    first, second = window.session.recordings
    assert curves.shown == (first, second)
    assert "Run 2" in curves.readout.text()
    window.session.rename_recording(second, "a tenth of the rate")
    assert "a tenth of th…" in curves.readout.text()  # as much as leaves the curves their room
    window.session.rename_recording(second, "Run 2")
    panel = runs(window)
    panel.view.setFocus()
    panel.view.selectRow(0)
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert curves.shown == (second,)
    text = curves.numbers().as_tsv()
    assert "Run 2\tvalidation\t" in text
    assert "Run 1" not in text


def test_past_the_end_of_the_current_run_the_readout_counts_on_with_the_longer_one(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.session.visit(35)
    window.session.change(lr=0.1)
    train(window, qtbot)
    first, second = window.session.recordings
    window.session.choose_recording(first)
    assert (first.length, second.length) == (36, 60)
    curves, box = window.loss.curves, window.loss.curves.plot.getViewBox()
    QApplication.processEvents()
    place = box.mapViewToScene(QPointF(53.0, box.viewRect().center().y()))
    curves.plot.scene().sigMouseMoved.emit(place)
    assert "Update 53, e4/b5" in curves.readout.text()


def test_a_run_that_has_not_begun_has_no_curves(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    curves = window.loss.curves
    monkeypatch.setattr(type(window.session), "recording", Recording("Run 2"))
    curves.hide_runs(frozenset())
    window.commands["light_dark"].trigger()
    assert "Run 2" not in curves.readout.text()


def test_in_training_the_readout_names_the_last_update_that_is_drawn(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    curves = window.loss.curves
    monkeypatch.setattr(Runs, "is_training", True)
    monkeypatch.setattr(Recording, "length", UPDATES + 5)
    curves.show_runs()
    assert curves.readout.text().startswith(f"Update {UPDATES}, e3/b0")
    monkeypatch.undo()


def test_epochs_end_where_their_batches_did(window: MainWindow) -> None:
    recording = window.session.recording
    assert recording is not None
    assert epoch_ends(np.arange(3.0), recording).tolist() == [12.0, 24.0, 36.0]


# ---- the timeline -----------------------------------------------------------------------------


def test_the_recording_has_a_lane_once_something_was_recorded(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    lane = main_window.timeline.recording
    before = main_window.timeline.height()
    assert lane.isHidden()
    main_window.session.change(epochs=EPOCHS)
    train(main_window, qtbot)
    assert not lane.isHidden()
    assert main_window.timeline.height() == before + lane.height()
    main_window.session.restart()
    assert lane.isHidden()
    assert main_window.timeline.height() == before


def test_a_click_in_the_lane_visits_the_update_there(window: MainWindow, qtbot: QtBot) -> None:
    lane = window.timeline.recording
    half = QPoint((88 + lane.width() - 12) // 2, 8)
    qtbot.mouseClick(lane, Qt.MouseButton.LeftButton, pos=half)
    assert lane.T == 18
    qtbot.waitUntil(lambda: address(window).startswith("e1/b6/"))
    lane.setFocus()
    qtbot.wait(FRAME_MS + 1)
    qtbot.keyClick(lane, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: lane.T == 19)
    qtbot.wait(FRAME_MS + 1)
    qtbot.keyClick(lane, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: lane.T == UPDATES)


def test_bookmarks_of_the_run_are_marked_in_the_lane(window: MainWindow) -> None:
    window.goto("e1/b6")
    window.commands["bookmark"].trigger()
    recording = window.session.recording
    assert recording is not None
    assert bookmarked(window.session, recording) == [18]
    window.goto("e2/b0")
    window.commands["next_bookmark"].trigger()
    assert address(window).startswith("e1/b6/")


def test_a_change_of_the_rate_is_marked_in_the_lane_and_named_there(
    window: MainWindow, qtbot: QtBot
) -> None:
    lane = window.timeline.recording
    window.session.change(lr=0.125)
    train(window, qtbot)
    train(window, qtbot)  # goes on, and changes nothing
    run = window.session.recording
    assert run is not None
    assert events_of(run) == {36: "learning rate 0.125"}
    there = next(x for x in range(lane.width()) if lane.update_at(x) == 36)
    assert lane.tip_at(there).startswith("e3/b0: learning rate 0.125\nUpdate 36, e3/b0")
    assert "rate" not in lane.tip_at(there + 40)
    window.goto("e1/b0")
    window.session.change(lr=0.25)
    train(window, qtbot)
    assert window.session.recording is not None
    assert events_of(window.session.recording) == {12: "branch: learning rate 0.25"}
