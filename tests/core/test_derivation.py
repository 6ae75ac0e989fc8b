"""The derivation at a step: nested products and sums whose parts are done, current or pending."""

import math
import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from bpstudio.core.dataset import Batch
from bpstudio.core.derivation import Block, Derivation, Part, derive
from bpstudio.core.derivation_blocks import MOST_PARTS
from bpstudio.core.network import Layer, Network
from bpstudio.core.trace import Trace, compute_trace
from tests.core.cases import traced, varied

VARIED = varied()
PAGE = VARIED["page"]


def _all(block: Block) -> tuple[Part, ...]:
    return (block.result, *block.parts)


def _addends(trace: Trace, block: Block) -> list[str]:
    """Addresses of the addends of a sum, from the operands of its result."""
    return list(trace[block.result.address].operands)


def _number(trace: Trace, address: str) -> float:
    if address.startswith("b/"):
        l, j = (int(part[1:]) for part in address.split("/")[1:])
        return float(trace.network.layer(l).b[j])
    return trace[address].value


def _known(trace: Trace, n: int, address: str) -> bool:
    return address.startswith("b/") or trace.sequence.index(address) <= n


@pytest.fixture(scope="module")
def derived() -> dict[str, list[Derivation]]:
    return {name: [derive(trace, n) for n in range(len(trace))] for name, trace in VARIED.items()}


# ---- every step of every network -----------------------------------------------------------------


@pytest.mark.parametrize("name", VARIED)
def test_the_innermost_block_is_about_the_step_itself_and_only_it(name, derived):
    for n, d in enumerate(derived[name]):
        inner = d.blocks[-1]
        current = [part for part in _all(inner) if part.state == "current"]
        assert {part.index for part in current} == {n}, d.address
        assert len(current) == (2 if inner.kind == "formula" else 1), d.address
        if inner.kind == "formula":
            assert inner.parts == (inner.result,)


@pytest.mark.parametrize("name", VARIED)
def test_the_state_of_a_part_follows_from_its_number(name, derived):
    for n, d in enumerate(derived[name]):
        for part in (part for block in d.blocks for part in _all(block)):
            if part.index is None:
                continue
            expected = ["current"] if part.index == n else ["done"] if part.index < n else None
            assert part.state in (expected or ["pending", "open"]), (d.address, part)
            assert VARIED[name].sequence.index(part.address) == part.index


@pytest.mark.parametrize("name", VARIED)
def test_a_part_has_a_number_exactly_when_it_was_computed(name, derived):
    trace = VARIED[name]
    for d in derived[name]:
        for part in (part for block in d.blocks for part in _all(block)):
            computed = part.state in ("done", "current")
            assert (part.value is not None) == computed, (d.address, part)
            if part.index is not None and computed:
                assert part.value == trace[part.index].value
            if part.state == "pending":
                assert part.numbers == ""
            if part.state == "open":  # how many addends there are, and no number of theirs
                assert re.fullmatch(r"(\d+ \\text\{ addends?\})?", part.numbers)


@pytest.mark.parametrize("name", VARIED)
def test_a_part_is_open_only_where_the_step_lies_in_its_making(name, derived):
    for n, d in enumerate(derived[name]):
        for part in (part for block in d.blocks for part in _all(block)):
            if part.state == "open":
                assert n in _made_of(name, part.address), (d.address, part.address)


@cache
def _made_of(name: str, address: str) -> frozenset[int]:
    """Numbers of the steps of loss, backward pass and update that a part is computed from."""
    trace = VARIED[name]
    found: set[int] = set()
    for operand in trace[address].operands:
        if "/back/" in operand or "/loss/" in operand or operand.startswith("update/"):
            found |= {trace.sequence.index(operand)} | _made_of(name, operand)
    return frozenset(found)


@pytest.mark.parametrize("name", VARIED)
def test_the_running_total_is_the_sum_of_the_addends_so_far(name, derived):
    trace = VARIED[name]
    for n, d in enumerate(derived[name]):
        for block in (block for block in d.blocks if block.kind == "sum"):
            known = [a for a in _addends(trace, block) if _known(trace, n, a)]
            numbers = [_number(trace, address) for address in known]
            if not numbers:
                assert block.total is None
                continue
            assert block.total == pytest.approx(math.fsum(numbers), rel=1e-12, abs=1e-15)
            assert list(block.running) in (numbers, [])
            assert bool(block.running) == (len(numbers) <= MOST_PARTS)


@pytest.mark.parametrize("name", VARIED)
def test_the_total_of_a_finished_sum_is_its_result(name, derived):
    for d in derived[name]:
        for block in (block for block in d.blocks if block.kind == "sum"):
            if block.result.value is not None:
                scale = 1 / len(VARIED[name].rows) if block.scale else 1
                assert block.total * scale == pytest.approx(
                    block.result.value, rel=1e-12, abs=1e-15
                )


@pytest.mark.parametrize("name", VARIED)
def test_a_long_sum_shows_its_largest_addends_and_boxes_that_hold_the_rest(name, derived):
    trace = VARIED[name]
    for d in derived[name]:
        for block in (block for block in d.blocks if block.kind == "sum"):
            addends = [a for a in _addends(trace, block) if not a.startswith("b/")]
            shown = [part for part in block.parts if part.index is not None]
            boxes = [part for part in block.parts if part.label.endswith(" more")]
            assert len(shown) + sum(int(box.label.split()[0]) for box in boxes) == len(addends)
            assert len(shown) + len(boxes) <= 7
            assert bool(boxes) == (len(addends) > MOST_PARTS)
            done = [part.value for part in block.parts if part.value is not None]
            if done:
                assert math.fsum(done) == pytest.approx(block.total, rel=1e-12, abs=1e-15)
            _assert_largest(trace, d, shown, addends)


def _assert_largest(trace: Trace, d: Derivation, shown: list[Part], addends: list[str]) -> None:
    chosen = {part.address for part in shown}
    computed = [a for a in addends if trace.sequence.index(a) <= d.step.index]
    left_out = [abs(trace[a].value) for a in computed if a not in chosen]
    kept = [abs(part.value) for part in shown if part.state == "done"]
    if left_out and kept:
        assert min(kept) >= max(left_out)


@pytest.mark.parametrize("name", VARIED)
def test_a_product_numbers_its_factors_and_they_multiply_to_its_result(name, derived):
    for d in derived[name]:
        for block in (block for block in d.blocks if block.kind == "product"):
            assert [part.badge for part in block.parts] == [*range(1, len(block.parts) + 1)]
            if all(part.value is not None for part in _all(block)):
                product = math.prod(part.value for part in block.parts)
                assert product == pytest.approx(block.result.value, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", VARIED)
def test_the_note_says_which_part_is_in_work(name, derived):
    for d in derived[name]:
        for block in d.blocks:
            if block.kind == "formula":
                assert block.note == ""
                continue
            expected = r"(factor (\d+) of (\d+)|(\d+) factors|addend (\d+) of (\d+)|(\d+) addends?)"
            assert re.fullmatch(expected, block.note), block.note
            if block.kind == "product":
                done = sum(1 for part in block.parts if part.state == "done")
                last = f"{len(block.parts)} factors"
                assert block.note == (
                    last if done == len(block.parts) else f"factor {done + 1} of {len(block.parts)}"
                )


@pytest.mark.parametrize("name", VARIED)
def test_the_crumbs_are_the_levels_around_the_step(name, derived):
    for d in derived[name]:
        addresses = [crumb.address for crumb in d.crumbs]
        parts = d.address.split("/")
        assert addresses == ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
        assert all(crumb.label.strip() for crumb in d.crumbs)


@pytest.mark.parametrize("name", VARIED)
def test_a_derivation_says_what_comes_next(name, derived):
    for n, (d, following) in enumerate(pairwise(derived[name])):
        assert d.next_index == n + 1 == following.step.index
        label = d.next_label.split(" $")[0]
        assert label == following.crumbs[-1].label
    last = derived[name][-1]
    assert (last.next_index, last.next_label) == (None, "end of the pass")


@pytest.mark.parametrize("name", VARIED)
def test_a_derivation_carries_the_value_and_the_sentence_of_its_term(name, derived):
    for n, d in enumerate(derived[name]):
        term = VARIED[name][n]
        assert (d.address, d.value, d.sentence, d.remark) == (
            term.address,
            term.value,
            term.markup,
            "",
        )


# ---- as on the page ------------------------------------------------------------------------------


def _summary(block: Block) -> tuple[str, str, list[str]]:
    return block.title, block.note, [part.state for part in block.parts]


def test_the_picture_s_step_shows_goal_sum_and_addend():
    d = derive(PAGE, PAGE.sequence.index("s52/back/l3/j2/i1/dz_da"), goal_k=2)
    goal, total, addend = d.blocks
    assert _summary(goal) == ("Goal", "factor 1 of 3", ["open", "pending", "pending"])
    assert goal.detail == "gradient of weight $w_{22}^{(L-1)}$"
    assert _summary(total) == ("Sum over $i$", "addend 2 of 3", ["done", "open", "pending"])
    assert [part.label for part in total.parts] == ["$i = 0$", "$i = 1$", "$i = 2$"]
    assert _summary(addend) == ("Addend $i = 1$", "factor 3 of 3", ["done", "done", "current"])
    assert addend.detail == "product of three factors"
    assert [part.formula for part in addend.parts] == [
        r"2 \left(a_{1}^{(L)} - y_{1}\right)",
        r"a_{1}^{(L)} \left(1 - a_{1}^{(L)}\right)",
        "w_{12}^{(L)}",
    ]
    assert [crumb.label for crumb in d.crumbs] == [
        *("Row 52", "Backward", "Layer $L-1$", "Node 2", "$i =$ 1", "factor 3")
    ]
    assert d.next_label == "addend $i = 1$"


@pytest.mark.parametrize("goal_k", [0, 3, 4, 99, None])
def test_the_goal_can_be_chosen_before_a_weight_has_its_turn(goal_k):
    d = derive(PAGE, PAGE.sequence.index("s52/back/l3/j2/da_dz"), goal_k=goal_k)
    k = goal_k if goal_k in (0, 3, 4) else 0  # layer 2 has nodes 0..4
    assert d.blocks[0].result.address == f"s52/back/l3/j2/k{k}/dC_dw"
    own = derive(PAGE, PAGE.sequence.index("s52/back/l3/j2/k1/dz_dw"), goal_k=goal_k)
    assert own.blocks[0].result.address == "s52/back/l3/j2/k1/dC_dw"


def test_the_goal_of_a_bias_is_its_own():
    d = derive(PAGE, PAGE.sequence.index("s52/back/l3/j2/dz_db"))
    assert d.blocks[0].detail == "gradient of bias $b_{2}^{(L-1)}$"
    assert d.blocks[0].result.address == "s52/back/l3/j2/dC_db"


def test_behind_a_softmax_layer_the_last_factor_is_the_second():
    trace = VARIED["softmax"]
    for address in ("s1/back/l3/j1/k0/dz_dw", "s1/back/l2/j1/i1/dz_da", "s1/back/l3/j1/dz_db"):
        d = derive(trace, trace.sequence.index(address))
        assert d.crumbs[-1].label == "factor 2"
        assert [part.badge for part in d.blocks[-1].parts if part.state == "current"] == [2]


def test_a_sum_counts_its_bias_with_the_running_total():
    trace = traced((2, 1), ("linear",))
    d = derive(trace, 0)
    (sum_, _) = d.blocks
    b = float(trace.network.layer(2).b[0])
    assert sum_.running == (trace[0].value, b)
    assert sum_.parts[-1].label == "bias"
    assert sum_.parts[-1].value == b


def test_a_mean_lists_its_rows_under_a_fraction():
    trace = VARIED["batch"]
    d = derive(trace, trace.sequence.index("mean/l3/j1/k2/mean_dC_dw"))
    (mean,) = d.blocks
    assert [part.label for part in mean.parts] == ["row 3", "row 14", "row 7"]
    assert mean.scale == r"\frac{1}{3}"


def test_a_saturated_product_is_remarked_upon():
    net = Network([Layer([[40.0]], None, "sigmoid")])
    trace = compute_trace(net, Batch((0,), np.ones((1, 1)), np.zeros((1, 1))), "bce")
    d = derive(trace, trace.sequence.index("s0/back/l2/j0/dC_dz"))
    assert r"it gives $\mathrm{nan}$. The combined form gives $1$" in d.remark
    assert d.remark.endswith("This is why frameworks fuse the two.")


@pytest.mark.parametrize("w", [math.nan, 1e200, -1e200])
def test_numbers_that_are_none_or_too_large_are_shown_without_a_warning(w):
    net = Network([Layer([[w], [1.0]], None, "linear"), Layer([[1e200, -1e200]], None, "linear")])
    trace = compute_trace(
        net, Batch((0, 1), np.full((2, 1), 1e200), np.zeros((2, 1))), "sse", lr=0.1
    )
    for n in range(len(trace)):
        assert derive(trace, n).blocks
