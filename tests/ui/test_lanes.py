"""Where the blocks of the timeline lie."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.sequence import StepSequence
from bpstudio.ui import lanes


def sequence(rows=(52,), updates=True, softmax=False) -> StepSequence:
    return StepSequence((4, 5, 6, 3), (True, True, True), (False, False, softmax), rows, updates)


shapes = st.builds(
    lambda rows, updates, softmax: sequence(tuple(range(rows)), updates, softmax),
    st.integers(1, 40),
    st.booleans(),
    st.booleans(),
)


@given(shapes, st.floats(0, 1), st.integers(200, 3000))
def test_the_detail_covers_each_of_its_steps_once_and_in_order(steps, share, width):
    n = int(share * (len(steps) - 1))
    shown = lanes.detail_range(steps, n)
    blocks = lanes.detail_blocks(steps, n, width)
    assert n in shown
    assert blocks[0].first == shown.start
    assert blocks[-1].stop == shown.stop
    for before, after in pairwise(blocks):
        assert before.stop == after.first


@given(shapes, st.integers(200, 3000))
def test_the_overview_covers_the_whole_pass(steps, width):
    blocks = lanes.overview_blocks(steps, width)
    assert blocks[0].first == 0
    assert blocks[-1].stop == len(steps)
    for before, after in pairwise(blocks):
        assert before.stop == after.first


def test_a_million_rows_make_no_more_blocks_than_pixels():
    assert len(lanes.overview_blocks(sequence(tuple(range(100_000))), 900)) < 400


@given(shapes, st.floats(0, 1))
def test_a_click_on_a_step_finds_it(steps, share):
    n = int(share * (len(steps) - 1))
    shown = lanes.detail_range(steps, n)
    assert lanes.step_at(lanes.fraction_of(n + 0.5, shown), shown) == n


def test_beside_the_lane_the_nearest_step_counts():
    assert lanes.step_at(-0.3, range(10, 20)) == 10
    assert lanes.step_at(1.0, range(10, 20)) == 19


def test_nodes_have_blocks_of_their_own_where_there_is_room():
    steps = sequence(updates=False)
    labels = [block.label for block in lanes.detail_blocks(steps, 0, 1600)]
    assert "$L$\u22121, 2" in labels
    labels = [block.label for block in lanes.detail_blocks(steps, 0, 200)]
    assert "$l$ = $L$\u22121" in labels


def test_a_narrow_block_has_a_shorter_name():
    blocks = lanes.detail_blocks(sequence(updates=False), 0, 1600)
    named = {block.label: block.short for block in blocks}
    assert named["$L$\u22121, 2"] == "2"
    assert named["$l$ = $L$\u22121"] == "$L$\u22121"


def test_the_lanes_are_named_after_what_the_detail_shows():
    steps = sequence((52, 7))
    assert lanes.lane_names(steps, 0) == ("Forward", "Backward")
    assert lanes.lane_names(steps, len(steps) - 1) == ("Mean, update", "")
    steps = sequence((52,))
    assert lanes.lane_names(steps, len(steps) - 1) == ("Update", "")


@pytest.mark.parametrize(
    ("rows", "place", "title"),
    [
        ((52,), "s52/loss/C", "row 52"),
        ((52, 7), "s7/loss/C", "row 7, 2 of 2"),
        ((52, 7), "mean/l2/j0/k0/mean_dC_dw", "after the last row"),
        ((52,), "update/l2/j0/k0/update_w", "update"),
    ],
)
def test_the_detail_says_what_it_shows(rows, place, title):
    steps = sequence(rows)
    assert lanes.detail_title(steps, steps.index(place)) == title
