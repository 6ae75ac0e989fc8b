"""Operands: computed before, and enough to compute the term from them once more."""

import re

import pytest
from hypothesis import given, settings

from bpstudio.core.operands import operands_of
from bpstudio.core.sequence import StepSequence
from bpstudio.core.trace import Trace
from bpstudio.core.updates import UpdateTerms
from tests.core.again import again
from tests.core.cases import traced, varied
from tests.core.shapes import sequence_of, shapes

VARIED = varied()
LEAF = re.compile(
    r"s(?P<row>\d+)/x(?P<x>\d+)|s(?P<row_y>\d+)/y(?P<y>\d+)"
    r"|w/l(?P<l>\d+)/j(?P<j>\d+)/k(?P<k>\d+)|b/l(?P<l_b>\d+)/j(?P<j_b>\d+)"
    r"|state/(?P<slot>\w+)/l(?P<l_s>\d+)/j(?P<j_s>\d+)(?:/k(?P<k_s>\d+))?|(?P<rate>rate)"
)


def _leaf(trace: Trace, address: str) -> float | None:
    """The number of an input, target or parameter; None for a step."""
    match = LEAF.fullmatch(address)
    if match is None:
        return None
    if match["rate"]:
        return trace.update.settings.lr * trace.update.settings.schedule.share(3)
    if match["slot"]:
        return _remembered(trace, match["slot"], match["l_s"], match["j_s"], match["k_s"])
    part = {name: int(text) for name, text in match.groupdict().items() if text is not None}
    if "x" in part:
        return float(trace.X[trace.rows.index(part["row"]), part["x"]])
    if "y" in part:
        return float(trace.Y[trace.rows.index(part["row_y"]), part["y"]])
    if "k" in part:
        return float(trace.network.layer(part["l"]).W[part["j"], part["k"]])
    return float(trace.network.layer(part["l_b"]).b[part["j_b"]])


def _remembered(trace: Trace, slot: str, l: str, j: str, k: str | None) -> float:
    """Slots are vectors of the parameters, layer by layer W row by row and then b."""
    settings, layers = trace.update.settings, trace.network.layers
    before = [layer.W.size + (0 if layer.b is None else layer.b.size) for layer in layers]
    W = layers[int(l) - 2].W
    place = W.size + int(j) if k is None else int(j) * W.shape[1] + int(k)
    row = settings.slots.index(slot)
    return float(trace.update.state.slots[row, sum(before[: int(l) - 2]) + place])


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
        *("mean_dC_dw", "mean_dC_db", "clip", "penalty_w", "penalised", "clipped"),
        *("velocity", "m", "v", "m_hat", "v_hat", "update_w", "update_b"),
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
        "rate",
    )
    assert traced(lr=1.0, rows=(1, 2))["update/l3/j0/update_b"].operands == (
        "b/l3/j0",
        "mean/l3/j0/mean_dC_db",
        "rate",
    )


def test_a_step_of_adam_takes_the_clipped_gradient_and_what_is_remembered():
    trace = VARIED["adam"]
    at = "l3/j0/k1"
    assert trace[f"update/{at}/penalised"].operands == (
        f"s5/back/{at}/dC_dw",
        f"update/{at}/penalty_w",
    )
    assert trace[f"update/{at}/clipped"].operands == (f"update/{at}/penalised", "update/clip")
    assert trace[f"update/{at}/m"].operands == (f"state/m/{at}", f"update/{at}/clipped")
    assert trace["update/l3/j0/v"].operands == ("state/v/l3/j0", "update/l3/j0/clipped")
    assert trace["update/l3/j0/clipped"].operands == ("s5/back/l3/j0/dC_db", "update/clip")
    assert trace[f"update/{at}/update_w"].operands == (
        f"w/{at}",
        f"update/{at}/m_hat",
        f"update/{at}/v_hat",
        "rate",
    )


def test_the_scale_of_clipping_is_made_of_every_gradient_and_of_what_their_penalty_takes():
    operands = VARIED["nesterov"]["update/clip"].operands
    weights, biases = 2 * 3 + 3 * 2, 3 + 2
    assert len(operands) == weights + biases + weights
    assert operands[:2] == ("mean/l2/j0/k0/mean_dC_dw", "mean/l2/j0/k1/mean_dC_dw")
    assert operands[6] == "mean/l2/j0/mean_dC_db"
    assert operands[weights + biases] == "w/l2/j0/k0"
    assert len(VARIED["rmsprop"]["update/clip"].operands) == weights + 2


def test_the_operands_of_clipping_a_large_network_are_made_when_they_are_asked_for():
    layers = [(784, 4000), (4000, 10)]
    sequence = StepSequence(
        (784, 4000, 10), (True, True), (False, False), (0, 1), UpdateTerms(clip=True)
    )
    operands = operands_of(sequence, sequence.step(sequence.index("update/clip")))
    assert len(operands) == sum(n_in * n + n for n_in, n in layers)
    assert operands[784 * 3999 + 5] == "mean/l2/j3999/k5/mean_dC_dw"
    assert operands[-1] == "mean/l3/j9/mean_dC_db"
