"""Every number of a thing, its address, and fields that reach the session."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.core.leaves import find_leaf
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.ui.panels.inspector.lines import Thing, View, exists, lines_of, thing_of
from bpstudio.ui.panels.inspector.panel import InspectorPanel
from bpstudio.ui.panels.inspector.rows import InspectorRow
from bpstudio.ui.theme import Appearance
from tests.ui.canvas.scenes import ADAM, trace
from tests.ui.in_sight import in_sight
from tests.ui.panels.conftest import Attempts

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
BATCH = trace((3, 4, 2), rows=(5, 7, 2), lr=0.5)
SOFTMAX = trace((3, 4, 3), output="softmax", loss="cross_entropy", bias=False)
PASSES = (BATCH, SOFTMAX, trace((3, 4, 2), update=ADAM))


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(load_example())
    yield made
    made.close()


@pytest.fixture
def panel(
    qtbot: QtBot, appearance: Appearance, session: Session, attempts: Attempts
) -> Iterator[InspectorPanel]:
    with in_sight(
        InspectorPanel(session, appearance, attempts), qtbot, session, (420, 480)
    ) as made:
        made.refresh(frozenset({"trace"}))
        yield made


def row_of(panel: InspectorPanel, address: str) -> InspectorRow:
    shown = [row for row in panel.rows if row.isVisible() and row.line]
    return next(row for row in shown if row.line and row.line.address == address)


def type_number(row: InspectorRow, text: str) -> None:
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, text)
    QTest.keyClick(row.field, Key.Key_Return)


# ---- what is said -------------------------------------------------------------------------------


@pytest.mark.parametrize("passed", PASSES, ids=["batch", "softmax", "adam"])
def test_every_thing_a_step_is_about_has_lines_with_true_numbers(passed: Trace) -> None:
    for n in range(len(passed)):
        view, thing = View(passed, n), thing_of(passed.sequence.step(n))
        assert exists(passed, thing)
        for line in lines_of(view, thing):
            step = passed.sequence.index(line.step)
            if find_leaf(line.address) is None:
                assert line.value == (passed[line.address].value if step <= n else None)
                assert line.editable == ""
            else:
                assert line.value is not None
                assert line.editable != ""


@pytest.mark.parametrize("passed", PASSES, ids=["batch", "softmax", "adam"])
def test_the_step_s_own_number_is_among_them(passed: Trace) -> None:
    spread = {"wa", "dz_da", "addend", "da_dz", "addend_z", "dz_db"}
    for n in range(len(passed)):
        term = passed[n]
        if term.kind not in spread:
            lines = lines_of(View(passed, n), thing_of(passed.sequence.step(n)))
            assert term.address in [line.address for line in lines]


def test_what_a_network_lacks_does_not_exist() -> None:
    things: list[Thing] = [("edge", 4, 0, 0), ("edge", 2, 4, 0), ("bias", 2, 0), ("node", 1, 3)]
    assert not any(exists(SOFTMAX, thing) for thing in [*things, ("target", 3), ("more", 2, 0, 1)])


def test_edits_are_told_from_what_they_left_alone() -> None:
    after = compute_trace(BATCH.network.with_weight(3, 1, 2, 9.0), BATCH.batch, lr=0.5)
    view = View(after, len(after) - 1, BATCH)
    weight, below, gradient, *_ = lines_of(view, ("edge", 3, 1, 2))
    assert (weight.value, weight.was) == (9.0, BATCH.network.layer(3).W[1, 2])
    assert below.was is None
    assert gradient.was == BATCH["s2/back/l3/j1/k2/dC_dw"].value
    assert all(line.was is None for line in lines_of(View(after, 0, BATCH), ("node", 3, 1)))


# ---- the panel ----------------------------------------------------------------------------------


def test_it_shows_what_the_step_is_about(panel: InspectorPanel, session: Session) -> None:
    session.debugger.goto("s52/back/l3/j2/k1/dC_dw")
    assert panel.heading.text() == "Weight from node 1 of layer 2 to node 2 of layer 3"
    session.debugger.goto("s52/fwd/l2/j4/z")
    assert panel.heading.text() == "Node 4 of layer 2, sigmoid"
    session.debugger.goto("s52/loss/j1/C_j")
    assert panel.heading.text() == "Target 1"
    assert panel.where.text() == "versicolor, row 52"


def test_pending_numbers_are_not_shown(panel: InspectorPanel, session: Session) -> None:
    session.debugger.goto("s52/fwd/l3/j2/z")
    z = row_of(panel, "s52/fwd/l3/j2/z").number.text()
    a = row_of(panel, "s52/fwd/l3/j2/a").number.text()
    assert a == "pending" != z
    session.debugger.step_into()
    value = session.debugger.step.value
    assert row_of(panel, "s52/fwd/l3/j2/a").number.text() == f"{value:.6f}"


def test_a_selected_thing_is_kept_until_it_is_let_go(
    panel: InspectorPanel, session: Session, qtbot: QtBot
) -> None:
    panel.show_thing(("node", 1, 2))
    session.debugger.goto("s52/back/l3/j2/k1/dC_dw")
    assert panel.thing == ("node", 1, 2)
    assert panel.where.text() == "petal_length_cm, row 52"
    qtbot.mouseClick(panel.follow, LEFT)
    assert panel.thing == ("edge", 3, 2, 1)
    qtbot.mouseClick(panel.follow, LEFT)
    session.debugger.goto("s52/loss/C")
    assert panel.thing == ("edge", 3, 2, 1)


def test_a_thing_of_another_network_is_let_go(panel: InspectorPanel, session: Session) -> None:
    panel.show_thing(("edge", 4, 2, 5))
    session.change(hidden=(2,))
    assert panel.thing == thing_of(session.debugger.step.step)
    panel.show_thing(("edge", 9, 0, 0))
    assert not panel.follow.isChecked()


def test_the_line_to_the_loss_shows_the_target(panel: InspectorPanel) -> None:
    panel.show_thing(("loss_edge", 2))
    assert panel.thing == ("target", 2)


def test_links_lead_to_steps(panel: InspectorPanel, session: Session, qtbot: QtBot) -> None:
    panel.show_thing(("edge", 3, 2, 1))
    for address, step in (
        ("s52/back/l3/j2/k1/dC_dw", "s52/back/l3/j2/k1/dC_dw"),
        ("w/l3/j2/k1", "s52/fwd/l3/j2/k1/wa"),
    ):
        with qtbot.waitSignal(panel.address_requested) as heard:
            qtbot.mouseClick(row_of(panel, address).link, LEFT)
        assert heard.args == [step]
        assert session.debugger.sequence.index(step) >= 0


def test_the_menu_is_that_of_the_number(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel.show_thing(("edge", 3, 2, 1))
    row = row_of(panel, "w/l3/j2/k1")
    at = row.symbol.rect().center()
    with qtbot.waitSignal(panel.menu_requested) as heard:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, row.mapToGlobal(at))
        QApplication.sendEvent(row, event)
    assert heard.args[0] == "w/l3/j2/k1"


# ---- editing ------------------------------------------------------------------------------------


def test_typed_numbers_reach_the_session(panel: InspectorPanel, session: Session) -> None:
    debugger = session.debugger
    panel.show_thing(("edge", 3, 2, 1))
    type_number(row_of(panel, "w/l3/j2/k1"), "-1.5")
    assert debugger.network.layer(3).W[2, 1] == -1.5
    panel.show_thing(("node", 3, 2))
    type_number(row_of(panel, "b/l3/j2"), "0.25")
    bias = debugger.network.layer(3).b
    assert bias is not None
    assert bias[2] == 0.25
    panel.show_thing(("node", 1, 0))
    type_number(row_of(panel, "s52/x0"), "2")
    assert debugger.trace.X[0, 0] == 2
    panel.show_thing(("target", 1))
    type_number(row_of(panel, "s52/y1"), "0.9")
    assert debugger.trace.Y[0, 1] == 0.9


def test_the_raw_number_stands_beside_a_scaled_one(panel: InspectorPanel, session: Session) -> None:
    panel.show_thing(("node", 1, 0))
    assert "6.9 in the file" in row_of(panel, "s52/x0").words.text()
    session.debugger.set_input(52, 0, 0.0)
    mean = session.data.scaling.shift[0]
    assert f"{mean:g} in the file" in row_of(panel, "s52/x0").words.text()


def test_what_was_is_said_after_an_edit(panel: InspectorPanel, session: Session) -> None:
    panel.show_thing(("edge", 3, 2, 1))
    before = session.network.layer(3).W[2, 1]
    type_number(row_of(panel, "w/l3/j2/k1"), "7")
    said = row_of(panel, "w/l3/j2/k1").words.text()
    assert said == f"was {before:.6f} before your edit; the weight".replace("-", "−")


def test_words_without_room_end_in_an_ellipsis(panel: InspectorPanel, session: Session) -> None:
    panel.show_thing(("edge", 3, 2, 1))
    words = row_of(panel, "w/l3/j2/k1").words
    words.resize(600, 20)
    assert words.shown == words.text()
    words.resize(40, 20)
    assert words.shown.endswith("…")


def test_spinning_is_one_change_to_undo(
    panel: InspectorPanel, session: Session, qtbot: QtBot
) -> None:
    panel.show_thing(("edge", 3, 2, 1))
    before = session.network
    field = row_of(panel, "w/l3/j2/k1").field
    field.setFocus()
    for _ in range(5):
        QTest.keyClick(field, Key.Key_Up)
    assert session.network.layer(3).W[2, 1] == pytest.approx(field.value())
    assert session.network is not before
    assert panel.undo.isVisible()
    assert panel.undo.text() == "Undo the change of w/l3/j2/k1"
    qtbot.mouseClick(panel.undo, LEFT)
    assert session.network is before
    assert not panel.undo.isVisible()


def test_typed_numbers_are_changes_of_their_own(panel: InspectorPanel, session: Session) -> None:
    panel.show_thing(("edge", 3, 2, 1))
    row = row_of(panel, "w/l3/j2/k1")
    for text in ("1", "2"):
        type_number(row, text)
    session.debugger.undo()
    assert session.network.layer(3).W[2, 1] == 1
    assert row.field.value() == 1


def test_a_half_typed_number_never_reaches_another_thing(
    panel: InspectorPanel, session: Session
) -> None:
    panel.show_thing(("node", 3, 1))
    field = row_of(panel, "b/l3/j1").field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "5")
    panel.show_thing(("node", 3, 2))
    QTest.keyClick(field, Key.Key_Return)
    bias = session.network.layer(3).b
    assert bias is not None
    assert bias.tolist() == [0.0] * 6


def test_what_is_no_number_is_refused_with_a_reason(
    panel: InspectorPanel, session: Session, attempts: Attempts
) -> None:
    panel.show_thing(("edge", 3, 2, 1))
    before = session.network
    type_number(row_of(panel, "w/l3/j2/k1"), "1e")
    assert session.network is before
    assert attempts.refused == ["the weight is a finite number, given: 1e"]


def test_while_training_nothing_can_be_edited(panel: InspectorPanel, session: Session) -> None:
    panel.show_thing(("edge", 3, 2, 1))
    session.change(epochs=100_000)
    session.train()
    assert not row_of(panel, "w/l3/j2/k1").field.isEnabled()
    session.pause()
    assert row_of(panel, "w/l3/j2/k1").field.isEnabled()


def test_fields_have_names_and_tooltips(panel: InspectorPanel) -> None:
    panel.show_thing(("edge", 3, 2, 1))
    for row in panel.rows:
        if row.isVisible():
            assert row.link.accessibleName()
            assert row.link.toolTip()
    field = row_of(panel, "w/l3/j2/k1").field
    assert field.accessibleName().endswith("the weight")
    assert "type a number" in field.toolTip()
