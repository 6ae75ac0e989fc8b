from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui.focus import FocusRing
from bpstudio.ui.palette import LIGHT
from tests.ui.windows import show

pytestmark = pytest.mark.usefixtures("appearance")


@pytest.fixture
def ring(qapp: QApplication) -> Iterator[FocusRing]:
    made = FocusRing(qapp)
    yield made
    made.deleteLater()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """Two buttons and a list, the first button with the focus."""
    place = QWidget()
    qtbot.addWidget(place)
    place.resize(300, 200)
    first, second, rows = QPushButton("One", place), QPushButton("Two", place), QListWidget(place)
    first.setGeometry(20, 20, 80, 28)
    second.setGeometry(120, 20, 80, 28)
    rows.setGeometry(20, 60, 200, 100)
    show(place)
    first.setFocus()
    return place


def tab(qtbot: QtBot) -> None:
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)


def test_the_tab_key_rings_the_next_control(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    tab(qtbot)
    # 2 px gap and 2 px line round 120, 20, 80 × 28
    assert ring.rect == QRect(116, 16, 88, 36)


def test_the_ring_is_two_pixels_of_accent_with_a_gap(
    ring: FocusRing, window: QWidget, qtbot: QtBot
) -> None:
    tab(qtbot)
    picture = window.grab().toImage()
    column = [picture.pixelColor(160, y).name().upper() for y in range(15, 20)]
    ground = picture.pixelColor(5, 5).name().upper()
    assert column == [ground, LIGHT.accent, LIGHT.accent, ground, ground]
    assert picture.pixelColor(160, 34) != QColor(LIGHT.accent)


def test_a_list_is_ringed_inside(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    tab(qtbot)
    tab(qtbot)
    assert ring.rect == QRect(20, 60, 200, 100)


def test_a_click_leaves_no_ring(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    tab(qtbot)
    qtbot.mousePress(window.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert ring.rect is None
    qtbot.mouseRelease(window.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)


def test_the_ring_moves_with_its_control(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    tab(qtbot)
    QApplication.focusWidget().move(QPoint(100, 160))
    assert ring.rect == QRect(96, 156, 88, 36)


def test_the_ring_goes_with_its_control(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    tab(qtbot)
    QApplication.focusWidget().hide()
    assert ring.rect != QRect(116, 16, 88, 36)


def test_the_ring_lets_the_mouse_through(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    tab(qtbot)
    assert window.childAt(QPoint(160, 34)) is QApplication.focusWidget()
