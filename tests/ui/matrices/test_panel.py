"""The panel follows the session, and its verbs reach it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.ui.canvas.state import Scales
from bpstudio.ui.matrices.panel import MatricesPanel, layer_of
from bpstudio.ui.matrices.view import MatrixView
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight
from tests.ui.matrices.scenes import box, picture
from tests.ui.panels.conftest import Attempts

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def attempts() -> Attempts:
    return Attempts()


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(load_example())
    yield made
    made.close()


@pytest.fixture
def panel(
    qtbot: QtBot, appearance: Appearance, session: Session, attempts: Attempts
) -> Iterator[MatricesPanel]:
    with in_sight(MatricesPanel(session, appearance, attempts), qtbot, session, (790, 290)) as made:
        yield made


def pick(panel: MatricesPanel, side: int, title: str) -> None:
    """Choose in the menu of a caption."""
    menu = panel.halves[side].caption.button.menu()
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == title).trigger()


def type_number(view: MatrixView, text: str) -> None:
    """The first key opens the field, which gets the others and Enter."""
    QTest.keyClicks(view, text[0])
    QTest.keyClicks(view.editor, text[1:])
    QTest.keyClick(view.editor, Qt.Key.Key_Return)


def key_of(panel: MatricesPanel, side: int) -> str:
    shown = panel.halves[side].view.shown
    assert shown is not None
    return shown.source.quantity.key


def test_weights_and_gradients_of_the_step_s_layer(panel: MatricesPanel, session: Session) -> None:
    session.debugger.goto("s52/back/l3/j2/k2/dC_dw")
    assert panel.layer == 3
    assert [key_of(panel, side) for side in (0, 1)] == ["w", "dC_dw"]
    assert panel.left.caption.note.text == "before this update"
    assert panel.right.caption.note.text == "row 52, 13 of 30"
    session.debugger.goto("s52/back/l3/j5/k4/dC_dw")
    assert panel.right.caption.note.text == "row 52, all 30"
    session.debugger.goto("s52/back/l2/j0/dC_da")
    assert panel.layer == 2


def test_a_sum_over_the_next_layer_shows_that_layer_s_weights(
    panel: MatricesPanel, session: Session
) -> None:
    session.debugger.goto("s52/back/l2/j4/i1/dz_da")
    assert panel.layer == 3
    shown = panel.left.view.shown
    assert shown is not None
    assert shown.current == (1, 4)


def test_the_loss_leaves_the_layer(panel: MatricesPanel, session: Session) -> None:
    session.debugger.goto("s52/back/l3/j2/dC_da")
    session.debugger.goto("s52/loss/C")
    assert panel.layer == 3
    assert layer_of(session.debugger.step.step) is None


def test_a_layer_chosen_by_hand_is_kept(
    panel: MatricesPanel, session: Session, qtbot: QtBot
) -> None:
    qtbot.mouseClick(panel.header.layer.control.button("4"), LEFT)  # type: ignore[union-attr]
    session.debugger.goto("s52/fwd/l2/j0/z")
    assert panel.layer == 4
    qtbot.mouseClick(panel.header.pin, LEFT)
    assert panel.layer == 2


def test_many_layers_are_a_list(panel: MatricesPanel, session: Session) -> None:
    session.change(hidden=(3, 3, 3, 3, 3))
    box = panel.header.layer.control
    assert isinstance(box, QComboBox)
    assert [box.itemText(n) for n in range(box.count())] == [f"l = {l}" for l in range(2, 8)]
    session.change(hidden=(3,))
    assert not isinstance(panel.header.layer.control, QComboBox)


def test_after_the_samples_the_gradient_is_the_mean(panel: MatricesPanel, session: Session) -> None:
    session.choose_whole_batch(True)
    session.debugger.goto("mean/l3/j2/k2/mean_dC_dw")
    assert key_of(panel, 1) == "mean_dC_dw"
    assert panel.right.caption.note.text == "mean of 10 rows, 13 of 30"
    session.debugger.goto(0)
    assert key_of(panel, 1) == "dC_dw"


def test_any_two_quantities_stand_side_by_side(panel: MatricesPanel, session: Session) -> None:
    session.choose_whole_batch(True)
    pick(panel, 0, "Activations of all rows")
    assert key_of(panel, 0) == "a"
    assert panel.choices == ("a", "dC_dw")
    panel.choose(left="mean_dC_dw", right="z")
    session.choose_whole_batch(False)
    assert [key_of(panel, side) for side in (0, 1)] == ["dC_dw", "z"]


def test_the_right_matrix_may_be_left_out(panel: MatricesPanel) -> None:
    pick(panel, 1, "Nothing")
    assert panel.choices == ("w", "")
    assert not panel.right.isVisible()


def test_an_edit_in_a_cell_reaches_the_network(
    panel: MatricesPanel, session: Session, qtbot: QtBot
) -> None:
    session.debugger.goto("s52/back/l3/j2/k2/dC_dw")
    view = panel.left.view
    qtbot.mouseClick(view.viewport(), LEFT, pos=box(view, (4, 1)).center())
    type_number(view, "1.25")
    assert session.network.layer(3).W[4, 1] == 1.25
    qtbot.mouseClick(view.viewport(), LEFT, pos=box(view, (4, 5)).center())
    type_number(view, "-3")
    bias = session.network.layer(3).b
    assert bias is not None
    assert bias[4] == -3
    assert session.debugger.step.address == "s52/back/l3/j2/k2/dC_dw"


def test_while_training_nothing_is_edited(
    panel: MatricesPanel, session: Session, attempts: Attempts
) -> None:
    session.change(epochs=100_000)
    session.train()
    before = session.network
    panel.left.view.edited.emit(("edge", 3, 4, 1), 1.25)
    assert session.network is before
    assert len(attempts.refused) == 1
    assert "pause" in attempts.refused[0]


def test_the_copied_table_is_that_of_the_matrix_last_used(
    panel: MatricesPanel, session: Session, qtbot: QtBot
) -> None:
    session.debugger.goto("s52/back/l3/j2/k2/dC_dw")
    clipboard = QApplication.clipboard()
    qtbot.mouseClick(panel.header.copy, LEFT)
    lines = clipboard.text().splitlines()
    assert [float(cell) for cell in lines[3].split("\t")[1:6]] == session.network.layer(3).W[
        2
    ].tolist()
    view = panel.right.view
    qtbot.mouseClick(view.viewport(), LEFT, pos=box(view, (0, 0)).center())
    qtbot.mouseClick(panel.header.copy, LEFT)
    assert clipboard.text().splitlines()[3].split("\t")[4:] == ["", "", ""]


def test_a_selection_shows_in_both_and_is_announced_once(
    panel: MatricesPanel, session: Session, qtbot: QtBot
) -> None:
    session.debugger.goto("s52/back/l3/j2/k2/dC_dw")
    heard: list[object] = []
    panel.selected.connect(heard.append)
    view = panel.left.view
    qtbot.mouseClick(view.viewport(), LEFT, pos=box(view, (1, 3)).center())
    assert heard == [("edge", 3, 1, 3)]
    assert panel.right.view.cell == (1, 3)
    panel.show_selection(("edge", 2, 4, 0))
    assert heard == [("edge", 3, 1, 3)]
    assert (panel.layer, panel.left.view.cell) == (2, (4, 0))


def test_the_goal_of_the_window_is_framed(panel: MatricesPanel, session: Session) -> None:
    session.debugger.goto("s52/back/l3/j0/dC_da")
    panel.set_goal((3, 5, 2))
    shown = panel.left.view.shown
    assert shown is not None
    assert shown.goals == {(5, 2)}


def test_scales_of_the_canvas_are_used_until_the_trace_is_another(
    panel: MatricesPanel, session: Session
) -> None:
    given = Scales(7.0, 7.0, 7.0, 7.0, ((0.0, 1.0),) * 4)
    panel.set_scales(given)
    session.debugger.step_into()
    assert panel.left.view.ramp == ("diverging", (-7.0, 7.0))
    session.debugger.set_weight(3, 0, 0, 0.5)
    own = Scales.of(session.debugger.trace).weights
    assert panel.left.view.ramp == ("diverging", (-own, own))


def test_out_of_sight_it_does_nothing_and_catches_up_later(
    panel: MatricesPanel, session: Session
) -> None:
    panel.hide()
    before = panel.left.view.shown
    session.debugger.goto("s52/back/l3/j2/k2/dC_dw")
    assert panel.left.view.shown is before
    panel.show()
    assert panel.right.caption.note.text == "row 52, 13 of 30"


def test_zooming_and_scrolling_go_together(panel: MatricesPanel) -> None:
    panel.left.view.set_zoom(4.0)
    assert panel.right.view.zoom == 4.0
    panel.left.view.horizontalScrollBar().setValue(120)
    assert panel.right.view.horizontalScrollBar().value() == 120


def test_zooming_keeps_the_step_s_cell_in_sight_on_both_sides(
    panel: MatricesPanel, session: Session
) -> None:
    session.change(hidden=(128, 64))
    session.debugger.goto("s52/back/l3/j20/k20/dC_dw")
    for _ in range(9):
        panel.left.view.zoom_by(1.25)
        QApplication.processEvents()
        for half in panel.halves:
            plan = half.view.plan
            assert plan is not None
            assert plan.room.contains(plan.rect((20, 20)).center())


def test_numbers_are_switched_off_and_on(panel: MatricesPanel, qtbot: QtBot) -> None:
    shown = picture(panel.left.view)
    qtbot.mouseClick(panel.header.numbers.button("off"), LEFT)
    assert picture(panel.left.view) != shown
    qtbot.mouseClick(panel.header.numbers.button("on"), LEFT)
    assert picture(panel.left.view) == shown


def test_the_theme_changes_the_colours(panel: MatricesPanel, appearance: Appearance) -> None:
    light = picture(panel.left.view)
    appearance.choose("dark")
    assert picture(panel.left.view) != light


@pytest.mark.parametrize("width", [300, 380, 480, 560, 700, 1000])
def test_nothing_is_cut_off_at_any_width(panel: MatricesPanel, width: int) -> None:
    panel.resize(width, 320)
    QApplication.processEvents()
    for widget in (panel.header.copy, panel.header.layer, panel.header.numbers):
        if widget.isVisible():
            right = widget.mapTo(panel, widget.rect().topRight()).x()
            assert right < panel.width() == width


def test_every_control_has_a_name_and_a_tooltip(panel: MatricesPanel) -> None:
    head = panel.header
    controls = [head.pin, head.larger, head.smaller, head.copy]
    controls += [half.caption.button for half in panel.halves]
    for control in controls:
        assert control.accessibleName()
        assert control.toolTip()
