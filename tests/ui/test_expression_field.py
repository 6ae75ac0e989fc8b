"""Typing an expression: what is offered, and what is wrong with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.core.sequence import StepSequence
from bpstudio.debugger.expressions import parse
from bpstudio.ui.expression_field import ExpressionField, FieldWithProblem, completer_of
from bpstudio.ui.theme import Appearance
from tests.ui.windows import show

SEQUENCE = StepSequence((4, 5, 6, 3), (True,) * 3, (False,) * 3, (52,))
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def held(qtbot: QtBot, appearance: Appearance) -> FieldWithProblem:
    field = ExpressionField("Condition", parse, completer_of(lambda: SEQUENCE))
    made = FieldWithProblem(field)
    qtbot.addWidget(made)
    made.resize(360, 80)
    show(made)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    return made


def offered(field: ExpressionField) -> list[str]:
    """What the list shows; nothing while it is hidden."""
    popup = field._offers.view
    if not popup.isVisible():
        return []
    model = popup.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def keys(qtbot: QtBot, field: ExpressionField, *pressed: Qt.Key) -> None:
    """Keys as the window system sends them: to the list while it is open."""
    for key in pressed:
        popup = field._offers.view
        target: QWidget = popup if popup.isVisible() else field
        qtbot.keyClick(target, key)


def test_names_are_offered_while_they_are_typed(held: FieldWithProblem, qtbot: QtBot) -> None:
    qtbot.keyClicks(held.field, "abs(dC_d")
    assert offered(held.field)[:4] == ["dC_da", "dC_dz", "dC_dw", "dC_db"]


def test_enter_takes_what_is_chosen_in_the_list(held: FieldWithProblem, qtbot: QtBot) -> None:
    qtbot.keyClicks(held.field, "abs(dC_d")
    keys(qtbot, held.field, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert held.field.text() == "abs(dC_dw"
    assert offered(held.field) == []


def test_layers_and_indices_are_offered_after_a_bracket(
    held: FieldWithProblem, qtbot: QtBot
) -> None:
    qtbot.keyClicks(held.field, "dC_dw[")
    assert offered(held.field) == ["2", "3", "4"]
    keys(qtbot, held.field, Qt.Key.Key_Return)
    qtbot.keyClicks(held.field, "][")
    assert held.field.text() == "dC_dw[2]["
    assert offered(held.field) == ["0", "1", "2", "3", "4"]


def test_nothing_is_offered_after_a_number_or_an_operator(
    held: FieldWithProblem, qtbot: QtBot
) -> None:
    qtbot.keyClicks(held.field, "value > 0.1")
    assert offered(held.field) == []


def test_ctrl_space_offers_everything(held: FieldWithProblem, qtbot: QtBot) -> None:
    qtbot.keyClick(held.field, Qt.Key.Key_Space, CTRL)
    assert {"value", "dC_dw", "abs(", "grad_norm(", "not"} <= set(offered(held.field))
    keys(qtbot, held.field, Qt.Key.Key_Escape)
    assert offered(held.field) == []
    assert held.field.text() == ""


def test_enter_ends_the_typing_where_the_word_is_complete(
    held: FieldWithProblem, qtbot: QtBot
) -> None:
    qtbot.keyClicks(held.field, "a")
    assert offered(held.field)[0] == "a"
    with qtbot.waitSignal(held.field.returnPressed):
        keys(qtbot, held.field, Qt.Key.Key_Return)
    assert held.field.text() == "a"


def test_what_is_wrong_is_said_under_the_field_and_marked(
    held: FieldWithProblem, qtbot: QtBot
) -> None:
    qtbot.keyClicks(held.field, "valeu ")
    assert held.words.text() == "column 1: there is no name 'valeu'; did you mean value?"
    assert held.words.isVisible()
    assert held.field.property("invalid") is True
    held.field.setText("value")
    assert not held.words.isVisible()
    assert held.field.property("invalid") is False


def test_a_word_that_is_half_typed_is_not_wrong_yet(held: FieldWithProblem, qtbot: QtBot) -> None:
    qtbot.keyClicks(held.field, "abs(dC_")
    assert held.field.problem
    assert not held.words.isVisible()
    keys(qtbot, held.field, Qt.Key.Key_Escape)
    held.field.clearFocus()
    assert held.words.text().startswith("column 5: there is no name 'dC_'")


def test_an_empty_field_has_no_problem(held: FieldWithProblem) -> None:
    held.field.setText("va")
    held.field.setText("")
    assert held.field.problem == ""


def test_the_field_says_what_it_is_for(held: FieldWithProblem) -> None:
    assert held.field.accessibleName() == "Condition"
    assert "Ctrl+Space" in held.field.toolTip()
