import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from bpstudio.ui.palette import LIGHT
from bpstudio.ui.segmented import Segment, SegmentedControl
from tests.ui.windows import show

pytestmark = pytest.mark.usefixtures("appearance")

SEGMENTS = (
    Segment("a", "a", "Activation", tex=True),
    Segment("weights", "Weights", "Weights"),
    Segment("gradients", "Gradients", "Gradients"),
)


@pytest.fixture
def control(qtbot: QtBot) -> SegmentedControl:
    made = SegmentedControl(SEGMENTS, "Edges")
    qtbot.addWidget(made)
    show(made)
    return made


def test_the_first_choice_is_in_force_at_the_start(control: SegmentedControl) -> None:
    assert control.key == "a"


def test_a_click_chooses_and_is_announced(control: SegmentedControl, qtbot: QtBot) -> None:
    with qtbot.waitSignal(control.chosen) as heard:
        qtbot.mouseClick(control.button("gradients"), Qt.MouseButton.LeftButton)
    assert heard.args == ["gradients"]
    assert control.key == "gradients"


def test_choosing_by_program_is_not_announced(control: SegmentedControl, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(control.chosen):
        control.choose("weights")
    assert control.key == "weights"


def test_arrow_keys_move_between_choices(control: SegmentedControl, qtbot: QtBot) -> None:
    control.button("a").setFocus()
    with qtbot.waitSignal(control.chosen) as heard:
        qtbot.keyClick(control.button("a"), Qt.Key.Key_Right)
    assert heard.args == ["weights"]


def test_exactly_one_choice_is_down(control: SegmentedControl, qtbot: QtBot) -> None:
    for key in ("weights", "gradients", "a"):
        qtbot.mouseClick(control.button(key), Qt.MouseButton.LeftButton)
        assert [s.key for s in SEGMENTS if control.button(s.key).isChecked()] == [key]


def test_choosing_moves_nothing(control: SegmentedControl) -> None:
    before = control.sizeHint()
    control.choose("gradients")
    assert control.sizeHint() == before
    assert control.height() == 28


def test_choices_have_names_and_tips(control: SegmentedControl) -> None:
    assert control.accessibleName() == "Edges"
    assert control.button("weights").accessibleName() == "Weights"
    assert control.button("a").toolTip() == "Activation"


def test_the_choice_in_force_is_tinted(control: SegmentedControl) -> None:
    control.choose("weights")
    picture = control.button("weights").grab().toImage()
    assert picture.pixelColor(4, 4) == QColor(LIGHT.accent_soft)
    other = control.button("gradients").grab().toImage()
    assert other.pixelColor(6, 4) == QColor(LIGHT.surface)
