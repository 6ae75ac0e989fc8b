"""Saving the picture of a plot and copying its numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bpstudio.core.errors import InputError
from bpstudio.ui import dialogs, plot_actions
from bpstudio.ui.palette import DARK, Theme
from bpstudio.ui.pictures.writing import image_of
from bpstudio.ui.plot_actions import PlotActions, Table
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance
from tests.ui.panels.conftest import Attempts
from tests.ui.windows import show

NUMBERS = Table(("layer", "norm"), [(2, 0.1), (3, 1 / 3)])


@pytest.fixture
def picture(qtbot: QtBot) -> QWidget:
    made = QLabel("gradient norm")
    made.resize(120, 40)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def attempts() -> Attempts:
    return Attempts()


@pytest.fixture
def actions(
    qtbot: QtBot, picture: QWidget, appearance: Appearance, attempts: Attempts
) -> PlotActions:
    made = PlotActions(picture, "gradient flow", lambda: NUMBERS, appearance, attempts)
    for button in made.buttons:
        qtbot.addWidget(button)
    return made


def test_the_drawing_is_the_picture_with_its_name_and_what_it_shows(
    picture: QWidget, appearance: Appearance, attempts: Attempts
) -> None:
    made = PlotActions(picture, "the loss", lambda: NUMBERS, appearance, attempts, lambda: "iris")
    drawing = made.drawing()
    assert (drawing.width, drawing.height) == (120, 40)
    assert (drawing.title, drawing.about) == ("Loss", "iris")


def test_in_another_theme_only_the_drawing_changes(
    picture: QWidget, appearance: Appearance, attempts: Attempts
) -> None:
    set_role(picture, "panel")
    drawn: list[tuple[Theme, Theme]] = []
    made = PlotActions(
        *(picture, "the loss", lambda: NUMBERS, appearance, attempts),
        retheme=lambda theme: drawn.append((theme, appearance.theme)),
    )
    before, style = picture.grab().toImage(), picture.styleSheet()
    dark = image_of(made.drawing(DARK))
    assert dark.pixelColor(119, 39).name().upper() == DARK.surface
    assert drawn == [(DARK, DARK), (appearance.theme, appearance.theme)]
    assert picture.grab().toImage() == before
    assert picture.styleSheet() == style


def test_buttons_are_no_part_of_the_drawing(
    picture: QWidget, appearance: Appearance, attempts: Attempts, qtbot: QtBot
) -> None:
    show(picture)
    made = PlotActions(picture, "the loss", lambda: NUMBERS, appearance, attempts)
    without = image_of(made.drawing())
    button = QPushButton("Press", picture)
    button.setGeometry(20, 2, 90, 36)
    button.show()
    with_button = image_of(made.drawing())
    assert with_button.pixelColor(60, 20).name().upper() == appearance.theme.surface
    assert with_button.copy(0, 0, 20, 40) == without.copy(0, 0, 20, 40)


def test_numbers_go_to_the_clipboard_in_full_precision(actions: PlotActions) -> None:
    actions.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text == "layer\tnorm\n2\t0.1\n3\t0.3333333333333333\n"


def test_a_save_asks_where_and_a_refusal_is_said(
    actions: PlotActions, attempts: Attempts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_parent: QWidget, suggestion: str) -> Path:
        asked.append(suggestion)
        return tmp_path / "flow.txt"

    monkeypatch.setattr(dialogs, "ask_where_to_save_picture", answer)
    actions.save.click()
    assert asked == ["gradient-flow.svg"]
    assert len(attempts.refused) == 1
    monkeypatch.setattr(dialogs, "ask_where_to_save_picture", lambda *_: None)
    actions.save.click()
    assert len(attempts.refused) == 1


def test_what_no_clipboard_wants_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot_actions, "MOST_COPIED", 3)
    with pytest.raises(InputError, match="this plot has 4 numbers, at most 3 can be copied"):
        NUMBERS.as_tsv()


def test_the_context_menu_has_the_same_two(actions: PlotActions) -> None:
    menu = actions.menu()
    assert [action.text() for action in menu.actions()] == ["Save picture…", "Copy numbers"]
    menu.actions()[1].trigger()
    assert QGuiApplication.clipboard().text().startswith("layer\tnorm")


def test_the_buttons_say_what_they_do(actions: PlotActions) -> None:
    assert actions.save.toolTip() == "Save the picture of gradient flow as SVG, PNG or PDF"
    assert actions.copy.accessibleName() == "Copy the numbers of gradient flow as a table"
