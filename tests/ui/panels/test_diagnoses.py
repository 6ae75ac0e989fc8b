"""The panel of diagnoses."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bpstudio.core.diagnoses import Diagnosis, Situation, diagnose
from bpstudio.debugger.session import Session
from bpstudio.debugger.situation import situation_of
from bpstudio.ui.diagnosis_rows import MARKS, WORDS, DiagnosisRows, show_box
from bpstudio.ui.panels import diagnoses
from bpstudio.ui.panels.diagnoses import DiagnosesPanel
from bpstudio.ui.theme import Appearance
from bpstudio.ui.window import MainWindow
from tests.ui.in_sight import in_sight
from tests.ui.panels.conftest import Attempts


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempts
) -> Iterator[DiagnosesPanel]:
    with in_sight(
        DiagnosesPanel(session, appearance, attempts), qtbot, session, (520, 300)
    ) as made:
        made.refresh(frozenset({"data"}))
        yield made


def train(session: Session, epochs: int) -> None:
    session.change(epochs=epochs)
    session.train()
    while session.is_training:
        session.poll()
        time.sleep(0.002)


def kill(session: Session, *nodes: int) -> None:
    """Relu nodes of layer 2 that never open."""
    session.change(activations=("relu", "sigmoid"))
    for j in nodes:
        session.debugger.set_bias(2, j, -50.0)


def kinds(panel: DiagnosesPanel) -> list[str]:
    return [d.kind for d in panel.rows.diagnoses]


def shown(diagnosis: str, *places: str) -> tuple[Diagnosis, ...]:
    return tuple(Diagnosis(diagnosis, "note", "A.", "B.", place) for place in places)


def test_before_training_it_judges_data_and_first_weights(panel: DiagnosesPanel) -> None:
    assert kinds(panel) == ["inputs", "units", "gradients", "classes"]
    assert panel.header.words.text() == "Everything in order"


def test_warnings_are_counted_and_come_first(panel: DiagnosesPanel, session: Session) -> None:
    kill(session, 0, 1, 3)
    assert panel.header.words.text() == "1 warning, 3 in order"
    assert panel.rows.index(0, 0).data() == (
        "Layer 2: 3 of 5 nodes are dead and cannot learn; use leaky relu there."
    )


def test_it_follows_an_edit_at_once(panel: DiagnosesPanel, session: Session) -> None:
    kill(session, 0, 1, 3)
    session.debugger.undo()
    session.debugger.undo()
    session.debugger.undo()
    assert "dead" not in kinds(panel)


def test_after_training_it_says_as_of_when(panel: DiagnosesPanel, session: Session) -> None:
    train(session, 30)
    assert panel.header.words.text() == "Everything in order, at e30/b0"
    assert panel.rows.diagnoses == diagnose(situation_of(session))


def test_of_a_visited_update_it_says_the_place_of_that(
    panel: DiagnosesPanel, session: Session
) -> None:
    train(session, 3)
    session.visit_place("e1/b2")
    assert panel.header.words.text().endswith("at e1/b2")


def test_while_training_it_looks_seldom_and_at_the_end_once_more(
    panel: DiagnosesPanel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def look(of: Session) -> Situation:
        assert of.snapshot is not None
        looks.append(of.snapshot.steps_done)
        return situation_of(of)

    session.limit_speed(200)
    session.change(epochs=20)
    panel._rest.setInterval(10**9)  # so never a second time while it goes on
    monkeypatch.setattr(diagnoses, "situation_of", look)
    session.train()
    while session.is_training:
        session.poll()
        time.sleep(0.002)
    assert len(looks) == 2
    assert looks[-1] == 240


def test_a_look_that_was_too_soon_is_made_up_for(
    panel: DiagnosesPanel, session: Session, qtbot: QtBot
) -> None:
    panel._rest.setInterval(20)
    session.limit_speed(1)
    session.train()
    assert panel._rest.isActive()
    qtbot.waitUntil(lambda: session.poll() and session.snapshot.steps_done > 0)
    qtbot.waitUntil(lambda: "at e0/b0" not in panel.header.words.text(), timeout=10_000)
    session.pause()


def test_a_step_that_changes_nothing_of_it_is_no_reason_to_look(
    panel: DiagnosesPanel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnoses, "situation_of", lambda _session: pytest.fail("looked"))
    session.debugger.step_into()


def test_show_emits_the_address(panel: DiagnosesPanel, session: Session, qtbot: QtBot) -> None:
    kill(session, 1, 3)
    box = show_box(panel.view.visualRect(panel.rows.index(0, 0)))
    with qtbot.waitSignal(panel.address_requested) as asked:
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert asked.args == ["back/l2/j1/da_dz"]


def test_a_click_beside_show_only_chooses(
    panel: DiagnosesPanel, session: Session, qtbot: QtBot
) -> None:
    kill(session, 1, 3)
    row = panel.view.visualRect(panel.rows.index(0, 0))
    with qtbot.assertNotEmitted(panel.address_requested):
        at = row.topLeft() + QPoint(60, 12)
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.chosen is not None
    assert panel.chosen.kind == "dead"


def test_enter_shows_the_chosen_one(panel: DiagnosesPanel, session: Session, qtbot: QtBot) -> None:
    panel.view.setCurrentIndex(panel.rows.index(kinds(panel).index("inputs"), 0))
    with qtbot.waitSignal(panel.panel_requested) as asked:
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert asked.args == ["data"]


@pytest.mark.parametrize(
    ("place", "address", "name"),
    [
        ("back/l2", "back/l2", ""),
        ("fwd/l3", "fwd/l3", ""),
        ("e3/b4", "e3/b4", ""),
        ("loss", "", "loss"),
        ("loss(validation)", "", "loss"),
        ("update_ratio(2)", "", "flow"),
        ("x[3]", "", "data"),
        ("data", "", "data"),
    ],
)
def test_a_place_is_an_address_or_in_a_panel(
    panel: DiagnosesPanel, place: str, address: str, name: str
) -> None:
    asked: list[tuple[str, str]] = []
    panel.address_requested.connect(lambda text: asked.append((text, "")))
    panel.panel_requested.connect(lambda text: asked.append(("", text)))
    panel.rows.show_diagnoses(shown("kind", place))
    panel.show_place(0)
    assert asked == [(address, name)]


def test_what_is_chosen_stays_chosen_when_others_come_before_it(
    panel: DiagnosesPanel, session: Session
) -> None:
    panel.view.setCurrentIndex(panel.rows.index(kinds(panel).index("classes"), 0))
    kill(session, 0, 1, 3)
    assert panel.chosen is not None
    assert panel.chosen.kind == "classes"


def test_numbers_that_change_do_not_rebuild_the_list(panel: DiagnosesPanel) -> None:
    rows = DiagnosisRows(panel.view)
    resets: list[bool] = []
    rows.modelReset.connect(lambda: resets.append(True))
    rows.show_diagnoses((Diagnosis("loss", "ok", "A.", "1", "loss"),))
    rows.show_diagnoses((Diagnosis("loss", "ok", "A.", "2", "loss"),))
    assert len(resets) == 1
    assert rows.diagnoses[0].evidence == "2"


def test_levels_differ_by_mark_and_by_word() -> None:
    assert len(set(MARKS.values())) == len(set(WORDS.values())) == 3


def test_a_screen_reader_hears_the_level(panel: DiagnosesPanel, session: Session) -> None:
    kill(session, 0, 1, 3)
    spoken = panel.rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Warning: Layer 2: 3 of 5 nodes are dead")
    assert spoken.endswith(" rows.")


def test_a_long_sentence_takes_more_lines_in_a_narrow_list(
    panel: DiagnosesPanel, session: Session, qtbot: QtBot
) -> None:
    kill(session, 0, 1, 3)
    wide = panel.view.visualRect(panel.rows.index(0, 0)).height()
    panel.resize(260, 300)
    qtbot.waitUntil(lambda: panel.view.visualRect(panel.rows.index(0, 0)).height() > wide)


def test_all_are_copied_one_under_the_other(panel: DiagnosesPanel) -> None:
    panel.copy.click()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 4
    assert lines[0].startswith("In order: Inputs are on one scale. ")


def test_in_the_window_show_goes_to_the_step(main_window: MainWindow) -> None:
    kill(main_window.session, 1, 3)
    main_window.show_panel("diagnoses")
    held = main_window.panels["diagnoses"]
    assert isinstance(held, DiagnosesPanel)
    held.show_place(0)
    assert main_window.session.debugger.step.address == "s52/back/l2/j1/da_dz"
    held.show_place(kinds(held).index("inputs"))
    assert main_window.panels["data"].isVisible()
