"""The Samples panel: who pulls a parameter which way, and what to do with one row only."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.core.dataset import Dataset
from bpstudio.debugger.session import Session
from bpstudio.ui.analysis.parameter import Parameter
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.panels.samples import SamplesPanel
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight

GRADIENT = "s54/back/l3/j2/k1/dC_dw"


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempt
) -> Iterator[SamplesPanel]:
    session.debugger.goto(GRADIENT)
    with in_sight(SamplesPanel(session, appearance, attempts), qtbot, session, (600, 320)) as made:
        yield made


def pulls(panel: SamplesPanel):
    return [panel.model.pull(n) for n in range(panel.model.rowCount())]


def test_every_row_of_the_batch_is_listed_with_its_gradient_the_hardest_first(
    panel: SamplesPanel, session: Session
) -> None:
    shown, trace = pulls(panel), session.debugger.trace
    assert {pull.row for pull in shown} == set(trace.rows)
    for pull in shown:
        assert pull.gradient == trace[f"s{pull.row}/back/l3/j2/k1/dC_dw"].value
        assert pull.words == "versicolor"
    sizes = [abs(pull.gradient) for pull in shown]
    assert sizes == sorted(sizes, reverse=True)
    assert shown[0].of_largest == 1.0
    assert [pull.row for pull in shown if pull.current] == [54]


def test_the_ratio_is_said_in_numbers_and_words(panel: SamplesPanel) -> None:
    said = panel.header.said.text()
    assert said.startswith(f"|Σ g| / Σ |g| = {panel.conflict.agreement:.2f}: ")
    assert "pull the same way" in said


def test_the_footer_counts_directions_and_adds_up_the_classes(
    panel: SamplesPanel, session: Session
) -> None:
    conflict = panel.conflict
    said = panel.footer.text()
    assert said.startswith(f"Up {conflict.ups}, down {conflict.downs}; mean ")
    assert "versicolor" in said
    assert "setosa" not in said  # the batch has none


def test_it_follows_the_step_also_to_a_bias(panel: SamplesPanel, session: Session) -> None:
    session.debugger.goto("s54/back/l4/j1/dC_db")
    assert panel.parameter == Parameter(4, 1, None)
    own = session.debugger.trace.dC_dz(4)[:, 1]
    assert panel.conflict.gradients.tolist() == own.tolist()


def test_a_chosen_weight_stays_and_its_numbers_follow_an_edit(
    panel: SamplesPanel, session: Session
) -> None:
    panel.show_weight(2, 1, 3)
    session.debugger.goto("s54/back/l4/j1/dC_db")
    session.debugger.set_weight(3, 0, 1, 4.0)
    assert panel.parameter == Parameter(2, 1, 3)
    hardest = panel.model.pull(0)
    trace = session.debugger.trace
    assert hardest.gradient == trace[f"s{hardest.row}/back/l2/j1/k3/dC_dw"].value


@pytest.mark.parametrize("by", ["click", "enter"])
def test_a_row_leads_to_its_own_gradient(panel: SamplesPanel, session: Session, by: str) -> None:
    view, row = panel.listing.view, panel.model.pull(1).row
    place = view.visualRect(panel.model.index(1)).center()
    if by == "click":
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    else:
        view.setCurrentIndex(panel.model.index(1))
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert session.debugger.step.address == f"s{row}/back/l3/j2/k1/dC_dw"


def test_with_one_row_it_offers_a_whole_batch(panel: SamplesPanel, session: Session) -> None:
    session.choose_whole_batch(False)
    assert panel.hint.isVisible()
    assert not panel.listing.isVisible()
    assert panel.conflict is None
    panel.whole_batch.click()
    assert session.whole_batch
    assert panel.listing.isVisible()
    assert panel.model.rowCount() == 10


def test_a_regression_shows_the_raw_target(panel: SamplesPanel, session: Session) -> None:
    X = np.arange(40.0).reshape(20, 2)
    session.open_data(Dataset.from_arrays(X, X[:, 0] * 10, scale="standard"))
    session.choose_whole_batch(True)
    first = panel.model.pull(0)
    assert float(first.words.replace("−", "-")) == pytest.approx(X[first.row, 0] * 10)


def test_a_screen_reader_is_told_row_class_gradient_and_direction(panel: SamplesPanel) -> None:
    pull = panel.model.pull(0)
    said = panel.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    direction = "up" if pull.gradient < 0 else "down"
    assert said.startswith(f"row {pull.row}, versicolor, gradient ")
    assert f"pulls {direction}, {pull.share:.0%}" in said
