"""What is done to nodes and edges, in the network and in the matrices, in the whole window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QMenu
from pytestqt.qtbot import QtBot

from bpstudio.ui.matrices.panel import MatricesPanel
from bpstudio.ui.window import MainWindow

EDGE = ("edge", 3, 2, 2)
GRADIENT = "s52/back/l3/j2/k2/dC_dw"


@pytest.fixture
def window(main_window: MainWindow) -> MainWindow:
    return main_window


@pytest.fixture
def matrices(window: MainWindow) -> MatricesPanel:
    window.commands["layout_debug"].trigger()
    panel = window.panels["matrices"]
    assert isinstance(panel, MatricesPanel)
    return panel


def entry(window: MainWindow, place: str, text: str) -> QAction:
    menu = window.things.menu_of(place)
    menu.setParent(window)
    return next(action for action in menu.actions() if action.text() == text)


def test_the_place_of_a_breakpoint_sets_it_and_takes_it_away(window: MainWindow) -> None:
    canvas = window.network.canvas
    canvas.breakpoint_toggled.emit(EDGE)
    (point,) = window.session.debugger.breakpoints
    assert (point.kind, point.l, point.j, point.k) == ("dC_dw", 3, 2, 2)
    assert canvas.state is not None
    assert canvas.state.breakpoints == {EDGE: "line"}
    canvas.breakpoint_toggled.emit(EDGE)
    assert window.session.debugger.breakpoints == ()
    assert canvas.state.breakpoints == {}


def test_one_with_a_condition_is_turned_off_and_on_there(window: MainWindow) -> None:
    debugger, canvas = window.session.debugger, window.network.canvas
    debugger.add_breakpoint(kind="dC_dw", l=3, j=2, k=2, when="value > 1")
    canvas.breakpoint_toggled.emit(EDGE)
    assert not debugger.breakpoints[0].enabled
    assert canvas.state is not None
    assert canvas.state.breakpoints == {EDGE: "condition-off"}
    canvas.breakpoint_toggled.emit(EDGE)
    assert debugger.breakpoints[0].enabled


def test_a_drag_changes_the_weight_and_is_one_entry_of_undo(window: MainWindow) -> None:
    debugger, canvas = window.session.debugger, window.network.canvas
    first = debugger.network.layer(3).W[2, 2]
    for values in ((0.1, 0.2, 0.3), (0.4, 0.5)):
        for value in values:
            canvas.weight_dragged.emit(3, 2, 2, value, value == values[-1])
    assert debugger.network.layer(3).W[2, 2] == 0.5
    assert canvas.state is not None
    assert EDGE in canvas.state.changed
    window.commands["undo"].trigger()
    assert debugger.network.layer(3).W[2, 2] == 0.3
    window.commands["undo"].trigger()
    assert debugger.network.layer(3).W[2, 2] == first
    assert not window.commands["undo"].isEnabled()


def test_a_bias_follows_as_well(window: MainWindow) -> None:
    window.network.canvas.bias_dragged.emit(2, 1, 0.75, True)
    assert window.session.network.layer(2).b[1] == 0.75
    assert window.commands["undo"].text() == "Undo b_1^(2)"


def test_the_menu_of_an_edge_runs_marks_and_watches(window: MainWindow) -> None:
    debugger = window.session.debugger
    entry(window, GRADIENT, "Watch").trigger()
    entry(window, GRADIENT, "Breakpoint").trigger()
    assert [watch.text for watch in debugger.watches] == ["dC_dw[3][2,2]"]
    assert len(debugger.breakpoints) == 1
    entry(window, GRADIENT, "Run to here").trigger()
    assert window.status.address.text() == GRADIENT
    entry(window, GRADIENT, "Copy address").trigger()
    assert QApplication.clipboard().text() == GRADIENT


def test_the_menu_of_a_weight_shows_its_paths_and_the_samples_that_pull_it(
    window: MainWindow,
) -> None:
    for text, name in (("Paths of this weight", "paths"), ("Which samples pull it?", "samples")):
        entry(window, GRADIENT, text).trigger()
        panel = window.panels[name]
        assert panel.isVisible()
        assert tuple(panel.parameter) == (3, 2, 2)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("place", "parameter"),
    [
        (GRADIENT, (3, 2, 2)),
        ("s52/back/l3/j2/dC_db", (3, 2, None)),
        ("w/l2/j1/k0", (2, 1, 0)),
        ("b/l4/j1", (4, 1, None)),
    ],
)
def test_the_menu_of_a_parameter_shows_who_changed_it(
    window: MainWindow, place: str, parameter: tuple[int, int, int | None]
) -> None:
    entry(window, place, "Who changed it?").trigger()
    ledger = window.panels["ledger"]
    assert ledger.isVisible()
    assert tuple(ledger.parameter) == parameter  # type: ignore[attr-defined]


def test_the_origin_of_a_weight_leads_to_who_changed_it(window: MainWindow) -> None:
    origin = window.panels["origin"]
    origin.changes_requested.emit("w/l3/j0/k1")  # type: ignore[attr-defined]
    assert tuple(window.panels["ledger"].parameter) == (3, 0, 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", ["s52/x0", "seed", "s52/fwd/l3/j2/z"])
def test_what_is_no_parameter_has_no_changes(window: MainWindow, place: str) -> None:
    texts = [action.text() for action in window.things.menu_of(place).actions()]
    assert "Who changed it?" not in texts


def test_a_place_in_the_recorded_run_is_a_visit_from_which_training_goes_on(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = window.session
    session.change(epochs=2)
    for _ in range(2):
        session.train()
        qtbot.waitUntil(lambda: not session.is_training)
        window.goto("e0/b3/update/l3/j2/k2/update_w")
        assert session.debugger.prefix == "e0/b3/"
    session.present()
    assert session.debugger.visited is None
    assert session.recording is not None
    assert session.recording.length == 48


def test_the_menu_of_a_given_number_has_its_origin_but_nothing_to_run_to(
    window: MainWindow,
) -> None:
    menu = window.things.menu_of("w/l3/j2/k2")
    assert [action.text() for action in menu.actions()] == [
        "Where does it come from?",
        "Who changed it?",
        "Copy address",
    ]
    menu.actions()[0].trigger()
    assert window.panels["origin"].isVisible()
    assert window.panels["origin"].address == "w/l3/j2/k2"  # type: ignore[attr-defined]


def test_a_derivative_is_checked_by_its_key_and_nothing_else_is(window: MainWindow) -> None:
    assert not window.commands["check_term"].isEnabled()
    window.goto(GRADIENT)
    window.commands["check_term"].trigger()
    check = window.panels["check"]
    assert check.isVisible()
    assert check.found is not None  # type: ignore[attr-defined]


def test_a_breakpoint_with_a_condition_is_asked_for_at_its_place(window: MainWindow) -> None:
    entry(window, GRADIENT, "Breakpoint with a condition…").trigger()
    dialog = next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
    dialog.reject()
    assert window.session.debugger.breakpoints == ()


def test_the_context_menu_opens_for_a_thing_and_for_an_address(window: MainWindow) -> None:
    for what in (EDGE, GRADIENT):
        window.network.menu_requested.emit(what, QPoint(400, 300))
        menu = QApplication.activePopupWidget()
        assert menu is not None
        menu.close()


def test_beside_all_things_the_menu_is_about_the_whole_picture(window: MainWindow) -> None:
    window.network.menu_requested.emit(None, QPoint(400, 300))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert window.commands["export_picture"] in menu.actions()
    menu.close()


def test_network_and_matrices_select_the_same_weight(
    window: MainWindow, matrices: MatricesPanel
) -> None:
    matrices.selected.emit(EDGE)
    assert window.network.canvas.selection == EDGE
    assert window.showing.goal == (3, 2, 2)
    window.network.canvas.select(("edge", 4, 1, 5))
    assert matrices.layer == 4


def test_a_cell_of_a_matrix_can_be_run_to(window: MainWindow, matrices: MatricesPanel) -> None:
    matrices.address_requested.emit(GRADIENT)
    assert window.status.address.text() == GRADIENT


def test_the_link_of_a_stop_opens_the_form_of_its_breakpoint(window: MainWindow) -> None:
    window.session.debugger.add_breakpoint(kind="dC_dw", when="value != 0")
    point = window.session.debugger.add_breakpoint(kind="dC_dz", when="value != 0")
    window.debug.edit_breakpoint(point.id)
    dialog = next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
    assert window.panels["breakpoints"].isVisible()
    assert window.panels["breakpoints"].chosen == point  # type: ignore[attr-defined]
    dialog.reject()
