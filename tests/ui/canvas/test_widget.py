"""The canvas as it is painted, and how it answers mouse and keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from bpstudio.core.dataset import Batch
from bpstudio.core.network import frozen
from bpstudio.core.trace import Trace
from bpstudio.ui.canvas import picture as picture_module
from bpstudio.ui.canvas.band import band_segments
from bpstudio.ui.canvas.display import EMPTY, band_area
from bpstudio.ui.canvas.edges import segments
from bpstudio.ui.canvas.layout import FITTED, View
from bpstudio.ui.canvas.paint_band import paint_band
from bpstudio.ui.canvas.paint_nodes import bias_box
from bpstudio.ui.canvas.scene import Scene, Stage
from bpstudio.ui.canvas.state import CanvasState
from bpstudio.ui.canvas.widget import NetworkCanvas
from bpstudio.ui.palette import DARK, LIGHT
from bpstudio.ui.ramps import activation_color
from bpstudio.ui.theme import Appearance
from tests.ui.canvas.scenes import (
    FACTOR_3,
    NAMES,
    along,
    color_at,
    iris,
    is_near,
    picture,
    state,
    trace,
)
from tests.ui.mouse import double_click
from tests.ui.windows import show

LEFT = Qt.MouseButton.LeftButton


def drawn(canvas: NetworkCanvas) -> Scene:
    scene = canvas.scene
    assert scene is not None
    return scene


def edge_line(canvas: NetworkCanvas, l: int, j: int, k: int) -> tuple[float, float, float, float]:
    line = segments(drawn(canvas).layout, l, np.array([j]), np.array([k]))[0]
    return (float(line[0]), float(line[1]), float(line[2]), float(line[3]))


def beside(line: tuple[float, float, float, float], away: float) -> tuple[float, ...]:
    """A line moved sideways."""
    x0, y0, x1, y1 = line
    length = float(np.hypot(x1 - x0, y1 - y0))
    nx, ny = -(y1 - y0) / length * away, (x1 - x0) / length * away
    return (x0 + nx, y0 + ny, x1 + nx, y1 + ny)


def extreme_edge(canvas: NetworkCanvas, sign: int) -> tuple[int, int]:
    """The edge of the output layer with the largest weight of a sign."""
    W = drawn(canvas).state.trace.network.layer(4).W * sign
    j, k = np.unravel_index(int(np.argmax(W)), W.shape)
    return int(j), int(k)


def pixels(image: QImage) -> bytes:
    return bytes(image.constBits())


@contextmanager
def counted_paintings() -> Iterator[list[int]]:
    """The layers whose edges are painted meanwhile."""
    seen: list[int] = []
    paint = picture_module.paint_edges

    def counting(painter: Any, look: Any, layout: Any, edges: Any, *rest: Any) -> None:
        seen.append(edges.l)
        paint(painter, look, layout, edges, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture_module, "paint_edges", counting)
        yield seen


# What is painted


def test_a_node_has_the_colour_of_its_activation(canvas: NetworkCanvas) -> None:
    image = picture(canvas)
    x, y = drawn(canvas).layout.node(3, 4)
    fill = activation_color(LIGHT, float(trace().a(3)[0, 4]), 0, 1)
    assert is_near(color_at(image, x, y + 14), fill, 2)


def test_a_pending_node_is_empty_and_dashed(canvas: NetworkCanvas) -> None:
    canvas.show_state(iris("s52/fwd/l2/j1/z"))
    image = picture(canvas)
    x, y = drawn(canvas).layout.node(3, 4)
    assert is_near(color_at(image, x, y), LIGHT.canvas, 1)
    angles = np.linspace(0, 2 * np.pi, 180)
    radius = drawn(canvas).layout.column(3).radius - 0.5
    around = [color_at(image, x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles]
    dark = [color.lightness() < 200 for color in around]
    assert sum(a != b for a, b in pairwise(dark)) > 20


def test_a_negative_weight_is_dashed_and_a_positive_one_is_not(canvas: NetworkCanvas) -> None:
    canvas.set_modes(edges="weights")
    canvas.show_state(state(trace(), None))
    image = picture(canvas)
    changes = {}
    for sign in (1, -1):
        line = edge_line(canvas, 4, *extreme_edge(canvas, sign))
        x0, y0, x1, y1 = line
        # near the end, where no other edge crosses
        part = (
            x0 + 0.05 * (x1 - x0),
            y0 + 0.05 * (y1 - y0),
            x0 + 0.4 * (x1 - x0),
            y0 + 0.4 * (y1 - y0),
        )
        light = [color.lightness() > 225 for color in along(image, part, 80)]
        changes[sign] = sum(a != b for a, b in pairwise(light))
    assert changes[1] == 0
    assert changes[-1] >= 4


def test_a_pending_gradient_is_a_thin_grey_line(canvas: NetworkCanvas) -> None:
    image = picture(canvas)
    line = edge_line(canvas, 2, 0, 0)
    colors = along(image, line)
    assert any(is_near(color, LIGHT.pending_edge, 25) for color in colors)
    hues = [color.saturation() for color in colors]
    assert max(hues) < 60


def test_the_current_edge_runs_between_two_accent_rails(canvas: NetworkCanvas) -> None:
    image = picture(canvas)
    (line,) = band_segments(drawn(canvas).layout, ("edge", 4, 1, 2))
    for away in (-6.25, 6.25):
        rail = along(image, beside(line, away), 40)  # type: ignore[arg-type]
        assert sum(is_near(color, LIGHT.accent) for color in rail) >= 30
    gap = along(image, beside(line, 3.6), 40)  # type: ignore[arg-type]
    assert sum(is_near(color, LIGHT.canvas, 40) for color in gap) >= 20


def test_before_its_gradient_is_computed_the_way_to_the_loss_has_no_colour(
    canvas: NetworkCanvas,
) -> None:
    for at, colourful in (("s52/loss/C", False), (FACTOR_3, True)):
        canvas.show_state(iris(at))
        image = picture(canvas)
        x0, y, x1, _ = band_segments(drawn(canvas).layout, ("loss_edge", 1))[1]
        colors = along(image, (x0, y, 0.3 * x0 + 0.7 * x1, y))  # clear of the loss's ring
        assert (max(color.saturation() for color in colors) > 120) == colourful


def test_current_nodes_are_ringed_and_others_are_not(canvas: NetworkCanvas) -> None:
    image = picture(canvas)
    layout = drawn(canvas).layout
    reach = layout.column(4).radius + 6
    x, y = layout.node(4, 1)
    assert is_near(color_at(image, x, y + reach), LIGHT.accent)
    x, y = layout.node(4, 2)
    assert not is_near(color_at(image, x, y + reach), LIGHT.accent)


def test_the_chip_is_filled_with_the_accent_and_says_its_number(canvas: NetworkCanvas) -> None:
    image = picture(canvas)
    (chip,) = (p for p in drawn(canvas).labels if p.label.style == "current")
    assert is_near(color_at(image, chip.box.x + 4, chip.box.y + 12), LIGHT.accent, 3)
    w = trace().network.layer(4).W[1, 2]
    assert drawn(canvas).current_label == f"3 w_12^(L) = {w:.4f}".replace("-", "−")


def test_the_goal_is_a_double_line(canvas: NetworkCanvas) -> None:
    canvas.show_state(iris(goal=(3, 2, 2)))
    line = edge_line(canvas, 3, 2, 2)
    image = picture(canvas)
    x0, y0, x1, y1 = line
    x, y = x0 + 0.3 * (x1 - x0), y0 + 0.3 * (y1 - y0)
    across = [color_at(image, x, y + dy).lightness() for dy in (-2.5, 0, 2.5)]
    assert across[0] < across[1] > across[2]


def test_an_arrow_points_where_the_output_must_move(canvas: NetworkCanvas) -> None:
    image = picture(canvas)
    layout = drawn(canvas).layout
    slopes = trace().dC_da(4)[0]
    for j in range(3):
        x, y = layout.node(4, j)
        middle = x + layout.column(4).radius + 15
        rows = range(round(y) - 14, round(y) + 15)
        widths = {
            row: sum(
                is_near(color_at(image, middle + dx, row), LIGHT.text1, 60) for dx in range(-6, 7)
            )
            for row in rows
        }
        widest = max(widths, key=lambda row: widths[row])
        assert (widest < y) == (slopes[j] < 0), j


def test_arrows_can_be_left_out(canvas: NetworkCanvas) -> None:
    with_arrows = picture(canvas)
    canvas.show_state(iris(show_arrows=False))
    assert pixels(picture(canvas)) != pixels(with_arrows)


def test_a_bias_shows_its_sign(canvas: NetworkCanvas) -> None:
    canvas.set_modes(edges="weights")
    image = picture(canvas)
    b = trace().network.layer(2).b
    assert b is not None
    for j in range(5):
        box = bias_box(drawn(canvas).layout.column(2), j)
        x, y = box.x + box.width / 2, box.y + box.height / 2
        corner = color_at(image, x - 2, y - 2)
        upright = not is_near(color_at(image, x, y - 2), corner, 30)
        assert upright == (b[j] > 0), j


@pytest.mark.parametrize(
    "passed",
    [
        trace((2, 3, 1)),
        trace((4, 3)),
        trace((1, 1), bias=False),
        trace((30, 40, 12, 2), "relu", "softmax", "cross_entropy"),
        trace((3, 3, 3, 3, 3, 3, 3, 3, 3, 3), "tanh", "linear"),
        trace((4, 5, 3), rows=(3, 4), lr=0.1),
    ],
    ids=["small", "shallow", "least", "wide", "deep", "batch"],
)
def test_every_kind_of_network_is_painted_at_every_kind_of_step(
    canvas: NetworkCanvas, passed: Trace
) -> None:
    for n in (*range(0, len(passed), max(len(passed) // 12, 1)), len(passed) - 1):
        canvas.show_state(state(passed, n, goal=(2, 0, 0)))
        assert not picture(canvas).isNull()


def test_numbers_that_are_none_are_painted_too(canvas: NetworkCanvas) -> None:
    batch = Batch((0,), frozen([[np.nan, np.inf, 0, 1]]), trace().Y)
    canvas.show_state(state(Trace(trace().network, batch, "sse", None), 300))
    assert not picture(canvas).isNull()


def test_with_nothing_open_it_says_what_to_do(canvas: NetworkCanvas) -> None:
    canvas.show_state(None)
    assert canvas.scene is None
    assert canvas.accessibleDescription() == EMPTY
    image = picture(canvas)
    assert is_near(color_at(image, 10, 10), LIGHT.canvas, 1)


def test_another_theme_recolours_everything(canvas: NetworkCanvas, appearance: Appearance) -> None:
    picture(canvas)
    appearance.choose("dark")
    image = picture(canvas)
    assert is_near(color_at(image, 3, 300), DARK.canvas, 1)
    x, y = drawn(canvas).layout.node(3, 4)
    fill = activation_color(DARK, float(trace().a(3)[0, 4]), 0, 1)
    assert is_near(color_at(image, x, y + 14), fill, 2)


# Only what changed is painted again


def test_a_factor_repaints_nothing_of_the_kept_picture(canvas: NetworkCanvas) -> None:
    n = trace().sequence.index(FACTOR_3)
    picture(canvas)
    canvas.show_state(iris(n + 1))
    picture(canvas)
    assert canvas.repainted == ()


def test_a_new_gradient_repaints_the_edges_of_its_layer_only(canvas: NetworkCanvas) -> None:
    n = trace().sequence.index("s52/back/l3/j2/k1/dC_dw")
    canvas.show_state(iris(n - 1))
    picture(canvas)
    canvas.show_state(iris(n))
    picture(canvas)
    assert canvas.repainted == ("edges 3",)


def test_a_new_activation_repaints_the_nodes_of_its_layer_only(canvas: NetworkCanvas) -> None:
    n = trace().sequence.index("s52/fwd/l3/j2/a")
    canvas.show_state(iris(n - 1))
    picture(canvas)
    canvas.show_state(iris(n))
    picture(canvas)
    assert canvas.repainted == ("layer 3",)


@pytest.mark.parametrize("stride", [1, -1], ids=["forward", "backward"])
def test_stepping_shows_the_same_as_jumping(
    canvas: NetworkCanvas, qtbot: QtBot, stride: int
) -> None:
    """The picture at a step does not depend on the way there."""
    middle = trace().sequence.index("s52/back/l3/j2/k1/dC_dw")
    for n in range(middle - 20 * stride, middle + stride, stride):
        canvas.show_state(iris(n, goal=(3, 2, 2)))
        stepped = picture(canvas)
    fresh = NetworkCanvas()
    qtbot.addWidget(fresh)
    fresh.resize(canvas.size())
    fresh.show_state(iris(middle, goal=(3, 2, 2)))
    assert pixels(stepped) == pixels(picture(fresh))


@pytest.mark.parametrize("at", ["s52/fwd/l3/j2/k1/wa", "s52/loss/j1/C_j", FACTOR_3])
def test_a_band_changes_nothing_outside_its_area(canvas: NetworkCanvas, at: str) -> None:
    canvas.show_state(iris(at))
    scene = drawn(canvas)
    assert scene.highlight.current is not None
    band = band_segments(scene.layout, scene.highlight.current)
    image = QImage(canvas.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_band(painter, scene, band)
    ground = QColor(Qt.GlobalColor.green).rgb()
    shown = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), -1)
    rows, columns = np.nonzero(shown != ground)
    area = band_area(band, 1.0)
    assert area.contains(QPoint(int(columns.min()), int(rows.min())))
    assert area.contains(QPoint(int(columns.max()), int(rows.max())))


@pytest.mark.parametrize("stride", [1, -1], ids=["forward", "backward"])
def test_what_is_prepared_for_the_next_step_looks_as_if_it_was_not(
    canvas: NetworkCanvas, qtbot: QtBot, stride: int
) -> None:
    first = trace().sequence.index("s52/back/l3/j2/k1/dC_dw") - 2 * stride
    canvas.show_state(iris(first - stride))
    for n in range(first, first + 6 * stride, stride):
        canvas.show_state(iris(n))
        stepped = picture(canvas)
        fresh = NetworkCanvas()
        qtbot.addWidget(fresh)
        fresh.resize(canvas.size())
        fresh.show_state(iris(n))
        assert pixels(stepped) == pixels(picture(fresh))
        canvas.prepare()


def test_a_prepared_step_is_neither_built_nor_painted_again(canvas: NetworkCanvas) -> None:
    n = trace().sequence.index("s52/back/l3/j2/k1/dC_dw")
    canvas.show_state(iris(n - 2))
    canvas.show_state(iris(n - 1))
    picture(canvas)
    with counted_paintings() as painted:
        canvas.prepare()
    assert painted == [3]
    with counted_paintings() as painted:
        canvas.show_state(iris(n))
        picture(canvas)
    assert painted == []
    assert canvas.repainted == ("edges 3",)


def test_another_step_than_the_prepared_one_is_painted_as_ever(canvas: NetworkCanvas) -> None:
    n = trace().sequence.index("s52/back/l3/j2/k1/dC_dw")
    canvas.show_state(iris(n - 1))
    picture(canvas)
    canvas.prepare()
    canvas.show_state(iris(n, goal=(3, 2, 2)))
    assert drawn(canvas).highlight.goal == ("edge", 3, 2, 2)
    canvas.prepare()
    canvas.show_state(iris(n - 5))
    assert drawn(canvas).state.step == iris(n - 5).step


def test_the_next_step_is_prepared_once_the_step_is_painted(
    canvas: NetworkCanvas, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(canvas)
    canvas.show_state(iris(3))
    prepared: list[object] = []
    build = Stage.prepare

    def prepare(stage: Stage, state: CanvasState, *rest: Any) -> Scene:
        prepared.append(state.step)
        return build(stage, state, *rest)

    monkeypatch.setattr(Stage, "prepare", prepare)
    canvas.show_state(iris(4))
    qtbot.waitUntil(lambda: bool(prepared))
    assert prepared == [iris(5).step]


def test_while_traces_follow_each_other_nothing_is_prepared(
    canvas: NetworkCanvas, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[object] = []
    monkeypatch.setattr(Stage, "prepare", lambda *_: prepared.append(1))
    show(canvas)
    canvas.show_state(state(trace(loss="mse"), 3))
    canvas.grab()
    qtbot.wait(20)
    assert not prepared


# Mouse and keys


def node_at(canvas: NetworkCanvas, l: int, j: int) -> QPoint:
    x, y = drawn(canvas).layout.node(l, j)
    return QPoint(round(x), round(y))


def test_a_click_selects_and_a_click_beside_selects_nothing(
    canvas: NetworkCanvas, qtbot: QtBot
) -> None:
    heard: list[object] = []
    canvas.selected.connect(heard.append)
    qtbot.mouseClick(canvas, LEFT, pos=node_at(canvas, 3, 4))
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(4, 200))
    assert heard == [("node", 3, 4), None]


def test_a_double_click_asks_to_run_there(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.step_requested) as asked:
        double_click(canvas, node_at(canvas, 3, 4))
    assert asked.args == ["s52/back/l3/j4/dC_da"]


def test_enter_asks_to_run_to_the_selected_edge(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    canvas.select(("edge", 3, 2, 2))
    with qtbot.waitSignal(canvas.step_requested) as asked:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert asked.args == ["s52/back/l3/j2/k2/dC_dw"]


def test_enter_with_nothing_selected_asks_nothing(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(canvas.step_requested):
        qtbot.keyClick(canvas, Qt.Key.Key_Return)


def test_arrow_keys_walk_and_escape_lets_go(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(canvas, key)
    assert canvas.selection is not None
    assert canvas.selection[:2] == ("edge", 2)
    assert "w_" in canvas.accessibleDescription()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.selection is None


def test_bare_arrows_belong_to_the_canvas_and_others_to_the_window(
    canvas: NetworkCanvas,
) -> None:
    for modifier, taken in (
        (Qt.KeyboardModifier.NoModifier, True),
        (Qt.KeyboardModifier.KeypadModifier, True),
        (Qt.KeyboardModifier.ControlModifier, False),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Left, modifier)
        event.ignore()
        QApplication.sendEvent(canvas, event)
        assert event.isAccepted() == taken


def test_the_selected_thing_is_outlined(canvas: NetworkCanvas) -> None:
    for thing in (("node", 2, 0), ("edge", 2, 0, 0), ("bias", 2, 0), ("loss",)):
        canvas.select(None)
        before = pixels(picture(canvas))
        canvas.select(thing)
        assert pixels(picture(canvas)) != before


def wheel(canvas: NetworkCanvas, turns: int) -> None:
    at = QPointF(200, 150)
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(0, 0),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def test_the_wheel_zooms_and_fit_shows_all_again(canvas: NetworkCanvas) -> None:
    wheel(canvas, 2)
    assert canvas.view.zoom == pytest.approx(1.5625)
    assert drawn(canvas).layout.column(2).diameter > 42
    canvas.fit()
    assert canvas.view == FITTED


def test_keys_zoom_about_the_middle(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view.zoom == 1.25
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.view.zoom == pytest.approx(1.0)


def test_dragging_moves_and_does_not_select(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    start = node_at(canvas, 3, 4)
    qtbot.mousePress(canvas, LEFT, pos=start)
    qtbot.mouseMove(canvas, start + QPoint(40, 0))
    qtbot.mouseMove(canvas, start + QPoint(60, 25))
    qtbot.mouseRelease(canvas, LEFT, pos=start + QPoint(60, 25))
    assert canvas.selection is None


def test_the_step_comes_to_the_middle(canvas: NetworkCanvas) -> None:
    canvas.zoom_in()
    canvas.zoom_in()
    canvas.zoom_in()
    canvas.centre_on_step()
    (line,) = band_segments(drawn(canvas).layout, ("edge", 4, 1, 2))
    middle = ((line[0] + line[2]) / 2, (line[1] + line[3]) / 2)
    assert middle == pytest.approx((375, 240), abs=1)


def test_captions_stay_while_the_picture_moves(canvas: NetworkCanvas) -> None:
    canvas.pan(0, -60)
    image = picture(canvas)
    x, y = drawn(canvas).layout.node(3, 0)
    assert y < drawn(canvas).layout.caption_baselines[1]
    assert is_near(color_at(image, x + 15, y), LIGHT.canvas, 60)


def test_a_click_on_a_gap_unfolds_it(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    canvas.show_state(state(trace((4, 64, 3)), 0))
    column = drawn(canvas).layout.column(2)
    at = QPoint(round(column.center), round(float(column.gap_y[0])))
    shown = len(column.shown.nodes)
    qtbot.mouseClick(canvas, LEFT, pos=at)
    assert len(drawn(canvas).layout.column(2).shown.nodes) > shown


def test_another_network_starts_afresh(canvas: NetworkCanvas) -> None:
    canvas.select(("node", 3, 5))
    canvas.zoom_in()
    canvas.show_state(state(trace((2, 3, 1)), 0))
    assert canvas.selection is None
    assert canvas.view == FITTED


def test_a_step_keeps_view_and_selection(canvas: NetworkCanvas) -> None:
    canvas.select(("node", 3, 5))
    canvas.zoom_in()
    canvas.show_state(iris(17))
    assert canvas.selection == ("node", 3, 5)
    assert canvas.view.zoom == 1.25


def test_the_pointer_is_told_what_is_under_it(canvas: NetworkCanvas) -> None:
    at = node_at(canvas, 4, 1)
    QApplication.sendEvent(canvas, QHelpEvent(QEvent.Type.ToolTip, at, canvas.mapToGlobal(at)))
    assert "Node 1 of layer 4, sigmoid" in QToolTip.text()
    QToolTip.hideText()


def test_screen_readers_are_told_the_step(canvas: NetworkCanvas) -> None:
    assert canvas.accessibleName() == "Network"
    canvas.show_state(iris("s52/loss/C"))
    assert canvas.accessibleDescription().endswith(trace()["s52/loss/C"].sentence)


def test_modes_change_what_is_drawn(canvas: NetworkCanvas) -> None:
    seen = set()
    for edges in ("weights", "gradients"):
        for nodes in ("a", "z", "dC_da"):
            canvas.set_modes(edges, nodes)  # type: ignore[arg-type]
            assert (canvas.edges_mode, canvas.node_mode) == (edges, nodes)
            seen.add(pixels(picture(canvas)))
    assert len(seen) == 6


def test_a_larger_scale_enlarges_nodes_for_a_presentation(canvas: NetworkCanvas) -> None:
    canvas.resize(1200, 900)
    before = drawn(canvas).layout.column(2).diameter
    canvas.set_scale(1.6)
    assert drawn(canvas).layout.column(2).diameter == pytest.approx(1.6 * before)


def test_names_of_the_data_are_painted(canvas: NetworkCanvas) -> None:
    named = pixels(picture(canvas))
    canvas.show_state(state(trace(), FACTOR_3, **(NAMES | {"raw_inputs": ()})))
    assert pixels(picture(canvas)) != named


def test_a_colour_helper_tells_colours_apart() -> None:
    assert is_near(QColor(LIGHT.accent), LIGHT.accent, 0)
    assert not is_near(QColor(LIGHT.accent), LIGHT.canvas)


def test_a_view_that_is_put_back_fits_whatever_size_the_picture_gets(canvas: NetworkCanvas) -> None:
    canvas.resize(750, 480)
    canvas.look_at(2.0, -0.5, -0.25)
    assert canvas.view == View(2.0, -375.0, -120.0)
    canvas.resize(1000, 400)
    picture(canvas)
    assert canvas.view == View(2.0, -500.0, -100.0)
    canvas.fit()
    canvas.resize(750, 480)
    picture(canvas)
    assert canvas.view == FITTED


def test_what_was_unfolded_is_brought_out_again_as_far_as_it_exists(canvas: NetworkCanvas) -> None:
    canvas.show_state(state(trace((4, 64, 3)), 0))
    canvas.unfold_again([(2, 20, 32), (2, 60, 70), (7, 0, 5), (2, 9, 9)])
    assert canvas.unfolded == {(2, 20, 32)}
    canvas.fold(2)
    assert not canvas.unfolded
