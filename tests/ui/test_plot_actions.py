"""Saving the picture of a plot and copying its numbers."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from bpstudio.core.errors import InputError
from bpstudio.ui import dialogs, plot_actions
from bpstudio.ui.plot_actions import PlotActions, Table, save_picture
from bpstudio.ui.theme import Appearance
from tests.ui.panels.conftest import Attempts

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


def test_a_png_has_two_pixels_for_each_on_screen(picture: QWidget, tmp_path: Path) -> None:
    save_picture(picture, tmp_path / "flow.PNG")
    image = QImage(str(tmp_path / "flow.PNG"))
    assert (image.width(), image.height()) == (240, 80)
    assert len({image.pixel(x, 40) for x in range(240)}) > 1


def test_an_svg_is_as_large_as_the_picture_and_keeps_its_text(
    picture: QWidget, tmp_path: Path
) -> None:
    save_picture(picture, tmp_path / "flow.svg")
    root = ET.parse(tmp_path / "flow.svg").getroot()
    assert root.get("viewBox") == "0 0 120 40"
    assert "gradient norm" in "".join(root.itertext())


def test_a_picture_that_cannot_be_written_is_refused(picture: QWidget, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'\.gif'; a picture ends in \.svg or \.png"):
        save_picture(picture, tmp_path / "flow.gif")
    with pytest.raises(InputError, match="there is no folder"):
        save_picture(picture, tmp_path / "nowhere" / "flow.svg")
    assert list(tmp_path.iterdir()) == []


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
    assert actions.save.toolTip() == "Save the picture of gradient flow as SVG or PNG"
    assert actions.copy.accessibleName() == "Copy the numbers of gradient flow as a table"
