"""The Origin panel: the tree down to the file, and the ways through it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.origin.model import PORTION, Row
from bpstudio.ui.origin.rows import link_box
from bpstudio.ui.panels.origin import OriginPanel
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight

GRADIENT = "s52/back/l3/j2/k2/dC_dw"


@pytest.fixture
def session() -> Iterator[Session]:
    """One row, 52."""
    made = Session(load_example())
    yield made
    made.close()


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempt
) -> Iterator[OriginPanel]:
    with in_sight(OriginPanel(session, appearance, attempts), qtbot, session, (468, 700)) as made:
        yield made


def row(panel: OriginPanel, *path: int) -> Row:
    found = panel.tree.shown.row_at(panel.tree.shown.at_path(path))
    assert found is not None
    return found


def children(panel: OriginPanel, *path: int) -> list[str]:
    """Addresses of the rows below one; empty for the line of what is left."""
    below = row(panel, *path).children or []
    return [child.item.address if child.item else "" for child in below]


def unfold(panel: OriginPanel, *paths: tuple[int, ...]) -> None:
    panel.tree.unfold_again(list(paths))


def click_link(panel: OriginPanel, *path: int) -> None:
    box = QRectF(panel.tree.visualRect(panel.tree.shown.at_path(path)))
    point = link_box(box).center().toPoint()
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_it_shows_what_the_current_step_was_made_of(panel: OriginPanel, session: Session) -> None:
    session.debugger.goto(GRADIENT)
    assert panel.address == GRADIENT
    assert row(panel).item.value == session.debugger.step.value
    assert children(panel) == [
        "s52/back/l3/j2/dC_da",
        "s52/back/l3/j2/da_dz",
        "s52/fwd/l2/j2/a",
    ]


def test_it_unfolds_down_to_the_line_of_the_file_and_the_seed(
    panel: OriginPanel, session: Session
) -> None:
    session.debugger.goto("s52/fwd/l2/j2/k0/wa")
    unfold(panel, (), (0,), (1,))
    assert children(panel) == ["w/l2/j2/k0", "s52/x0"]
    assert children(panel, 0) == ["seed"]
    assert children(panel, 1) == ["data/r52/c0", "scale/x0/mean", "scale/x0/sd"]
    cell = row(panel, 1, 0).item
    assert (cell.value, cell.place) == (6.9, "iris.csv:54")


def test_the_formula_stands_over_it_with_its_numbers(panel: OriginPanel, session: Session) -> None:
    session.debugger.goto(GRADIENT)
    parts = panel.formula.parts
    values = [item.value for item in panel._origin.children(GRADIENT)]
    assert parts.operator == "·"
    assert [number for number, _ in parts.parts] == [
        f"{value:.4f}".replace("-", "−") for value in values
    ]
    assert parts.result == f"{session.debugger.step.value:.4f}".replace("-", "−")
    assert "times" in panel.formula.accessibleName()


def test_a_formula_too_long_for_the_panel_leaves_its_numbers_out(
    panel: OriginPanel, session: Session
) -> None:
    session.debugger.goto(GRADIENT)
    assert [kind for kind, _, _ in panel.formula.shown_runs()].count("number") == 3
    panel.resize(300, 700)
    panel.layout().activate()
    assert [kind for kind, _, _ in panel.formula.shown_runs()] == ["tex", "sign", "result"]


def test_turned_round_it_shows_what_uses_the_number(panel: OriginPanel, session: Session) -> None:
    session.debugger.goto("s52/back/l3/j2/da_dz")
    panel.header.way.button("by").click()
    assert children(panel)[0] == "s52/back/l3/j2/dC_dz"
    assert set(children(panel)) == {
        use.address for use in panel._origin.uses("s52/back/l3/j2/da_dz")
    }
    assert not panel.header.sort.isEnabled()
    panel.header.way.button("from").click()
    assert children(panel) == ["s52/fwd/l3/j2/z", "s52/fwd/l3/j2/a"]


def test_it_follows_the_step_unless_it_is_pinned(panel: OriginPanel, session: Session) -> None:
    session.debugger.goto(GRADIENT)
    panel.header.pin.click()
    session.debugger.step_into()
    assert panel.address == GRADIENT
    panel.header.pin.click()
    assert panel.address == session.debugger.step.address


def test_pinned_it_shows_the_new_value_after_an_edit_and_stays_unfolded(
    panel: OriginPanel, session: Session
) -> None:
    session.debugger.goto(GRADIENT)
    panel.header.pin.click()
    unfold(panel, (), (2,), (2, 0))
    session.debugger.set_weight(2, 2, 0, 1.25)
    assert row(panel).item.value == session.debugger.trace[GRADIENT].value
    assert panel.tree.unfolded == [(), (2,), (2, 0)]
    unfold(panel, (2, 0, 0))
    weight = row(panel, 2, 0, 0, 0).item
    assert weight.value == 1.25
    assert weight.note.endswith("changed by hand")


def test_any_number_can_be_opened_and_left_again(panel: OriginPanel, session: Session) -> None:
    session.debugger.goto(GRADIENT)
    panel.show_origin("s52/x1")
    assert panel.address == "s52/x1"
    panel.header.back.click()
    assert panel.address == GRADIENT
    QTest.keyClick(panel.tree, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert panel.address == "s52/x1"
    QTest.keyClick(panel.tree, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert panel.address == GRADIENT
    assert not panel.header.back.isEnabled()
    with pytest.raises(InputError, match="row 7"):
        panel.show_origin("s7/x1")
    assert panel.address == GRADIENT


def test_a_click_on_a_link_goes_to_the_step(
    panel: OriginPanel, session: Session, qtbot: QtBot
) -> None:
    session.debugger.goto(GRADIENT)
    with qtbot.waitSignal(panel.address_requested) as asked:
        click_link(panel, 2)
    assert asked.args == ["s52/fwd/l2/j2/a"]
    assert session.debugger.step.address == "s52/fwd/l2/j2/a"


def test_a_click_on_a_leaf_s_link_opens_it_here(panel: OriginPanel, session: Session) -> None:
    session.debugger.goto("s52/fwd/l2/j2/k0/wa")
    click_link(panel, 1)
    assert panel.address == "s52/x0"
    assert session.debugger.step.address == "s52/fwd/l2/j2/k0/wa"


def test_a_click_beside_the_link_only_chooses_the_row(panel: OriginPanel, session: Session) -> None:
    session.debugger.goto(GRADIENT)
    place = panel.tree.visualRect(panel.tree.shown.at_path((1,)))
    at = QPoint(place.left() + 40, place.center().y())
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert session.debugger.step.address == GRADIENT
    assert panel.tree.current_item().address == "s52/back/l3/j2/da_dz"


def test_arrows_unfold_and_enter_goes_to_the_step(panel: OriginPanel, session: Session) -> None:
    session.debugger.goto(GRADIENT)
    panel.tree.setFocus()
    QTest.keyClick(panel.tree, Qt.Key.Key_Down)
    QTest.keyClick(panel.tree, Qt.Key.Key_Right)
    assert children(panel, 0)[0] == "s52/back/l3/j2/i0/addend"
    QTest.keyClick(panel.tree, Qt.Key.Key_Down)
    QTest.keyClick(panel.tree, Qt.Key.Key_Return)
    assert session.debugger.step.address == "s52/back/l3/j2/i0/addend"


def wide(session: Session) -> None:
    rng = np.random.default_rng(0)
    target = np.eye(10)[rng.integers(0, 10, 60)]
    session.open_data(Dataset.from_arrays(rng.normal(size=(60, 784)), target))
    session.debugger.goto("s52/fwd/l2/j1/z")


def test_of_a_long_sum_only_a_portion_is_made_and_more_when_asked(
    panel: OriginPanel, session: Session
) -> None:
    wide(session)
    assert panel.tree.shown.made == 1 + PORTION + 1
    assert row(panel, PORTION).left == 785 - PORTION
    panel.tree.setCurrentIndex(panel.tree.shown.at_path((PORTION,)))
    QTest.keyClick(panel.tree, Qt.Key.Key_Return)
    assert len(children(panel)) == 2 * PORTION + 1
    assert children(panel)[PORTION] == f"s52/fwd/l2/j1/k{PORTION}/wa"
    assert panel.tree.current_item().address == f"s52/fwd/l2/j1/k{PORTION}/wa"
    assert row(panel, 2 * PORTION).left == 785 - 2 * PORTION


def test_addends_are_sorted_by_size_when_asked(panel: OriginPanel, session: Session) -> None:
    wide(session)
    panel.header.sort.click()
    sizes = [abs(child.item.value) for child in row(panel).children[:PORTION]]
    assert sizes == sorted(sizes, reverse=True)
    weights = session.network.layer(2).W[1] * session.debugger.trace.X[0]
    assert sizes[0] == np.abs(weights).max()


def test_the_menu_copies_and_opens(panel: OriginPanel, session: Session) -> None:
    session.debugger.goto(GRADIENT)
    menu = panel.menu_of(row(panel, 1).item)
    _goto, show, changes, address, value = menu.actions()
    assert not changes.isEnabled()  # it is no parameter
    address.trigger()
    assert QGuiApplication.clipboard().text() == "s52/back/l3/j2/da_dz"
    value.trigger()
    assert float(QGuiApplication.clipboard().text()) == row(panel, 1).item.value
    show.trigger()
    assert panel.address == "s52/back/l3/j2/da_dz"
    menu.deleteLater()


def test_a_pinned_number_that_no_longer_exists_gives_way_to_the_step(
    panel: OriginPanel, session: Session
) -> None:
    panel.show_origin("s52/x1")
    panel.header.pin.click()
    session.choose_row(3)
    assert panel.address == session.debugger.step.address
    panel.go_back()
    assert panel.notice.isVisible()
    assert "row 52" in panel.notice.text()


def test_a_screen_reader_is_told_name_note_value_and_place(
    panel: OriginPanel, session: Session
) -> None:
    session.debugger.goto("s52/fwd/l2/j2/k0/wa")
    index = panel.tree.shown.at_path((1,))
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == f"a_0^(1), sepal length, standardised, {row(panel, 1).item.value:.4f}, s52/x0"
