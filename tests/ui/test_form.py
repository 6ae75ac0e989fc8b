"""The pieces that a form is made of."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from bpstudio.ui.form import Choice, combo
from tests.ui.windows import show


def test_a_choice_that_is_too_long_ends_in_dots_and_is_whole_in_the_tooltip(qtbot: QtBot) -> None:
    box = combo("The column to learn", [("progression after a year", "p"), ("sex", "s")])
    assert isinstance(box, Choice)
    qtbot.addWidget(box)
    box.resize(90, 26)
    show(box)
    assert box.shown_text().endswith("…")
    help_event = QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), box.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(box, help_event)
    assert QToolTip.text() == "progression after a year\nThe column to learn"
    QToolTip.hideText()
    box.setCurrentIndex(1)
    assert box.shown_text() == "sex"
