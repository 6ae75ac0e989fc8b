"""The import dialog in a real window: what it shows, and what keys and mouse make of it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from bpstudio.core.drawing import Drawn, drawn_rows
from bpstudio.files import extent, preview
from bpstudio.resources import resource
from bpstudio.ui import dialogs
from bpstudio.ui.app import make_window
from bpstudio.ui.data_form import DataForm
from bpstudio.ui.importing.dialog import ImportDialog
from bpstudio.ui.importing.scrim import Scrim
from bpstudio.ui.panels.data import DataPanel
from bpstudio.ui.row_chooser import RowField
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import MainWindow
from tests.ui.windows import show

FIELD = """sample;length;width;species
S0;1,5;2,0;oak
S1;2,5;;elm
S2;3.5;4,0;oak
S3;4,5;5,0
""" + "".join(f"S{n};{n},5;{n},0;{'oak' if n % 2 else 'elm'}\n" for n in range(4, 30))
LENGTH, WIDTH, SPECIES = 1, 2, 3


@pytest.fixture
def field(tmp_path: Path) -> Path:
    path = tmp_path / "field.csv"
    path.write_text(FIELD, encoding="utf-8-sig")
    return path


@pytest.fixture
def window(qtbot: QtBot, qapp, tmp_path: Path) -> MainWindow:
    made = make_window(qapp, Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(made)
    made.resize(1600, 1000)
    show(made)
    return made


def shown(qtbot: QtBot, window: MainWindow, path: Path) -> ImportDialog:
    window.files.show_import(path)
    dialog = window.findChild(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    settle(qtbot, dialog)
    return dialog


def settle(qtbot: QtBot, dialog: ImportDialog) -> None:
    """Wait until what is on show is what was asked for."""
    qtbot.waitUntil(lambda: not dialog.job.is_busy, timeout=20_000)


def choose(qtbot: QtBot, dialog: ImportDialog, box: QComboBox, keys: str) -> None:
    """Type the first letters of an item, as the user would, and wait for the preview."""
    box.setFocus()
    box.showPopup()
    box.view().keyboardSearch("")  # what was typed a moment ago would count
    qtbot.keyClicks(box.view(), keys)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    settle(qtbot, dialog)


def test_it_shows_what_was_found_and_what_it_would_import(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    boxes = {name: box.currentText() for name, box in dialog.format.boxes.items()}
    assert boxes == {
        "delimiter": "Semicolon ;",
        "encoding": "UTF-8 with mark",
        "header": "First line",
        "decimal": "Comma 1,5",
        "quote": 'Double "',
        "comment": "None",
    }
    assert all(label.isVisible() for label in dialog.format.found.values())
    assert dialog.ok.text() == "Import 27 rows, leave out 3"
    assert dialog.shown.text() == "lines 2 to 31"


def test_problems_are_listed_by_line_and_column_and_framed(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    texts = [
        [dialog.problems.item(row, column).text() for column in range(1, 5)] for row in range(3)
    ]
    assert texts == [
        ["3", "1", "width", "empty"],
        ["4", "2", "length", "'3.5' has a decimal point, not a comma"],
        ["5", "3", "the whole line", "3 fields instead of 4"],
    ]
    index = dialog.model.index(1, WIDTH)
    color = dialog.view.grab().toImage().pixelColor(dialog.view.visualRect(index).center())
    assert color != color.fromRgb(255, 255, 255)
    assert has_color(dialog.view.grab().toImage(), window.appearance.theme.error)


def has_color(image: QImage, name: str) -> bool:
    return any(
        image.pixelColor(x, y).name().upper() == name
        for x in range(0, image.width(), 2)
        for y in range(image.height())
    )


def test_the_next_problem_is_brought_into_sight(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    assert (dialog.view.currentIndex().row(), dialog.view.currentIndex().column()) == (1, WIDTH)
    qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    assert (dialog.view.currentIndex().row(), dialog.view.currentIndex().column()) == (2, LENGTH)
    qtbot.mouseClick(dialog.previous, Qt.MouseButton.LeftButton)
    assert dialog.view.currentIndex().row() == 1


def test_it_fits_a_small_window_and_every_row_of_the_split_can_be_reached(window, qtbot, field):
    window.resize(1100, 700)
    dialog = shown(qtbot, window, field)
    assert dialog.width() <= 1060
    assert dialog.height() <= 660
    dialog.split.seed.setFocus()
    qtbot.waitUntil(dialog.split.seed.hasFocus)
    qtbot.keyClick(dialog.split.seed, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: dialog.split.scale.visibleRegion().boundingRect().height() > 20)


def test_a_range_that_is_too_long_for_its_column_has_fewer_digits(window, qtbot, tmp_path):
    path = tmp_path / "fine.csv"
    path.write_text("a,kind\n0.05263,x\n0.1634,y\n0.0911,x\n0.1002,y\n")
    head = shown(qtbot, window, path).heads.head_of(0)
    assert head.found.text() in ("0.0526 … 0.163", "0.053 … 0.16")
    assert head.found.toolTip() == "0.05263 … 0.1634"


def test_what_cannot_be_split_is_said_beside_the_button(window, qtbot, tmp_path):
    path = tmp_path / "few.csv"
    path.write_text("a,kind\n1,x\n2,y\n")
    dialog = shown(qtbot, window, path)
    dialog.split.validation.setValue(90)
    assert not dialog.ok.isEnabled()
    assert dialog.summary.text() == dialog.split.problem.text() != ""


def test_a_missing_value_is_treated_where_it_is_listed(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    box = dialog.problems.cellWidget(0, 5)
    assert isinstance(box, QComboBox)
    choose(qtbot, dialog, box, "Mean")
    assert dialog.ok.text() == "Import 28 rows, leave out 2"
    assert dialog.heads.head_of(WIDTH).missing.currentData() == "mean"
    assert has_color(dialog.view.grab().toImage(), window.appearance.theme.warning)


def test_a_number_with_the_other_mark_is_read_where_it_is_listed(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    box = dialog.problems.cellWidget(1, 5)
    assert isinstance(box, QComboBox)
    choose(qtbot, dialog, box, "Read")
    assert dialog.problems.cellWidget(1, 5).currentText() == "Read . as ,"
    assert dialog.ok.text() == "Import 28 rows, leave out 2"


def test_another_delimiter_is_looked_at_at_once_and_detection_undoes_it(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    choose(qtbot, dialog, dialog.format.boxes["delimiter"], "Bar")
    assert dialog.model.columnCount() == 1
    assert not dialog.format.found["delimiter"].isVisible()
    assert not dialog.ok.isEnabled()
    assert "needs a" in dialog.summary.text()
    qtbot.mouseClick(dialog.format.detect, Qt.MouseButton.LeftButton)
    settle(qtbot, dialog)
    assert dialog.model.columnCount() == 4
    assert dialog.ok.isEnabled()


def test_a_column_is_ignored_and_another_is_the_target(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    choose(qtbot, dialog, dialog.heads.head_of(0).role, "Ignore")
    assert dialog.summary.text() == "2 features, 1 target (2 classes)"
    choose(qtbot, dialog, dialog.heads.head_of(LENGTH).role, "Target")
    assert dialog.summary.text() == "3 features, 1 target (numbers)"
    assert dialog.heads.head_of(SPECIES).role.currentData() == "feature"


def test_enter_imports_what_is_shown_with_its_split(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    choose(qtbot, dialog, dialog.heads.head_of(0).role, "Ignore")
    dialog.split.validation.setValue(30)
    dialog.split.seed.setValue(7)
    assert "<b>19</b> training, <b>8</b> validation" in dialog.split.counts.text()
    assert sum(t for _name, t, _v in dialog.balance.rows) == 19
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    data, experiment = window.session.data, window.session.experiment
    assert (data.name, len(data), data.feature_names) == ("field.csv", 27, ("length", "width"))
    assert (experiment.validation, experiment.seed) == (0.3, 7)
    assert len(data.validation) == 8
    assert "3 rows were left out; the first is line 3 (row 1)" in window.message_bar.text
    assert window.settings.recent_files[0] == str(field)


def test_a_split_by_class_is_shown_and_imported(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    choose(qtbot, dialog, dialog.split.order, "Strat")
    assert [(t, v) for _name, t, v in dialog.balance.rows] == [(11, 2), (11, 3)]
    choose(qtbot, dialog, dialog.split.order, "In")
    choose(qtbot, dialog, dialog.heads.head_of(0).role, "Ignore")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    data = window.session.data
    assert data.validation.tolist() == [22, 23, 24, 25, 26]
    window.session.change(seed=5)
    assert window.session.data.validation.tolist() == [22, 23, 24, 25, 26]


def test_numbers_have_no_classes_to_split_by(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    choose(qtbot, dialog, dialog.split.order, "Strat")
    choose(qtbot, dialog, dialog.heads.head_of(LENGTH).role, "Target")
    assert "needs classes" in dialog.split.problem.text()
    assert not dialog.ok.isEnabled()


def test_a_failure_on_the_way_to_the_dialog_leaves_no_scrim(window, field, monkeypatch):
    def fail(*_arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr("bpstudio.ui.importing.dialog.ImportDialog", fail)
    with pytest.raises(MemoryError):
        window.files.show_import(field)
    assert window.findChild(Scrim) is None


def test_escape_opens_nothing_and_lifts_the_scrim(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    assert window.findChild(Scrim).size() == window.size()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(Scrim) is None)
    assert window.session.data.name == "iris.csv"


def test_closing_while_it_reads_leaves_nothing_running(window, field):
    window.files.show_import(field)
    dialog = window.findChild(ImportDialog)
    assert dialog.job.is_busy
    dialog.reject()
    assert not dialog.job.is_busy


def test_import_in_the_menu_asks_for_the_file(window, qtbot, field, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_data_file", lambda _parent, _folder: field)
    window.commands["import"].trigger()
    dialog = window.findChild(ImportDialog)
    settle(qtbot, dialog)
    assert dialog.about == f"field.csv, {dialog.about.partition(', ')[2]}"
    assert dialog.preview is not None


def test_a_file_that_opening_refuses_offers_the_import(window, qtbot, field):
    window.open_file(field)
    bar = window.message_bar
    assert bar.kind == "error"
    links = [b for b in bar.findChildren(QPushButton) if b.text() == "Import…"]
    qtbot.mouseClick(links[0], Qt.MouseButton.LeftButton)
    dialog = window.findChild(ImportDialog)
    settle(qtbot, dialog)
    assert dialog.path == field


def test_another_target_or_task_keeps_how_the_file_was_imported(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    choose(qtbot, dialog, dialog.heads.head_of(0).role, "Ignore")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    window.files.choose_target("length")
    data = window.session.data
    assert (data.target_names, data.feature_names) == (
        ("length",),
        ("width", "species=elm", "species=oak"),
    )
    assert data.target[0].tolist() == [1.5]
    window.files.choose_target("species")
    assert window.session.data.target_names == ("elm", "oak")
    assert window.session.data.feature_names == ("length", "width")


def test_the_user_may_want_to_look_at_every_file(window, qtbot, field, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_data_file", lambda _parent, _folder: field)
    window.commands["ask_first"].trigger()
    assert window.commands["ask_first"].isChecked()
    window.commands["open"].trigger()
    dialog = window.findChild(ImportDialog)
    settle(qtbot, dialog)
    assert dialog.path == field
    window.commands["ask_first"].trigger()
    assert not window.commands["ask_first"].isChecked()


def test_a_parquet_file_has_no_format_to_choose(window, qtbot, tmp_path):
    path = tmp_path / "data.parquet"
    duckdb.sql("select i as a, i * 2.5 as b, i % 2 = 0 as y from range(20) t(i)").write_parquet(
        str(path)
    )
    dialog = shown(qtbot, window, path)
    assert not any(box.isEnabled() for box in dialog.format.boxes.values())
    assert dialog.ok.text() == "Import 20 rows"


def test_a_file_that_is_no_table_is_said_and_cannot_be_imported(window, qtbot, tmp_path):
    path = tmp_path / "none.csv"
    path.write_bytes(b"PK\x03\x04 and more")
    dialog = shown(qtbot, window, path)
    assert "zip archive" in dialog.summary.text()
    assert not dialog.ok.isEnabled()
    assert dialog.model.rowCount() == 0


def test_several_targets_are_numbers(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    choose(qtbot, dialog, dialog.heads.head_of(LENGTH).role, "Target")
    choose(qtbot, dialog, dialog.heads.head_of(WIDTH).role, "Target t")
    assert dialog.summary.text() == "2 features, 2 targets (numbers)"
    choose(qtbot, dialog, dialog.heads.head_of(WIDTH).role, "Feature")
    choose(qtbot, dialog, dialog.heads.head_of(SPECIES).role, "Target t")
    assert dialog.heads.head_of(0).role.currentData() == "ignore"
    assert "several targets are for regression on numbers" in dialog.summary.text()
    assert not dialog.ok.isEnabled()


def test_a_file_of_many_columns_has_heads_only_for_those_in_sight(window, qtbot):
    dialog = shown(qtbot, window, resource("data/digits.csv.gz"))
    assert dialog.model.columnCount() == 65
    assert len(dialog.heads.heads) < 12
    dialog.view.horizontalScrollBar().setValue(dialog.view.horizontalScrollBar().maximum())
    assert dialog.heads.head_of(64).role.currentData() == "target"


def test_every_control_says_what_it_is_for(window, qtbot, field):
    dialog = shown(qtbot, window, field)
    heads = dialog.heads.heads
    boxes = [box for head in heads for box in head.boxes.values()]
    boxes += [*dialog.format.boxes.values(), dialog.format.skip]
    boxes += [dialog.rows.kind, dialog.rows.rows, dialog.rows.seed]
    boxes += [dialog.split.validation, dialog.split.seed, dialog.split.scale, dialog.split.order]
    assert all(box.accessibleName() and box.toolTip() for box in boxes)
    buttons = (dialog.ok, dialog.cancel, dialog.next, dialog.previous, dialog.format.detect)
    assert all(button.toolTip() for button in buttons)


def test_groups_scalings_and_a_split_by_a_column_are_chosen_and_taken_over(window, qtbot, tmp_path):
    path = tmp_path / "plots.csv"
    rows = (
        f"p{n // 4},{n},{n % 5},{'uv'[n % 2]},{('train', 'test')[n % 3 == 0]}" for n in range(40)
    )
    path.write_text("plot,a,b,y,set\n" + "\n".join(rows) + "\n\n", encoding="utf-8")
    dialog = shown(qtbot, window, path)
    assert dialog.listed.text() == "none found; 1 remark below"
    assert dialog.problems.item(0, 1).text() == "skipped 1 empty line"
    order, values = dialog.split.order, dialog.split.values
    assert (order.currentText(), values.text()) == ("As set says", "test")
    assert "<b>26</b> training, <b>14</b> validation" in dialog.split.counts.text()
    choose(qtbot, dialog, dialog.heads.head_of(0).role, "Group")
    assert "10 on both sides" in dialog.split.counts.text()
    assert dialog.summary.text() == "2 features, 1 target (2 classes), 10 groups of plot"
    values.menu().actions()[1].trigger()  # "train" for validation too: nothing is left
    settle(qtbot, dialog)
    assert "leaves no row for training" in dialog.split.problem.text()
    values.menu().actions()[1].trigger()
    settle(qtbot, dialog)
    choose(qtbot, dialog, dialog.heads.head_of(2).scale, "From")
    choose(qtbot, dialog, order, "At")
    assert "none on both sides" in dialog.split.counts.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    data = window.session.data
    assert [data.scaling.kind_of(k) for k in (0, 1)] == ["standard", "minmax"]
    assert {n // 4 for n in data.training} & {n // 4 for n in data.validation} == set()
    panel = window.findChild(DataForm)
    assert (panel.order.currentText(), panel.split.isEnabled()) == ("At random", True)
    assert panel.scale.currentText() == "Standardise, 1 own"
    panel.order.setCurrentIndex(panel.order.findText("As set says"))
    panel.order.activated.emit(panel.order.currentIndex())
    assert window.session.data.validation.tolist() == list(range(0, 40, 3))
    assert not panel.split.isEnabled()
    assert "as column set says: test for validation" in panel.counts.toolTip()


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory that holds ten rows of four columns."""
    for module in (extent, preview):
        monkeypatch.setattr(module, "reading_limit", lambda: 10 * 4 * extent.PER_CELL)


def test_of_a_file_that_is_too_large_a_sample_is_offered_and_kept(window, qtbot, tmp_path, tiny):
    path = tmp_path / "long.csv"
    path.write_text("a,b,c,kind\n" + "".join(f"{n},{n},{n % 7},{'xy'[n % 2]}\n" for n in range(90)))
    before = window.session.data
    assert not window.open_file(path)
    assert window.session.data is before
    assert "long.csv has about 90 rows of 4 columns" in window.message_bar.text
    links = [b for b in window.message_bar.findChildren(QPushButton) if b.text()]
    assert [link.text() for link in links] == ["Take a sample of 10 rows", "Import…"]
    qtbot.mouseClick(links[0], Qt.MouseButton.LeftButton)
    drawn = Drawn(10, 90)
    rows = drawn_rows(90, 10).tolist()
    assert window.session.data.drawn == drawn
    assert str(drawn) in window.message_bar.text
    window.show_panel("data")
    assert window.findChild(DataPanel).part.text() == f"A{str(drawn)[1:]}."
    window.session.choose_row(rows[0])
    for row in rows[1:4]:  # over those that were not drawn
        qtbot.keyClick(window.findChild(RowField), Qt.Key.Key_Up)
        assert window.session.row == row
    window.files.choose_target("a")
    data = window.session.data
    assert (data.target_column_names, data.drawn, data.rows.tolist()) == (("a",), drawn, rows)


def test_how_many_rows_are_read_is_chosen_with_its_seed(window, qtbot, tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("a,b,kind\n" + "".join(f"{n},{n % 7},{'xy'[n % 2]}\n" for n in range(60)))
    dialog = shown(qtbot, window, path)
    assert dialog.rows.kind.currentText() == "All"
    assert not dialog.rows.rows.isVisible()
    choose(qtbot, dialog, dialog.rows.kind, "A sample")
    dialog.rows.rows.setValue(25)
    dialog.rows.seed.setValue(4)
    settle(qtbot, dialog)
    assert dialog.ok.text() == "Import 25 rows"
    assert [line.row for line in dialog.preview.lines] == drawn_rows(60, 25, 4).tolist()
    dialog.accept()
    assert window.session.data.drawn == Drawn(25, 60, 4)
    window.files.choose_target("b")
    assert window.session.data.rows.tolist() == drawn_rows(60, 25, 4).tolist()


def test_a_large_file_that_does_not_fit_is_imported_as_a_sample(window, qtbot, tmp_path, tiny):
    path = tmp_path / "large.csv"
    rows = (f"{n},{n},1.23456,{n % 2}\n" for n in range(10_000, 30_000))
    path.write_text("a,b,c,kind\n" + "".join(rows))
    dialog = shown(qtbot, window, path)
    assert (dialog.rows.kind.currentText(), dialog.rows.rows.value()) == ("A sample of", 10)
    assert dialog.shown.text().endswith("the first of about 20\u2009000")
    assert dialog.ok.text() == "Import a sample of 10 rows"
    choose(qtbot, dialog, dialog.rows.kind, "All")
    assert dialog.ok.text() == "Import all rows"
    assert dialog.options.sample_rows == 0
