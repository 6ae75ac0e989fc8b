"""Where everything lies: no application needed."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.ui.canvas.arrange import arrange
from bpstudio.ui.canvas.elision import Shown, elide
from bpstudio.ui.canvas.layout import Box, Layout, View, seen
from bpstudio.ui.canvas.paint_edges import row_box
from bpstudio.ui.canvas.paint_nodes import bias_box


def layers(*sizes: int) -> tuple[Shown, ...]:
    return tuple(elide(n) for n in sizes)


def extent(layout: Layout) -> tuple[float, float]:
    """Top and bottom of all nodes."""
    tops = [float(c.y.min()) - c.diameter / 2 for c in layout.columns]
    bottoms = [float(c.y.max()) + c.diameter / 2 for c in layout.columns]
    return min(tops), max(bottoms)


def test_the_default_network_has_nodes_of_full_size() -> None:
    layout = arrange(layers(4, 5, 6, 3), 750, 560, 80)
    assert [column.diameter for column in layout.columns] == [42] * 4


def test_nodes_keep_room_for_values_in_a_small_window() -> None:
    layout = arrange(layers(4, 5, 6, 3), 640, 336, 80)
    assert all(column.has_values for column in layout.columns)


@given(
    st.lists(st.integers(1, 60), min_size=2, max_size=7),
    st.integers(400, 1400),
    st.integers(240, 1000),
    st.booleans(),
)
def test_nothing_overlaps_and_nothing_is_outside(
    sizes: list[int], width: int, height: int, captions: bool
) -> None:
    layout = arrange(layers(*sizes), width, height, 60, pair_captions=captions)
    top, bottom = extent(layout)
    assert top >= layout.caption_baselines[1]
    assert bottom <= height
    for column in [column for column in layout.columns[1:] if column.has_indices]:
        bias = bias_box(column, int(column.y.argmax()), ringed=True)
        assert bias.y + bias.height + 5 <= height  # the frame round the one on show
    assert all(
        column.shown.slots < 2 or column.spacing > column.diameter for column in layout.columns
    )
    for one, other in combinations(layout.columns, 2):
        assert other.center - one.center > (one.diameter + other.diameter) / 2
    assert layout.loss[0] + layout.loss_diameter / 2 <= width or len(sizes) > 5


def test_layers_with_fewer_nodes_are_spaced_wider_but_not_to_the_full_height() -> None:
    layout = arrange(layers(4, 5, 6, 3), 864, 520, 80)
    spacings = [layout.column(l).spacing for l in (3, 2, 1, 4)]
    assert spacings == sorted(spacings)
    assert spacings[-1] <= 130


def test_a_folded_node_lies_at_its_gap() -> None:
    layout = arrange(layers(3, 64, 3), 750, 480)
    column = layout.column(2)
    assert column.hidden.sum() == 48
    assert set(column.y[12:60].tolist()) == {float(column.gap_y[0])}
    assert column.y[11] < column.gap_y[0] < column.y[60]


@pytest.mark.parametrize(
    ("n", "has_values", "has_indices", "is_strip"),
    [(6, True, True, False), (12, False, True, False), (30, False, False, False)],
    ids=["few", "some", "many"],
)
def test_what_a_node_carries_follows_from_its_size(
    n: int, has_values: bool, has_indices: bool, is_strip: bool
) -> None:
    column = arrange(layers(3, n, 3), 750, 480).column(2)
    found = (column.has_values, column.has_indices, column.is_strip)
    assert found == (has_values, has_indices, is_strip)


def test_zoomed_out_a_layer_becomes_a_heat_strip_and_zoomed_in_it_gains_values() -> None:
    layout = arrange(layers(3, 30, 3), 750, 480)
    assert seen(layout, View(0.5)).column(2).is_strip
    assert seen(layout, View(4.0)).column(2).has_values


def test_zoom_moves_every_point_alike() -> None:
    layout = arrange(layers(4, 5, 3), 750, 480)
    looked = seen(layout, View(2.0, 30, -40))
    x, y = layout.node(2, 3)
    assert looked.node(2, 3) == (2 * x + 30, 2 * y - 40)
    assert looked.loss == (2 * layout.loss[0] + 30, 2 * layout.loss[1] - 40)


def test_inputs_that_are_pixels_lie_in_their_image_row_by_row() -> None:
    layout = arrange((elide(64), elide(5), elide(3)), 750, 480, image_shape=(8, 8))
    column = layout.column(1)
    assert column.image is not None
    assert column.image.x > 0
    assert not column.hidden.any()
    assert column.x[1] - column.x[0] == pytest.approx(column.diameter)
    assert column.y[8] - column.y[0] == pytest.approx(column.diameter)
    assert np.all([column.image.contains(x, y) for x, y in zip(column.x, column.y, strict=True)])


@pytest.mark.parametrize("height", [240, 480])
def test_below_a_picture_of_the_inputs_a_row_of_weights_has_room(height: int) -> None:
    layout = arrange((elide(784), elide(128)), 750, height, image_shape=(28, 28))
    below = row_box(layout.column(1))
    assert below.height() == pytest.approx(layout.column(1).image.height)
    assert below.bottom() <= height - 10


def test_a_layout_keeps_the_columns_that_stay_the_same() -> None:
    before = arrange((elide(64, 20), elide(5), elide(3)), 750, 480)
    after = arrange((elide(64, 40), elide(5), elide(3)), 750, 480).keeping(before)
    assert after.column(2) is before.column(2)
    assert after.column(1) is not before.column(1)


def test_targets_stand_beside_their_output_nodes() -> None:
    layout = arrange(layers(4, 3), 750, 480)
    box = layout.target(1)
    assert box.y + box.height / 2 == layout.node(2, 1)[1]
    assert (box.width, box.height) == (32, 28)


def test_boxes_know_what_they_touch() -> None:
    box = Box(0, 0, 10, 10)
    assert box.contains(10, 0)
    assert not box.contains(10.1, 0)
    assert box.overlaps(Box(9, 9, 5, 5))
    assert not box.overlaps(Box(10, 0, 5, 5))
    assert Box(1, 1, 9, 9).is_within(box)
    assert not Box(1, 1, 9.1, 9).is_within(box)
