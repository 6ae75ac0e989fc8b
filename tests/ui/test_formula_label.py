import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui.formula_label import FormulaLabel, MixedLabel
from bpstudio.ui.palette import DARK, LIGHT
from bpstudio.ui.theme import Appearance
from bpstudio.ui.typeset import part

pytestmark = pytest.mark.usefixtures("appearance")


def seen(image: QImage) -> set[str]:
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return {image.pixelColor(x, y).name().upper() for x, y in points}


def test_the_label_has_room_for_its_formula(qtbot: QtBot) -> None:
    label = FormulaLabel(r"\frac{a}{b}", 18)
    qtbot.addWidget(label)
    hint, formula = label.sizeHint(), label.formula
    assert formula.width <= hint.width() <= formula.width + 6
    assert formula.height <= hint.height() <= formula.height + 2
    assert formula.ascent <= label.baseline < formula.ascent + 1


def test_the_label_is_read_out(qtbot: QtBot) -> None:
    label = FormulaLabel(r"w_{12}^{(L)}")
    qtbot.addWidget(label)
    assert label.accessibleName() == "w sub 12 of layer L"
    label.set_tex("x")
    assert label.accessibleName() == "x"


def test_the_menu_copies_the_latex_without_part_marks(qtbot: QtBot) -> None:
    label = FormulaLabel(part(1, "w") + r"\cdot a")
    qtbot.addWidget(label)
    (action,) = label.actions()
    assert action.text() == "Copy LaTeX"
    action.trigger()
    assert QGuiApplication.clipboard().text() == r"w\cdot a"


def test_the_label_follows_the_theme(appearance: Appearance, qtbot: QtBot) -> None:
    label = FormulaLabel("l", 40)
    qtbot.addWidget(label)
    assert LIGHT.text1 in seen(label.grab().toImage())
    appearance.choose("dark")
    assert DARK.text1 in seen(label.grab().toImage())


def test_the_part_under_the_pointer_is_known(qtbot: QtBot) -> None:
    label = FormulaLabel(part(3, "w"), 40)
    qtbot.addWidget(label)
    label.adjustSize()
    assert label.part_at(QPointF(label.rect().center())) == 3
    assert label.part_at(QPointF(QPoint(-9, -9))) is None


def test_a_mixed_label_grows_as_it_gets_narrower(qtbot: QtBot) -> None:
    label = MixedLabel("one two three four $x_1$ five six seven", 14, 22)
    qtbot.addWidget(label)
    assert label.heightForWidth(1000) == 22
    assert label.heightForWidth(100) > 22
    assert label.sizeHint().height() == 22


def test_a_mixed_label_gets_its_height_from_a_layout(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    column = QVBoxLayout(place)
    label = MixedLabel("one two three four five six seven eight nine ten", 14, 22)
    column.addWidget(label)
    column.addStretch()
    place.resize(150, 400)
    place.show()
    assert label.height() == label.heightForWidth(label.width()) >= 44


def test_a_mixed_label_says_and_copies_its_text(qtbot: QtBot) -> None:
    label = MixedLabel("weight $w_1$")
    qtbot.addWidget(label)
    assert label.accessibleName() == "weight w sub 1"
    label.set_markup("node $a_2$ is **1**")
    assert label.accessibleName() == "node a sub 2 is 1"
    (action,) = label.actions()
    action.trigger()
    assert QGuiApplication.clipboard().text() == "node $a_2$ is 1"


def test_a_mixed_label_follows_the_theme(appearance: Appearance, qtbot: QtBot) -> None:
    label = MixedLabel("l **l**", 40, 60)
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    assert LIGHT.text1 in seen(label.grab().toImage())
    appearance.choose("dark")
    assert DARK.text1 in seen(label.grab().toImage())
