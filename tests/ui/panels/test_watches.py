"""The list of watches: values, what just changed, and typing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bpstudio.core.notation import format_number
from bpstudio.debugger.session import Session
from bpstudio.ui.expression_field import ExpressionField
from bpstudio.ui.panels.watches import WatchesPanel
from bpstudio.ui.sparkline import SPARK
from bpstudio.ui.theme import Appearance
from bpstudio.ui.watch_rows import columns
from tests.ui.in_sight import in_sight
from tests.ui.panels.conftest import Attempts


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempts
) -> Iterator[WatchesPanel]:
    with in_sight(WatchesPanel(session, appearance, attempts), qtbot, session, (340, 300)) as made:
        yield made


def texts(panel: WatchesPanel) -> list[tuple[str, str, bool]]:
    """Expression, value and whether it just changed, of every row."""
    return [(line.watch.text, line.value_text, line.changed) for line in panel.rows.lines]


def choose(panel: WatchesPanel, row: int) -> None:
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.rows.index(row, 0))


def test_an_empty_list_says_how_to_begin(panel: WatchesPanel, session: Session) -> None:
    assert panel.stack.currentIndex() == 0
    assert not panel.captions.isVisible()
    session.debugger.add_watch("C")
    assert panel.stack.currentIndex() == 1
    assert panel.captions.isVisible()


def test_a_value_is_pending_until_it_is_computed(panel: WatchesPanel, session: Session) -> None:
    session.debugger.add_watch("dC_dw[3][2,2]")
    session.debugger.add_watch("s53/loss/C")
    assert texts(panel) == [("dC_dw[3][2,2]", "pending", False), ("s53/loss/C", "pending", False)]
    session.debugger.goto("s53/back/l3/j2/k2/dC_dw")
    trace = session.debugger.trace
    gradient = format_number(trace["s53/back/l3/j2/k2/dC_dw"].value)
    loss = format_number(trace["s53/loss/C"].value)
    assert texts(panel) == [("dC_dw[3][2,2]", gradient, True), ("s53/loss/C", loss, True)]


def test_only_what_just_changed_is_marked(panel: WatchesPanel, session: Session) -> None:
    session.debugger.add_watch("value")
    session.debugger.add_watch("w[3][2,2]")
    session.debugger.step_into()
    assert [changed for _, _, changed in texts(panel)] == [True, False]
    session.debugger.set_weight(3, 2, 2, 9.0)
    assert [changed for _, _, changed in texts(panel)] == [False, True]
    session.debugger.add_breakpoint(kind="C")
    assert [changed for _, _, changed in texts(panel)] == [False, True]


def test_the_history_has_what_the_expressions_leave(panel: WatchesPanel, session: Session) -> None:
    row = QRect(0, 0, 340, 28)
    assert columns(row)[1].width() == SPARK.width()
    text, spark, _ = columns(row, wanted=150)
    assert text.width() == pytest.approx(150)
    assert 36 <= spark.width() < SPARK.width()
    assert columns(row, wanted=500)[1].width() == 0
    session.debugger.add_watch("C")
    short = panel.captions.wanted
    session.debugger.add_watch("grad_norm(3) / grad_norm(2)")
    assert panel.painted.wanted == panel.captions.wanted > short > 0


def test_what_cannot_be_watched_is_said_under_the_field_alone(
    panel: WatchesPanel, session: Session, attempts: Attempts, qtbot: QtBot
) -> None:
    panel.ask()
    panel.field.setText("grad_nor")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert panel.entry.words.text()
    assert panel.field.text() == "grad_nor"
    assert not attempts.refused
    assert not session.debugger.watches


def test_a_condition_reads_yes_or_no(panel: WatchesPanel, session: Session) -> None:
    session.debugger.add_watch("l == 2")
    session.debugger.add_watch("isnan(value)")
    assert [text for _, text, _ in texts(panel)] == ["yes", "no"]


def test_the_history_of_the_pass_is_worked_out_when_there_is_time(
    panel: WatchesPanel, session: Session, qtbot: QtBot
) -> None:
    session.debugger.add_watch("C")
    session.debugger.goto("s55/loss/C")
    assert not panel.rows.lines[0].is_recent
    qtbot.waitUntil(lambda: panel.rows.lines[0].is_recent)
    np.testing.assert_array_equal(panel.rows.lines[0].history, session.debugger.trace.C[:4])


def test_a_history_stays_until_the_next_is_worked_out_but_not_into_another_pass(
    panel: WatchesPanel, session: Session, qtbot: QtBot
) -> None:
    session.debugger.add_watch("C")
    session.debugger.goto("s55/loss/C")
    qtbot.waitUntil(lambda: panel.rows.lines[0].is_recent)
    before = panel.rows.lines[0].history
    session.debugger.step_into()
    assert panel.rows.lines[0].history is before
    session.debugger.set_weight(2, 0, 0, 1.0)
    assert panel.rows.lines[0].history is None


def test_the_limit_of_a_breakpoint_is_known(panel: WatchesPanel, session: Session) -> None:
    session.debugger.add_watch("C")
    session.debugger.add_breakpoint(kind="C", when="C > 1.25")
    assert panel.rows.lines[0].limits == (1.25,)


def test_one_is_added_by_typing(panel: WatchesPanel, session: Session, qtbot: QtBot) -> None:
    assert not panel.entry.isVisible()
    panel.add.click()
    qtbot.waitUntil(panel.field.hasFocus)
    qtbot.keyClicks(panel.field, "2 * value ")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert [watch.text for watch in session.debugger.watches] == ["2 * value"]
    assert panel.field.text() == ""
    qtbot.keyClick(panel.field, Qt.Key.Key_Escape)
    assert not panel.entry.isVisible()


def test_what_is_wrong_is_said_while_it_is_typed(
    panel: WatchesPanel, session: Session, qtbot: QtBot, attempts: Attempts
) -> None:
    panel.add.click()
    panel.field.setText("dC_dw[3][6,2]")
    assert panel.entry.words.text() == "dC_dw[3][6,2]: layer 3 has 6 nodes (j = 0..5)"
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert session.debugger.watches == ()
    assert attempts.refused == []  # said once, not in the message bar as well
    assert panel.field.text() == "dC_dw[3][6,2]"


def test_a_row_is_edited_in_place(panel: WatchesPanel, session: Session, qtbot: QtBot) -> None:
    session.debugger.add_watch("C")
    choose(panel, 0)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    field = next(f for f in panel.view.findChildren(ExpressionField) if f.isVisible())
    assert field.text() == "C"
    field.setText("loss + 1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [w.text for w in session.debugger.watches] == ["loss + 1"])


def test_delete_removes(panel: WatchesPanel, session: Session, qtbot: QtBot) -> None:
    for text in ("C", "loss", "value"):
        session.debugger.add_watch(text)
    choose(panel, 1)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert [watch.text for watch in session.debugger.watches] == ["C", "value"]
    assert panel.chosen == session.debugger.watches[1]
    panel.remove_all()
    assert session.debugger.watches == ()


def test_a_value_is_copied_with_all_its_digits(panel: WatchesPanel, session: Session) -> None:
    session.debugger.add_watch("value")
    choose(panel, 0)
    panel.copy_value()
    assert QGuiApplication.clipboard().text() == repr(session.debugger.step.value)


def test_another_network_leaves_what_does_not_exist_there_pending(
    panel: WatchesPanel, session: Session
) -> None:
    session.debugger.add_watch("z[3][5]")
    session.debugger.to_end()
    assert texts(panel)[0][1] == "pending" or session.debugger.watch_value(1) is not None
    session.change(hidden=(5, 2))
    session.debugger.to_end()
    assert texts(panel) == [("z[3][5]", "pending", False)]


def test_a_row_is_read_out(panel: WatchesPanel, session: Session) -> None:
    session.debugger.add_watch("row")
    spoken = panel.rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "row, 52"
