"""Pointing at cells, moving among them and editing, by real mouse and keys."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.core.errors import InputError
from bpstudio.core.trace import compute_trace
from bpstudio.ui.form import refuse
from bpstudio.ui.matrices.view import MatrixView
from tests.ui.canvas.scenes import trace
from tests.ui.matrices.scenes import box, shown
from tests.ui.mouse import double_click

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def click(qtbot: QtBot, view: MatrixView, cell: tuple[int, int]) -> None:
    qtbot.mouseClick(view.viewport(), LEFT, pos=box(view, cell).center())


def press(view: MatrixView, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or view, key)


@pytest.fixture
def weights(view: MatrixView, qtbot: QtBot) -> MatrixView:
    view.show_matrix(shown("w"))
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return view


def test_a_click_selects_and_says_so(view: MatrixView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.selected) as heard:
        click(qtbot, view, (1, 3))
    assert heard.args == [("edge", 3, 1, 3)]
    with qtbot.waitSignal(view.selected) as heard:
        click(qtbot, view, (4, 5))
    assert heard.args == [("bias", 3, 4)]
    assert view.accessibleDescription().endswith("row 4, bias")


def test_a_double_click_or_enter_runs_there(weights: MatrixView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(weights.address_requested) as heard:
        double_click(weights.viewport(), box(weights, (1, 3)).center())
    assert heard.args == ["s52/fwd/l3/j1/k3/wa"]
    weights.show_matrix(shown("dC_dw"))
    click(qtbot, weights, (5, 5))
    with qtbot.waitSignal(weights.address_requested) as heard:
        press(weights, Key.Key_Return)
    assert heard.args == ["s52/back/l3/j5/dC_db"]


def test_arrows_and_their_kin_move_and_stop_at_the_edges(weights: MatrixView, qtbot: QtBot) -> None:
    click(qtbot, weights, (0, 0))
    press(weights, Key.Key_Right, Key.Key_Down, Key.Key_Down)
    assert weights.cell == (2, 1)
    press(weights, Key.Key_End)
    assert weights.cell == (2, 5)
    press(weights, Key.Key_Right, Key.Key_PageDown)
    assert weights.cell == (5, 5)
    press(weights, Key.Key_Home, Key.Key_PageUp, Key.Key_Up, Key.Key_Left)
    assert weights.cell == (0, 0)


def test_the_first_arrow_goes_on_from_the_step_s_cell(weights: MatrixView) -> None:
    assert weights.cell is None
    press(weights, Key.Key_Right)
    assert weights.cell == (2, 3)


def test_the_window_does_not_get_these_keys(weights: MatrixView) -> None:
    taken: list[str] = []
    for key in ("Left", "Right", "Home", "1", "-", "Ctrl++"):
        action = QAction(weights)
        action.setShortcut(key)
        action.triggered.connect(lambda _on=False, key=key: taken.append(key))
        weights.addAction(action)
    press(weights, Key.Key_Left, Key.Key_Right, Key.Key_Home)
    QTest.keyClick(weights, Key.Key_Plus, CTRL)
    assert taken == []
    assert weights.zoom > 1


@pytest.mark.parametrize(("cell", "thing"), [((1, 3), ("edge", 3, 1, 3)), ((1, 5), ("bias", 3, 1))])
def test_typing_a_number_edits_the_cell(
    weights: MatrixView, qtbot: QtBot, cell: tuple[int, int], thing: tuple[object, ...]
) -> None:
    click(qtbot, weights, cell)
    QTest.keyClicks(weights, "-")
    assert weights.editor.is_open
    with qtbot.waitSignal(weights.edited) as heard:
        QTest.keyClicks(weights.editor, "2.5")
        press(weights, Key.Key_Return)
    assert heard.args == [thing, -2.5]
    assert not weights.editor.is_open
    qtbot.waitUntil(weights.hasFocus)


def test_f2_starts_from_the_number_in_all_its_digits(weights: MatrixView, qtbot: QtBot) -> None:
    click(qtbot, weights, (1, 3))
    press(weights, Key.Key_F2)
    value = trace().network.layer(3).W[1, 3]
    assert weights.editor.value() == value
    assert weights.editor.accessibleName() == "w_13^(3)"
    assert weights.editor.lineEdit().width() > 100
    with qtbot.assertNotEmitted(weights.edited):
        press(weights, Key.Key_Return)


def test_esc_leaves_the_number_as_it_was(weights: MatrixView, qtbot: QtBot) -> None:
    click(qtbot, weights, (1, 3))
    with qtbot.assertNotEmitted(weights.edited):
        QTest.keyClicks(weights, "7")
        press(weights, Key.Key_Escape)
    assert not weights.editor.is_open


def test_what_is_no_number_is_not_taken(weights: MatrixView, qtbot: QtBot) -> None:
    click(qtbot, weights, (1, 3))
    with qtbot.assertNotEmitted(weights.edited):
        QTest.keyClicks(weights, "-")
        QTest.keyClicks(weights.editor, "x")
        press(weights, Key.Key_Return)
    assert weights.editor.is_open
    assert weights.editor.text() == "-"
    assert weights.editor.property("invalid")
    press(weights, Key.Key_Escape)


def test_a_number_too_large_is_refused_and_stays_typed(weights: MatrixView, qtbot: QtBot) -> None:
    click(qtbot, weights, (1, 3))
    with qtbot.assertNotEmitted(weights.edited):
        QTest.keyClicks(weights, "1")
        with qtbot.waitSignal(weights.editor.refused) as heard:
            QTest.keyClicks(weights.editor, "e999")
            press(weights, Key.Key_Return)
    assert heard.args == ["1e999"]
    assert weights.editor.is_open
    assert weights.editor.text() == "1e999"
    with pytest.raises(InputError, match=r"w_13\^\(3\): a number from −1.7e308 to 1.7e308"):
        refuse(weights.editor, "1e999")
    weights.resize(weights.width(), weights.height() - 40)  # a message takes room
    assert weights.editor.text() == "1e999"
    with qtbot.assertNotEmitted(weights.editor.refused):
        press(weights, Key.Key_Escape)
    assert not weights.editor.is_open


def test_a_click_elsewhere_takes_the_number(weights: MatrixView, qtbot: QtBot) -> None:
    click(qtbot, weights, (1, 3))
    QTest.keyClicks(weights, "3")
    with qtbot.waitSignal(weights.edited) as heard:
        weights.setFocus()
    assert heard.args == [("edge", 3, 1, 3), 3.0]


def test_a_half_typed_number_never_reaches_another_matrix(
    weights: MatrixView, qtbot: QtBot
) -> None:
    click(qtbot, weights, (1, 3))
    with qtbot.assertNotEmitted(weights.edited):
        QTest.keyClicks(weights, "3")
        weights.show_matrix(shown("w", l=2))
    assert not weights.editor.is_open


def test_computed_numbers_are_not_edited(view: MatrixView, qtbot: QtBot) -> None:
    click(qtbot, view, (0, 0))
    QTest.keyClicks(view, "7")
    QTest.keyClick(view, Key.Key_F2)
    assert not view.editor.is_open


def test_the_menu_is_asked_for_by_mouse_and_key(weights: MatrixView, qtbot: QtBot) -> None:
    at = box(weights, (1, 3)).center()
    heard: list[object] = []
    weights.menu_requested.connect(lambda about, _at: heard.append(about))
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        click(qtbot, weights, (1, 3))
        event = QContextMenuEvent(reason, at, weights.viewport().mapToGlobal(at))
        QApplication.sendEvent(weights.viewport(), event)
        weights.show_matrix(shown("dC_dw"))
    assert heard == [("edge", 3, 1, 3), "s52/back/l3/j1/k3/dC_dw"]


def test_a_tooltip_has_name_number_address_and_what_was(view: MatrixView) -> None:
    before = trace()
    after = compute_trace(before.network.with_weight(3, 2, 1, 1.5), before.batch)
    view.show_matrix(shown("w", passed=after, before=before))
    said = view.tooltip_at(QPointF(box(view, (2, 1)).center()))
    assert "w<sub>21</sub><sup>(3)</sup></b> = 1.5000000000" in said
    assert "w/l3/j2/k1" in said
    was = before.network.layer(3).W[2, 1]
    assert f"changed by your edit: was {was:.10f}".replace("-", "−") in said
    assert "was" not in view.tooltip_at(QPointF(box(view, (2, 2)).center()))
    assert view.tooltip_at(QPointF(3, 3)) == ""


def test_pending_numbers_are_not_in_the_tooltip(view: MatrixView) -> None:
    said = view.tooltip_at(QPointF(box(view, (3, 1)).center()))
    assert "= pending" in said
    assert "s52/back/l3/j3/k1/dC_dw" in said


def test_numbers_that_share_a_pixel_say_so(view: MatrixView) -> None:
    large = trace((784, 128, 10))
    view.show_matrix(shown("w", 5, 2, large))
    plan = view.plan
    assert plan is not None
    said = view.tooltip_at(QPointF(plan.area.center()))
    assert "share this pixel" in said
    assert "=" not in said


def test_ctrl_and_the_wheel_zoom_round_the_pointer(view: MatrixView) -> None:
    large = trace((784, 128, 10))
    view.show_matrix(shown("w", 5, 2, large))
    for _ in range(12):
        view.zoom_by(1.25, QPointF(200, 100))
    there = view.cell_at(QPointF(200, 100))
    view.zoom_by(1.25, QPointF(200, 100))
    assert view.cell_at(QPointF(200, 100)) == there
    QTest.keyClick(view, Key.Key_0, CTRL)
    assert view.zoom == 1


def test_ctrl_c_asks_for_a_copy(weights: MatrixView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(weights.copy_requested):
        QTest.keyClick(weights, Key.Key_C, CTRL)


def test_a_selection_from_elsewhere_is_not_announced(view: MatrixView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.selected):
        view.show_selection(("edge", 3, 4, 1))
    assert view.cell == (4, 1)
    view.show_selection(("node", 2, 0))
    assert view.cell is None
