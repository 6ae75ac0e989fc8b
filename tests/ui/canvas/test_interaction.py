"""Breakpoints, weights, folds and menus under a real mouse."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from bpstudio.ui.canvas.display import middle_of
from bpstudio.ui.canvas.marks import breakpoint_spot, change_spot
from bpstudio.ui.canvas.paint_nodes import bias_box
from bpstudio.ui.canvas.scene import Scene
from bpstudio.ui.canvas.state import CanvasState, Scales, Thing
from bpstudio.ui.canvas.weight_drag import ACROSS, FINER
from bpstudio.ui.canvas.widget import NetworkCanvas
from bpstudio.ui.palette import DARK, LIGHT
from bpstudio.ui.theme import Appearance
from tests.ui.canvas.scenes import color_at, iris, is_near, picture, state, trace
from tests.ui.mouse import double_click

LEFT = Qt.MouseButton.LeftButton
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
EDGE: Thing = ("edge", 3, 2, 2)
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def _no_tooltip_stays() -> Any:
    yield
    QToolTip.hideText()


def drawn(canvas: NetworkCanvas) -> Scene:
    scene = canvas.scene
    assert scene is not None
    return scene


def place(canvas: NetworkCanvas, thing: Thing) -> QPoint:
    """Where the breakpoint of a thing lies."""
    spot = breakpoint_spot(drawn(canvas).layout, thing)
    assert spot is not None
    return QPoint(round(spot.x), round(spot.y))


def on_edge(canvas: NetworkCanvas, thing: Thing, share: float) -> QPoint:
    layout = drawn(canvas).layout
    _, l, j, k = thing
    (x0, y0), (x1, y1) = layout.node(l - 1, k), layout.node(l, j)
    return QPoint(round(x0 + share * (x1 - x0)), round(y0 + share * (y1 - y0)))


def wide(**options: Any) -> CanvasState:
    return state(trace((4, 64, 3)), 0, **options)


def hover(canvas: NetworkCanvas, at: QPoint, modifiers: Any = NO_KEYS) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        canvas.mapToGlobal(QPointF(at)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        modifiers,
    )
    QApplication.sendEvent(canvas, event)


def drag(canvas: NetworkCanvas, to: QPoint, modifiers: Any = NO_KEYS) -> None:
    """The pointer, its left button down, comes to a place."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(to),
        canvas.mapToGlobal(QPointF(to)),
        Qt.MouseButton.NoButton,
        LEFT,
        modifiers,
    )
    QApplication.sendEvent(canvas, event)


def heard_of(signal: Any) -> list[tuple[Any, ...]]:
    heard: list[tuple[Any, ...]] = []
    signal.connect(lambda *what: heard.append(what))
    return heard


# Breakpoints


@pytest.mark.parametrize(
    "thing", [EDGE, ("node", 3, 2), ("loss",), ("target", 1)], ids=lambda thing: thing[0]
)
def test_a_click_at_its_place_toggles_a_breakpoint_and_selects_nothing(
    canvas: NetworkCanvas, qtbot: QtBot, thing: Thing
) -> None:
    toggled = heard_of(canvas.breakpoint_toggled)
    for breakpoints in ({}, {thing: "line"}):
        canvas.show_state(iris("s52/fwd/l2/j0/k0/wa", breakpoints=breakpoints))
        qtbot.mouseClick(canvas, LEFT, pos=place(canvas, thing))
    assert toggled == [(thing,), (thing,)]
    assert canvas.selection is None


def test_a_double_click_on_a_breakpoint_is_two_clicks(canvas: NetworkCanvas) -> None:
    toggled, asked = heard_of(canvas.breakpoint_toggled), heard_of(canvas.step_requested)
    double_click(canvas, place(canvas, ("node", 3, 2)))
    assert len(toggled) % 2 == 0
    assert not asked


def test_a_click_on_the_edge_itself_selects_it(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    toggled = heard_of(canvas.breakpoint_toggled)
    qtbot.mouseClick(canvas, LEFT, pos=on_edge(canvas, ("edge", 4, 0, 0), 0.3))
    assert canvas.selection == ("edge", 4, 0, 0)
    assert not toggled


def test_its_place_is_shown_hollow_under_the_pointer(canvas: NetworkCanvas) -> None:
    thing = ("node", 3, 4)
    at = place(canvas, thing)
    before = color_at(picture(canvas), at.x() + 6, at.y())
    x, y = drawn(canvas).layout.node(3, 4)
    hover(canvas, QPoint(round(x), round(y)))
    image = picture(canvas)
    around = [color_at(image, at.x() + dx, at.y() + dy) for dx in range(-7, 8) for dy in (-1, 0, 1)]
    assert any(is_near(color, LIGHT.breakpoint, 60) for color in around)
    assert is_near(color_at(image, at.x(), at.y()), LIGHT.canvas, 3)  # hollow
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert color_at(picture(canvas), at.x() + 6, at.y()) == before


def test_the_pointer_says_where_a_click_toggles(canvas: NetworkCanvas) -> None:
    hover(canvas, place(canvas, ("node", 3, 4)))
    assert canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor
    hover(canvas, QPoint(4, 200))
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


@pytest.mark.parametrize("name", ["light", "dark"])
def test_looks_of_breakpoints_differ_in_shape(
    canvas: NetworkCanvas, appearance: Appearance, name: str
) -> None:
    appearance.choose(name)
    theme = LIGHT if name == "light" else DARK
    thing = ("node", 3, 4)
    at, seen = place(canvas, thing), set()
    for style in ("line", "condition", "log", "line-off", "condition-off", "log-off"):
        canvas.show_state(iris(breakpoints={thing: style}))
        image = picture(canvas)
        box = [(at.x() + dx, at.y() + dy) for dx in range(-7, 8) for dy in range(-7, 8)]
        # where its ink is, whatever the colour
        seen.add(tuple(not is_near(color_at(image, *p), theme.canvas, 90) for p in box))
        red = any(is_near(color_at(image, *p), theme.breakpoint, 30) for p in box)
        assert red != style.endswith("-off")
    assert len(seen) == 6


def test_an_edge_with_a_breakpoint_is_drawn_however_small_its_weight(
    canvas: NetworkCanvas,
) -> None:
    passed = trace((30, 40, 12, 2))
    canvas.set_modes(edges="weights")
    canvas.show_state(state(passed, None))
    weights = np.abs(passed.network.layer(2).W)
    j, k = np.unravel_index(int(np.argmin(weights[:12])), weights.shape)
    edges = drawn(canvas).edges[0]
    assert (int(j), int(k)) not in set(zip(edges.j.tolist(), edges.k.tolist(), strict=True))
    canvas.show_state(state(passed, None, breakpoints={("edge", 2, int(j), int(k)): "line"}))
    edges = drawn(canvas).edges[0]
    assert (int(j), int(k)) in set(zip(edges.j.tolist(), edges.k.tolist(), strict=True))
    assert len(edges.j) == len(edges.values) == len(edges.due) == 401


def test_breakpoints_of_another_network_do_no_harm(canvas: NetworkCanvas) -> None:
    stale: Mapping[Thing, str] = {("edge", 4, 9, 9): "line", ("node", 7, 1): "log"}
    canvas.show_state(iris(breakpoints=stale))
    assert not picture(canvas).isNull()


def test_breakpoints_are_painted_once_and_kept_from_step_to_step(canvas: NetworkCanvas) -> None:
    breakpoints = {EDGE: "line"}
    n = trace().sequence.index("s52/back/l3/j2/i1/dz_da")
    canvas.show_state(iris(n, breakpoints=breakpoints))
    picture(canvas)
    assert "marks" in canvas.repainted
    canvas.show_state(iris(n + 1, breakpoints=dict(breakpoints)))
    picture(canvas)
    assert canvas.repainted == ()


def test_chips_stay_clear_of_breakpoints(canvas: NetworkCanvas) -> None:
    chip = next(p for p in drawn(canvas).labels if p.label.style == "current")
    edges: list[Thing] = [("edge", l, j, k) for l in (3, 4) for j in range(3) for k in range(5)]
    spots = {edge: place(canvas, edge) for edge in edges}
    covered = [edge for edge, at in spots.items() if chip.box.contains(at.x(), at.y())]
    assert covered, "the example needs a place under the chip"
    canvas.show_state(iris(breakpoints=dict.fromkeys(covered, "line")))
    chip = next(p for p in drawn(canvas).labels if p.label.style == "current")
    assert not any(chip.box.contains(spots[edge].x(), spots[edge].y()) for edge in covered)


# What an edit changed


def test_a_changed_number_has_a_sign_of_its_own(canvas: NetworkCanvas) -> None:
    thing = ("node", 3, 4)
    spot = change_spot(drawn(canvas).layout, thing)
    assert spot is not None
    canvas.show_state(iris(changed=frozenset({thing, EDGE, ("loss",), ("bias", 3, 0)})))
    image = picture(canvas)
    box = [(spot.x + dx, spot.y + dy) for dx in range(-4, 5) for dy in range(-4, 5)]
    assert any(is_near(color_at(image, *p), LIGHT.text2, 60) for p in box)
    assert is_near(color_at(image, spot.x, spot.y + 1), LIGHT.canvas, 30)  # hollow


# Menus


def test_the_right_button_asks_for_the_menu_of_what_is_there(canvas: NetworkCanvas) -> None:
    asked = heard_of(canvas.menu_requested)
    x, y = drawn(canvas).layout.node(3, 4)
    at = QPoint(round(x), round(y))
    for point in (at, place(canvas, EDGE), QPoint(4, 200)):
        reason = QContextMenuEvent.Reason.Mouse
        event = QContextMenuEvent(reason, point, canvas.mapToGlobal(point))
        QApplication.sendEvent(canvas, event)
    assert [thing for thing, _ in asked] == [("node", 3, 4), EDGE, None]
    assert asked[0][1] == canvas.mapToGlobal(at)
    assert canvas.selection is None


def test_the_menu_key_asks_for_the_menu_of_what_is_selected(canvas: NetworkCanvas) -> None:
    asked = heard_of(canvas.menu_requested)
    for thing in (EDGE, None):
        canvas.select(thing)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
        QApplication.sendEvent(canvas, event)
    middle = QPointF(*middle_of(drawn(canvas), EDGE)).toPoint()
    assert asked == [
        (EDGE, canvas.mapToGlobal(middle)),
        (None, canvas.mapToGlobal(canvas.rect().center())),
    ]


# Dragging weights


def step(canvas: NetworkCanvas) -> float:
    return Scales.of(trace()).weights / ACROSS


def begin(canvas: NetworkCanvas, qtbot: QtBot, share: float = 0.3) -> QPoint:
    """Select an edge, press it and move so far that the drag has begun; where that is."""
    edge = ("edge", 4, 0, 0)
    at = on_edge(canvas, edge, share)
    canvas.select(edge)
    qtbot.mousePress(canvas, LEFT, pos=at)
    start = at - QPoint(0, QApplication.startDragDistance())
    drag(canvas, start)
    return start


def test_a_drag_on_the_selected_edge_changes_its_weight(
    canvas: NetworkCanvas, qtbot: QtBot
) -> None:
    heard, view = heard_of(canvas.weight_dragged), canvas.view
    start = begin(canvas, qtbot)
    drag(canvas, start - QPoint(0, 30))
    drag(canvas, start - QPoint(0, 40))
    qtbot.mouseRelease(canvas, LEFT, pos=start - QPoint(0, 40))
    w = float(trace().network.layer(4).W[0, 0])
    places, values = {each[:3] for each in heard}, [each[3] for each in heard]
    assert places == {(4, 0, 0)}
    expected = [w + pixels * step(canvas) for pixels in (30, 40, 40)]
    assert values == pytest.approx(expected, abs=step(canvas) * FINER)
    assert [each[4] for each in heard] == [False, False, True]
    assert canvas.view == view
    assert canvas.selection == ("edge", 4, 0, 0)


def test_shift_drags_finer(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    heard = heard_of(canvas.weight_dragged)
    start = begin(canvas, qtbot)
    drag(canvas, start + QPoint(0, 50), SHIFT)
    w = float(trace().network.layer(4).W[0, 0])
    expected = w - 50 * FINER * step(canvas)
    assert heard[0][3] == pytest.approx(expected, abs=step(canvas) * FINER)
    qtbot.mouseRelease(canvas, LEFT, pos=start)


def test_escape_takes_a_drag_back_and_ends_it(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    heard, view = heard_of(canvas.weight_dragged), canvas.view
    start = begin(canvas, qtbot)
    drag(canvas, start - QPoint(0, 30))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert heard[-1] == (4, 0, 0, float(trace().network.layer(4).W[0, 0]), True)
    count = len(heard)
    drag(canvas, start - QPoint(0, 90))
    qtbot.mouseRelease(canvas, LEFT, pos=start - QPoint(0, 90))
    assert len(heard) == count
    assert canvas.view == view
    assert canvas.selection == ("edge", 4, 0, 0)  # Esc ended the drag only


def test_alt_drags_an_edge_that_is_not_selected(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    heard = heard_of(canvas.weight_dragged)
    at = on_edge(canvas, ("edge", 4, 0, 0), 0.3)
    qtbot.mousePress(canvas, LEFT, ALT, at)
    for up in (QApplication.startDragDistance(), 40):
        drag(canvas, at - QPoint(0, up), ALT)
    qtbot.mouseRelease(canvas, LEFT, ALT, at - QPoint(0, 40))
    assert heard[-1][:3] == (4, 0, 0)
    assert heard[-1][4]


def test_a_bias_is_dragged_as_an_edge_is(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    heard = heard_of(canvas.bias_dragged)
    canvas.select(("bias", 2, 3))
    box = bias_box(drawn(canvas).layout.column(2), 3)
    at = QPoint(round(box.x + 5), round(box.y + 5))
    qtbot.mousePress(canvas, LEFT, pos=at)
    for down in (QApplication.startDragDistance(), 60):
        drag(canvas, at + QPoint(0, down))
    qtbot.mouseRelease(canvas, LEFT, pos=at + QPoint(0, 60))
    b = trace().network.layer(2).b
    assert b is not None
    assert heard[-1][:2] == (2, 3)
    assert heard[-1][2] < b[3]
    assert [each[3] for each in heard] == [False, True]


def test_elsewhere_and_sideways_a_drag_moves_the_picture(
    canvas: NetworkCanvas, qtbot: QtBot
) -> None:
    heard = heard_of(canvas.weight_dragged)
    edge = ("edge", 4, 0, 0)
    canvas.select(edge)
    away = QApplication.startDragDistance()
    for at, by in (
        (on_edge(canvas, edge, 0.3), QPoint(away + 4, 2)),
        (on_edge(canvas, ("edge", 2, 4, 3), 0.4), QPoint(0, away + 4)),
    ):
        before = canvas.view
        qtbot.mousePress(canvas, LEFT, pos=at)
        drag(canvas, at + by)
        drag(canvas, at + 2 * by)
        qtbot.mouseRelease(canvas, LEFT, pos=at + 2 * by)
        assert canvas.view != before
        canvas.fit()
    assert not heard


def test_a_press_without_a_move_is_a_click(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    heard = heard_of(canvas.weight_dragged)
    canvas.select(("edge", 4, 0, 0))
    qtbot.mouseClick(canvas, LEFT, pos=on_edge(canvas, ("edge", 4, 0, 0), 0.3))
    assert not heard
    assert canvas.selection == ("edge", 4, 0, 0)


def test_another_network_ends_a_drag(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    heard = heard_of(canvas.weight_dragged)
    start = begin(canvas, qtbot)
    canvas.show_state(state(trace((2, 3, 1)), 0))
    drag(canvas, start - QPoint(0, 50))
    qtbot.mouseRelease(canvas, LEFT, pos=start)
    assert not heard


def test_the_pointer_says_where_a_drag_changes_a_weight(canvas: NetworkCanvas) -> None:
    at = on_edge(canvas, ("edge", 4, 0, 0), 0.3)
    hover(canvas, at)
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    hover(canvas, at, ALT)
    assert canvas.cursor().shape() == Qt.CursorShape.SizeVerCursor
    canvas.select(("edge", 4, 0, 0))
    hover(canvas, at)
    assert canvas.cursor().shape() == Qt.CursorShape.SizeVerCursor


def test_tooltips_say_what_can_be_done(canvas: NetworkCanvas) -> None:
    edge = ("edge", 4, 0, 0)
    canvas.show_state(iris(breakpoints={EDGE: "condition"}))

    def told(at: QPoint) -> str:
        QApplication.sendEvent(canvas, QHelpEvent(QEvent.Type.ToolTip, at, canvas.mapToGlobal(at)))
        return QToolTip.text()

    assert "click it and drag it up or down" in told(on_edge(canvas, edge, 0.3))
    canvas.select(edge)
    assert "Drag up or down to change it (Shift: finer, Esc: back)" in told(
        on_edge(canvas, edge, 0.3)
    )
    assert "set a breakpoint here (F9)" in told(place(canvas, edge))
    text = told(place(canvas, EDGE))
    assert "Breakpoint with a condition" in text
    assert "take the breakpoint away (F9)" in text


# Folding


def shown(canvas: NetworkCanvas) -> tuple[int, ...]:
    return drawn(canvas).layout.column(2).shown.nodes


def fold_point(canvas: NetworkCanvas, kind: str) -> QPoint:
    column = drawn(canvas).layout.column(2)
    thing = next(each for each in column.folds() if each[0] == kind)
    beside = column.radius + 16
    return QPoint(round(column.center + beside), round(column.height_of(thing)))


def test_clicks_unfold_and_fold_again(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    canvas.show_state(wide())
    before = shown(canvas)
    qtbot.mouseClick(canvas, LEFT, pos=fold_point(canvas, "more"))
    qtbot.mouseClick(canvas, LEFT, pos=fold_point(canvas, "more"))
    assert set(range(12, 36)) <= set(shown(canvas))
    assert canvas.is_unfolded(2)
    qtbot.mouseClick(canvas, LEFT, pos=fold_point(canvas, "fold"))
    assert shown(canvas) == before
    assert not canvas.is_unfolded(2)


def test_enter_unfolds_the_selected_gap_and_folds_it_again(
    canvas: NetworkCanvas, qtbot: QtBot
) -> None:
    canvas.show_state(wide())
    before, asked = shown(canvas), heard_of(canvas.step_requested)
    canvas.select(("node", 2, 11))
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.selection == ("more", 2, 12, 60)
    assert "click to unfold (Enter)" in canvas.accessibleDescription()
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert canvas.selection == ("node", 2, 12)
    assert len(shown(canvas)) == len(before) + 12
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.selection == ("fold", 2, 12, 24)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert shown(canvas) == before
    assert canvas.selection == ("more", 2, 12, 60)
    assert not asked


def test_one_layer_is_folded_and_others_are_not(canvas: NetworkCanvas) -> None:
    canvas.show_state(state(trace((4, 64, 64, 3)), 0))
    for l in (2, 3):
        canvas.unfold(l, 12, 60)
    canvas.fold(2)
    assert not canvas.is_unfolded(2)
    assert canvas.is_unfolded(3)


def test_a_selected_fold_is_outlined(canvas: NetworkCanvas) -> None:
    canvas.show_state(wide())
    before = picture(canvas)
    canvas.select(("more", 2, 12, 60))
    assert picture(canvas) != before
