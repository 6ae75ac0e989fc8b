"""The lines of log points."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bpstudio.core.notation import format_number
from bpstudio.debugger.session import Session
from bpstudio.ui.panels.log import LogPanel
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight
from tests.ui.panels.conftest import Attempts


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempts
) -> Iterator[LogPanel]:
    with in_sight(LogPanel(session, appearance, attempts), qtbot, session, (560, 240)) as made:
        session.debugger.add_breakpoint(kind="C", log="row {row}: C = {value}")
        yield made


def cells(panel: LogPanel, row: int) -> list[str]:
    return [panel.model.index(row, column).data() for column in range(3)]


def test_an_empty_log_says_what_it_is_for(panel: LogPanel) -> None:
    assert panel.stack.currentIndex() == 0
    assert not panel.clear.isVisible()


def test_a_line_has_its_address_and_value(panel: LogPanel, session: Session) -> None:
    session.debugger.continue_()
    loss = format_number(session.debugger.trace["s52/loss/C"].value)
    assert cells(panel, 0) == ["s52/loss/C", f"row 52: C = {loss}", loss]
    assert panel.header.words.text() == "10 lines"
    assert panel.model.rowCount() == 10


def test_more_lines_follow_and_the_newest_is_in_sight(panel: LogPanel, session: Session) -> None:
    session.debugger.continue_()
    session.debugger.to_start()
    session.debugger.continue_()
    assert panel.header.words.text() == "20 lines"
    last = panel.model.index(19, 0)
    assert panel.view.viewport().rect().contains(panel.view.visualRect(last).center())


def test_a_click_on_an_address_goes_there_and_elsewhere_not(
    panel: LogPanel, session: Session, qtbot: QtBot
) -> None:
    session.debugger.continue_()
    panel.view.scrollToTop()
    for column, expected in ((1, len(session.debugger.trace) - 1), (0, None)):
        at = panel.view.visualRect(panel.model.index(2, column)).center()
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
        if expected is not None:
            assert session.debugger.cursor == expected
    assert session.debugger.step.address == "s54/loss/C"


def test_enter_goes_to_the_step_of_the_chosen_line(
    panel: LogPanel, session: Session, qtbot: QtBot
) -> None:
    session.debugger.continue_()
    panel.view.setCurrentIndex(panel.model.index(1, 1))
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert session.debugger.step.address == "s53/loss/C"


def test_a_line_whose_row_is_no_longer_traced_says_so(
    panel: LogPanel, session: Session, attempts: Attempts
) -> None:
    session.debugger.continue_()
    session.choose_row(0)
    panel.go_to(0)
    assert "row 52 is not in this trace" in attempts.refused[0]


def test_clear_forgets_the_lines(panel: LogPanel, session: Session) -> None:
    session.debugger.continue_()
    panel.clear.click()
    assert session.debugger.log == ()
    assert panel.stack.currentIndex() == 0
    assert panel.header.words.text() == ""


def test_lines_are_copied_one_under_the_other(panel: LogPanel, session: Session) -> None:
    session.debugger.continue_()
    panel.copy_all()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 10
    assert lines[0] == f"s52/loss/C\t{session.debugger.log[0].text}"
