"""Where breakpoints and signs of change lie, and which breakpoint is under a point."""

from itertools import combinations
from math import hypot

import numpy as np
import pytest

from bpstudio.ui.canvas.arrange import arrange
from bpstudio.ui.canvas.elision import elide
from bpstudio.ui.canvas.layout import Layout
from bpstudio.ui.canvas.marks import (
    DOT,
    Spot,
    breakpoint_spot,
    can_stop_at,
    change_spot,
    mark_at,
)
from bpstudio.ui.canvas.paint_nodes import bias_box, index_box
from bpstudio.ui.canvas.state import Thing

LAYOUT = arrange(tuple(elide(n) for n in (4, 5, 6, 3)), 864, 520, 80)
LARGE = arrange(tuple(elide(n) for n in (784, 128, 64, 10)), 864, 520, 80)
THINGS: tuple[Thing, ...] = (
    ("edge", 3, 2, 2),
    ("node", 3, 2),
    ("bias", 3, 2),
    ("target", 1),
    ("loss_edge", 1),
    ("loss",),
)


def spot(thing: Thing, layout: Layout = LAYOUT) -> Spot:
    found = breakpoint_spot(layout, thing)
    assert found is not None
    return found


def under(thing: Thing | None, x: float, y: float, *breakpoints: Thing) -> Thing | None:
    return mark_at(LAYOUT, breakpoints, x, y, thing)


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing[0])
def test_a_breakpoint_is_found_where_it_lies(thing: Thing) -> None:
    x, y, size = spot(thing)
    assert under(None, x, y, thing) == thing
    assert under(None, x + size, y + size, thing) != thing


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing[0])
def test_where_there_is_none_yet_its_place_belongs_to_what_is_under_the_pointer(
    thing: Thing,
) -> None:
    x, y, _ = spot(thing)
    assert under(thing, x, y) == thing


def test_the_breakpoint_of_an_edge_lies_on_it_beyond_its_middle() -> None:
    x, y, size = spot(("edge", 3, 2, 2))
    x0, y0 = LAYOUT.node(2, 2)
    x1, y1 = LAYOUT.node(3, 2)
    assert (x1 - x0) * (y - y0) == pytest.approx((y1 - y0) * (x - x0))
    assert (x0 + x1) / 2 < x < x1 - LAYOUT.column(3).radius - size / 2
    assert size == DOT


def test_the_gutter_of_a_node_is_clear_of_its_bias_and_its_index() -> None:
    for column in LAYOUT.columns[1:]:
        for j in column.shown.nodes:
            x, y, size = spot(("node", column.l, j))
            box, index = bias_box(column, j), index_box(column, j)
            assert hypot(box.x + 5 - x, box.y + 5 - y) > size
            assert not index.adjusted(8, 0, -8, 0).contains(x, y)
            assert x < LAYOUT.node(column.l, j)[0]


def test_gutters_of_small_nodes_do_not_touch() -> None:
    spots = [spot(("node", 2, j), LARGE) for j in LARGE.column(2).shown.nodes]
    for one, other in combinations(spots, 2):
        assert abs(one.y - other.y) >= one.size
    assert all(s.x < LARGE.column(2).center - LARGE.column(2).radius for s in spots)


def test_a_gutter_is_found_without_a_breakpoint_in_it() -> None:
    x, y, _ = spot(("node", 2, 7), LARGE)
    assert mark_at(LARGE, (), x, y, None) == ("node", 2, 7)


@pytest.mark.parametrize("thing", [("bias", 3, 2), ("target", 1), ("loss",)], ids=str)
def test_places_beside_small_things_are_found_without_touching_them(thing: Thing) -> None:
    x, y, _ = spot(thing)
    assert mark_at(LAYOUT, (), x, y, None, (True, True, True)) == thing


def test_without_biases_their_places_are_none() -> None:
    x, y, _ = spot(("bias", 3, 2))
    assert mark_at(LAYOUT, (), x, y, None, (False, False, False)) is None


def test_inputs_have_no_gutter_as_they_have_no_terms() -> None:
    x, y, _ = spot(("node", 1, 2))
    assert under(("node", 1, 2), x, y) is None


def test_what_is_folded_away_is_not_toggled_by_a_click() -> None:
    assert not can_stop_at(LARGE, ("node", 2, 60))
    x, y, _ = spot(("node", 2, 60), LARGE)
    assert mark_at(LARGE, [("node", 2, 60)], x, y, None) is None
    assert not can_stop_at(LARGE, ("edge", 3, 0, 60))
    assert not can_stop_at(LARGE, ("more", 2, 12, 124))


def test_of_two_breakpoints_the_nearer_one_is_meant() -> None:
    edges = [("edge", 3, 2, k) for k in range(5)]
    for edge in edges:
        x, y, _ = spot(edge)
        assert under(None, x, y, *edges) == edge


@pytest.mark.parametrize(
    "thing",
    [("edge", 5, 0, 0), ("edge", 3, 6, 0), ("node", 3, 6), ("bias", 9, 0), ("target", 3)],
    ids=str,
)
def test_what_the_network_does_not_have_has_no_marks(thing: Thing) -> None:
    assert breakpoint_spot(LAYOUT, thing) is None
    assert change_spot(LAYOUT, thing) is None


def test_the_sign_of_a_change_is_clear_of_the_breakpoint() -> None:
    for thing in (t for t in THINGS if t[0] != "loss_edge"):
        change = change_spot(LAYOUT, thing)
        assert change is not None, thing
        x, y, size = spot(thing)
        assert hypot(change.x - x, change.y - y) >= (size + change.size) / 2


def test_changes_of_what_is_out_of_sight_have_no_sign() -> None:
    assert change_spot(LARGE, ("node", 2, 60)) is None
    assert change_spot(LARGE, ("edge", 2, 60, 3)) is None


def test_marks_grow_with_a_presentation() -> None:
    twice = breakpoint_spot(LAYOUT, ("node", 3, 2), 2.0)
    assert twice is not None
    assert twice.size == 2 * DOT
    assert np.isfinite(twice).all()
