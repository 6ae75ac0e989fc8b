import numpy as np
import pytest

from bpstudio.core.dataset import Batch
from bpstudio.core.network import frozen
from bpstudio.core.trace import Trace
from bpstudio.ui.canvas.arrange import arrange
from bpstudio.ui.canvas.edges import (
    Source,
    edge_count,
    edges_at,
    folded,
    pick_edges,
    row_done,
    row_values,
    segments,
)
from bpstudio.ui.canvas.elision import elide
from bpstudio.ui.canvas.progress import moment
from tests.ui.canvas.scenes import trace

WIDE = (64, 50, 3)  # 3 200 and 150 edges
HUGE = (160, 80, 2)  # 12 800 edges: only the row of the current node


def gradients(passed: Trace, mean: bool = False) -> Source:
    return Source(passed, "gradients", 0, mean)


def test_a_small_pair_of_layers_has_all_its_edges() -> None:
    edges = pick_edges(Source(trace(), "weights", 0), 3)
    assert sorted(zip(edges.j.tolist(), edges.k.tolist(), strict=True)) == [
        (j, k) for j in range(6) for k in range(5)
    ]
    assert np.array_equal(edges.values, trace().network.layer(3).W[edges.j, edges.k])
    assert edges.caption == ""


def test_large_values_are_drawn_last() -> None:
    edges = pick_edges(gradients(trace()), 4)
    assert np.all(np.diff(np.abs(edges.values)) >= 0)


def test_of_many_edges_the_400_largest_are_drawn() -> None:
    edges = pick_edges(Source(trace(WIDE), "weights", 0), 2)
    sizes = np.sort(np.abs(trace(WIDE).network.layer(2).W).ravel())
    assert np.array_equal(np.abs(edges.values), sizes[-400:])
    assert edges.caption == "400 of 3\u2009200 edges"


def test_of_too_many_edges_only_the_row_of_the_current_node_is_drawn() -> None:
    edges = pick_edges(Source(trace(HUGE), "weights", 0), 2, row=7)
    assert set(edges.j.tolist()) == {7}
    assert sorted(edges.k.tolist()) == list(range(160))
    assert (edges.row, edges.caption) == (7, "row 7 of 12\u2009800 edges")


def test_without_a_current_node_there_is_no_row() -> None:
    edges = pick_edges(Source(trace(HUGE), "weights", 0), 2)
    assert len(edges.j) == 0
    assert edges.caption == "0 of 12\u2009800 edges"
    assert edge_count(trace(HUGE), 2) == 12_800


def test_of_numbers_that_are_none_as_many_are_drawn() -> None:
    passed = trace(WIDE)
    broken = Batch((52,), frozen(np.full((1, 64), np.nan)), passed.batch.Y)
    edges = pick_edges(gradients(Trace(passed.network, broken, "sse", None)), 2)
    assert len(edges.values) == 400
    assert np.isnan(edges.values).all()


@pytest.mark.parametrize("sizes", [WIDE, HUGE])
def test_certain_edges_have_the_trace_s_numbers_whatever_the_size(sizes: tuple[int, ...]) -> None:
    passed = trace(sizes)
    edges = edges_at(gradients(passed), 2, [3, 4], [10, 20])
    assert edges.values.tolist() == passed.dC_dw(2, 0)[[3, 4], [10, 20]].tolist()


def test_gradients_are_computed_with_their_step() -> None:
    sequence = trace().sequence
    edges = pick_edges(gradients(trace()), 3)
    for n in range(0, len(sequence), 7):
        done = edges.done(moment(sequence, n, 0))
        for j, k, known in zip(edges.j, edges.k, done, strict=True):
            assert known == (sequence.index(f"s52/back/l3/j{j}/k{k}/dC_dw") <= n)


def test_weights_are_always_there() -> None:
    edges = pick_edges(Source(trace(), "weights", 0), 2)
    assert edges.done(moment(trace().sequence, 0, 0)).all()


def test_after_the_last_sample_the_edges_carry_the_mean() -> None:
    passed = trace(rows=(1, 2, 3), lr=0.1)
    edges = pick_edges(gradients(passed, mean=True), 3)
    assert np.array_equal(edges.values, passed.mean_dC_dw(3)[edges.j, edges.k])
    n = passed.sequence.index("mean/l3/j2/k1/mean_dC_dw")
    done = edges.done(moment(passed.sequence, n, 2))
    expected = (edges.j < 2) | ((edges.j == 2) & (edges.k <= 1))
    assert np.array_equal(done, expected)


def test_one_row_has_no_mean_and_keeps_its_own_gradient() -> None:
    edges = pick_edges(gradients(trace(lr=0.1), mean=True), 3)
    assert np.array_equal(edges.values, trace(lr=0.1).dC_dw(3, 0)[edges.j, edges.k])


def test_a_row_is_read_from_the_trace_and_pending_where_it_is() -> None:
    passed = trace(HUGE)
    n = passed.sequence.index("s52/back/l2/j5/k30/dC_dw")
    source = gradients(passed)
    assert np.array_equal(row_values(source, 2, 5), passed.dC_dw(2, 0)[5])
    done = row_done(source, 2, 5, moment(passed.sequence, n, 0))
    assert done.tolist() == [k <= 30 for k in range(160)]


def test_edges_end_at_the_outlines_of_their_nodes() -> None:
    layout = arrange((elide(4), elide(5)), 750, 480)
    j, k = np.array([0, 4]), np.array([3, 0])
    for line, at_j, at_k in zip(segments(layout, 2, j, k), j, k, strict=True):
        start, stop = np.array(layout.node(1, at_k)), np.array(layout.node(2, at_j))
        assert np.hypot(*(line[:2] - start)) == pytest.approx(21)
        assert np.hypot(*(line[2:] - stop)) == pytest.approx(21)


def test_edges_of_folded_nodes_end_at_the_gap() -> None:
    layout = arrange((elide(64), elide(5)), 750, 480)
    j, k = np.array([0, 0]), np.array([30, 0])
    assert folded(layout, 2, j, k).tolist() == [True, False]
    line = segments(layout, 2, j, k)[0]
    gap = (layout.column(1).center, float(layout.column(1).gap_y[0]))
    assert np.hypot(line[0] - gap[0], line[1] - gap[1]) == pytest.approx(4)
