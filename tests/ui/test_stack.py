"""The call stack in the window: where each of its rows leads."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpstudio.ui.panels.stack import StackPanel
from bpstudio.ui.window import MainWindow

IN_SUM = "s52/back/l3/j2/i1/dz_da"
LEVELS = ["", "s52", "s52/back", "s52/back/l3", "s52/back/l3/j2", "s52/back/l3/j2/i1", IN_SUM]


@pytest.fixture
def stack(main_window: MainWindow) -> StackPanel:
    main_window.goto(IN_SUM)
    main_window.show_panel("stack")
    panel = main_window.panels["stack"]
    assert isinstance(panel, StackPanel)
    return panel


def addresses(stack: StackPanel) -> list[str]:
    return [frame.address for frame in stack.model.frames]


def click(qtbot: QtBot, stack: StackPanel, row: int) -> None:
    place = stack.list.visualRect(stack.model.index(row)).center()
    qtbot.mouseClick(stack.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_it_shows_the_levels_around_the_step_and_follows_it(
    stack: StackPanel, main_window: MainWindow
) -> None:
    assert addresses(stack) == LEVELS
    main_window.goto("s52/loss/C")
    assert addresses(stack) == ["", "s52", "s52/loss", "s52/loss/C"]
    assert stack.list.currentIndex().row() == 3


@pytest.mark.parametrize("row", range(6))
def test_a_click_on_a_level_goes_to_its_first_step_and_keeps_it_chosen(
    stack: StackPanel, main_window: MainWindow, qtbot: QtBot, row: int
) -> None:
    debugger = main_window.session.debugger
    expected = debugger.sequence.index(LEVELS[row]) if LEVELS[row] else 0
    click(qtbot, stack, row)
    assert debugger.cursor == expected
    assert stack.list.currentIndex().row() == row


def test_enter_does_what_a_click_does(
    stack: StackPanel, main_window: MainWindow, qtbot: QtBot
) -> None:
    stack.list.setFocus()
    qtbot.keyClick(stack.list, Qt.Key.Key_Up)
    qtbot.keyClick(stack.list, Qt.Key.Key_Up)
    qtbot.keyClick(stack.list, Qt.Key.Key_Return)
    assert main_window.status.address.text() == "s52/back/l3/j2/i0/dz_da"


def test_the_menu_runs_to_the_end_of_a_level(stack: StackPanel, main_window: MainWindow) -> None:
    menu = stack.menu_of(LEVELS.index("s52/back/l3/j2"))
    first, last = menu.actions()
    last.trigger()
    assert main_window.status.address.text() == "s52/back/l3/j2/dC_db"
    first.trigger()
    assert main_window.status.address.text() == "s52/back/l3/j2/i0/dz_da"
    menu.deleteLater()


def test_a_level_has_its_steps_and_only_the_step_a_number(stack: StackPanel) -> None:
    level, step = (
        stack.model.index(LEVELS.index(place)).data(Qt.ItemDataRole.AccessibleTextRole)
        for place in ("s52/back/l3/j2", IN_SUM)
    )
    assert level == "Node 2, j = 2 of 0 … 5, steps 193 to 213"
    assert step.endswith(", −0.5582")


def test_it_is_off_while_the_network_is_trained(
    stack: StackPanel, main_window: MainWindow, qtbot: QtBot
) -> None:
    main_window.session.change(epochs=100_000)
    main_window.commands["train"].trigger()
    qtbot.waitUntil(lambda: not stack.list.isEnabled())
    main_window.commands["train"].trigger()
    qtbot.waitUntil(stack.list.isEnabled)
