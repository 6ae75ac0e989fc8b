"""The panel of the loss: drawn once for each change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.debugger.session import Session
from bpstudio.ui.panels.loss import LossPanel
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight
from tests.ui.panels.conftest import Attempts

EPOCHS, UPDATES = 3, 36


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def train(session: Session, qtbot: QtBot) -> None:
    def is_over() -> bool:
        session.poll()
        return not session.is_training

    session.train()
    qtbot.waitUntil(is_over, timeout=60_000)


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempts
) -> Iterator[LossPanel]:
    with in_sight(LossPanel(session, appearance, attempts), qtbot, session, (700, 400)) as made:
        session.change(epochs=EPOCHS)
        train(session, qtbot)
        qtbot.waitUntil(lambda: made.plot_actions is not None)  # a first painting comes before it
        yield made


def painted(panel: LossPanel) -> int:
    """How often the plot is painted until nothing is left to paint."""
    paints = Paints()
    panel.curves.plot.viewport().installEventFilter(paints)
    for _ in range(5):
        QApplication.processEvents()
    panel.curves.plot.viewport().removeEventFilter(paints)
    return paints.count


def test_more_of_a_run_and_another_size_are_painted_once(
    panel: LossPanel, session: Session, qtbot: QtBot
) -> None:
    session.change(lr=0.1)
    painted(panel)
    train(session, qtbot)
    assert session.recording is not None
    assert session.recording.length == 2 * UPDATES
    assert painted(panel) == 1
    panel.resize(560, 300)
    assert painted(panel) == 1


def test_what_is_not_shown_is_not_in_the_plot(panel: LossPanel, session: Session) -> None:
    marks = panel.curves.marks
    assert marks.here.scene() is not None
    assert marks.under.scene() is None
    session.visit(10)
    assert marks.under.scene() is not None
    session.present()
    assert marks.under.scene() is None
