"""Losses: the factor in front by hand, slopes against complex steps, the edges of the logarithm."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.errors import InputError
from bpstudio.core.losses import (
    FUSED,
    LOSSES,
    combined_form,
    find_loss,
    is_fusable,
    require_compatible,
    require_targets,
)
from bpstudio.core.passes import softmax_dC_dz
from tests.core.cases import ELEMENTWISE

LOGARITHMIC = ("bce", "cross_entropy")
SMALLEST = 5e-324  # a saturated sigmoid can give it

outputs = st.floats(0.01, 0.99)
numbers = st.floats(-3, 3)


def test_the_names_are_those_of_the_interface():
    assert tuple(LOSSES) == ("sse", "half_sse", "mse", "mae", "huber", "bce", "cross_entropy")


# a = (0.8, 0.3), y = (1, 0): the differences are −0.2 and 0.3, their squares 0.04 and 0.09
BY_HAND = {
    "sse": ([0.04, 0.09], [-0.4, 0.6]),
    "half_sse": ([0.02, 0.045], [-0.2, 0.3]),
    "mse": ([0.02, 0.045], [-0.2, 0.3]),  # n_L = 2
    "mae": ([0.1, 0.15], [-0.5, 0.5]),
    "huber": ([0.01, 0.0225], [-0.1, 0.15]),  # ½ d², over n_L = 2
    "bce": ([-math.log(0.8), -math.log(0.7)], [-1 / 0.8, 1 / 0.7]),
    "cross_entropy": ([-math.log(0.8), 0.0], [-1 / 0.8, 0.0]),
}


@pytest.mark.parametrize("name", LOSSES)
def test_addends_and_slopes_agree_with_arithmetic_by_hand(name):
    a, y = np.array([[0.8, 0.3]]), np.array([[1.0, 0.0]])
    C_j, dC_da = BY_HAND[name]
    assert LOSSES[name].C_j(a, y)[0] == pytest.approx(C_j, rel=1e-14)
    assert LOSSES[name].dC_da(a, y)[0] == pytest.approx(dC_da, rel=1e-14)


def test_huber_is_a_line_beyond_one():
    # one output, d = 3: |d| − ½ = 2.5, slope 1; d = −1 is still the square, ½
    C_j = LOSSES["huber"].C_j(np.array([[3.0], [-1.0], [-4.0]]), np.zeros((3, 1)))
    dC_da = LOSSES["huber"].dC_da(np.array([[3.0], [-1.0], [-4.0]]), np.zeros((3, 1)))
    assert C_j[:, 0].tolist() == [2.5, 0.5, 3.5]
    assert dC_da[:, 0].tolist() == [1.0, -1.0, -1.0]


@given(a=st.lists(numbers, min_size=1, max_size=5), data=st.data())
def test_the_conventions_of_the_square_differ_by_their_factor_only(a, data):
    a = np.array([a])
    y = np.array([data.draw(st.lists(numbers, min_size=a.size, max_size=a.size))])
    sse = LOSSES["sse"]
    for name, factor in (("half_sse", 0.5), ("mse", 1 / a.size)):
        assert LOSSES[name].C_j(a, y) == pytest.approx(factor * sse.C_j(a, y), rel=1e-14)
        assert LOSSES[name].dC_da(a, y) == pytest.approx(factor * sse.dC_da(a, y), rel=1e-14)


@pytest.mark.parametrize("name", LOSSES)
@given(
    a=st.lists(outputs, min_size=1, max_size=4),
    targets=st.lists(st.sampled_from([0.0, 1.0, 0.25]), min_size=4, max_size=4),
)
def test_slope_is_the_complex_step_of_the_sum(name, a, targets):
    a, y = np.array(a), np.array(targets[: len(a)])
    if LOSSES[name].kink:
        a = a + (np.abs(a - y) < 1e-6) * 1e-3
    stepped = a + 1e-200j * np.eye(a.size)  # row j steps a_j
    C_0 = LOSSES[name].C_j(stepped, np.broadcast_to(y, stepped.shape)).sum(axis=1)
    assert LOSSES[name].dC_da(a, y) == pytest.approx(C_0.imag / 1e-200, rel=1e-12, abs=1e-15)


@given(d=st.floats(-5, 5).filter(lambda d: abs(abs(d) - 1) > 1e-6 and abs(d) > 1e-6))
@pytest.mark.parametrize("name", ["sse", "mae", "huber"])
def test_slope_is_the_complex_step_far_from_the_target_too(name, d):
    C_j = LOSSES[name].C_j(np.array([[complex(d, 1e-200)]]), np.zeros((1, 1)))
    dC_da = LOSSES[name].dC_da(np.array([[d]]), np.zeros((1, 1)))
    assert dC_da == pytest.approx(C_j.imag / 1e-200, rel=1e-12)


def test_mae_has_the_slope_0_exactly_at_the_target():
    assert LOSSES["mae"].kink
    assert LOSSES["mae"].dC_da(np.array([[0.5, 0.5]]), np.array([[0.5, 0.25]])).tolist() == [
        [0, 0.5]
    ]


@pytest.mark.parametrize("name", LOSSES)
def test_a_hit_costs_nothing(name):
    y = np.array([[1.0, 0.0]])
    assert LOSSES[name].C_j(y, y).tolist() == [[0.0, 0.0]]


# ---- edges of the logarithm --------------------------------------------------------------------


@pytest.mark.parametrize("name", LOGARITHMIC)
def test_a_target_of_0_takes_no_logarithm_of_0(name):
    # bce: −(0 ln 0 + 1 ln 1), and its slope −0/0 + 1/1 without the absent addend
    a, y = np.array([[0.0]]), np.array([[0.0]])
    assert LOSSES[name].C_j(a, y).tolist() == [[0.0]]
    assert LOSSES[name].dC_da(a, y).tolist() == [[1.0 if name == "bce" else 0.0]]


@pytest.mark.parametrize("name", LOGARITHMIC)
def test_a_target_of_1_that_was_given_no_chance_costs_infinitely(name):
    a, y = np.array([[0.0]]), np.array([[1.0]])
    assert LOSSES[name].C_j(a, y).tolist() == [[math.inf]]
    assert LOSSES[name].dC_da(a, y).tolist() == [[-math.inf]]


def test_bce_costs_infinitely_at_the_other_end_too():
    a, y = np.array([[1.0]]), np.array([[0.0]])
    assert LOSSES["bce"].C_j(a, y).tolist() == [[math.inf]]
    assert LOSSES["bce"].dC_da(a, y).tolist() == [[math.inf]]


@pytest.mark.parametrize("name", LOGARITHMIC)
def test_the_smallest_output_overflows_its_slope_without_a_warning(name):
    a, y = np.array([[SMALLEST]]), np.array([[1.0]])
    assert LOSSES[name].C_j(a, y)[0, 0] == pytest.approx(1074 * math.log(2))
    assert LOSSES[name].dC_da(a, y).tolist() == [[-math.inf]]


# ---- the combined form -------------------------------------------------------------------------


def test_two_pairs_have_a_combined_form():
    assert set(FUSED) == {("cross_entropy", "softmax"), ("bce", "sigmoid")}
    assert is_fusable("bce", "sigmoid")
    assert not is_fusable("bce", "softmax")


@given(a=outputs, y=st.floats(0, 1))
def test_the_combined_form_of_sigmoid_and_bce_is_the_product_of_the_factors(a, y):
    a, y = np.array([[a]]), np.array([[y]])
    product = LOSSES["bce"].dC_da(a, y) * a * (1 - a)
    assert combined_form("bce", a, y) == pytest.approx(product, rel=1e-9, abs=1e-14)


@given(
    z=st.lists(st.floats(-3, 3), min_size=2, max_size=5),
    weights=st.lists(st.floats(0, 1), min_size=5, max_size=5),
)
def test_the_combined_form_of_softmax_and_cross_entropy_is_the_sum_over_all_outputs(z, weights):
    e = np.exp([z])
    a, y = e / e.sum(), np.array([weights[: len(z)]])  # targets need not add up to 1
    total = softmax_dC_dz(a, LOSSES["cross_entropy"].dC_da(a, y))
    assert combined_form("cross_entropy", a, y) == pytest.approx(total, rel=1e-9, abs=1e-14)


# ---- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOGARITHMIC)
@pytest.mark.parametrize("activation", [name for name in ELEMENTWISE if name != "sigmoid"])
def test_a_logarithm_is_refused_where_outputs_may_leave_the_unit_interval(name, activation):
    with pytest.raises(InputError) as caught:
        require_compatible(name, activation)
    assert all(word in str(caught.value) for word in (name, activation, "sigmoid", "softmax"))


@pytest.mark.parametrize("name", LOGARITHMIC)
@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
def test_a_logarithm_is_taken_where_outputs_are_shares(name, activation):
    require_compatible(name, activation)


@pytest.mark.parametrize("name", [name for name in LOSSES if name not in LOGARITHMIC])
@pytest.mark.parametrize("activation", [*ELEMENTWISE, "softmax"])
def test_every_other_loss_goes_with_every_activation(name, activation):
    require_compatible(name, activation)


@pytest.mark.parametrize("name", LOGARITHMIC)
@pytest.mark.parametrize("y", [-0.5, 1.5])
def test_targets_outside_the_unit_interval_are_refused_by_a_logarithm(name, y):
    with pytest.raises(InputError, match=rf"{name}.*from {min(y, 0):g} to {max(y, 0):g}"):
        require_targets(name, np.array([[0.0, y]]))
    require_targets("sse", np.array([[0.0, y]]))


def test_an_unknown_loss_is_refused_with_the_known_ones():
    with pytest.raises(InputError) as caught:
        find_loss("rmse")
    assert "'rmse'" in str(caught.value)
    assert all(known in str(caught.value) for known in LOSSES)
