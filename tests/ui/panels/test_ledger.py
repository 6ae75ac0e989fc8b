"""The ledger on screen: every change of the parameter in question, each a link to its place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.notation import format_number
from bpstudio.debugger import ledger_split
from bpstudio.debugger.ledger import ledger_steps
from bpstudio.debugger.session import Session
from bpstudio.ui.analysis.parameter import Parameter
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.panels.ledger import GIVEN_UP, LOOKING, TRAINING, UNTRAINED, LedgerPanel
from bpstudio.ui.theme import Appearance
from tests.debugger.ledgers import ledger_of
from tests.ui.in_sight import in_sight
from tests.ui.windows import show


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempt
) -> Iterator[LedgerPanel]:
    session.debugger.goto("s54/back/l3/j2/k1/dC_dw")
    with in_sight(LedgerPanel(session, appearance, attempts), qtbot, session, (480, 400)) as made:
        made.address_requested.connect(session.visit_place)
        yield made
        made.finder.forget()


def train(qtbot: QtBot, session: Session, epochs: int = 3, **settings) -> None:
    session.change(epochs=epochs, **settings)
    session.limit_speed(None)
    session.train()

    def is_done() -> bool:
        session.poll()
        return not session.is_training

    qtbot.waitUntil(is_done)


@pytest.fixture
def trained(qtbot: QtBot, session: Session, panel: LedgerPanel) -> LedgerPanel:
    """After 3 epochs of 12 batches, split as well."""
    train(qtbot, session)
    qtbot.waitUntil(lambda: panel.ledger is not None and not panel.finder.is_running)
    return panel


def rows(panel: LedgerPanel):
    page = panel.listing.model.page
    return [page.at(n) for n in range(page.count)]


def said(panel: LedgerPanel) -> str:
    return panel.hint.text.text() if panel.hint.isVisible() else ""


def sum_said(panel: LedgerPanel) -> str:
    return panel.footer.sum.text().replace("\u00a0", " ")


def choose(panel: LedgerPanel, view: str, qtbot: QtBot) -> None:
    panel.header.view.button(view).click()
    qtbot.waitUntil(lambda: not panel.finder.is_running)


def test_before_training_it_says_how_to_begin(panel: LedgerPanel) -> None:
    assert said(panel) == UNTRAINED
    assert panel.ledger is None


def test_every_update_of_the_weight_of_the_step_is_listed_the_largest_first(
    trained: LedgerPanel, session: Session
) -> None:
    ledger = ledger_of(session.recording, 3, 2, 1)
    assert trained.parameter == Parameter(3, 2, 1)
    shown = rows(trained)
    assert len(shown) == 36
    order = np.argsort(-np.abs(ledger.change), kind="stable")
    assert [row.change for row in shown] == ledger.change[order].tolist()
    assert [row.before for row in shown] == ledger.columns.before[order].tolist()
    first = ledger.entry(int(order[0]))
    assert shown[0].place == f"e{first.epoch}/b{first.batch}"
    assert shown[0].of_largest == 1.0
    assert trained.notes.text() == "36 updates"


def test_with_few_classes_each_has_a_column_that_adds_up(trained: LedgerPanel) -> None:
    page = trained.listing.model.page
    assert page.classes == ("setosa", "versicolor", "virginica")
    for row in rows(trained):
        assert np.nansum(row.classes) == pytest.approx(row.change, rel=1e-9, abs=1e-15)


def test_the_footer_adds_up_to_the_value_and_says_that_it_is_exact(
    trained: LedgerPanel, session: Session
) -> None:
    ledger, W = trained.ledger, session.network.layer(3).W
    assert ledger.now == W[2, 1]
    text = sum_said(trained)
    for number in (ledger.start, ledger.now - ledger.start, ledger.now):
        assert format_number(number) in text
    assert "= now" in text
    assert trained.footer.verdict.text() == "sum exact"
    assert "to the last bit" in trained.footer.verdict.toolTip()


def test_a_click_on_a_title_puts_the_rows_in_order(trained: LedgerPanel) -> None:
    by_time = [f"e{n // 12}/b{n % 12}" for n in range(36)]
    head = trained.listing.titles

    def click(x: int) -> None:
        QTest.mouseClick(head, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))

    click(20)
    assert [row.place for row in rows(trained)] == by_time[::-1]
    assert not trained.header.sort.isChecked()
    click(20)
    assert [row.place for row in rows(trained)] == by_time
    click(190)
    assert rows(trained)[0].of_largest == 1.0
    assert trained.header.sort.isChecked()


@pytest.mark.parametrize("by", ["click", "enter"])
def test_an_entry_leads_to_its_update_and_the_list_stays(
    trained: LedgerPanel, session: Session, by: str
) -> None:
    before, view = rows(trained), trained.listing.view
    index = trained.listing.model.index(2)
    if by == "click":
        place = view.visualRect(index).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    else:
        view.setCurrentIndex(index)
        QTest.keyClick(view, Qt.Key.Key_Return)
    went = before[2].place
    assert session.debugger.prefix == f"{went}/"
    assert session.debugger.step.address == "update/l3/j2/k1/update_w"
    assert [row.change for row in rows(trained)] == [row.change for row in before]
    assert [row.place for row in rows(trained) if row.current] == [went]
    assert "= e3/b0" in sum_said(trained)


def test_a_visit_to_the_past_shows_what_there_was_until_then(
    trained: LedgerPanel, session: Session, qtbot: QtBot
) -> None:
    session.visit_place("e1/b4")
    session.debugger.goto("mean/l3/j2/k1/mean_dC_dw")
    qtbot.waitUntil(lambda: trained.ledger is not None)
    assert len(rows(trained)) == 16
    assert trained.notes.text() == "16 updates as of e1/b4"
    assert trained.ledger.now == session.network.layer(3).W[2, 1]
    trained.show_weight(3, 2, 1)
    session.present()
    assert len(rows(trained)) == 36


def test_by_sample_and_class_all_that_was_done_adds_up(
    trained: LedgerPanel, session: Session, qtbot: QtBot
) -> None:
    moved = trained.ledger.now - trained.ledger.start
    choose(trained, "sample", qtbot)
    shown = rows(trained)
    assert sum(row.change for row in shown) == pytest.approx(moved, rel=1e-12)
    assert len(shown) == len(session.data.training) + 1  # and rounding
    row = next(row for row in shown if row.place.startswith("s"))
    assert row.words in session.data.target_names
    assert row.address.endswith(f"{row.place}/back/l3/j2/k1/dC_dw")
    choose(trained, "class", qtbot)
    assert {row.place for row in rows(trained)} == {*session.data.target_names, "rounding"}
    assert sum(row.change for row in rows(trained)) == pytest.approx(moved, rel=1e-12)
    assert "−η/n times its own gradient" in trained.notes.text()


def test_a_sample_leads_to_its_gradient_where_it_did_most(
    trained: LedgerPanel, session: Session, qtbot: QtBot
) -> None:
    choose(trained, "sample", qtbot)
    n, row = next((n, row) for n, row in enumerate(rows(trained)) if row.place.startswith("s"))
    trained.listing.link_asked.emit(trained.listing.model.index(n), None)
    step = session.debugger.step
    assert step.address == f"{row.place}/back/l3/j2/k1/dC_dw"
    assert session.debugger.prefix == row.address.partition("s")[0]


def test_momentum_has_a_row_of_its_own(panel: LedgerPanel, session: Session, qtbot: QtBot) -> None:
    train(qtbot, session, optimizer="adam", l2=0.01)
    qtbot.waitUntil(lambda: panel.ledger is not None and not panel.finder.is_running)
    choose(panel, "class", qtbot)
    assert {"momentum", "penalty"} <= {row.place for row in rows(panel)}
    assert "momentum and penalty stand apart" in panel.notes.text()


def test_of_a_long_run_it_says_that_only_the_last_updates_are_split(
    panel: LedgerPanel, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_split, "MOST_UPDATES", 10)
    train(qtbot, session)
    qtbot.waitUntil(lambda: panel.ledger is not None and not panel.finder.is_running)
    assert panel.notes.text() == "36 updates, the last 10 split by sample"
    choose(panel, "class", qtbot)
    assert "earlier updates" in {row.place for row in rows(panel)}


def test_a_change_by_hand_is_an_entry_at_once(trained: LedgerPanel, session: Session) -> None:
    session.debugger.set_weight(3, 2, 1, 9.0)
    (row,) = [row for row in rows(trained) if row.words]
    assert (row.words, row.before + row.change) == ("changed by hand", 9.0)
    assert trained.ledger.now == 9.0
    assert "by hand" in sum_said(trained)
    session.debugger.undo()
    assert not [row for row in rows(trained) if row.words]


def test_while_the_run_goes_on_no_old_list_is_shown(
    trained: LedgerPanel, session: Session, qtbot: QtBot
) -> None:
    session.change(epochs=100_000)
    session.train()
    assert session.is_training
    assert said(trained) == TRAINING
    assert trained.ledger is None
    session.pause()
    qtbot.waitUntil(lambda: trained.ledger is not None)
    assert len(trained.ledger) >= 36
    assert trained.ledger.now == session.network.layer(3).W[2, 1]


def test_it_follows_the_step_or_the_selection_and_stays_where_it_is_pinned(
    trained: LedgerPanel, session: Session, qtbot: QtBot
) -> None:
    session.debugger.goto("s54/back/l4/j1/dC_db")
    assert trained.parameter == Parameter(4, 1, None)
    trained.show_thing(("edge", 2, 3, 0))
    assert trained.parameter == Parameter(2, 3, 0)
    qtbot.waitUntil(lambda: trained.ledger is not None)
    assert trained.ledger.now == session.network.layer(2).W[3, 0]
    trained.show_weight(2, 1, None)
    assert trained.header.pin.isChecked()
    session.debugger.goto("s54/back/l3/j0/k0/dC_dw")
    trained.show_thing(("bias", 3, 0))
    assert trained.parameter == Parameter(2, 1, None)
    trained.header.pin.setChecked(False)
    assert trained.parameter == Parameter(3, 0, 0)
    with pytest.raises(InputError, match="no such parameter"):
        trained.show_weight(3, 9, 0)


def test_where_steps_come_fast_only_the_last_one_s_run_is_trained_again(
    trained: LedgerPanel, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[int, ...]] = []

    def steps(recording, *asked):
        begun.append(asked[:3])
        return ledger_steps(recording, *asked)

    monkeypatch.setattr("bpstudio.ui.ledger.finder.ledger_steps", steps)
    monkeypatch.setattr("bpstudio.ui.ledger.finder._REST", 1_000_000)  # all steps are fast
    for k in range(5):
        session.debugger.goto(f"s54/back/l3/j0/k{k}/dC_dw")
    assert rows(trained) == []
    assert said(trained) == LOOKING
    assert begun == []
    qtbot.waitUntil(lambda: trained.ledger is not None)
    assert begun == [(3, 0, 4)]
    assert trained.ledger.now == session.network.layer(3).W[0, 4]


def test_esc_gives_up_and_the_button_begins_again(
    trained: LedgerPanel, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpstudio.ui.scan._FIRST", 0.0)
    show(trained)
    trained.listing.view.setFocus()
    qtbot.waitUntil(trained.listing.view.hasFocus)
    trained.show_weight(2, 0, 0)
    assert trained.finder.is_running
    qtbot.waitUntil(trained.hint.hasFocus)
    QTest.keyClick(trained.hint, Qt.Key.Key_Escape)
    assert not trained.finder.is_running
    assert said(trained) == GIVEN_UP
    trained.hint.button.click()
    qtbot.waitUntil(lambda: trained.ledger is not None)
    assert trained.ledger.now == session.network.layer(2).W[0, 0]


def test_a_regression_has_no_view_by_class(
    panel: LedgerPanel, session: Session, qtbot: QtBot
) -> None:
    X = np.arange(40.0).reshape(20, 2)
    session.open_data(Dataset.from_arrays(X, X[:, 0] * 10, scale="standard"))
    assert said(panel) == UNTRAINED
    train(qtbot, session, lr=1e-4)
    qtbot.waitUntil(lambda: panel.ledger is not None and not panel.finder.is_running)
    assert not panel.header.view.button("class").isEnabled()
    assert "no classes" in panel.header.view.button("class").toolTip()
    choose(panel, "sample", qtbot)
    assert rows(panel)[0].words


def test_a_screen_reader_is_told_place_before_change_and_classes(trained: LedgerPanel) -> None:
    told = trained.listing.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    row = rows(trained)[0]
    assert told.startswith(f"{row.place}, before {format_number(row.before)}, change ")
    assert ", versicolor " in told
    tip = trained.listing.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.endswith(row.address)
    assert repr(row.change) in tip
