"""The numeric derivative of each term: right where the term is, honest about step and error."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import values
from bpstudio.core.activations import ACTIVATIONS
from bpstudio.core.dataset import Batch
from bpstudio.core.network import Layer, Network
from bpstudio.core.numeric import ONE_SIDED, RICHARDSON, NumericCheck, numeric_derivative
from bpstudio.core.trace import Trace, compute_trace
from tests.core import cases

DERIVATIVES = (
    *("dz_da", "addend", "dC_da", "da_dz", "addend_z", "dC_dz", "dz_dw", "dC_dw", "dz_db", "dC_db"),
    *("mean_dC_dw", "mean_dC_db"),
)
PAIRS = [(name, loss) for name in ACTIVATIONS for loss in cases.losses_for(name)]


def checks(trace: Trace) -> dict[str, NumericCheck | None]:
    return {term.address: numeric_derivative(trace, term.step) for term in trace}


def check(trace: Trace, address: str) -> NumericCheck:
    found = numeric_derivative(trace, trace[address].step)
    assert found is not None
    return found


def require_agreement(trace: Trace) -> None:
    for term in trace:
        found = numeric_derivative(trace, term.step)
        if term.kind not in DERIVATIVES:
            assert found is None
            continue
        assert found is not None
        assert found.analytic == term.value
        assert found.agrees is True, (term, found)
        assert found.step_size > 0
        if not found.kink:
            scale = max(1.0, abs(found.analytic))
            assert abs(found.numeric - found.analytic) < 1e-6 * scale, (term, found)
            assert found.error < 1e-6 * scale, (term, found)
            assert found.method == RICHARDSON


@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_every_derivative_agrees_for_every_activation_and_loss(activation, loss):
    hidden = activation if activation != "softmax" else "tanh"
    require_agreement(cases.traced((3, 3, 2), (hidden, activation), loss, rows=(4, 9)))


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_every_hidden_activation_agrees_under_two_layers(hidden):
    require_agreement(cases.traced((2, 3, 2, 2), (hidden, "silu", "softmax"), "cross_entropy"))


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_it_does_in_random_networks(seed, data):
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    activations = [data.draw(st.sampled_from(sorted(ACTIVATIONS))) for _ in sizes[1:]]
    loss = data.draw(st.sampled_from(["sse", "half_sse", "mse", "mae", "huber"]))
    rows = data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True))
    trace = cases.traced(sizes, activations, loss, rows=rows, seed=seed)
    for address, found in checks(trace).items():
        assert found is None or found.agrees, (address, found)


def test_what_was_moved_and_what_answered_is_said():
    trace = cases.traced(rows=(52, 3), lr=0.5)
    said = {
        "s52/back/l3/j2/k1/dC_dw": ("$w_{21}^{(L-1)}$", "$C_0$"),
        "s52/back/l3/j2/i1/addend": ("$a_{2}^{(L-1)}$ in $z_{1}^{(L)}$ alone", "$C_0$"),
        "s52/back/l3/j2/i1/dz_da": ("$a_{2}^{(L-1)}$", "$z_{1}^{(L)}$"),
        "s52/back/l4/j0/da_dz": ("$z_{0}^{(L)}$", "$a_{0}^{(L)}$"),
        "mean/l4/j0/mean_dC_db": ("$b_{0}^{(L)}$ in all rows", "$C$"),
    }
    for address, (moved, watched) in said.items():
        found = check(trace, address)
        assert (found.moved, found.watched) == (moved, watched)


def test_the_step_size_is_one_that_was_really_taken():
    trace, taken = cases.traced(), []
    import bpstudio.core.numeric as numeric

    watch = numeric.watch_of(trace, trace["s52/back/l2/j1/k0/dC_dw"].step)
    recorded = watch._replace(after=lambda t: (taken.append(abs(t)), watch.after(t))[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numeric, "watch_of", lambda trace, step: recorded)
        found = check(trace, "s52/back/l2/j1/k0/dC_dw")
    assert found.step_size in taken


def test_a_wrong_derivative_does_not_agree(monkeypatch):
    trace = cases.traced()
    right = check(trace, "s52/back/l3/j0/da_dz")
    rule = values.RULES["da_dz"]
    wrong = {**values.RULES, "da_dz": lambda *place: rule(*place) * (1 + 1e-6)}
    monkeypatch.setattr(values, "RULES", wrong)
    found = check(trace, "s52/back/l3/j0/da_dz")
    assert right.agrees
    assert found.agrees is False
    assert found.numeric == right.numeric


def one_node(activation: str, z: float, y: float, loss: str = "sse") -> Trace:
    net = Network([Layer([[z]], None, activation)])
    return compute_trace(net, Batch((0,), np.ones((1, 1)), np.array([[y]])), loss)


def test_at_a_kink_of_the_activation_both_sides_are_looked_at():
    found = check(one_node("relu", 0.0, 1.0), "s0/back/l2/j0/da_dz")
    assert (found.kink, found.method, found.analytic) == (True, ONE_SIDED, 0.0)
    assert found.numeric == pytest.approx(0.5)  # between 0 and 1
    assert found.error == pytest.approx(0.5)
    assert found.agrees  # 0 lies between the two


def test_beside_a_kink_a_smaller_step_is_taken():
    found = check(one_node("relu", 1e-3, 1.0), "s0/back/l2/j0/da_dz")
    assert not found.kink
    assert found.step_size < 1e-3
    assert found.numeric == pytest.approx(1.0)


def test_at_a_kink_of_the_loss_both_sides_are_looked_at():
    found = check(one_node("linear", 2.0, 2.0, "mae"), "s0/back/l2/j0/dC_da")
    assert (found.kink, found.analytic, found.agrees) == (True, 0.0, True)
    assert found.numeric == pytest.approx(0.0, abs=1e-9)
    assert found.error == pytest.approx(1.0)


def test_where_the_loss_is_infinite_there_is_no_numeric_value():
    found = check(one_node("sigmoid", -800.0, 1.0, "bce"), "s0/back/l2/j0/dC_da")
    assert found.agrees is None
    assert math.isnan(found.numeric)
    assert found.method.startswith("not possible")


def test_the_combined_form_of_a_saturated_output_agrees():
    trace = one_node("sigmoid", 40.0, 0.0, "bce")
    assert trace.saturated.all()
    found = check(trace, "s0/back/l2/j0/dC_dz")
    assert found.agrees
    assert found.numeric == pytest.approx(1.0)


def test_a_weight_whose_input_is_0_moves_nothing():
    trace = cases.traced((2, 2), ("tanh",))
    X = np.zeros_like(trace.X)
    still = compute_trace(trace.network, replace(trace.batch, X=X), "sse")
    found = check(still, "s52/back/l2/j0/k1/dC_dw")
    assert (found.analytic, found.numeric, found.agrees) == (0.0, 0.0, True)
