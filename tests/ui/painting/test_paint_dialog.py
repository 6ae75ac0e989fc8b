"""Painting points by mouse and by keys, and opening them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.core.generated import generate
from bpstudio.core.painted import NUMBERS, Brush, Painting, dab, erased
from bpstudio.files.dataset import load
from bpstudio.ui import dialogs
from bpstudio.ui.painting.dialog import PaintDialog
from bpstudio.ui.painting.strokes import Canvas, Strokes
from bpstudio.ui.theme import Appearance
from bpstudio.ui.window import MainWindow
from tests.ui.windows import show

ONE = Brush(0.05, 1)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def dialog(qtbot: QtBot, appearance: Appearance) -> PaintDialog:
    made = PaintDialog(appearance, Canvas(), generate("moons", rows=20), seed=3)
    qtbot.addWidget(made)
    show(made)
    made.tools.count.setValue(1)
    return made


def press(dialog: PaintDialog, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(dialog.plane, key)


def pixel(dialog: PaintDialog, x: float, y: float) -> QPoint:
    box = dialog.plane.getViewBox()
    return dialog.plane.mapFromScene(box.mapViewToScene(type(box.rect().center())(x, y)))


def test_strokes_go_back_and_forth_and_begin_with_their_first_change() -> None:
    one = Painting()
    strokes = Strokes(one)
    two = dab(one, (0, 0), 0, ONE, 0)
    three = dab(two, (0.5, 0), 0, ONE, 0)
    strokes.put(erased(one, (0, 0), 0.1))  # nothing is there
    strokes.put(two, begins=False)
    strokes.put(three, begins=False)
    assert strokes.can_undo
    strokes.undo()
    assert strokes.now is one
    assert not strokes.can_undo
    strokes.redo()
    assert strokes.now is three
    strokes.put(two)
    assert not strokes.can_redo
    strokes.undo()
    assert strokes.now is three
    assert Strokes(NUMBERS).now is NUMBERS


def test_keys_alone_paint_choose_erase_and_undo(dialog: PaintDialog) -> None:
    right, space = Qt.Key.Key_Right, Qt.Key.Key_Space
    press(dialog, space, right, right, Qt.Key.Key_1, space)
    assert dialog.painting.points.tolist() == [[0.0, 0.0], [0.08, 0.0]]
    assert dialog.painting.values.tolist() == [0.0, 1.0]
    press(dialog, Qt.Key.Key_E, *[right] * 10, space)
    assert len(dialog.painting) == 2  # nothing was there to erase
    press(dialog, *[Qt.Key.Key_Left] * 10, space)
    assert len(dialog.painting) == 0  # the brush reaches both
    QTest.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(dialog.painting) == 2
    press(dialog, Qt.Key.Key_E, Qt.Key.Key_Delete)
    assert len(dialog.painting) == 0
    dialog.tools.undo.click()
    dialog.tools.undo.click()
    assert len(dialog.painting) == 1
    dialog.tools.redo.click()
    assert len(dialog.painting) == 2
    assert dialog.plane.accessibleDescription() == "x0 0.08, x1 0"
    assert "a:\u00a01" in dialog.tools.counts.text()


def test_a_stroke_of_the_mouse_is_undone_as_one_and_the_right_button_erases(
    dialog: PaintDialog,
) -> None:
    view = dialog.plane.viewport()
    QTest.mousePress(view, LEFT, pos=pixel(dialog, -0.5, 0.5))
    for x in (-0.3, -0.29, -0.1):  # the second is too near to touch again
        QTest.mouseMove(view, pixel(dialog, x, 0.5))
        QTest.qWait(1)
    QTest.mouseRelease(view, LEFT, pos=pixel(dialog, -0.1, 0.5))
    assert dialog.painting.points[:, 0] == pytest.approx([-0.5, -0.3, -0.1], abs=0.01)
    assert dialog.painting.points[:, 1] == pytest.approx(0.5, abs=0.01)
    QTest.mouseClick(view, RIGHT, pos=pixel(dialog, -0.3, 0.5))
    assert len(dialog.painting) == 2
    dialog.tools.undo.click()
    dialog.tools.undo.click()
    assert len(dialog.painting) == 0


def test_numbers_have_a_plane_of_their_own(dialog: PaintDialog) -> None:
    press(dialog, Qt.Key.Key_Space)
    dialog.tools.kind.button("number").click()
    assert len(dialog.painting) == 0
    press(dialog, Qt.Key.Key_7, Qt.Key.Key_Space)
    dialog.tools.value.setValue(-2.5)
    press(dialog, Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert dialog.painting.values.tolist() == [0.7, -2.5]
    dialog.tools.kind.button("class").click()
    assert len(dialog.painting) == 1


def test_the_open_data_can_be_painted_on_and_taken_back(dialog: PaintDialog) -> None:
    dialog.tools.start.click()
    assert (len(dialog.painting), dialog.ok.text()) == (20, "Use 20 points")
    assert dialog.plane.area.low[0] < dialog.painting.points[:, 0].min()
    assert "class upper" in dialog.tools.classes.button(1).toolTip()
    dialog.tools.clear.click()
    assert dialog.plane.area.low == (-1.0, -1.0)
    assert not dialog.ok.isEnabled()
    dialog.tools.undo.click()
    assert len(dialog.painting) == 20


def save(dialog: PaintDialog, path: Path, monkeypatch) -> str:
    """Save the points as this file; what is said of it."""
    monkeypatch.setattr(dialogs, "ask_where_to_save_data", lambda _parent, _name: path)
    dialog.save.click()
    return dialog.problem.text()


def test_the_points_are_saved_as_the_data_they_make(
    dialog: PaintDialog, monkeypatch, tmp_path
) -> None:
    path = tmp_path / "points.csv"
    dialog.tools.start.click()
    assert save(dialog, path, monkeypatch) == "Written to points.csv"
    dialog.accept()
    assert load(path).features.tolist() == dialog.data.features.tolist()
    assert "there is no folder" in save(dialog, tmp_path / "a" / "b", monkeypatch)


def test_other_names_of_classes_in_the_file_are_said(
    dialog: PaintDialog, monkeypatch, tmp_path
) -> None:
    path = tmp_path / "points.csv"
    dialog.tools.start.click()
    painting = replace(dialog.painting, classes=("0", "1", "c", "d", "e"))
    dialog.canvas.strokes.put(painting)
    said = save(dialog, path, monkeypatch)
    assert said == "Written to points.csv, its classes called class 0, class 1"
    assert load(path).target_names == ("class 0", "class 1")


def test_everything_says_what_it_is_for(dialog: PaintDialog) -> None:
    tools = dialog.tools
    fields = (tools.value, tools.breadth, tools.count, tools.seed)
    assert all(field.toolTip() and field.accessibleName() for field in fields)
    buttons = [tools.undo, tools.redo, tools.clear, tools.start, *tools.classes.buttons()]
    buttons += [dialog.save, dialog.cancel, dialog.ok]
    assert all(button.toolTip() for button in buttons)
    assert dialog.plane.accessibleName() == "Plane to paint on"


def test_painted_points_are_opened_and_stay_for_the_next_time(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    main_window.commands["paint"].trigger()
    dialog = main_window.findChild(PaintDialog)
    assert dialog is not None
    assert "4 features" in dialog.tools.start.toolTip()
    press(dialog, Qt.Key.Key_Space, Qt.Key.Key_1, Qt.Key.Key_Up, Qt.Key.Key_Space)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    data = main_window.session.data
    assert (data.name, len(data), data.target_names) == ("painted", 6, ("a", "b"))
    assert main_window.message_bar.text == "painted: 6 points set by hand."
    qtbot.waitUntil(lambda: main_window.findChild(PaintDialog) is None)
    main_window.commands["paint"].trigger()
    again = main_window.findChild(PaintDialog)
    assert len(again.painting) == 6
    QTest.keyClick(again, Qt.Key.Key_Escape)
    assert main_window.session.data is data
