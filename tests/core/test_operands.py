"""Operands: computed before, and enough to compute the term from them once more."""

import re

import pytest
from hypothesis import given, settings

from bpstudio.core.operands import operands_of
from bpstudio.core.trace import Trace
from tests.core.again import again
from tests.core.cases import traced, varied
from tests.core.shapes import sequence_of, shapes

VARIED = varied()
LEAF = re.compile(
    r"s(?P<row>\d+)/x(?P<x>\d+)|s(?P<row_y>\d+)/y(?P<y>\d+)"
    r"|w/l(?P<l>\d+)/j(?P<j>\d+)/k(?P<k>\d+)|b/l(?P<l_b>\d+)/j(?P<j_b>\d+)"
)


def _leaf(trace: Trace, address: str) -> float | None:
    """The number of an input, target or parameter; None for a step."""
    match = LEAF.fullmatch(address)
    if match is None:
        return None
    part = {name: int(text) for name, text in match.groupdict().items() if text is not None}
    if "x" in part:
        return float(trace.X[trace.rows.index(part["row"]), part["x"]])
    if "y" in part:
        return float(trace.Y[trace.rows.index(part["row_y"]), part["y"]])
    if "k" in part:
        return float(trace.network.layer(part["l"]).W[part["j"], part["k"]])
    return float(trace.network.layer(part["l_b"]).b[part["j_b"]])


def _number(trace: Trace, address: str) -> float:
    leaf = _leaf(trace, address)
    return trace[address].value if leaf is None else leaf


@pytest.mark.parametrize("name", VARIED)
def test_every_term_comes_out_of_its_operands_once_more(name):
    trace = VARIED[name]
    for term in trace:
        numbers = [_number(trace, address) for address in term.operands]
        assert again(term, numbers) == pytest.approx(term.value, rel=1e-12, abs=1e-15), term


@pytest.mark.parametrize("name", VARIED)
def test_every_operand_was_computed_before_or_is_given(name):
    trace = VARIED[name]
    for term in trace:
        for address in term.operands:
            if _leaf(trace, address) is None:
                operand = trace[address]
                assert operand.address == address  # one step, not a level
                assert operand.index < term.index


def test_the_numbers_tried_have_every_kind():
    assert {term.kind for trace in VARIED.values() for term in trace} == {
        *("wa", "z", "a", "C_j", "C", "dz_da", "addend", "dC_da", "da_dz", "addend_z", "dC_dz"),
        *("dz_dw", "dC_dw", "dz_db", "dC_db"),
        *("mean_dC_dw", "mean_dC_db", "update_w", "update_b"),
    }


@settings(max_examples=60)
@given(shape=shapes(widest=3, deepest=4))
def test_in_any_shape_every_step_but_a_bias_has_operands_computed_before(shape):
    sequence = sequence_of(shape)
    for n in range(len(sequence)):
        step = sequence.step(n)
        operands = operands_of(sequence, step)
        assert bool(operands) == (step.kind != "dz_db")
        computed = [address for address in operands if LEAF.fullmatch(address) is None]
        assert all(sequence.index(address) < n for address in computed)


def test_the_page_s_gradient_has_its_three_factors():
    trace = VARIED["page"]
    assert trace["s52/back/l4/j1/k2/dC_dw"].operands == (
        "s52/back/l4/j1/dC_da",
        "s52/back/l4/j1/da_dz",
        "s52/back/l4/j1/k2/dz_dw",
    )


def test_the_page_s_addend_has_its_three_factors():
    assert VARIED["page"]["s52/back/l3/j2/i1/addend"].operands == (
        "s52/back/l4/j1/dC_da",
        "s52/back/l4/j1/da_dz",
        "s52/back/l3/j2/i1/dz_da",
    )


def test_below_a_softmax_layer_the_first_two_factors_are_one():
    assert VARIED["softmax"]["s1/back/l2/j2/i1/addend"].operands == (
        "s1/back/l3/j1/dC_dz",
        "s1/back/l2/j2/i1/dz_da",
    )


def test_a_slope_of_softmax_is_made_of_the_outputs_m_and_j():
    assert VARIED["softmax"]["s1/back/l3/j0/m2/da_dz"].operands == (
        "s1/fwd/l3/j2/a",
        "s1/fwd/l3/j0/a",
    )


def test_an_activation_of_layer_1_is_an_input_and_of_another_a_step():
    trace = VARIED["page"]
    assert trace["s52/fwd/l2/j3/k1/wa"].operands == ("w/l2/j3/k1", "s52/x1")
    assert trace["s52/fwd/l3/j3/k1/wa"].operands == ("w/l3/j3/k1", "s52/fwd/l2/j1/a")


def test_a_sum_ends_with_its_bias_where_there_is_one():
    assert traced()["s52/fwd/l3/j0/z"].operands[-1] == "b/l3/j0"
    without = traced(bias=False)["s52/fwd/l3/j0/z"].operands
    assert without == tuple(f"s52/fwd/l3/j0/k{k}/wa" for k in range(5))


def test_an_update_takes_the_mean_of_a_batch_or_the_gradient_of_its_only_sample():
    assert traced(lr=1.0)["update/l3/j0/k1/update_w"].operands == (
        "w/l3/j0/k1",
        "s52/back/l3/j0/k1/dC_dw",
    )
    assert traced(lr=1.0, rows=(1, 2))["update/l3/j0/update_b"].operands == (
        "b/l3/j0",
        "mean/l3/j0/mean_dC_db",
    )
