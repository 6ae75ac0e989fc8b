"""What is lit at a step."""

import math

import pytest

from bpstudio.core.notation import format_number
from bpstudio.core.trace import Trace
from bpstudio.ui.canvas.factors import badge_of, done_factors, product_of
from bpstudio.ui.canvas.highlight import Label, Named
from bpstudio.ui.canvas.path import highlight, largest_addends
from tests.ui.canvas.scenes import ADAM, FACTOR_3, lit, state, trace

BATCH = trace(rows=(52, 7), lr=0.1)
SOFTMAX = trace((4, 3, 3), output="softmax", loss="cross_entropy", lr=0.1)
ALL = [trace(), BATCH, SOFTMAX, trace((2, 1), bias=False), trace((3, 10, 4), "relu", "linear")]


def labels(passed: Trace, at: str, style: str, **options: object) -> list[Label]:
    return [label for label in lit(passed, at, **options).labels if label.style == style]


def texts(passed: Trace, at: str, style: str, **options: object) -> list[str]:
    return [label.plain for label in labels(passed, at, style, **options)]


def test_the_page_s_factor_3_lights_its_weight_backwards_between_two_ringed_nodes() -> None:
    found = lit(trace(), FACTOR_3, goal=(3, 2, 2))
    assert found.current == ("edge", 4, 1, 2)
    assert found.flow == -1
    assert found.rings == (Named(3, 2, "a"), Named(4, 1, "a"))
    assert found.done == (("loss_edge", 1), ("node", 4, 1))
    assert found.goal == ("edge", 3, 2, 2)


def test_the_page_s_factor_3_has_its_badges_and_numbers() -> None:
    w = trace().network.layer(4).W[1, 2]
    assert texts(trace(), FACTOR_3, "current") == [f"3 w_12^(L) = {format_number(w)}"]
    factors = [trace().dC_da(4)[0, 1], trace().da_dz(4)[0, 1]]
    assert texts(trace(), FACTOR_3, "done") == [
        f"{n} {format_number(float(x))}" for n, x in enumerate(factors, start=1)
    ]
    assert texts(trace(), FACTOR_3, "goal", goal=(3, 2, 2)) == ["goal w_22^(L-1)"]


@pytest.mark.parametrize(
    ("at", "current", "flow"),
    [
        ("s52/fwd/l3/j2/k1/wa", ("edge", 3, 2, 1), 1),
        ("s52/fwd/l3/j2/z", ("node", 3, 2), 1),
        ("s52/fwd/l3/j2/a", ("node", 3, 2), 1),
        ("s52/loss/j1/C_j", ("loss_edge", 1), 1),
        ("s52/loss/C", ("loss",), 1),
        ("s52/back/l4/j1/dC_da", ("loss_edge", 1), -1),
        ("s52/back/l4/j1/da_dz", ("node", 4, 1), -1),
        ("s52/back/l4/j1/dC_dz", ("node", 4, 1), -1),
        ("s52/back/l3/j2/i1/addend", ("edge", 4, 1, 2), -1),
        ("s52/back/l3/j2/dC_da", ("node", 3, 2), -1),
        ("s52/back/l3/j2/k4/dz_dw", ("edge", 3, 2, 4), -1),
        ("s52/back/l3/j2/k4/dC_dw", ("edge", 3, 2, 4), -1),
        ("s52/back/l3/j2/dz_db", ("bias", 3, 2), -1),
        ("s52/back/l3/j2/dC_db", ("bias", 3, 2), -1),
        ("mean/l3/j2/k1/mean_dC_dw", ("edge", 3, 2, 1), 0),
        ("mean/l3/j2/mean_dC_db", ("bias", 3, 2), 0),
        ("update/l3/j2/k1/update_w", ("edge", 3, 2, 1), 0),
        ("update/l3/j2/update_b", ("bias", 3, 2), 0),
    ],
)
def test_each_kind_is_about_its_thing(at: str, current: tuple[object, ...], flow: int) -> None:
    found = lit(BATCH, at)
    assert (found.current, found.flow) == (current, flow)


def test_the_steps_of_an_update_are_about_their_parameter_and_the_scale_about_the_loss() -> None:
    passed = trace((3, 4, 2), update=ADAM)
    for term in passed:
        if term.step.phase == "update":
            k = () if term.k is None else (term.k,)
            place = ("edge" if k else "bias", term.l, term.j, *k)
            expected = ("loss",) if term.kind == "clip" else place
            assert highlight(state(passed, term.index)).current == expected, term
    assert texts(passed, "update/l3/j1/k0/m_hat", "current")[0].startswith("m̂_w,10^(L) = ")


@pytest.mark.parametrize("passed", ALL)
def test_every_step_has_one_current_label_with_the_number_of_its_term(passed: Trace) -> None:
    for term in passed:
        current = [
            label
            for label in highlight(state(passed, term.index)).labels
            if label.style == "current"
        ]
        assert [label.text for label in current] == [format_number(term.value)], term.address


@pytest.mark.parametrize("passed", ALL)
def test_a_product_is_that_of_its_factors_and_all_were_computed_before(passed: Trace) -> None:
    for term in passed:
        product = product_of(passed.sequence, term.step)
        if product is None or product.index != term.index:
            continue
        factors = done_factors(passed.sequence, term.step)
        assert [factor.badge for factor in factors] == list(range(1, len(factors) + 1))
        values = [passed.value(factor.step) for factor in factors]
        assert math.prod(values) == pytest.approx(term.value, rel=1e-12), term.address


@pytest.mark.parametrize("passed", ALL)
def test_the_badge_of_a_factor_follows_those_of_the_factors_done(passed: Trace) -> None:
    for term in passed:
        badge = badge_of(passed.sequence, term.step)
        if badge is not None:
            assert badge == len(done_factors(passed.sequence, term.step)) + 1, term.address


def test_a_sum_is_no_factor() -> None:
    step = SOFTMAX["s52/back/l3/j1/dC_dz"].step
    assert product_of(SOFTMAX.sequence, step) is None
    assert badge_of(SOFTMAX.sequence, step) is None


def test_behind_softmax_the_weight_is_factor_2() -> None:
    assert texts(SOFTMAX, "s52/back/l3/j1/k0/dz_dw", "current")[0].startswith("2 a_0^(L-1)")


def test_a_weighted_sum_names_the_bias_that_enters_it() -> None:
    b = trace().network.layer(3).b
    assert b is not None
    assert texts(trace(), "s52/fwd/l3/j2/z", "done") == [f"b_2^(L-1) = {format_number(b[2])}"]
    assert texts(trace((2, 1), bias=False), "s52/fwd/l2/j0/z", "done") == []


def test_the_addends_done_so_far_are_lit() -> None:
    (edges,) = lit(trace(), "s52/fwd/l3/j2/k1/wa").lit
    assert (edges.l, edges.j, edges.k) == (3, (2, 2), (0, 1))
    (edges,) = lit(trace(), FACTOR_3).lit
    assert (edges.l, edges.j, edges.k) == (4, (0, 1), (2, 2))


def test_of_a_long_sum_the_five_largest_addends_are_lit() -> None:
    passed = trace((3, 4, 20, 2))
    step = passed["s52/back/l2/j1/dC_da"].step
    addends = abs(passed.dC_dz(3)[0] * passed.network.layer(3).W[:, 1])
    largest = sorted(sorted(range(20), key=lambda i: -addends[i])[:5])
    assert list(largest_addends(passed, step)) == largest
    found = lit(passed, step.index)
    assert found.lit[0].j == tuple(largest)
    assert found.soft == tuple((3, i) for i in largest)


def test_nodes_on_the_path_are_known_layer_by_layer() -> None:
    found = lit(trace(), FACTOR_3, goal=(3, 2, 2))
    assert found.nodes(1) == set()
    assert found.nodes(2) == {2}
    assert found.nodes(3) == {2}
    assert found.nodes(4) == {0, 1}
    assert found.current_node(3) == 2
    assert found.current_node(2) is None


def test_softmax_nodes_take_part_together() -> None:
    found = lit(SOFTMAX, "s52/fwd/l3/j1/a")
    assert found.soft == ((3, 0), (3, 1), (3, 2))
    found = lit(SOFTMAX, "s52/back/l3/j1/m2/da_dz")
    assert found.rings == (Named(3, 1, "z"), Named(3, 2, "a"))


def test_a_goal_that_is_current_is_not_marked_twice() -> None:
    found = lit(trace(), "s52/back/l3/j2/k2/dC_dw", goal=(3, 2, 2))
    assert found.goal is None
    assert all(label.style != "goal" for label in found.labels)


def test_without_a_step_only_the_goal_is_marked() -> None:
    found = highlight(state(trace(), None, goal=(3, 2, 2)))
    assert found.current is None
    assert [label.plain for label in found.labels] == ["goal w_22^(L-1)"]


def test_a_name_carries_its_value_once_it_is_computed() -> None:
    names = labels(trace(), "s52/fwd/l3/j2/k1/wa", "name")
    assert [name.plain for name in names] == [
        f"a_1^(2) = {format_number(float(trace().a(2)[0, 1]), 2)}",
        "z_2^(L-1)",
    ]


def test_a_name_that_the_chip_says_is_left_out() -> None:
    assert texts(trace(), "s52/fwd/l3/j2/a", "name") == []


def test_an_update_shows_the_new_value_as_such() -> None:
    (text,) = texts(BATCH, "update/l3/j2/k1/update_w", "current")
    assert text.startswith("new w_21^(L-1) = ")
