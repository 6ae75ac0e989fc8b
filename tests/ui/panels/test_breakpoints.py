"""The list of breakpoints: what it says, and its keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.debugger.session import Session
from bpstudio.ui.breakpoint_editor import BreakpointEditor
from bpstudio.ui.breakpoint_rows import ROW
from bpstudio.ui.panels.breakpoints import BreakpointsPanel
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight
from tests.ui.mouse import double_click
from tests.ui.panels.conftest import Attempts


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempts
) -> Iterator[BreakpointsPanel]:
    with in_sight(
        BreakpointsPanel(session, appearance, attempts), qtbot, session, (340, 300)
    ) as made:
        yield made


def spoken(panel: BreakpointsPanel) -> list[str]:
    """The rows as a screen reader says them."""
    role = Qt.ItemDataRole.AccessibleTextRole
    return [panel.rows.index(row, 0).data(role) for row in range(panel.rows.rowCount())]


def choose(panel: BreakpointsPanel, row: int) -> None:
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.rows.index(row, 0))


def editor() -> BreakpointEditor:
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, BreakpointEditor)]
    return found


def test_an_empty_list_says_how_to_begin(panel: BreakpointsPanel, session: Session) -> None:
    assert panel.stack.currentIndex() == 0
    assert panel.header.words.text() == ""
    session.debugger.add_breakpoint(kind="C")
    assert panel.stack.currentIndex() == 1


def test_a_row_says_what_is_watched_how_often_it_was_met_and_when_it_acts(
    panel: BreakpointsPanel, session: Session
) -> None:
    debugger = session.debugger
    debugger.add_breakpoint(kind="dC_dw", l=3, j=2, k=2, when="value < 10", hits=3)
    debugger.add_breakpoint(kind="C", log="row {row}: C = {value}")
    debugger.add_breakpoint(when="isnan(value)", enabled=False)
    debugger.continue_()
    assert spoken(panel) == [
        "Gradient of w_22^(3), value < 10, 3 of 3 hits, stop from 3rd, stopped here",
        'Log C_0 of each sample, "row {row}: C = {value}", 3 hits, every hit',
        "Any term, isnan(value), off",
    ]
    assert panel.header.words.text() == "2 on, 1 off"


def test_a_step_on_counts_again_and_the_stop_is_over(
    panel: BreakpointsPanel, session: Session
) -> None:
    session.debugger.add_breakpoint(kind="C_j")
    session.debugger.continue_()
    assert spoken(panel)[0].endswith("1 hits, every hit, stopped here")
    session.debugger.step_into()
    assert spoken(panel)[0].endswith("2 hits, every hit")


def test_space_turns_off_and_on(panel: BreakpointsPanel, session: Session, qtbot: QtBot) -> None:
    session.debugger.add_breakpoint(kind="C")
    choose(panel, 0)
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert not session.debugger.breakpoints[0].enabled
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert session.debugger.breakpoints[0].enabled


def test_delete_removes_and_the_next_row_is_chosen(
    panel: BreakpointsPanel, session: Session, qtbot: QtBot
) -> None:
    for kind in ("C", "z", "a"):
        session.debugger.add_breakpoint(kind=kind)
    choose(panel, 1)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert [point.kind for point in session.debugger.breakpoints] == ["C", "a"]
    assert panel.chosen == session.debugger.breakpoints[1]
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert session.debugger.breakpoints == ()
    assert panel.stack.currentIndex() == 0


def test_enter_edits_and_what_is_kept_is_changed(
    panel: BreakpointsPanel, session: Session, qtbot: QtBot
) -> None:
    session.debugger.add_breakpoint(kind="dC_dw", l=3, enabled=False)
    choose(panel, 0)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    form = editor()
    form.when.field.setText("abs(value) > 0.1")
    form.accept()
    (point,) = session.debugger.breakpoints
    assert (point.kind, point.l, point.when) == ("dC_dw", 3, "abs(value) > 0.1")
    assert not point.enabled


def test_a_new_one_begins_with_the_kind_and_place_of_the_step(
    panel: BreakpointsPanel, session: Session
) -> None:
    session.debugger.goto("s52/back/l3/j2/k1/dC_dw")
    panel.add.click()
    form = editor()
    form.hits.setValue(2)
    form.ok.click()
    (point,) = session.debugger.breakpoints
    assert (point.kind, point.l, point.j, point.hits) == ("dC_dw", 3, 2, 2)


def test_a_form_that_is_left_changes_nothing(panel: BreakpointsPanel, session: Session) -> None:
    panel.add.click()
    editor().reject()
    assert session.debugger.breakpoints == ()


def test_a_double_click_goes_to_the_next_match_whatever_its_hits_and_the_others(
    panel: BreakpointsPanel, session: Session, qtbot: QtBot
) -> None:
    debugger = session.debugger
    debugger.add_breakpoint(kind="wa")
    debugger.add_breakpoint(kind="C", hits=3, enabled=False)
    at = QPoint(60, ROW + ROW // 2)
    for row in (52, 53):
        double_click(panel.view.viewport(), at)
        qtbot.waitUntil(lambda row=row: debugger.step.address == f"s{row}/loss/C")
    panel.go_to_match(forward=False)
    assert debugger.step.address == "s52/loss/C"


def test_where_there_is_no_further_match_that_is_said(
    panel: BreakpointsPanel, session: Session, attempts: Attempts
) -> None:
    session.debugger.add_breakpoint(when="isnan(value)")
    choose(panel, 0)
    panel.go_to_match()
    assert attempts.refused == ["this breakpoint is not met after the current step in this pass"]
    assert session.debugger.cursor == 0


def test_all_are_turned_off_at_once_and_on_again(panel: BreakpointsPanel, session: Session) -> None:
    for kind in ("C", "z"):
        session.debugger.add_breakpoint(kind=kind)
    session.debugger.change_breakpoint(session.debugger.breakpoints[0].id, enabled=False)
    panel.all_off.click()
    assert [point.enabled for point in session.debugger.breakpoints] == [False, False]
    assert panel.all_off.accessibleName() == "Turn all on"
    panel.all_off.click()
    assert [point.enabled for point in session.debugger.breakpoints] == [True, True]


def test_the_menu_removes_all(panel: BreakpointsPanel, session: Session) -> None:
    session.debugger.add_breakpoint(kind="C")
    panel.more.click()
    (menu,) = [
        child for child in panel.findChildren(type(panel._menu_of_all())) if child.isVisible()
    ]
    next(action for action in menu.actions() if action.text() == "Remove all").trigger()
    menu.close()
    assert session.debugger.breakpoints == ()


def test_every_button_says_what_it_does(panel: BreakpointsPanel) -> None:
    for button in (panel.add, panel.all_off, panel.more):
        assert button.toolTip()
        assert button.accessibleName()
    assert "Space" in panel.view.toolTip()


def test_a_row_is_read_out(panel: BreakpointsPanel, session: Session) -> None:
    session.debugger.add_breakpoint(kind="C")
    interface = QAccessible.queryAccessibleInterface(panel.view)
    assert interface.child(0).text(QAccessible.Text.Name).startswith("C_0 of each sample, C, ")


def test_the_rows_are_repainted_in_another_theme(
    panel: BreakpointsPanel, session: Session, appearance: Appearance
) -> None:
    session.debugger.add_breakpoint(kind="C")
    light = panel.view.grab().toImage()
    appearance.choose("dark")
    QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
    assert panel.view.grab().toImage() != light


def test_while_training_nothing_is_counted(
    panel: BreakpointsPanel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "is_training", property(lambda _: True))
    session.debugger.add_breakpoint(kind="wa")
    assert spoken(panel) == ["w a, anywhere, wa, … hits, every hit"]
    choose(panel, 0)
    panel.go_to_match()
    assert session.debugger.cursor == 0
