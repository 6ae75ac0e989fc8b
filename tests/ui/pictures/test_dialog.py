"""File › Export picture…: what it offers, shows and writes, and that it changes nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.ui import dialogs
from bpstudio.ui.form import select
from bpstudio.ui.palette import DARK, LIGHT
from bpstudio.ui.pictures.dialog import PictureDialog
from bpstudio.ui.pictures.wish import BOTH, DERIVATION, NETWORK, SHOWN
from bpstudio.ui.window import MainWindow
from tests.ui.pictures.conftest import PLACE
from tests.ui.windows import show


@pytest.fixture(autouse=True)
def _asked(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Files are written under the name that is suggested."""
    monkeypatch.setattr(dialogs, "ask_where_to_save_picture", lambda _, name: folder / name)


def opened(window: MainWindow) -> PictureDialog:
    window.commands["export_picture"].trigger()
    return next(each for each in window.findChildren(PictureDialog) if each.isVisible())


def preview_of(dialog: PictureDialog, qtbot: QtBot) -> QImage:
    before = dialog.preview.image.cacheKey()
    qtbot.waitUntil(lambda: dialog.preview.image.cacheKey() != before)
    return dialog.preview.image


def test_the_keys_open_it_and_enter_writes_what_is_chosen(
    window: MainWindow, qtbot: QtBot, folder: Path
) -> None:
    control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    show(window)
    QTest.keyClick(window, Qt.Key.Key_G, control)
    qtbot.waitUntil(lambda: window.findChild(PictureDialog) is not None)
    dialog = window.findChild(PictureDialog)
    assert dialog is not None
    dialog.looks.width.setValue(500)
    dialog.looks.height.setValue(400)
    dialog.looks.caption.setChecked(False)
    select(dialog.looks.format, ".png")
    dialog.sharpness.setValue(3)
    cursor, network = window.session.debugger.cursor, window.network.canvas.grab().toImage()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    path = folder / f"iris-network-{PLACE.replace('/', '-')}.png"
    image = QImage(str(path))
    assert (image.width(), image.height()) == (1500, 3 * (400 + 36))
    assert str(path) in window.message_bar.text
    assert window.session.debugger.cursor == cursor
    window.message_bar.dismiss()
    qtbot.waitUntil(lambda: window.network.canvas.grab().toImage() == network)


def test_a_large_number_does_not_make_the_preview_wait(window: MainWindow, qtbot: QtBot) -> None:
    """7,000 pixels are no 7,000 milliseconds, which `waitUntil` would not wait."""
    dialog = opened(window)
    dialog.looks.width.setValue(7000)
    shown = preview_of(dialog, qtbot)
    assert shown.width() > 4 * shown.height()
    dialog.reject()


def test_it_offers_what_is_in_sight_and_says_which_fields_count(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show_panel("flow")
    qtbot.waitUntil(window.panels["flow"].isVisible)
    dialog = opened(window)
    offered = [dialog.what.itemData(n) for n in range(dialog.what.count())]
    assert offered == [NETWORK, SHOWN, BOTH, DERIVATION, "plot:flow"]
    for what, width, height in ((SHOWN, False, False), (DERIVATION, True, False)):
        select(dialog.what, what)
        preview_of(dialog, qtbot)
        assert (dialog.looks.width.isEnabled(), dialog.looks.height.isEnabled()) == (width, height)
    select(dialog.what, "plot:flow")
    for suffix, counts in ((".png", True), (".svg", False)):
        select(dialog.looks.format, suffix)
        qtbot.waitUntil(lambda counts=counts: dialog.sharpness.isEnabled() == counts)
    assert not dialog.looks.text.isEnabled()
    dialog.reject()


@pytest.mark.parametrize("what", [BOTH, "plot:flow"])
def test_other_colours_are_those_of_the_picture_alone(
    window: MainWindow, qtbot: QtBot, what: str
) -> None:
    window.show_panel("flow")
    qtbot.waitUntil(window.panels["flow"].isVisible)
    dialog = opened(window)
    select(dialog.what, what)
    light = preview_of(dialog, qtbot)
    select(dialog.looks.colors, "dark")
    dark = preview_of(dialog, qtbot)
    assert light.size() == dark.size()
    at = light.width() - 3, light.height() - 3  # a corner of the caption
    assert light.pixelColor(*at).name().upper() == LIGHT.surface
    assert dark.pixelColor(*at).name().upper() == DARK.surface
    assert window.appearance.theme is LIGHT
    dialog.reject()


def test_it_remembers_what_was_chosen(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window)
    select(dialog.what, DERIVATION)
    select(dialog.looks.format, ".pdf")
    dialog.looks.text.setValue(150)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.findChildren(PictureDialog))
    again = opened(window)
    assert (again.wish.what, again.wish.suffix, again.wish.text) == (DERIVATION, ".pdf", 150)
    again.reject()


def test_what_cannot_be_written_is_said(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "nowhere" / "a.svg"
    monkeypatch.setattr(dialogs, "ask_where_to_save_picture", lambda *_: place)
    qtbot.keyClick(opened(window), Qt.Key.Key_Return)
    assert "there is no folder" in window.message_bar.text


def test_every_control_says_what_it_does(window: MainWindow) -> None:
    dialog = opened(window)
    looks = dialog.looks
    fields = (looks.width, looks.height, looks.text, looks.caption, looks.colors, looks.format)
    for control in (*fields, dialog.what, dialog.sharpness, dialog.ok):
        assert control.toolTip()
    dialog.reject()
