"""Operands: computed before, and enough to compute the term from them once more."""

import math
import re

import pytest
from hypothesis import given, settings

from bpstudio.core.operands import operands_of
from bpstudio.core.terms import Term
from bpstudio.core.trace import Trace
from tests.core import independent
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


def _again(term: Term, numbers: list[float]) -> float:
    """The term from the numbers of its operands, by interface.md's table."""
    trace, kind = term.trace, term.kind
    rules = {
        "wa": math.prod,
        "z": math.fsum,
        "a": lambda z: _activation(term, z),
        "C_j": lambda a_y: _addend_of_loss(trace, *a_y).real,
        "C": math.fsum,
        "dz_da": _only,
        "addend": math.prod,
        "dC_da": lambda found: _slope_of_loss(term, found),
        "da_dz": lambda found: _slope(term, found),
        "addend_z": math.prod,
        "dC_dz": lambda found: math.fsum(found) if _softmax(term) else math.prod(found),
        "dz_dw": _only,
        "dC_dw": math.prod,
        "dz_db": lambda found: 1.0 if not found else math.nan,
        "dC_db": math.prod,
        "mean_dC_dw": lambda found: math.fsum(found) / len(trace.rows),
        "mean_dC_db": lambda found: math.fsum(found) / len(trace.rows),
        "update_w": lambda found: found[0] - trace.lr * found[1],
        "update_b": lambda found: found[0] - trace.lr * found[1],
    }
    return rules[kind](numbers)


def _only(numbers: list[float]) -> float:
    (number,) = numbers
    return number


def _softmax(term: Term) -> bool:
    return term.trace.network.layer(term.l).activation == "softmax"


def _activation(term: Term, z: list[float]) -> float:
    own = term.j if _softmax(term) else 0
    return independent.activate(term.trace.network.layer(term.l).activation, z)[own].real


def _slope(term: Term, found: list[float]) -> float:
    if _softmax(term):
        a_m, a_j = found
        return a_m * ((1 if term.m == term.j else 0) - a_j)
    z, _ = found
    name = term.trace.network.layer(term.l).activation
    return independent.activate(name, [complex(z, 1e-200)])[0].imag / 1e-200


def _addend_of_loss(trace: Trace, a: complex, y: float) -> complex:
    return complex(independent.C_j(trace.loss, a, y, trace.network.sizes[-1]))


def _slope_of_loss(term: Term, found: list[float]) -> float:
    if term.l < term.trace.L:
        return math.fsum(found)
    a, y = found
    return _addend_of_loss(term.trace, complex(a, 1e-200), y).imag / 1e-200


@pytest.mark.parametrize("name", VARIED)
def test_every_term_comes_out_of_its_operands_once_more(name):
    trace = VARIED[name]
    for term in trace:
        numbers = [_number(trace, address) for address in term.operands]
        assert _again(term, numbers) == pytest.approx(term.value, rel=1e-12, abs=1e-15), term


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
