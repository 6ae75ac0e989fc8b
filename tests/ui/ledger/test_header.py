"""The ledger's header in a narrow and a wide panel."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui.ledger.header import LedgerHeader
from bpstudio.ui.theme import Appearance


def test_the_question_gives_way_before_the_controls(appearance: Appearance, qtbot: QtBot) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    header = LedgerHeader(appearance)
    header.setParent(panel)
    header.resize(600, header.height())
    panel.show()
    assert all(title.isVisible() for title in header.titles)
    header.resize(header.minimumSizeHint().width(), header.height())
    assert not any(title.isVisible() for title in header.titles)
    assert header.view.geometry().right() < header.width()
