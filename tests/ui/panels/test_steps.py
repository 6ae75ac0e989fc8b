"""The table of steps under its filter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.core.notation import format_count
from bpstudio.core.sequence import StepSequence
from bpstudio.debugger.filtering import Listed
from bpstudio.debugger.session import Session
from bpstudio.ui.panels.steps import StepsPanel
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight
from tests.ui.panels.conftest import Attempts

HEADER, ROW = 24, 23


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempts
) -> Iterator[StepsPanel]:
    with in_sight(StepsPanel(session, appearance, attempts), qtbot, session, (620, 320)) as made:
        yield made
        made._scan.cancel()


def fill(panel: StepsPanel, kind: str = "", place: str = "", when: str = "", top: int = 0) -> None:
    """Fill the row in, and wait until everything is looked at."""
    filters = panel.filters
    filters.place.setText(place)
    filters.when.setText(when)
    filters.top.setCurrentIndex(filters.top.findData(str(top)))
    filters.kind.setCurrentIndex(filters.kind.findData(kind))
    filters.use()
    while panel._scan.is_running:
        QApplication.processEvents()


def kinds(panel: StepsPanel, listed: Listed) -> set[str]:
    sequence = panel._session.debugger.sequence
    return {sequence.step(listed[row]).kind for row in range(len(listed))}


def test_without_a_filter_there_is_a_row_for_every_step(
    panel: StepsPanel, session: Session
) -> None:
    assert len(panel.table.listed) == len(session.debugger.trace)
    assert panel.filters.words.text() == ""


def test_a_kind_and_a_place_are_listed_by_arithmetic(panel: StepsPanel, session: Session) -> None:
    fill(panel, kind="dC_dw", place="back/l3")
    listed = panel.table.listed
    assert len(listed) == 10 * 6 * 5
    assert kinds(panel, listed) == {"dC_dw"}
    total = format_count(len(session.debugger.trace))
    assert panel.filters.words.text() == f"300 of {total} steps"


def test_a_condition_lists_where_it_holds(panel: StepsPanel, session: Session) -> None:
    fill(panel, kind="dC_dw", when="abs(value) > 0.02")
    trace, listed = session.debugger.trace, panel.table.listed
    expected = [t.index for t in trace if t.kind == "dC_dw" and abs(t.value) > 0.02]
    assert [listed[row] for row in range(len(listed))] == expected
    assert listed.is_complete
    assert not panel.filters.progress.isVisible()


def test_the_largest_are_listed_by_size(panel: StepsPanel, session: Session) -> None:
    fill(panel, kind="dC_db", top=10)
    trace, listed = session.debugger.trace, panel.table.listed
    sizes = [abs(trace[listed[row]].value) for row in range(10)]
    assert len(listed) == 10
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == max(abs(term.value) for term in trace if term.kind == "dC_db")


def test_nothing_found_says_so(panel: StepsPanel) -> None:
    fill(panel, when="isnan(value)")
    assert len(panel.table.listed) == 0
    assert panel.filters.words.text().startswith("None of ")


def test_a_wrong_filter_is_said_and_the_rows_stay(panel: StepsPanel) -> None:
    fill(panel, kind="z")
    before = panel.table.listed
    fill(panel, kind="z", when="valeu > 1")
    assert "did you mean value?" in panel.filters.words.text()
    fill(panel, kind="z", place="x=3")
    assert "is no condition on" in panel.filters.words.text()
    assert panel.filters.place.property("invalid") is True
    assert panel.table.listed is before


def test_clear_and_escape_list_every_step_again(
    panel: StepsPanel, session: Session, qtbot: QtBot
) -> None:
    for leave in (panel.filters.clear.click, None):
        fill(panel, kind="z", place="l3", when="z > 0", top=10)
        if leave is None:
            qtbot.keyClick(panel.filters.place, Qt.Key.Key_Escape)
        else:
            leave()
        assert len(panel.table.listed) == len(session.debugger.trace)
        assert panel.filters.kind.currentData() == ""
        assert panel.filters.words.text() == ""


def test_what_is_typed_is_used_after_a_moment(panel: StepsPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.filters.place, "l3")
    qtbot.waitUntil(lambda: panel.filters.filter.selection.l == 3)


def test_a_click_goes_to_the_step_of_the_row(
    panel: StepsPanel, session: Session, qtbot: QtBot
) -> None:
    fill(panel, kind="C")
    at = QPoint(80, HEADER + 3 * ROW + ROW // 2)
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert session.debugger.step.address == "s55/loss/C"


def test_arrows_go_from_row_to_row_of_the_filter(
    panel: StepsPanel, session: Session, qtbot: QtBot
) -> None:
    fill(panel, kind="C")
    addresses = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_Home):
        qtbot.keyClick(panel.table, key)
        addresses.append(session.debugger.step.address)
    assert addresses == [f"s{row}/loss/C" for row in (52, 53, 52, 61, 52)]


def test_arrows_go_down_the_largest(panel: StepsPanel, session: Session, qtbot: QtBot) -> None:
    fill(panel, kind="dC_db", top=10)
    visited = []
    for _ in range(3):
        qtbot.keyClick(panel.table, Qt.Key.Key_Down)
        visited.append(session.debugger.cursor)
    assert visited == [panel.table.listed[row] for row in range(3)]


def test_the_current_step_is_followed_among_the_rows(panel: StepsPanel, session: Session) -> None:
    fill(panel, kind="dC_dw")
    session.debugger.goto("s59/back/l3/j2/k2/dC_dw")
    row = panel.table.listed.row_of(session.debugger.cursor)
    assert row is not None
    assert panel.table.first_row <= row < panel.table.first_row + panel.table.rows_shown


def test_another_pass_is_filtered_anew(panel: StepsPanel, session: Session) -> None:
    fill(panel, kind="dC_dw", when="value > 0")
    session.debugger.set_weight(3, 2, 2, 4.0)
    while panel._scan.is_running:
        QApplication.processEvents()
    trace, listed = session.debugger.trace, panel.table.listed
    assert listed.trace is trace
    expected = [t.index for t in trace if t.kind == "dC_dw" and t.value > 0]
    assert [listed[row] for row in range(len(listed))] == expected


def test_a_look_waits_for_the_end_of_training(
    panel: StepsPanel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as training:
        training.setattr(Session, "is_training", property(lambda _: True))
        fill(panel, when="value > 0")
        assert "when training pauses" in panel.filters.words.text()
        assert len(panel.table.listed) == 0
    session.debugger.announce("run")
    while panel._scan.is_running:
        QApplication.processEvents()
    assert panel.table.listed.is_complete
    assert len(panel.table.listed) > 0


def test_another_network_that_the_filter_does_not_fit_says_so(
    panel: StepsPanel, session: Session
) -> None:
    fill(panel, when="z[3][5] > 0")
    session.change(hidden=(5, 2))
    assert panel.filters.words.text() == "z[3][5]: layer 3 has 2 nodes (j = 0..1)"
    assert panel.table.listed.trace is session.debugger.trace


def test_every_part_of_the_row_says_what_it_is_for(panel: StepsPanel) -> None:
    filters = panel.filters
    for part in (filters.kind, filters.place, filters.when, filters.top, filters.clear):
        assert part.toolTip()
        assert part.accessibleName()


def test_a_thousand_million_steps_are_listed_at_once(panel: StepsPanel) -> None:
    sequence = StepSequence([4, 8000, 8000, 3], [True] * 3, [False] * 3, range(16))

    class Huge:
        def __init__(self) -> None:
            self.sequence = sequence

        def __len__(self) -> int:
            return len(sequence)

    fill(panel, kind="dC_dw", place="l3")
    panel.hide()
    listed = Listed(Huge(), panel.filters.filter)  # type: ignore[arg-type]
    panel.table._listed = listed
    panel.table._set_range()
    panel.table._scroll_to(len(listed))
    assert len(listed) == 16 * 8000 * 8000
    assert sequence.step(panel.table.listed[panel.table.first_row]).row == 15


def test_a_row_asks_for_the_menu_of_its_step(panel: StepsPanel, session: Session) -> None:
    asked: list[tuple[object, QPoint]] = []
    panel.menu_requested.connect(lambda what, at: asked.append((what, at)))
    point = QPoint(200, HEADER + 3 * ROW + 5)
    on_screen = panel.table.viewport().mapToGlobal(point)
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        event = QContextMenuEvent(reason, point, on_screen)
        QApplication.sendEvent(panel.table.viewport(), event)
    sequence = session.debugger.sequence
    expected = [sequence.step(3).address, sequence.step(session.debugger.cursor).address]
    assert [what for what, _ in asked] == expected
    assert asked[0][1] == on_screen
