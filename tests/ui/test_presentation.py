"""Presentation mode: network and derivation alone and large; leaving it brings everything back."""

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from bpstudio.ui.presentation import scale_for
from bpstudio.ui.window import MainWindow


@pytest.mark.parametrize(
    ("size", "scale"),
    [((1600, 1000), 2.0), ((1920, 1080), 2.16), ((1100, 700), 1.375), ((640, 480), 1.25)],
)
def test_everything_grows_with_the_window(size: tuple[int, int], scale: float) -> None:
    assert scale_for(*size) == pytest.approx(scale)


def arranged(window: MainWindow) -> list[object]:
    """Which panels are where, which are in front, how large they are, and what is enlarged."""
    docks = window.docks
    return [
        *((place, area.names, area.on_top, area.size()) for place, area in docks.areas.items()),
        *(bar.isVisible() for bar in (window.menuBar(), window.statusBar(), window.toolbar)),
        *(window.network.legend.height(), window.timeline.height(), docks.bottom.height()),
        *(window.derivation.header.isVisible(), window.derivation.next_bar.isVisible()),
    ]


def click_on_the_timeline(window: MainWindow, qtbot: QtBot) -> None:
    """It goes to the step that is drawn there, enlarged."""
    lanes = window.timeline.lanes
    at = lanes.rect().center()
    expected = lanes.step_at(QPointF(at) / scale_for(window.width(), window.height()), "detail")
    assert lanes.step_at(QPointF(at), "detail") != expected
    qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=at)
    assert window.session.debugger.cursor == expected


def test_it_shows_network_and_derivation_and_esc_brings_everything_back(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    window = main_window
    window.show()
    window.show_panel("confusion")
    window.steps.table.setFocus()
    needed = window.timeline.height() + window.docks.areas["bottom left"].minimumSizeHint().height()
    qtbot.waitUntil(lambda: window.docks.bottom.height() == needed)
    before = arranged(window)
    window.commands["presentation"].trigger()
    assert window.presentation.is_on
    assert window.commands["presentation"].isChecked()
    assert window.network.isVisible()
    assert window.derivation.isVisible()
    assert window.timeline.isVisible()
    assert not window.steps.isVisible()
    assert not window.menuBar().isVisible()
    assert window.focusWidget() is window.network.canvas
    cursor = window.session.debugger.cursor
    qtbot.keyClick(window.network.canvas, Qt.Key.Key_F11)
    assert window.session.debugger.cursor == cursor + 1
    click_on_the_timeline(window, qtbot)
    qtbot.keyClick(window.network.canvas, Qt.Key.Key_Escape)
    assert not window.presentation.is_on
    assert not window.commands["presentation"].isChecked()
    qtbot.waitUntil(lambda: arranged(window) == before)
    assert window.focusWidget() is window.steps.table


def test_what_shows_another_panel_or_layout_leaves_it(main_window: MainWindow) -> None:
    window = main_window
    window.show()
    for leave in (
        lambda: window.show_panel("watches"),
        window.commands["layout_train"].trigger,
        window.commands["presentation"].trigger,
        window.close,
    ):
        window.commands["presentation"].trigger()
        assert window.presentation.is_on
        leave()
        assert not window.presentation.is_on
    assert window.docks.layout == "train"
