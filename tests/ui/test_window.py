"""The whole job in a real window, by keys and mouse, and what is on screen after each of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from safetensors.numpy import save_file

from bpstudio.core.dataset import Dataset
from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.run import TrainingRun
from bpstudio.resources import resource
from bpstudio.ui import actions, dialogs
from bpstudio.ui.app import fit_screen, make_window
from bpstudio.ui.export_dialog import ExportDialog
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import FULL_SIZE, SMALLEST, MainWindow
from tests.ui.mouse import double_click
from tests.ui.windows import show

START = "s52/fwd/l2/j0/k0/wa"
IN_SUM = "s52/back/l3/j2/i1/dz_da"


@pytest.fixture
def window(qtbot, qapp, tmp_path):
    made = make_window(qapp, Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(made)
    made.resize(1600, 1000)
    show(made)
    made.session.limit_speed(None)
    return made


def press(qtbot, window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    """A key to whatever has the focus, as the user's keyboard sends it."""
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)


CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def assert_shows(window, address):
    """Every panel shows this step."""
    term = window.session.debugger.trace[address]
    assert window.status.address.text() == address
    assert format_number(term.value) in window.status.value.text()
    assert window.timeline.number.text() == format_count(term.index)
    assert window.derivation.derivation.address == address
    assert window.network.canvas.state.step == term.step
    table = window.panels["steps"].table
    assert table.first_row <= term.index < table.first_row + table.rows_shown + 1


def test_it_opens_on_the_iris_example_at_the_first_step(window):
    assert window.session.data.name == "iris.csv"
    assert window.session.network.sizes == (4, 5, 6, 3)
    assert_shows(window, START)


def test_keys_step_forward_and_back(window, qtbot):
    press(qtbot, window, Qt.Key.Key_F11)
    assert_shows(window, "s52/fwd/l2/j0/k1/wa")
    press(qtbot, window, Qt.Key.Key_F11, CTRL)
    assert_shows(window, START)
    window.goto(IN_SUM)
    assert_shows(window, IN_SUM)
    press(qtbot, window, Qt.Key.Key_F10)
    assert_shows(window, "s52/back/l3/j2/i2/dz_da")
    press(qtbot, window, Qt.Key.Key_F11, SHIFT)
    assert_shows(window, "s52/back/l3/j3/i0/dz_da")
    press(qtbot, window, Qt.Key.Key_F10, CTRL)
    assert_shows(window, "s52/back/l3/j2/dC_db")
    press(qtbot, window, Qt.Key.Key_F5, CTRL | SHIFT)
    assert_shows(window, START)
    press(qtbot, window, Qt.Key.Key_End, CTRL)
    assert_shows(window, "update/l4/j2/update_b")


def test_every_stepping_button_does_what_its_key_does(window, qtbot):
    for name in ("into", "over", "out", "to_end", "back_into", "back_over", "back_out"):
        window.goto(IN_SUM)
        window.commands[name].trigger()
        by_button = window.session.debugger.cursor
        assert by_button != window.session.debugger.trace[IN_SUM].index, name


def test_stepping_off_either_end_is_disabled(window):
    assert not window.commands["back_into"].isEnabled()
    assert window.commands["into"].isEnabled()
    window.session.debugger.to_end()
    assert window.commands["back_into"].isEnabled()
    assert not window.commands["into"].isEnabled()


def test_the_field_goes_to_numbers_parts_and_addresses(window, qtbot):
    field = window.toolbar.goto
    for text, address in (("195", IN_SUM), ("0 %", START), (IN_SUM, IN_SUM)):
        press(qtbot, window, Qt.Key.Key_G, CTRL)
        assert QApplication.focusWidget() is field
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert_shows(window, address)


def test_a_wrong_address_is_said_in_the_message_bar_and_nothing_moves(window):
    window.goto(IN_SUM)
    window.goto("s52/back/l9/j0/dC_da")
    assert "l = 2..4" in window.message_bar.text
    assert_shows(window, IN_SUM)
    window.goto("195.5")
    assert "no step" in window.message_bar.text
    window.goto("196")
    assert window.message_bar.text == ""


def test_a_click_on_the_timeline_goes_there(window, qtbot):
    lanes = window.timeline.lanes
    middle = QPoint(lanes.width() // 2, 58)
    expected = lanes.step_at(QPointF(middle), "detail")
    qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=middle)
    assert window.session.debugger.cursor == expected > 0


def test_a_click_on_a_row_of_the_steps_goes_there(window, qtbot):
    viewport = window.panels["steps"].table.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(200, 24 + 23 * 3 + 5))
    assert window.session.debugger.cursor == 3


def test_another_sample_keeps_the_place(window, qtbot):
    window.goto(IN_SUM)
    press(qtbot, window, Qt.Key.Key_PageDown, CTRL)
    assert_shows(window, IN_SUM.replace("s52", "s53"))
    window.row.row.setValue(7)
    assert_shows(window, IN_SUM.replace("s52", "s7"))


def test_a_batch_has_means_over_its_samples(window):
    window.commands["whole_batch"].trigger()
    assert len(window.session.debugger.rows) == 10
    window.goto("mean/l4/j0/k0/mean_dC_dw")
    assert_shows(window, "mean/l4/j0/k0/mean_dC_dw")
    assert len(window.derivation.derivation.blocks[0].running) in (0, 10)


def test_editing_the_experiment_rebuilds_at_once(window):
    panel, session = window.experiment, window.session
    panel.add.click()
    assert session.network.sizes == (4, 5, 6, 6, 3)
    panel.loss.setCurrentIndex(panel.loss.findData("cross_entropy"))
    panel.loss.activated.emit(panel.loss.currentIndex())
    assert session.debugger.trace.loss == "cross_entropy"
    before = session.network.layer(2).W
    panel.seed.setValue(7)
    assert (before != session.network.layer(2).W).any()


def test_what_does_not_fit_is_refused_and_the_form_shows_what_is_in_force(window):
    window.session.change(output_activation="tanh")
    panel = window.experiment
    panel.loss.setCurrentIndex(panel.loss.findData("bce"))
    panel.loss.activated.emit(panel.loss.currentIndex())
    assert "sigmoid or softmax" in window.message_bar.text
    assert panel.loss.currentData() == "sse"
    assert window.session.experiment.loss == "sse"


def test_training_runs_pauses_and_goes_on(window, qtbot):
    first = window.session.network
    window.session.change(epochs=100_000)
    press(qtbot, window, Qt.Key.Key_Space)
    assert window.session.is_training
    assert window.toolbar.train.text() == "Stop"
    assert not window.commands["into"].isEnabled()
    qtbot.waitUntil(lambda: window.session.snapshot.steps_done > 100, timeout=60_000)
    press(qtbot, window, Qt.Key.Key_Space)
    assert not window.session.is_training
    assert window.toolbar.train.text() == "Train"
    paused = window.session.network
    assert paused is not first
    assert window.session.debugger.trace.network is paused
    done = window.session.snapshot.steps_done
    qtbot.waitUntil(lambda: window.showing.is_up_to_date)
    assert window.loss.curves.batches.getData()[1].size > 0
    press(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.snapshot.steps_done > done, timeout=60_000)
    press(qtbot, window, Qt.Key.Key_Space)


def test_a_run_that_is_faster_than_the_window_offers_to_stop_at_once(window, qtbot, monkeypatch):
    start = TrainingRun.start

    def start_and_get_ahead(run):
        start(run)
        qtbot.waitUntil(lambda: run.snapshot().steps_done > 0, timeout=60_000)

    monkeypatch.setattr(TrainingRun, "start", start_and_get_ahead)
    window.session.change(epochs=100_000)
    press(qtbot, window, Qt.Key.Key_Space)
    assert window.toolbar.train.text() == "Stop"
    press(qtbot, window, Qt.Key.Key_Space)


def test_a_run_that_replaces_another_never_hears_of_it_again(window, qtbot):
    window.session.change(epochs=100_000)
    press(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.snapshot.steps_done > 10, timeout=60_000)
    window.session.change(hidden=(3,))
    assert not window.session.is_training
    network = window.session.network
    qtbot.wait(100)
    assert window.session.network is network
    assert network.sizes == (4, 3, 3)


def test_the_loss_on_a_log_scale_is_a_view_only(window, qtbot):
    window.session.change(epochs=3)
    press(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.snapshot.state == "finished", timeout=60_000)
    qtbot.waitUntil(lambda: not window.session.is_training, timeout=5_000)
    qtbot.waitUntil(lambda: window.showing.is_up_to_date)
    network, cursor = window.session.network, window.session.debugger.cursor
    window.loss.curves.log.setChecked(True)
    window.loss.curves.log.setChecked(False)
    assert (window.session.network, window.session.debugger.cursor) == (network, cursor)


def test_a_csv_is_opened_stepped_trained_and_its_trace_exported(
    window, qtbot, monkeypatch, tmp_path
):
    source = tmp_path / "mine & yours.csv"
    source.write_text(
        "width,height,kind\n" + "".join(f"{n},{n % 5},{'ab'[n % 2]}\n" for n in range(40))
    )
    monkeypatch.setattr(dialogs, "ask_data_file", lambda *_: source)
    press(qtbot, window, Qt.Key.Key_O, CTRL)
    assert window.session.data.name == "mine & yours.csv"
    assert window.session.network.sizes == (2, 5, 6, 2)
    assert window.experiment.data.file.text() == "mine && yours.csv", "as a button writes it"
    press(qtbot, window, Qt.Key.Key_F11)
    row = window.session.row
    assert_shows(window, f"s{row}/fwd/l2/j0/k1/wa")
    press(qtbot, window, Qt.Key.Key_Left)
    assert_shows(window, f"s{row}/fwd/l2/j0/k0/wa")
    window.session.change(epochs=5)
    press(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.snapshot.state == "finished", timeout=60_000)
    qtbot.waitUntil(lambda: not window.session.is_training, timeout=5_000)
    qtbot.waitUntil(lambda: window.showing.is_up_to_date)
    target = tmp_path / "trace.json"
    monkeypatch.setattr(dialogs, "ask_trace_file", lambda *_: target)
    export_by_keys(qtbot, window)
    written = json.loads(target.read_text(encoding="utf-8"))
    trace = window.session.debugger.trace
    assert written["format"] == "bpstudio-trace"
    assert len(written["steps"]) == len(trace)
    assert written["steps"][-1]["value"] == trace[-1].value
    assert str(target) in window.message_bar.text


def export_by_keys(qtbot, window):
    """Ctrl+E and Enter: the whole pass as JSON."""
    press(qtbot, window, Qt.Key.Key_E, CTRL)
    qtbot.keyClick(window.findChild(ExportDialog), Qt.Key.Key_Return)


def test_the_trace_of_a_visited_update_is_exported_with_its_place(
    window, qtbot, monkeypatch, tmp_path
):
    window.session.change(epochs=2)
    press(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.snapshot.state == "finished", timeout=60_000)
    qtbot.waitUntil(lambda: not window.session.is_training, timeout=5_000)
    qtbot.waitUntil(lambda: window.showing.is_up_to_date)
    window.session.visit_place("e1/b4")
    asked = []
    monkeypatch.setattr(
        dialogs, "ask_trace_file", lambda _, name: asked.append(name) or tmp_path / name
    )
    export_by_keys(qtbot, window)
    assert asked == ["iris-e1-b4.json"]
    steps = json.loads((tmp_path / asked[0]).read_text(encoding="utf-8"))["steps"]
    trace = window.session.debugger.trace
    assert [step["value"] for step in steps] == trace.values(0, len(trace)).tolist()
    assert all(step["address"].startswith("e1/b4/") for step in steps)
    assert steps[-1]["operands"] == ["b/l4/j2", "e1/b4/mean/l4/j2/mean_dC_db", "rate"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.csv", None, "missing.csv"),
        ("empty.csv", b"", "empty"),
        ("binary.csv", bytes(range(256)) * 8, "binary.csv"),
        ("header.csv", b"a,b,c\n", "header.csv"),
        ("one.csv", b"width,class\nu,a\nu,a\n", "two values"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_the_work_untouched(
    window, tmp_path, name, content, said
):
    window.goto(IN_SUM)
    before = window.session.network
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert not window.open_file(path)
    assert said in window.message_bar.text
    assert "\n" not in window.message_bar.text
    assert window.session.network is before
    assert_shows(window, IN_SUM)


def test_a_trace_cannot_be_written_to_an_unknown_kind_of_file(window, tmp_path):
    assert not window.files.exports.write(tmp_path / "trace.xyz")
    assert ".json" in window.message_bar.text
    assert not list(tmp_path.glob("trace*"))


def test_rows_left_out_are_said(window):
    assert window.open_file(Path(resource("data/penguins.csv")))
    assert "left out" in window.message_bar.text
    assert window.session.data.target_column_names == ("species",)


def test_bad_rows_are_refused_and_left_out_by_a_button(window, tmp_path, qtbot):
    path = tmp_path / "ragged.csv"
    path.write_text("width,kind\n" + "1,a\n2,b\n" * 8 + "3\n")
    before = window.session.data
    assert not window.open_file(path)
    assert "ragged.csv, line 18" in window.message_bar.text
    assert window.session.data is before
    button = next(
        button
        for button in window.message_bar.findChildren(QPushButton)
        if button.text() == "Leave such rows out"
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.session.data.name == "ragged.csv"
    assert "1 row was left out" in window.message_bar.text


def test_weights_of_ones_own_are_saved_and_loaded(window, monkeypatch, tmp_path, qtbot):
    path = tmp_path / "mine.json"
    window.session.debugger.set_weight(2, 0, 0, 0.25)
    monkeypatch.setattr(dialogs, "ask_where_to_save_weights", lambda *_: path)
    press(qtbot, window, Qt.Key.Key_S, CTRL | SHIFT)
    window.session.change(hidden=(2,), bias=False)
    monkeypatch.setattr(dialogs, "ask_weights_file", lambda *_: path)
    press(qtbot, window, Qt.Key.Key_O, CTRL | SHIFT)
    assert window.session.network.sizes == (4, 5, 6, 3)
    assert window.session.network.layer(2).W[0, 0] == 0.25
    assert window.session.experiment.hidden == (5, 6)
    assert window.experiment.bias.isChecked()


def test_weights_that_do_not_fit_the_data_are_refused(window, tmp_path):
    path = tmp_path / "other.json"
    window.files.save_weights(path)
    window.open_file(Path(resource("data/wine.csv")))
    before = window.session.network
    assert not window.files.load_weights(path)
    assert "input layer has 4 nodes" in window.message_bar.text
    assert window.session.network is before


def test_a_state_dict_takes_the_activations_on_show(window, tmp_path):
    path = tmp_path / "state.safetensors"
    save_file({f"{n}.weight": np.ones((3, 4 if n == 0 else 3), "f4") for n in range(3)}, path)
    window.session.change(activations=("relu", "tanh"))
    assert window.files.load_weights(path)
    found = [layer.activation for layer in window.session.network.layers]
    assert found == ["relu", "tanh", "sigmoid"]
    window.session.change(hidden=(2, 2, 2))
    assert not window.files.load_weights(path)
    assert "does not name its activations: 3 " in window.message_bar.text


def test_another_target_is_learnt_on_demand(window):
    window.open_file(Path(resource("data/penguins.csv")))
    panel = window.experiment.data
    panel.target.setCurrentText("body_mass_g")
    panel.target.activated.emit(panel.target.currentIndex())
    assert window.session.data.task == "regression"
    assert window.session.experiment.output_activation == "linear"


def test_both_themes_are_put_on(window, qtbot):
    press(qtbot, window, Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.AltModifier)
    first = window.appearance.theme.name
    window.commands["light_dark"].trigger()
    assert {first, window.appearance.theme.name} == {"light", "dark"}
    window.commands["system_theme"].trigger()
    assert window.settings.theme == "system"


def test_a_narrow_window_keeps_the_experiment_as_a_strip(window, qtbot):
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: not window.docks.side.is_open)
    qtbot.mouseClick(window.docks.side.strip, Qt.MouseButton.LeftButton)
    assert window.docks.side.is_open
    window.resize(1600, 1000)
    qtbot.waitUntil(lambda: window.docks.side.is_open)


def test_the_key_sheet_has_every_key_once(window):
    keys = [key for spec in actions.ACTIONS for key in spec.keys]
    assert len(keys) == len(set(keys))
    assert set(window.commands) == {spec.name for spec in actions.ACTIONS}


def test_every_control_says_what_it_is(window):
    for spec in actions.ACTIONS:
        action = window.commands[spec.name]
        assert action.toolTip().startswith(spec.text.rstrip("…"))
        assert window.keys.text(spec.name) in action.toolTip()


def test_f6_goes_round_the_panels_and_the_pages_on_top(window, qtbot):
    panels = [window.docks.side, window.network.canvas, window.derivation]
    panels += [window.timeline, window.loss, window.panels["steps"]]
    window.session.change(epochs=1)
    visited = []
    for _ in panels:
        press(qtbot, window, Qt.Key.Key_F6)
        visited.append(QApplication.focusWidget())
    for panel, widget in zip(panels, visited, strict=True):
        assert panel is widget or panel.isAncestorOf(widget)
    press(qtbot, window, Qt.Key.Key_F6, SHIFT)
    assert QApplication.focusWidget() is visited[-2]


def test_the_tab_key_goes_through_the_layers_in_their_order(window, qtbot):
    window.experiment.add.setFocus()
    names = []
    for _ in range(8):
        press(qtbot, window, Qt.Key.Key_Tab)
        names.append(QApplication.focusWidget().accessibleName())
    assert names[0] == "Nodes of layer 2"
    assert names[-1] == window.experiment.init.accessibleName()


def test_the_tab_key_goes_on_from_the_network_round_all_panels(window, qtbot):
    window.network.canvas.setFocus()
    visited = []
    while (now := QApplication.focusWidget()) is not window.network.canvas or not visited:
        visited.append(now)
        press(qtbot, window, Qt.Key.Key_Tab)
        assert len(visited) < 200
    for panel in (window.timeline, window.experiment, window.derivation, window.steps):
        assert any(panel.isAncestorOf(widget) for widget in visited), panel
    bars = [window.docks.areas[place].tabBar() for place in ("right", "bottom left")]
    assert set(bars) <= set(visited)


def test_removing_a_layer_keeps_the_keys_in_the_form(window, qtbot):
    panel = window.experiment
    for _ in range(2):
        panel.layers.grid.itemAtPosition(2, 4).widget().setFocus()
        press(qtbot, window, Qt.Key.Key_Space)
        assert panel.isAncestorOf(QApplication.focusWidget())
    assert window.session.network.sizes == (4, 3)


def test_an_activation_that_is_refused_is_not_left_in_the_form(window):
    window.session.change(loss="bce")
    box = window.experiment.layers.grid.itemAtPosition(4, 3).widget()
    box.setCurrentIndex(box.findData("tanh"))
    box.activated.emit(box.currentIndex())
    assert "sigmoid or softmax" in window.message_bar.text
    assert window.experiment.layers.grid.itemAtPosition(4, 3).widget().currentData() == "sigmoid"


def test_a_number_out_of_range_is_refused_in_words(window, qtbot):
    box = window.experiment.optimiser.rate
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0")
    press(qtbot, window, Qt.Key.Key_Return)
    assert "Learning rate" in window.message_bar.text
    assert (box.text(), window.session.experiment.lr) == ("0.5", 0.5)


def test_a_refusal_is_settled_by_the_next_verb_and_esc_closes_any_message(window, qtbot):
    window.goto("garbage")
    assert window.message_bar.text.endswith(".")
    press(qtbot, window, Qt.Key.Key_F11)
    assert window.message_bar.text == ""
    window.open_file(Path(resource("data/penguins.csv")))
    press(qtbot, window, Qt.Key.Key_F11)
    assert "left out" in window.message_bar.text
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.message_bar.text == ""


def test_a_run_that_diverged_is_said_until_something_else_is_trained(window, qtbot):
    window.session.change(output_activation="linear", activations=("relu", "relu"), lr=1e6)
    press(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "not a finite number" in window.message_bar.text, timeout=60_000)
    press(qtbot, window, Qt.Key.Key_F11)
    assert "not a finite number" in window.message_bar.text
    window.commands["restart"].trigger()
    assert window.message_bar.text == ""


def test_a_run_that_ends_before_it_is_looked_at_says_why_all_the_same(window, monkeypatch):
    start = TrainingRun.start

    def start_and_wait(run):
        start(run)
        run._thread.join()

    monkeypatch.setattr(TrainingRun, "start", start_and_wait)
    window.session.change(output_activation="linear", activations=("relu", "relu"), lr=1e6)
    window.commands["train"].trigger()
    assert "not a finite number" in window.message_bar.text


def test_a_number_column_is_learnt_as_classes_on_demand(window):
    window.open_file(Path(resource("data/digits.csv.gz")))
    assert window.session.data.task == "regression"
    as_classes = window.experiment.data.classes.menu().actions()[0]
    as_classes.trigger()
    assert window.session.network.sizes[-1] == 10
    assert window.experiment.data.classes.text() == "10 classes"


def test_the_title_names_the_data(window):
    window.open_file(Path(resource("data/wine.csv")))
    assert window.windowTitle().startswith("wine.csv")
    assert window.row.name.text() == "wine.csv"


def test_the_shown_row_is_in_sight_when_the_table_of_data_comes_to_the_front(window, qtbot):
    window.session.choose_row(120)
    window.commands["data"].trigger()
    view = window.panels["data"].view
    position = window.session.data.position(120)
    place = view.visualRect(window.panels["data"].model.index(position, 0))
    assert view.viewport().rect().contains(place.center())


def test_a_double_click_on_a_row_of_the_data_shows_it_in_the_network(window):
    window.commands["data"].trigger()
    view = window.panels["data"].view
    place = view.visualRect(view.indexAt(QPoint(60, 30))).center()
    row = window.panels["data"].model.row_of(view.indexAt(place).row())
    assert row != window.session.row
    double_click(view.viewport(), place)
    assert window.session.row == row


def test_the_table_of_data_asks_for_a_few_cells_of_a_column_however_many_rows_there_are(window):
    window.open_file(Path(resource("data/digits.csv.gz")))
    assert len(window.panels["data"].model.samples(5)) < 30


def test_in_a_narrow_window_the_timeline_is_one_lane_and_still_goes_there(window, qtbot):
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: window.timeline.height() < 60)
    lanes = window.timeline.lanes
    qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=QPoint(lanes.width() // 2, 10))
    assert window.session.debugger.cursor > 0


def test_closing_in_the_middle_of_training_ends_cleanly(window, qtbot):
    window.session.change(epochs=100_000)
    press(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.snapshot.steps_done > 0, timeout=60_000)
    window.close()
    assert not window.isVisible()


def test_several_targets_of_arrays_are_named_in_the_form(main_window: MainWindow) -> None:
    X = np.arange(12.0).reshape(6, 2)
    main_window.session.open_data(Dataset.from_arrays(X, X + 0.5))
    assert main_window.experiment.data.target.currentText() == "y0, y1"


def test_the_smallest_window_has_the_field_to_go_to_and_what_is_behind(window, qtbot):
    bar = window.toolbar
    window.resize(*SMALLEST)
    for widget in (bar.goto, bar.more):
        qtbot.waitUntil(widget.isVisible)
        qtbot.waitUntil(lambda widget=widget: bar.rect().contains(widget.geometry()))


def test_at_the_first_start_the_window_is_no_larger_than_the_screen(window):
    window.resize(*FULL_SIZE)
    fit_screen(window)
    room = window.screen().availableSize()
    assert window.size() == room.expandedTo(window.minimumSize()).boundedTo(QSize(*FULL_SIZE))
