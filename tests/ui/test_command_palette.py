"""The command palette over a few actions; in the whole window: tests/ui/test_window.py."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui.actions import ACTIONS
from bpstudio.ui.command_palette import CommandPalette
from bpstudio.ui.commands import Commands, make_commands, show_state
from bpstudio.ui.key_map import KeyMap
from bpstudio.ui.settings import Settings
from bpstudio.ui.theme import Appearance
from tests.ui.windows import show

REASON = "This is the first step of the pass"


@pytest.fixture
def ran() -> list[str]:
    return []


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


@pytest.fixture
def keys(tmp_path: Path) -> KeyMap:
    return KeyMap(Settings(tmp_path / "settings.ini"))


@pytest.fixture
def commands(window: QWidget, keys: KeyMap, ran: list[str]) -> Commands:
    def runs(name: str) -> Callable[[], None]:
        return lambda: ran.append(name)

    made = make_commands(window, {spec.name: runs(spec.name) for spec in ACTIONS}, keys)
    show_state(made, {"back_into": REASON}, {}, {})
    return made


@pytest.fixture
def palette(
    commands: Commands, keys: KeyMap, appearance: Appearance, window: QWidget, qtbot: QtBot
) -> CommandPalette:
    made = CommandPalette(commands, keys, appearance, window)
    show(made)
    return made


def names(palette: CommandPalette) -> list[str]:
    return [row.name for row in palette.model.rows]


def test_at_first_every_action_is_there_in_the_order_of_the_table(palette: CommandPalette) -> None:
    assert names(palette) == [spec.name for spec in ACTIONS]


def test_letters_find_an_action_and_enter_runs_it(
    palette: CommandPalette, qtbot: QtBot, ran: list[str]
) -> None:
    qtbot.keyClicks(palette.field, "stbov")
    assert names(palette)[0] == "back_over"
    with qtbot.waitSignal(palette.destroyed):
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == ["back_over"]


def test_the_arrow_keys_choose_while_the_field_has_the_focus(
    palette: CommandPalette, qtbot: QtBot, ran: list[str]
) -> None:
    qtbot.keyClicks(palette.field, "open")
    first, second = palette.model.rows[:2]
    assert palette.row == first
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.row == second
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == [second.name]


def test_what_cannot_be_done_now_says_why_and_does_not_run(
    palette: CommandPalette, qtbot: QtBot, ran: list[str]
) -> None:
    qtbot.keyClicks(palette.field, "step back")
    row = palette.row
    assert row is not None
    assert (row.name, row.reason) == ("back_into", REASON)
    assert REASON in palette.list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert ran == []
    palette.close()


def test_the_key_in_force_is_shown(
    commands: Commands, keys: KeyMap, appearance: Appearance, window: QWidget
) -> None:
    keys.choose("into", ["Ctrl+J"])
    palette = CommandPalette(commands, keys, appearance, window)
    assert next(row.key for row in palette.model.rows if row.name == "into") == "Ctrl+J"
    palette.close()
    palette.deleteLater()


def test_a_word_of_the_menu_or_of_the_hint_finds_an_action_after_the_names(
    palette: CommandPalette, qtbot: QtBot
) -> None:
    qtbot.keyClicks(palette.field, "train")
    assert names(palette)[0] == "train"
    assert "new_seed" in names(palette)


def test_nothing_found_is_said(palette: CommandPalette, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.field, "qqqq")
    assert palette.nothing.isVisible()
    assert palette.row is None
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.close()


def test_esc_closes_it(palette: CommandPalette, qtbot: QtBot) -> None:
    with qtbot.waitSignal(palette.destroyed):
        qtbot.keyClick(QApplication.focusWidget() or palette.field, Qt.Key.Key_Escape)
