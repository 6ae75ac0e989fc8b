"""Breakpoints, running, marks and units of stepping, by keys in the whole window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from bpstudio.ui import search_watch
from bpstudio.ui.actions import UNITS
from bpstudio.ui.enabling import disabled
from bpstudio.ui.window import MainWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
START = "s52/fwd/l2/j0/k0/wa"
GRADIENT = "s52/back/l3/j2/k2/dC_dw"
IN_SUM = "s52/back/l3/j2/i1/dz_da"


@pytest.fixture
def window(main_window: MainWindow) -> MainWindow:
    return main_window


def press(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE
) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)


def address(window: MainWindow) -> str:
    return window.status.address.text()


def follow(qtbot: QtBot, window: MainWindow, text: str) -> None:
    """Click a link of the message bar."""
    buttons = window.message_bar.findChildren(QPushButton)
    link = next(button for button in buttons if button.text() == text)
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)


# ---- breakpoints and running ----------------------------------------------------------------


def test_f9_sets_a_breakpoint_on_the_current_step_and_takes_it_away(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.goto(GRADIENT)
    press(qtbot, window, Qt.Key.Key_F9)
    (point,) = window.session.debugger.breakpoints
    assert (point.kind, point.l, point.j, point.k, point.row) == ("dC_dw", 3, 2, 2, None)
    press(qtbot, window, Qt.Key.Key_F9)
    assert window.session.debugger.breakpoints == ()


def test_f9_and_f7_are_about_the_selected_edge_where_there_is_one(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert not window.commands["run_to"].isEnabled()
    window.network.canvas.select(("edge", 3, 2, 2))
    press(qtbot, window, Qt.Key.Key_F9)
    press(qtbot, window, Qt.Key.Key_F9, SHIFT)
    (point,) = window.session.debugger.breakpoints
    (watch,) = window.session.debugger.watches
    assert (point.kind, point.l, point.j, point.k) == ("dC_dw", 3, 2, 2)
    assert watch.text == "dC_dw[3][2,2]"
    press(qtbot, window, Qt.Key.Key_F9)
    press(qtbot, window, Qt.Key.Key_F9, SHIFT)
    assert window.session.debugger.breakpoints == window.session.debugger.watches == ()
    press(qtbot, window, Qt.Key.Key_F7)
    assert address(window) == GRADIENT


def test_f5_runs_to_the_breakpoint_and_says_where_and_why(window: MainWindow, qtbot: QtBot) -> None:
    window.session.debugger.add_breakpoint(kind="dC_dw", l=3, j=2, when="value != 0")
    press(qtbot, window, Qt.Key.Key_F5)
    where = "s52/back/l3/j2/k0/dC_dw"
    assert address(window) == where
    assert window.message_bar.text.startswith(f"Stopped at {where}: value != 0")
    assert window.message_bar.text.endswith("1st hit.")
    assert window.status.search.text().startswith("Searched ")
    press(qtbot, window, Qt.Key.Key_F5)
    assert address(window) == "s52/back/l3/j2/k1/dC_dw"
    press(qtbot, window, Qt.Key.Key_F5, CTRL)
    assert address(window) == where
    press(qtbot, window, Qt.Key.Key_F11)
    assert window.message_bar.text == window.status.search.text() == ""


def test_the_link_goes_back_to_the_hit_before(window: MainWindow, qtbot: QtBot) -> None:
    window.session.debugger.add_breakpoint(kind="dC_dz")
    window.goto(IN_SUM)
    press(qtbot, window, Qt.Key.Key_F5)
    here = address(window)
    follow(qtbot, window, "Previous hit")
    assert address(window) == "s52/back/l3/j1/dC_dz"
    follow(qtbot, window, "Next hit")
    assert address(window) == here


def test_without_a_breakpoint_it_runs_to_the_end_and_says_so(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(qtbot, window, Qt.Key.Key_F5)
    assert address(window) == "update/l4/j2/update_b"
    assert window.message_bar.text.startswith("This is the end of the pass")
    assert not window.commands["continue"].isEnabled()
    assert not window.toolbar.go_on.isEnabled()
    window.goto(IN_SUM)
    assert window.message_bar.text == ""
    press(qtbot, window, Qt.Key.Key_F5, CTRL)
    assert address(window) == START
    assert window.toolbar.go_on.isEnabled()


def test_a_double_click_on_a_node_runs_there_unless_a_breakpoint_comes_first(
    window: MainWindow,
) -> None:
    window.network.canvas.request(("node", 3, 2))
    there = address(window)
    assert there.endswith("l3/j2/a")
    window.session.debugger.add_breakpoint(kind="z", l=2, j=4)
    window.session.debugger.to_start()
    window.network.canvas.request(("node", 3, 2))
    assert address(window) == "s52/fwd/l2/j4/z"


# ---- a long search ----------------------------------------------------------------------------


@pytest.fixture
def long(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A pass of more than a million steps, and a condition that holds at none of them."""
    monkeypatch.setattr(search_watch, "SLICE", 0.0)
    window.session.change(hidden=(500, 500))
    window.session.debugger.add_breakpoint(kind="dC_dw", when="value > 1e9")
    return window


def test_a_long_search_tells_its_progress_and_can_be_stopped(
    long: MainWindow, qtbot: QtBot
) -> None:
    press(qtbot, long, Qt.Key.Key_F5)
    assert long.debug.search.is_on
    assert long.commands["stop"].isEnabled()
    assert long.status.search.text().startswith("Searching … ")
    assert "Stop with Shift+F5" in long.status.search.text()
    press(qtbot, long, Qt.Key.Key_F5, SHIFT)
    assert not long.debug.search.is_on
    assert address(long) == START
    assert long.status.search.text().startswith("Searched ")
    assert not long.commands["stop"].isEnabled()


def test_keys_stay_alive_in_a_long_search_and_any_verb_ends_it(
    long: MainWindow, qtbot: QtBot
) -> None:
    press(qtbot, long, Qt.Key.Key_F5)
    assert long.debug.search.is_on
    press(qtbot, long, Qt.Key.Key_F11)
    assert address(long) == "s52/fwd/l2/j0/k1/wa"
    qtbot.waitUntil(lambda: not long.debug.search.is_on)
    assert address(long) == "s52/fwd/l2/j0/k1/wa"
    assert long.status.search.text() == ""


def test_a_long_search_goes_to_its_end_beside_the_window(long: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, long, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: not long.debug.search.is_on, timeout=60_000)
    assert not long.commands["into"].isEnabled()
    assert long.message_bar.text.startswith("This is the end of the pass")


def test_closing_in_the_middle_of_a_search_ends_cleanly(long: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, long, Qt.Key.Key_F5)
    long.close()
    assert not long.debug.search.is_on


# ---- units, marks, edits ------------------------------------------------------------------------


def test_alt_and_a_digit_choose_the_unit_of_into_and_step_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    ends = {
        Qt.Key.Key_1: "s52/fwd/l2/j0/k1/wa",
        Qt.Key.Key_2: "s52/fwd/l2/j1/k0/wa",
        Qt.Key.Key_3: "s52/fwd/l3/j0/k0/wa",
        Qt.Key.Key_4: "update/l2/j0/k0/update_w",
        Qt.Key.Key_5: "update/l4/j2/update_b",
    }
    for (unit, _name, _key), (key, end) in zip(UNITS, ends.items(), strict=False):
        window.session.debugger.to_start()
        press(qtbot, window, key, ALT)
        assert window.toolbar.step_by.segments.key == unit
        press(qtbot, window, Qt.Key.Key_F11)
        assert address(window) == end
    press(qtbot, window, Qt.Key.Key_3, ALT)
    window.goto("s52/fwd/l3/j2/z")
    press(qtbot, window, Qt.Key.Key_Left)
    assert address(window) == "s52/fwd/l2/j4/a"


def test_the_segments_and_the_list_of_a_narrow_window_choose_as_well(
    window: MainWindow, qtbot: QtBot
) -> None:
    step_by = window.toolbar.step_by
    qtbot.mouseClick(step_by.segments.button("node"), Qt.MouseButton.LeftButton)
    assert window.debug.unit == "node"
    window.resize(1100, 700)
    qtbot.waitUntil(step_by.list.isVisible)
    assert not step_by.segments.isVisible()
    assert step_by.list.currentText() == "Node"
    step_by.list.setCurrentIndex(2)
    step_by.list.activated.emit(2)
    assert window.commands["by_layer"].isChecked()


def test_epochs_cannot_be_stepped_yet_and_say_why(window: MainWindow) -> None:
    button = window.toolbar.step_by.segments.button("epoch")
    assert not button.isEnabled()
    assert "Nothing was trained yet" in button.toolTip()


def test_bookmarks_are_set_and_gone_round(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.commands["next_bookmark"].isEnabled()
    for place in (GRADIENT, IN_SUM):
        window.goto(place)
        press(qtbot, window, Qt.Key.Key_B, CTRL)
    press(qtbot, window, Qt.Key.Key_B, CTRL | SHIFT)
    assert address(window) == GRADIENT
    press(qtbot, window, Qt.Key.Key_B, CTRL | SHIFT)
    assert address(window) == IN_SUM
    press(qtbot, window, Qt.Key.Key_B, CTRL)
    assert window.session.debugger.bookmarks == (GRADIENT,)


def test_undo_and_redo_say_what_they_change(window: MainWindow, qtbot: QtBot) -> None:
    undo, redo = window.commands["undo"], window.commands["redo"]
    assert not undo.isEnabled()
    before = window.session.network.layer(3).W[2, 2]
    window.session.debugger.set_weight(3, 2, 2, 0.25)
    assert undo.text() == "Undo w_22^(L−1)"
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert window.session.network.layer(3).W[2, 2] == before
    assert (undo.text(), redo.text()) == ("Undo", "Redo w_22^(L−1)")
    press(qtbot, window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert window.session.network.layer(3).W[2, 2] == 0.25


def test_while_training_stop_takes_the_place_of_train(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.toolbar
    assert bar.go_on.property("primary")
    assert not bar.train.property("primary")
    window.session.change(epochs=100_000)
    press(qtbot, window, Qt.Key.Key_Space)
    assert (bar.train.text(), bar.train.property("primary")) == ("Stop", True)
    assert not bar.go_on.property("primary")
    assert not bar.go_on.isEnabled()
    press(qtbot, window, Qt.Key.Key_F5, SHIFT)
    assert not window.session.is_training
    assert bar.train.text() == "Train"


def test_what_is_off_says_why(window: MainWindow) -> None:
    session = window.session
    off = disabled(session)
    assert off["back_into"] == "This is the first step of the pass"
    assert off["stop"] == "Nothing is running"
    assert "stop" not in disabled(session, searching=True)
    assert "run_to" in off
    assert "run_to" not in disabled(session, selected=True)
    session.debugger.to_end()
    assert disabled(session)["continue"] == "This is the last step of the pass"


def test_the_palette_finds_a_verb_and_runs_it(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Qt.Key.Key_P, CTRL | SHIFT)
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClicks(field, "end of pass")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert address(window) == "update/l4/j2/update_b"


def test_a_key_that_was_changed_works_at_once_and_is_told_everywhere(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.keys.choose("continue", ["F8"])
    window.keys.choose("goto", ["Ctrl+J"])
    window.keys.choose("train", ["F4"])
    assert "(F8)" in window.toolbar.go_on.toolTip()
    assert "(F4)" in window.toolbar.train.toolTip()
    assert "Ctrl+J" in window.toolbar.goto.toolTip()
    window.keys.choose("open", ["Ctrl+K"])
    assert window.experiment.data.file.toolTip().endswith("(Ctrl+K)")
    window.keys.choose("new_seed", [])
    assert window.experiment.dice.toolTip() == "Draw a new seed"
    press(qtbot, window, Qt.Key.Key_F5)
    assert address(window) == START
    press(qtbot, window, Qt.Key.Key_F8)
    assert address(window) == "update/l4/j2/update_b"
