from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpstudio.ui.canvas.panel import NetworkPanel, sizes_text
from bpstudio.ui.canvas.state import CanvasState, NodeMode
from bpstudio.ui.theme import Appearance
from tests.ui.canvas.scenes import iris, state, trace
from tests.ui.windows import show

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot, appearance: Appearance) -> Iterator[NetworkPanel]:
    made = NetworkPanel(appearance)
    qtbot.addWidget(made)
    made.resize(864, 592)
    made.show_state(iris())
    show(made)
    yield made
    made.hide()


def test_a_network_in_one_line() -> None:
    assert sizes_text(trace().network) == "4 – 5 – 6 – 3, 68 weights, 14 biases"
    assert sizes_text(trace((1, 1), bias=False).network) == "1 – 1, 1 weight"
    assert sizes_text(trace((60, 40, 2)).network) == "60 – 40 – 2, 2\u2009480 weights, 42 biases"


def test_header_canvas_and_legend_share_the_height(panel: NetworkPanel) -> None:
    assert panel.canvas.height() == 592 - 36 - 36
    assert panel.canvas.y() == 36


def test_the_header_sets_what_the_canvas_shows(panel: NetworkPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.modes_changed):
        qtbot.mouseClick(panel._edges.button("weights"), LEFT)
    with qtbot.waitSignal(panel.modes_changed):
        qtbot.mouseClick(panel._nodes.button("dC_da"), LEFT)
    assert (panel.canvas.edges_mode, panel.canvas.node_mode) == ("weights", "dC_da")


@pytest.mark.parametrize("nodes", ["a", "z", "dC_da"])
def test_setting_modes_moves_the_header_without_announcing(
    panel: NetworkPanel, qtbot: QtBot, nodes: NodeMode
) -> None:
    with qtbot.assertNotEmitted(panel.modes_changed):
        panel.set_modes(nodes=nodes)
    assert panel._nodes.key == nodes
    assert panel.edges_mode == "gradients"


def test_the_legend_follows_the_modes(panel: NetworkPanel) -> None:
    panel.set_modes(edges="weights")
    assert panel.legend.shown[1].tex == "w"  # type: ignore[union-attr]


def test_the_canvas_speaks_through_the_panel(panel: NetworkPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.selected) as heard:
        panel.canvas.select(("edge", 3, 2, 1))
    assert heard.args == [("edge", 3, 2, 1)]
    with qtbot.waitSignal(panel.step_requested) as asked:
        panel.canvas.request(("edge", 3, 2, 1))
    assert asked.args == ["s52/back/l3/j2/k1/dC_dw"]


def test_the_header_s_buttons_work(panel: NetworkPanel, qtbot: QtBot) -> None:
    panel.zoom_in()
    panel.zoom_in()
    qtbot.mouseClick(panel._centre, LEFT)
    moved = panel.canvas.view
    qtbot.mouseClick(panel._fit, LEFT)
    assert moved.zoom > 1 == panel.canvas.view.zoom


def test_a_narrow_panel_keeps_the_modes_and_lets_the_words_go(panel: NetworkPanel) -> None:
    panel.resize(600, 400)
    assert panel._edges.isVisible()
    assert not panel._edges_label.isVisible()
    assert not panel._centre.isVisible()
    panel.resize(900, 600)
    assert panel._edges_label.isVisible()
    assert panel._centre.isVisible()


@pytest.mark.parametrize("shown", [None, state(trace((2, 3, 1)), 5)], ids=["nothing", "small"])
def test_any_state_can_be_shown(panel: NetworkPanel, shown: CanvasState | None) -> None:
    panel.show_state(shown)
    assert not panel.grab().isNull()
    assert bool(panel.legend.shown) == (shown is not None)
