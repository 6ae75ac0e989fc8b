"""The sum under the ledger in a narrow and a wide panel."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from bpstudio.ui.ledger.footer import LedgerFooter
from bpstudio.ui.theme import Appearance
from tests.debugger.ledgers import ledger_of, record, training_of


def test_it_is_as_high_as_its_lines_need(appearance: Appearance, qtbot: QtBot) -> None:
    footer = LedgerFooter(appearance)
    qtbot.addWidget(footer)
    footer.resize(700, footer.height())
    footer.show()
    ledger = ledger_of(record(training_of(), 5)[0])
    footer.show_sum(ledger.changed_to(1.5), "")
    one_line = footer.height()
    for width in (420, 300):
        footer.resize(width, footer.height())
        lines = footer.sum.heightForWidth(footer.sum.width())
        assert footer.height() >= lines + 8
    assert footer.height() > one_line
    footer.resize(700, footer.height())
    assert footer.height() == one_line
