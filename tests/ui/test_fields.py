import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from bpstudio.ui.fields import BARE, RealField, WholeField
from tests.ui.windows import show


@pytest.fixture
def real(qtbot: QtBot) -> RealField:
    field = RealField(0, 1e6, 0.1)
    qtbot.addWidget(field)
    return field


def typed(qtbot: QtBot, field: RealField | WholeField, text: str) -> None:
    # Qt's test keyboard has Latin letters only, so other signs arrive as pasted
    field.lineEdit().setText("")
    field.lineEdit().insert(text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1, "0.1"), (1e-5, "1e−5"), (3, "3"), (123456.789, "123456.789"), (1e6, "1e6")],
)
def test_a_real_number_is_written_in_as_many_digits_as_it_needs(
    real: RealField, value: float, text: str
) -> None:
    real.setValue(value)
    assert real.text() == text
    assert real.value() == value


@pytest.mark.parametrize(
    ("text", "value"), [("0.25", 0.25), ("1e-3", 1e-3), ("1e−3", 1e-3), ("0,5", 0.5), ("7", 7)]
)
def test_a_real_number_can_be_typed_in_any_spelling(
    real: RealField, qtbot: QtBot, text: str, value: float
) -> None:
    typed(qtbot, real, text)
    assert real.value() == value


@pytest.mark.parametrize("text", ["", "abc", "1e", "-3", "inf", "nan", "2e6", "1e999"])
def test_what_is_no_number_in_the_range_leaves_the_value(
    real: RealField, qtbot: QtBot, text: str
) -> None:
    typed(qtbot, real, text)
    assert (real.value(), real.text()) == (0.1, "0.1")


@pytest.mark.parametrize("text", ["1e999", "-1e999"])
def test_a_number_too_large_to_hold_stays_to_be_seen_and_is_marked(
    real: RealField, qtbot: QtBot, text: str
) -> None:
    real.lineEdit().setText("")
    qtbot.keyClicks(real, text)
    assert real.lineEdit().text() == text
    assert real.property("invalid") is True


def test_a_number_out_of_range_is_marked_and_refused(real: RealField, qtbot: QtBot) -> None:
    refused: list[str] = []
    real.refused.connect(refused.append)
    real.lineEdit().setText("2e6")
    assert real.property("invalid") is True
    qtbot.keyClick(real, Qt.Key.Key_Return)
    assert refused == ["2e6"]
    assert real.property("invalid") is False


def test_typing_is_announced_once_when_it_is_done(real: RealField, qtbot: QtBot) -> None:
    heard: list[float] = []
    real.valueChanged.connect(heard.append)
    typed(qtbot, real, "0.25")
    assert heard == [0.25]


def test_arrows_change_the_second_digit(real: RealField) -> None:
    real.stepUp()
    assert real.text() == "0.11"
    real.setValue(1e-5)
    real.stepUp()
    assert real.text() == "1.1e−5"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(min_value=1e-12, max_value=1e6))
def test_what_is_shown_reads_back_as_the_same_number(real: RealField, value: float) -> None:
    shown = real.textFromValue(value)
    assert real.valueFromText(shown) == pytest.approx(value, rel=1e-11)


def test_a_negative_whole_number_has_a_true_minus(qtbot: QtBot) -> None:
    field = WholeField(-9, 9, -3)
    qtbot.addWidget(field)
    assert field.text() == "−3"
    typed(qtbot, field, "-4")
    assert (field.text(), field.value()) == ("−4", -4)


def test_a_whole_number_keeps_to_its_range(qtbot: QtBot) -> None:
    field = WholeField(1, 60, 10)
    qtbot.addWidget(field)
    typed(qtbot, field, "600")
    assert field.value() == 10
    field.setValue(600)
    assert field.value() == 60


@pytest.mark.parametrize("text", ["3.5", "-3", "1e2", "999999999"])
def test_no_part_of_what_was_typed_is_taken_for_a_whole_number(qtbot: QtBot, text: str) -> None:
    field = WholeField(1, 60, 10)
    qtbot.addWidget(field)
    heard: list[str] = []
    field.refused.connect(heard.append)
    field.lineEdit().setText("")
    qtbot.keyClicks(field, text)
    assert field.property("invalid") is True
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (heard, field.value(), field.text()) == ([text], 10, "10")


def test_a_field_that_nobody_listens_to_says_itself_what_it_takes(qtbot: QtBot) -> None:
    field = WholeField(1, 60, 10)
    qtbot.addWidget(field)
    field.setAccessibleName("Rows: how many")
    show(field)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    typed(qtbot, field, "-3")
    said = "Rows: a whole number from 1 to 60 is needed, given: −3"
    qtbot.waitUntil(lambda: QToolTip.text() == said)
    QToolTip.hideText()


def test_enter_alone_changes_no_digit_that_is_not_shown(qtbot: QtBot, real: RealField) -> None:
    heard: list[float] = []
    real.setValue(0.1 + 0.2)
    real.valueChanged.connect(heard.append)
    qtbot.keyClick(real, Qt.Key.Key_Return)
    assert (heard, real.value()) == ([], 0.1 + 0.2)


def test_a_narrow_field_has_its_number_rather_than_its_arrows(real: RealField) -> None:
    real.resize(64, 26)
    real.show()
    real.setValue(0.00025)
    assert real.property(BARE)
    real.setValue(1)
    assert not real.property(BARE)
    real.setValue(0.00025)
    real.resize(200, 26)
    assert not real.property(BARE)
