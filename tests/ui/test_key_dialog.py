from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.ui.key_dialog import KeyDialog
from bpstudio.ui.key_map import KeyMap
from bpstudio.ui.key_recorder import WAITING
from bpstudio.ui.settings import Settings
from tests.ui.windows import show

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
pytestmark = pytest.mark.usefixtures("appearance")


@pytest.fixture
def keys(tmp_path: Path) -> KeyMap:
    return KeyMap(Settings(tmp_path / "settings.ini"))


@pytest.fixture
def dialog(qtbot: QtBot, keys: KeyMap) -> Iterator[KeyDialog]:
    made = KeyDialog(keys)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    show(made)
    yield made
    made.close()


def record(
    qtbot: QtBot,
    dialog: KeyDialog,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press the button, then the key."""
    dialog.record.setFocus()
    qtbot.keyClick(dialog.record, Qt.Key.Key_Space)
    assert dialog.record.text() == WAITING
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


def test_the_longest_key_can_be_read(dialog: KeyDialog) -> None:
    view = dialog.list
    assert view.columnWidth(2) >= view.sizeHintForColumn(2)


def shown(dialog: KeyDialog) -> list[list[str]]:
    items = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    return [[item.text(column) for column in range(4)] for item in items if item]


def test_a_recorded_key_holds_at_once(dialog: KeyDialog, keys: KeyMap, qtbot: QtBot) -> None:
    dialog.choose("into")
    record(qtbot, dialog, Qt.Key.Key_J, CTRL | SHIFT)
    assert keys.keys("into") == ("Ctrl+Shift+J",)
    assert dialog.name == "into"
    assert ["Into", "Debug", "Ctrl+Shift+J", "changed"] in shown(dialog)


def test_a_key_of_another_action_is_said_and_can_be_taken(
    dialog: KeyDialog, keys: KeyMap, qtbot: QtBot
) -> None:
    dialog.choose("into")
    record(qtbot, dialog, Qt.Key.Key_F10)
    assert dialog.said.text() == "F10 is the key of “Over”."
    assert keys.keys("into") == ("F11", "Right")
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    assert (keys.keys("into"), keys.keys("over")) == (("F10",), ())
    assert dialog.said.text() == "“Over” has no key now."
    assert not dialog.take.isVisible()


def test_esc_calls_recording_off_and_a_modifier_alone_is_no_key(
    dialog: KeyDialog, keys: KeyMap, qtbot: QtBot
) -> None:
    dialog.choose("into")
    record(qtbot, dialog, Qt.Key.Key_Control, CTRL)
    assert dialog.record.text() == WAITING
    qtbot.keyClick(dialog.record, Qt.Key.Key_Escape)
    assert dialog.record.text() != WAITING
    assert dialog.isVisible()
    assert not keys.is_changed("into")


def test_a_key_that_fields_need_is_refused(dialog: KeyDialog, keys: KeyMap, qtbot: QtBot) -> None:
    dialog.choose("into")
    record(qtbot, dialog, Qt.Key.Key_Tab)
    assert "needed in fields" in dialog.said.text()
    assert not keys.is_changed("into")


def test_an_action_can_go_without_a_key_and_be_reset(
    dialog: KeyDialog, keys: KeyMap, qtbot: QtBot
) -> None:
    dialog.choose("into")
    qtbot.mouseClick(dialog.none, Qt.MouseButton.LeftButton)
    assert keys.keys("into") == ()
    assert ["Into", "Debug", "none", "changed"] in shown(dialog)
    qtbot.mouseClick(dialog.reset, Qt.MouseButton.LeftButton)
    assert keys.keys("into") == ("F11", "Right")


def test_a_reset_that_cannot_bring_the_key_back_says_why(
    dialog: KeyDialog, keys: KeyMap, qtbot: QtBot
) -> None:
    keys.choose("into", ["F10"])
    dialog.choose("over")
    qtbot.mouseClick(dialog.reset, Qt.MouseButton.LeftButton)
    assert "another action's" in dialog.said.text()
    qtbot.mouseClick(dialog.reset_all, Qt.MouseButton.LeftButton)
    assert keys.keys("over") == ("F10",)


def test_actions_are_found_by_name_and_by_key(dialog: KeyDialog) -> None:
    dialog.search.setText("ctrl+f11")
    assert {row[0] for row in shown(dialog)} == {"Step back", "Step back out"}
    dialog.search.setText("quit")
    assert dialog.name == "quit"
    dialog.search.setText("no such thing")
    assert shown(dialog) == []
    assert not dialog.record.isEnabled()
    assert "No action has these letters" in dialog.said.text()
    dialog.search.clear()
    assert dialog.said.text() == ""


def test_shift_is_left_out_where_it_only_makes_another_sign(
    dialog: KeyDialog, keys: KeyMap, qtbot: QtBot
) -> None:
    dialog.choose("into")
    dialog.record.click()
    qtbot.keyClick(dialog.record, Qt.Key.Key_Exclam, CTRL | SHIFT)
    assert keys.keys("into")[0] in ("Ctrl+!", "Ctrl+Shift+!")
