import pytest

from bpstudio.ui.canvas.arrange import arrange
from bpstudio.ui.canvas.edges import Source, pick_edges
from bpstudio.ui.canvas.elision import elide
from bpstudio.ui.canvas.navigate import Direction, address_of, moved
from bpstudio.ui.canvas.state import NodeMode, Thing
from tests.ui.canvas.scenes import FACTOR_3, state, trace

LAYOUT = arrange(tuple(elide(n) for n in (4, 5, 6, 3)), 864, 520)
EDGES = [pick_edges(Source(trace(), "weights", 0), l) for l in (2, 3, 4)]


def go(start: Thing | None, *ways: Direction) -> Thing | None:
    for way in ways:
        start = moved(LAYOUT, EDGES, start, way)
    return start


def test_from_nothing_the_keys_lead_to_the_first_input() -> None:
    assert go(None, "down") == ("node", 1, 0)
    assert go(None, "left") == ("node", 4, 0)


def test_up_and_down_go_through_a_layer_and_stop_at_its_ends() -> None:
    assert go(("node", 2, 1), "down") == ("node", 2, 2)
    assert go(("node", 2, 0), "up") == ("node", 2, 0)
    assert go(("node", 2, 3), "down", "down", "down") == ("node", 2, 4)


def test_right_leads_from_node_to_edge_to_node() -> None:
    edge = go(("node", 2, 2), "right")
    assert edge is not None
    assert edge[:2] == ("edge", 3)
    assert edge[3] == 2
    assert go(edge, "right") == ("node", 3, edge[2])
    assert go(edge, "left") == ("node", 2, 2)


def test_up_and_down_on_an_edge_go_through_those_into_the_same_node() -> None:
    assert go(("edge", 3, 2, 1), "down") == ("edge", 3, 2, 2)
    assert go(("edge", 3, 2, 0), "up") == ("edge", 3, 2, 0)
    assert go(("edge", 3, 2, 4), "down") == ("edge", 3, 2, 4)


def test_every_edge_can_be_reached_by_keys() -> None:
    reached = {
        go(("node", 3, j), "left", *["up"] * 5, *["down"] * k) for j in range(6) for k in range(5)
    }
    assert reached == {("edge", 3, j, k) for j in range(6) for k in range(5)}


def test_the_way_ends_at_the_loss_and_comes_back() -> None:
    assert go(("node", 4, 1), "right") == ("target", 1)
    assert go(("target", 1), "down") == ("target", 2)
    assert go(("target", 1), "right") == ("loss",)
    assert go(("loss",), "right") == ("loss",)
    assert go(("target", 1), "left") == ("node", 4, 1)
    assert go(("loss",), "left") == ("target", 0)


def test_an_input_has_nothing_to_its_left() -> None:
    assert go(("node", 1, 2), "left") == ("node", 1, 2)


def test_a_bias_is_left_for_its_node_s_surroundings() -> None:
    assert go(("bias", 3, 2), "down") == ("node", 3, 3)


def test_the_fold_of_a_layer_lies_between_its_nodes() -> None:
    layout = arrange((elide(4), elide(64), elide(3)), 750, 480)
    assert moved(layout, [], ("node", 2, 11), "down") == ("more", 2, 12, 60)
    assert moved(layout, [], ("more", 2, 12, 60), "down") == ("node", 2, 60)
    assert moved(layout, [], ("more", 2, 12, 60), "right") == ("more", 2, 12, 60)


def test_what_is_brought_out_by_hand_is_folded_after_its_first_node() -> None:
    layout = arrange((elide(4), elide(64, unfolded=((12, 24),)), elide(3)), 750, 480)
    assert moved(layout, [], ("node", 2, 12), "down") == ("fold", 2, 12, 24)
    assert moved(layout, [], ("fold", 2, 12, 24), "down") == ("node", 2, 13)


def test_from_a_fold_that_is_not_there_any_more_the_walk_goes_on() -> None:
    layout = arrange((elide(4), elide(64), elide(3)), 750, 480)
    assert moved(layout, [], ("more", 2, 12, 40), "up")[:2] == ("node", 2)


@pytest.mark.parametrize(
    ("thing", "at", "mode", "address"),
    [
        (("edge", 3, 2, 1), FACTOR_3, "a", "s52/back/l3/j2/k1/dC_dw"),
        (("bias", 3, 2), FACTOR_3, "a", "s52/back/l3/j2/dC_db"),
        (("node", 3, 2), FACTOR_3, "a", "s52/back/l3/j2/dC_da"),
        (("node", 3, 2), "s52/loss/C", "a", "s52/fwd/l3/j2/a"),
        (("node", 3, 2), "s52/loss/C", "z", "s52/fwd/l3/j2/z"),
        (("node", 3, 2), "s52/loss/C", "dC_da", "s52/back/l3/j2/dC_da"),
        (("node", 1, 2), FACTOR_3, "a", "s52/fwd/l2/j0/k2/wa"),
        (("target", 1), FACTOR_3, "a", "s52/loss/j1/C_j"),
        (("loss_edge", 1), FACTOR_3, "a", "s52/back/l4/j1/dC_da"),
        (("loss",), FACTOR_3, "a", "s52/loss/C"),
    ],
)
def test_every_thing_stands_for_a_step(thing: Thing, at: str, mode: NodeMode, address: str) -> None:
    found = address_of(state(trace(), at), mode, thing)
    assert found == address
    assert trace()[address].address == address


def test_a_gap_stands_for_no_step() -> None:
    assert address_of(state(trace(), FACTOR_3), "a", ("more", 2, 12, 60)) is None
