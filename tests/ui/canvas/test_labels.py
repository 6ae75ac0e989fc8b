"""Labels cover nothing that matters, at every step and in every size."""

from collections.abc import Iterator
from itertools import combinations
from math import dist

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from bpstudio.ui.canvas.labels import (
    Obstacles,
    along_line,
    around_node,
    cheapest,
    nearer_to_others,
)
from bpstudio.ui.canvas.layout import Box, View
from bpstudio.ui.canvas.scene import Scene
from tests.ui.canvas.scenes import NAMES, iris, scene, state, trace

ROOM = Box(0, 0, 400, 300)
LEVEL = (50.0, 150.0, 350.0, 150.0)


def test_alone_a_label_stands_above_the_middle_of_its_line() -> None:
    box, _ = cheapest(along_line(LEVEL, (60, 20), 10), (60, 20), ROOM, Obstacles().table())
    assert box == Box(170, 120, 60, 20)


def test_alone_a_label_stands_above_its_node() -> None:
    box, _ = cheapest(around_node((200, 150), (60, 20), 30), (60, 20), ROOM, Obstacles().table())
    assert box == pytest.approx(Box(170, 100, 60, 20))
    below = around_node((200, 150), (60, 20), 30, "below")
    assert cheapest(below, (60, 20), ROOM, Obstacles().table())[0].y > 150


def test_a_label_gives_way_to_what_is_there() -> None:
    obstacles = Obstacles()
    obstacles.add(200, 130, 80, 20, 10)
    box, _ = cheapest(along_line(LEVEL, (60, 20), 10), (60, 20), ROOM, obstacles.table())
    assert not box.overlaps(Box(160, 120, 80, 20))


def test_a_label_stays_inside() -> None:
    line = (50.0, 5.0, 350.0, 5.0)
    box, _ = cheapest(along_line(line, (60, 20), 10), (60, 20), ROOM, Obstacles().table())
    assert box.y > 5


def test_what_is_left_out_by_its_key_is_no_obstacle() -> None:
    obstacles = Obstacles()
    obstacles.add(0, 0, 1, 1, 1, key="index")
    obstacles.add(0, 0, 1, 1, 1)
    assert len(obstacles.extended({"index"}).table()) == 1
    assert len(obstacles.extended().table()) == 2


def test_a_label_stands_clear_of_a_slanted_line() -> None:
    line = (50.0, 250.0, 350.0, 50.0)
    for x, y in along_line(line, (60, 20), 10).centers:
        corners = [(x + dx, y + dy) for dx in (-30, 30) for dy in (-10, 10)]
        sides = {np.sign((a - 50) * -200 - (b - 250) * 300) for a, b in corners}
        assert len(sides) == 1


def boxes(shown: Scene) -> list[Box]:
    return [placed.box for placed in shown.labels]


def node_boxes(shown: Scene) -> list[Box]:
    """The middle of every node, where its number stands."""
    found = []
    for column in shown.layout.columns:
        half = column.diameter * 0.3
        found += [
            Box(column.center - half, float(column.y[j]) - half, 2 * half, 2 * half)
            for j in column.shown.nodes
        ]
    return found


def all_scenes(width: int, height: int) -> Iterator[Scene]:
    """Every third step of the default network, with a goal."""
    for n in range(0, len(trace()), 3):
        yield scene(iris(n, goal=(3, 2, 2)), width, height)


@pytest.mark.parametrize(("width", "height"), [(750, 480), (640, 336), (1000, 620)])
def test_at_every_step_labels_are_inside_and_apart(
    qapp: QApplication, width: int, height: int
) -> None:
    for shown in all_scenes(width, height):
        placed = boxes(shown)
        assert all(box.is_within(Box(0, 0, width, height)) for box in placed)
        assert not any(a.overlaps(b) for a, b in combinations(placed, 2)), shown.label_texts


@pytest.mark.parametrize(("width", "height"), [(750, 480), (1000, 620)])
def test_where_there_is_room_no_label_covers_the_number_of_a_node(
    qapp: QApplication, width: int, height: int
) -> None:
    for shown in all_scenes(width, height):
        numbers = node_boxes(shown)
        assert not any(a.overlaps(b) for a in boxes(shown) for b in numbers), shown.label_texts


@pytest.mark.parametrize(("width", "height"), [(784, 205), (408, 325)])
def test_in_a_narrow_or_low_canvas_labels_keep_clear_of_the_captions(
    qapp: QApplication, width: int, height: int
) -> None:
    for n in range(0, len(trace()), 7):
        shown = scene(iris(n), width, height)
        below = shown.layout.caption_baselines[1]
        assert all(box.y > below for box in boxes(shown)), shown.label_texts
        assert shown.current_label


def test_a_name_stands_by_its_own_node_or_is_left_out(qapp: QApplication) -> None:
    for n in range(0, len(trace()), 7):
        shown = scene(iris(n), 408, 325)
        nodes = [
            (c.l, j, *shown.layout.node(c.l, j))
            for c in shown.layout.columns
            for j in c.shown.nodes
        ]
        for placed in shown.labels:
            if placed.label.style == "name":
                away = {(l, j): dist(placed.box.nearest(x, y), (x, y)) for l, j, x, y in nodes}
                assert away[placed.label.anchor[1:]] == min(away.values())


def test_a_box_is_nearer_to_the_point_that_its_edge_is_nearer_to() -> None:
    centers = np.array([(10.0, 0.0), (60.0, 0.0), (90.0, 0.0)])
    others = np.array([(100.0, 0.0), (100.0, 50.0)])
    assert nearer_to_others(centers, (20, 10), (0, 0), others).tolist() == [False, True, True]


def test_no_label_is_left_out_but_that_of_a_goal_without_room(qapp: QApplication) -> None:
    for shown in all_scenes(640, 336):
        wanted = [each for each in shown.highlight.labels if each.style != "goal"]
        assert len([p for p in shown.labels if p.label.style != "goal"]) == len(wanted)


def test_a_chip_without_room_has_its_number_only(qapp: QApplication) -> None:
    shown = scene(iris("s52/fwd/l2/j4/k3/wa", goal=(3, 2, 2)), 480, 260)
    full = next(label for label in shown.highlight.labels if label.style == "current")
    assert shown.current_label == full.text
    roomy = scene(iris("s52/fwd/l2/j4/k3/wa"), 1000, 620)
    assert roomy.current_label == full.plain


def test_a_small_node_s_name_carries_its_value(qapp: QApplication) -> None:
    passed = trace((4, 14, 3))
    shown = scene(state(passed, "s52/back/l2/j5/i1/dz_da"), 750, 480)
    names = [p.label.plain for p in shown.labels if p.label.style == "name"]
    assert names[0].startswith("a_5^(L-1) = ")
    assert names[1] == "a_1^(L)"


def test_a_label_whose_anchor_is_out_of_sight_is_left_out(qapp: QApplication) -> None:
    shown = scene(iris(), view=View(4.0, -400, -900))
    assert not any(p.label.anchor == ("loss_edge", 1) for p in shown.labels)


def test_a_chip_that_stands_off_points_at_its_place(qapp: QApplication) -> None:
    shown = [scene(iris(n)) for n in range(0, len(trace()), 5)]
    leaders = [p for each in shown for p in each.labels if p.leader is not None]
    assert leaders
    assert all(not p.box.contains(*p.leader) for p in leaders if p.leader)
    assert all(p.label.style in ("current", "done") for p in leaders)


def test_the_scene_says_what_the_chip_says(qapp: QApplication) -> None:
    shown = scene(state(trace(), "s52/loss/C", **NAMES))
    assert shown.current_label == f"C_0 = {trace().C[0]:.4f}"
    assert shown.current_label in shown.label_texts
    assert scene(state(trace(), None)).current_label == ""
