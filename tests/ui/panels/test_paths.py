"""The Paths panel: the largest paths of the weight at hand, and where a click leads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.core.errors import InputError
from bpstudio.core.paths import paths
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.ui.analysis.parameter import Parameter
from bpstudio.ui.analysis.path_rows import columns, factor_spans, share_text, whole_factors
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.panels.paths import PathsPanel
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight

GRADIENT = "s52/back/l2/j2/k1/dC_dw"


@pytest.fixture
def session() -> Iterator[Session]:
    """One row, 52."""
    made = Session(load_example())
    made.debugger.goto(GRADIENT)
    yield made
    made.close()


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempt
) -> Iterator[PathsPanel]:
    with in_sight(PathsPanel(session, appearance, attempts), qtbot, session, (700, 400)) as made:
        yield made


def click(panel: PathsPanel, row: int, at: QPointF) -> None:
    view = panel.listing.view
    corner = view.visualRect(panel.model.index(row)).topLeft()
    place = (corner.toPointF() + at).toPoint()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def row_width(panel: PathsPanel) -> int:
    return panel.listing.view.visualRect(panel.model.index(0)).width()


def test_it_shows_the_paths_of_the_step_s_weight_the_largest_first(
    panel: PathsPanel, session: Session
) -> None:
    expected = paths(session.debugger.trace, 0, 2, 2, 1)
    assert panel.parameter == Parameter(2, 2, 1)
    assert panel.model.paths == expected.shown
    assert len(panel.model.paths) == 6 * 3
    assert panel.found.total == session.debugger.step.value
    assert "18 paths" in panel.header.said.text()
    assert panel.rest.text().startswith("All are shown.")


def test_it_follows_the_step_to_another_weight_and_keeps_it_where_there_is_none(
    panel: PathsPanel, session: Session
) -> None:
    session.debugger.goto("s52/back/l3/j4/k0/dz_dw")
    assert panel.parameter == Parameter(3, 4, 0)
    session.debugger.goto("s52/loss/C")
    assert panel.parameter == Parameter(3, 4, 0)
    session.debugger.goto("s52/back/l3/j2/i1/dz_da")
    assert panel.parameter == Parameter(4, 1, 2)
    assert panel.found.count == 1


def test_a_chosen_weight_stays_until_the_pin_is_taken_out(
    panel: PathsPanel, session: Session
) -> None:
    panel.show_weight(2, 0, 3)
    session.debugger.goto("s52/back/l3/j4/k0/dz_dw")
    assert panel.parameter == Parameter(2, 0, 3)
    panel.header.pin.click()
    assert panel.parameter == Parameter(3, 4, 0)
    with pytest.raises(InputError, match="does not exist"):
        panel.show_weight(2, 9, 0)


def test_other_numbers_and_another_row_are_shown_at_once(
    panel: PathsPanel, session: Session
) -> None:
    before = panel.found
    session.debugger.set_weight(4, 0, 0, 2.5)
    edited = panel.found
    assert edited.total == session.debugger.trace[GRADIENT].value
    assert edited != before
    session.choose_row(3)
    assert panel.found.total == session.debugger.trace["s3/back/l2/j2/k1/dC_dw"].value
    assert "row 3" in panel.header.said.text()


def test_a_bias_has_no_row(panel: PathsPanel, session: Session) -> None:
    session.debugger.goto("s52/back/l3/j2/dC_db")
    assert panel.found is None
    assert panel.model.rowCount() == 0
    assert "choose a weight" in panel.header.said.text()


def test_no_factor_is_cut_in_two() -> None:
    box = QRectF(0, 0, 100, 20)
    spans = [QRectF(x, 0, 30, 20) for x in (0, 42, 84)]  # the third ends at 114
    assert whole_factors(spans, box) == 2
    assert whole_factors(spans, QRectF(0, 0, 114, 20)) == 3
    assert whole_factors(spans, QRectF(0, 0, 90, 20)) == 1  # dots would end at 96


def test_a_share_of_nothing_is_none() -> None:
    assert [share_text(share) for share in (0.0, 0.001, 0.21)] == ["–", "<1%", "21%"]


def test_a_click_on_a_factor_goes_to_its_step(panel: PathsPanel, session: Session) -> None:
    path = panel.model.paths[1]
    box = factor_spans(path, columns(row_width(panel))[0])[2][0]
    click(panel, 1, box.center())
    assert session.debugger.step.address == path.factors[2].address


def test_a_click_on_the_last_column_goes_to_the_weakest_factor(
    panel: PathsPanel, session: Session
) -> None:
    path = panel.model.paths[0]
    click(panel, 0, columns(row_width(panel))[3].center())
    assert session.debugger.step.address == path.factors[path.weakest].address


def test_a_click_beside_all_factors_goes_nowhere(panel: PathsPanel, session: Session) -> None:
    click(panel, 0, columns(row_width(panel))[1].center())
    assert session.debugger.step.address == GRADIENT


def test_enter_goes_to_the_weakest_factor(panel: PathsPanel, session: Session) -> None:
    panel.listing.view.setCurrentIndex(panel.model.index(2))
    path = panel.model.paths[2]
    QTest.keyClick(panel.listing.view, Qt.Key.Key_Return)
    assert session.debugger.step.address == path.factors[path.weakest].address


def test_of_many_paths_the_rest_is_counted_and_summed(panel: PathsPanel, session: Session) -> None:
    session.change(hidden=(5, 6, 7, 4), output_activation="softmax")
    panel.show_weight(2, 0, 0)
    assert panel.found.count == 6 * 7 * 4 * 3 * 3
    assert len(panel.model.paths) == 20
    assert panel.rest.text().startswith("1\u2009492 more, sum ")


def test_a_screen_reader_is_told_route_value_share_and_weakest_factor(panel: PathsPanel) -> None:
    path = panel.model.paths[0]
    said = panel.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("z_2^(2) to z_")
    assert f"{path.share:.0%}, weakest factor ∂" in said
    assert panel.listing.view.indexAt(QPoint(20, 20)).row() == 0
