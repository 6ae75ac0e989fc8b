"""What the tables of runs and of stop conditions say, and that a number has room: cut short it is
another one.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpstudio.debugger.session import Session
from bpstudio.ui.panels.runs import RunsPanel
from bpstudio.ui.panels.stops import StopsPanel
from bpstudio.ui.run_rows import LOSS, RunRows
from bpstudio.ui.stop_rows import HITS, NOW
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight
from tests.ui.panels.conftest import Attempts


def test_what_a_condition_reads_is_not_cut(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempts
) -> None:
    session.add_stop("dC_dw[2][0,0] > 1")
    with in_sight(StopsPanel(session, appearance, attempts), qtbot, session, (420, 200)) as panel:
        panel.rows.show_values({session.stops[0].id: -1.25e-101})
        assert panel.rows.index(0, NOW).data() == "−1.25\u2009×\u200910⁻¹⁰¹"
        assert panel.view.sizeHintForColumn(NOW) <= panel.view.columnWidth(NOW)


def test_the_loss_of_a_run_is_not_cut(
    qtbot: QtBot,
    session: Session,
    appearance: Appearance,
    attempts: Attempts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.change(epochs=1)
    session.train()
    session.pause()
    monkeypatch.setattr(RunRows, "text", lambda *_: "1.25\u2009×\u200910¹⁰¹")
    with in_sight(RunsPanel(session, appearance, attempts), qtbot, session, (420, 200)) as panel:
        assert panel.rows.rowCount() == 1
        assert panel.view.sizeHintForColumn(LOSS) <= panel.view.columnWidth(LOSS)


def test_a_condition_that_another_network_has_no_number_for_says_so(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempts
) -> None:
    session.add_stop("abs(w[4][2,5]) > 9")
    with in_sight(StopsPanel(session, appearance, attempts), qtbot, session, (420, 200)) as panel:
        hits = panel.rows.index(0, HITS)
        assert hits.data() == "0 hits, stop"
        session.change(hidden=(5, 2))
        assert hits.data() == "does not fit"
        said = hits.data(Qt.ItemDataRole.ToolTipRole)
        assert "It waits for a network that it fits: " in said
        assert "layer 3 has 2 nodes" in said
        assert said.partition("fits: ")[2] in hits.data(Qt.ItemDataRole.AccessibleTextRole)
        session.change(hidden=(5, 6))
        assert hits.data() == "0 hits, stop"
