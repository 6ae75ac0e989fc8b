import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bpstudio.ui.message_bar import MessageBar, as_sentence
from bpstudio.ui.theme import Appearance
from bpstudio.ui.window import MainWindow


@pytest.fixture
def bar(qtbot: QtBot, appearance: Appearance) -> MessageBar:
    made = MessageBar(appearance)
    qtbot.addWidget(made)
    made.resize(900, 36)
    made.show()
    return made


def links(bar: MessageBar) -> list[QPushButton]:
    return [button for button in bar.findChildren(QPushButton) if button.isVisible()]


def test_a_stop_says_where_and_why_with_two_links(bar: MessageBar, qtbot: QtBot) -> None:
    went: list[str] = []
    choices = [("Previous hit", lambda: went.append("hit")), ("Edit condition", lambda: None)]
    bar.show_stop("s52/loss/C", "C_0 < 1, 3rd hit", choices)
    assert bar.text == "Stopped at s52/loss/C: C_0 < 1, 3rd hit."
    assert [link.text() for link in links(bar)] == ["Previous hit", "Edit condition"]
    assert bar.kind == "stop"
    qtbot.mouseClick(links(bar)[0], Qt.MouseButton.LeftButton)
    assert went == ["hit"]
    assert bar.text == ""


def test_it_is_as_much_larger_as_it_is_told(bar: MessageBar) -> None:
    bar.show_note("Something was done", "Look", lambda: None)
    label = next(label for label in bar.findChildren(QLabel) if label.text())
    shown = [label, *links(bar)]
    ordinary, height = [widget.fontInfo().pixelSize() for widget in shown], bar.height()
    bar.enlarge(2.0)
    assert [widget.fontInfo().pixelSize() for widget in shown] == [2 * size for size in ordinary]
    assert bar.height() == 2 * height
    bar.enlarge(1.0)
    assert [widget.fontInfo().pixelSize() for widget in shown] == ordinary
    assert bar.height() == height


def test_signs_of_markup_are_shown_as_they_are(bar: MessageBar) -> None:
    bar.show_error("'<b>' is no name & never was")
    label = next(label for label in bar.findChildren(QLabel) if label.text())
    assert "&lt;b&gt;" in label.text()
    assert bar.text == "'<b>' is no name & never was."


def test_a_refused_verb_leaves_with_the_next_one_and_a_stop_with_the_cursor(
    bar: MessageBar,
) -> None:
    bar.show_stop("s52/loss/C", "here")
    bar.settle()
    assert bar.text
    bar.settle_stop()
    assert bar.text == ""
    bar.show_error("no such step")
    bar.settle_stop()
    assert bar.text
    bar.settle()
    assert bar.text == ""


def test_the_next_message_takes_the_links_of_the_one_before_away(bar: MessageBar) -> None:
    bar.show_stop("s52/loss/C", "here", [("Previous hit", lambda: None)])
    bar.show_note("done")
    assert links(bar) == []
    assert bar.kind == "note"


def test_a_sentence_begins_with_a_capital_unless_it_begins_with_a_name() -> None:
    assert as_sentence("no such step") == "No such step."
    assert as_sentence("iris.csv is empty") == "iris.csv is empty."
    assert as_sentence("done?", capital=False) == "done?"


def test_a_long_sentence_with_a_link_lies_within_the_bar(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    bar = main_window.message_bar
    bar.show_error("the loss is not a finite number; " * 4, "Go to first cause", lambda: None)
    qtbot.wait(1)
    label = bar.findChildren(QLabel)[1]
    assert label.geometry().bottom() < bar.height()
    assert label.heightForWidth(label.width()) <= bar.height()


def test_training_settles_the_stop_of_a_run_and_steps_do_not(main_window: MainWindow) -> None:
    bar = main_window.message_bar
    bar.show_stop("e3/b4", "loss > 2", of_run=True)
    bar.settle_stop()
    bar.settle()
    assert bar.text.startswith("Stopped at e3/b4")
    bar.settle(lasting=True)
    assert bar.text == ""


def test_what_stands_is_settled_by_no_other_verb_and_no_run(bar: MessageBar) -> None:
    bar.show_error("the disk is full", standing=True)
    bar.settle()
    bar.settle(lasting=True)
    assert bar.text == "The disk is full."
    bar.show_note("another")
    bar.show_error("refused")
    bar.settle()
    assert bar.text == ""
