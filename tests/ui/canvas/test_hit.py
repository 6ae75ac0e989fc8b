"""What lies under a point: the layout alone decides."""

import numpy as np
import pytest

from bpstudio.ui.canvas.arrange import arrange
from bpstudio.ui.canvas.edges import Source, pick_edges, segments
from bpstudio.ui.canvas.elision import elide
from bpstudio.ui.canvas.hit import distances, thing_at
from bpstudio.ui.canvas.layout import Layout
from bpstudio.ui.canvas.paint_nodes import bias_box
from bpstudio.ui.canvas.state import Thing
from tests.ui.canvas.scenes import trace

SIZES = (4, 5, 6, 3)
LAYOUT = arrange(tuple(elide(n) for n in SIZES), 864, 520, 80)
EDGES = [pick_edges(Source(trace(), "weights", 0), l) for l in (2, 3, 4)]


def hit(x: float, y: float, layout: Layout = LAYOUT) -> Thing | None:
    return thing_at(layout, EDGES, x, y, (True, True, True))


def test_every_node_is_hit_all_over() -> None:
    for column in LAYOUT.columns:
        for j in column.shown.nodes:
            x, y = LAYOUT.node(column.l, j)
            assert hit(x, y) == ("node", column.l, j)
            assert hit(x, y - column.radius + 1) == ("node", column.l, j)


def test_every_bias_is_hit() -> None:
    for column in LAYOUT.columns[1:]:
        for j in column.shown.nodes:
            box = bias_box(column, j)
            assert hit(box.x + 5, box.y + 5) == ("bias", column.l, j)


def test_without_biases_there_is_none_to_hit() -> None:
    box = bias_box(LAYOUT.column(2), 0)
    found = thing_at(LAYOUT, EDGES, box.x + 5, box.y + 8, (False, False, False))
    assert found is None or found[0] != "bias"


def test_a_point_on_an_edge_hits_one_that_runs_there() -> None:
    for edges in EDGES:
        lines = segments(LAYOUT, edges.l, edges.j, edges.k)
        for line in lines:
            x, y = 0.63 * line[:2] + 0.37 * line[2:]
            found = hit(x, y)
            assert found is not None
            if found[0] == "edge":
                _, l, j, k = found
                near = segments(LAYOUT, l, np.array([j]), np.array([k]))
                assert distances(near, x, y)[0] <= 1e-6 + distances(lines, x, y).min()


def test_beside_everything_there_is_nothing() -> None:
    assert hit(5, 5) is None
    assert hit(LAYOUT.loss[0], LAYOUT.loss[1] - 120) is None


def test_targets_and_the_loss_are_hit() -> None:
    box = LAYOUT.target(2)
    assert hit(box.x + 3, box.y + 3) == ("target", 2)
    assert hit(*LAYOUT.loss) == ("loss",)


def test_the_way_from_output_to_loss_belongs_to_its_output() -> None:
    box = LAYOUT.target(1)
    assert hit(box.x - 4, box.y + box.height / 2 + 2) == ("loss_edge", 1)


def test_the_sign_of_folded_nodes_is_hit() -> None:
    layout = arrange((elide(4), elide(64), elide(3)), 750, 480)
    column = layout.column(2)
    found = thing_at(layout, [], column.center, float(column.gap_y[0]))
    assert found == ("more", 2, 12, 60)


def test_a_pixel_of_an_image_is_its_input() -> None:
    layout = arrange((elide(64), elide(5)), 750, 480, image_shape=(8, 8))
    column = layout.column(1)
    found = thing_at(layout, [], float(column.x[19]) + 1, float(column.y[19]) - 1)
    assert found == ("node", 1, 19)


@pytest.mark.parametrize(
    ("point", "distance"),
    [((5, 3), 3.0), ((-3, 4), 5.0), ((14, 3), 5.0), ((10, 0), 0.0)],
    ids=["beside", "before", "behind", "on"],
)
def test_the_distance_to_a_line_ends_at_its_ends(
    point: tuple[float, float], distance: float
) -> None:
    assert distances(np.array([[0.0, 0.0, 10.0, 0.0]]), *point)[0] == distance
