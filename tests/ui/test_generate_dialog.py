"""Data from a seed and the embedded examples, opened from the File menu."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from bpstudio.core.generated import RECIPES, generate
from bpstudio.ui.generate_dialog import GenerateDialog
from bpstudio.ui.theme import Appearance
from bpstudio.ui.window import MainWindow
from tests.ui.windows import show


@pytest.fixture
def dialog(qtbot: QtBot, appearance: Appearance) -> GenerateDialog:
    made = GenerateDialog(appearance, seed=3)
    qtbot.addWidget(made)
    show(made)
    return made


def test_it_begins_with_the_seed_given_and_the_noise_of_its_kind(dialog: GenerateDialog) -> None:
    assert (dialog.kind.currentData(), dialog.seed.value()) == ("xor", 3)
    assert dialog.noise.value() == RECIPES["xor"].noise
    dialog.kind.setCurrentIndex(dialog.kind.findData("moons"))
    assert dialog.noise.value() == RECIPES["moons"].noise


def test_every_field_changes_the_data_and_the_picture_at_once(dialog: GenerateDialog) -> None:
    for change in (
        lambda: dialog.kind.setCurrentIndex(2),
        lambda: dialog.rows.setValue(90),
        lambda: dialog.noise.setValue(0.5),
        lambda: dialog.seed.setValue(8),
    ):
        before = dialog.data
        change()
        assert dialog.data is not before
        assert dialog.picture.data is dialog.data
    same = generate("circles", 90, 0.5, 8)
    assert np.array_equal(dialog.data.X, same.X)
    assert dialog.ok.text() == "Make 90 rows"


@pytest.mark.parametrize("kind", RECIPES)
def test_the_picture_shows_every_kind(dialog: GenerateDialog, kind: str) -> None:
    dialog.picture.show_data(None)
    empty = dialog.picture.grab().toImage()
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
    dialog.show_made()
    assert dialog.picture.grab().toImage() != empty
    assert dialog.picture.toolTip()


def test_the_fields_say_what_they_are_for(dialog: GenerateDialog) -> None:
    fields = (dialog.kind, dialog.rows, dialog.noise, dialog.seed)
    assert all(field.accessibleName() and field.toolTip() for field in fields)


def test_generated_data_is_opened_by_keys_alone(main_window: MainWindow, qtbot: QtBot) -> None:
    main_window.commands["generate"].trigger()
    dialog = main_window.findChild(GenerateDialog)
    assert dialog is not None
    dialog.kind.setFocus()
    qtbot.keyClicks(dialog.kind, "Spi")
    qtbot.keyClick(dialog.kind, Qt.Key.Key_Return)
    data = main_window.session.data
    assert (data.name, len(data), data.target_names) == ("spirals-0", 200, ("first", "second"))
    assert main_window.message_bar.text == ("spirals-0: made from seed 0: 200 rows, noise 0.03.")
    assert main_window.open_file(Path("generate:hill,n=20,seed=4"))  # as the command line names it
    assert (main_window.session.data.name, len(main_window.session.data)) == ("hill-4", 20)
    assert not main_window.open_file(Path("generate:hill,n=2"))
    assert "rows are from 4" in main_window.message_bar.text


def test_escape_keeps_the_data_that_is_open(main_window: MainWindow, qtbot: QtBot) -> None:
    main_window.commands["generate"].trigger()
    dialog = main_window.findChild(GenerateDialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert main_window.session.data.name == "iris.csv"


def test_a_regression_has_a_linear_output(main_window: MainWindow) -> None:
    dialog = _open_dialog(main_window)
    dialog.kind.setCurrentIndex(dialog.kind.findData("plane"))
    dialog.accept()
    QApplication.processEvents()
    assert main_window.session.network.layers[-1].activation == "linear"
    assert main_window.session.network.sizes[-1] == 1


def _open_dialog(window: MainWindow) -> GenerateDialog:
    window.commands["generate"].trigger()
    dialog = window.findChild(GenerateDialog)
    assert isinstance(dialog, GenerateDialog)
    return dialog


@pytest.mark.parametrize(
    ("name", "file", "n", "targets"),
    [
        ("default", "iris.csv", 150, 3),
        ("example_wine", "wine.csv", 178, 3),
        ("example_breast_cancer", "breast_cancer.csv", 569, 2),
        ("example_diabetes", "diabetes.csv", 442, 1),
        ("example_digits", "digits.csv.gz", 1797, 10),
        ("example_penguins", "penguins.csv", 333, 3),
    ],
)
def test_each_example_opens_with_its_target(
    main_window: MainWindow, name: str, file: str, n: int, targets: int
) -> None:
    main_window.commands[name].trigger()
    data = main_window.session.data
    assert (data.name, len(data), data.n_targets) == (file, n, targets)
    assert main_window.settings.recent_files == ()


def test_the_examples_are_in_a_menu_of_their_own(main_window: MainWindow) -> None:
    menus = [menu for menu in main_window.findChildren(QMenu) if menu.title() == "Open example"]
    names = [action.objectName() for action in menus[0].actions()]
    assert names[0] == "default"
    assert len(names) == 6
