"""Activations: values by hand, slopes against complex steps and differences, no overflow."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bpstudio.core.activations import ACTIVATIONS, LEAK, find_activation, softmax_jacobian
from bpstudio.core.errors import InputError
from tests.core.cases import ELEMENTWISE

ANALYTIC = tuple(name for name in ELEMENTWISE if ACTIVATIONS[name].analytic)
KINKED = ("relu", "leaky_relu")
EXTREME = np.array([0.0, -0.0, 1.0, -1.0, 37.0, -37.0, 745.0, -745.0, 1e3, -1e3, 1e5, -1e5])

z_near = st.floats(-8, 8).filter(lambda z: abs(z) > 1e-6)  # away from every kink
z_vectors = arrays(float, st.integers(1, 6), elements=st.floats(-50, 50))


def test_the_names_are_those_of_the_interface():
    assert tuple(ACTIVATIONS) == (
        *("sigmoid", "tanh", "relu", "leaky_relu", "elu"),
        *("softplus", "silu", "gelu", "linear", "softmax"),
    )


def test_only_softmax_is_not_elementwise():
    assert [name for name, rule in ACTIVATIONS.items() if not rule.elementwise] == ["softmax"]


BY_HAND = {
    # sigmoid(ln 3) = 1 / (1 + 1/3) = 3/4, its slope 3/4 · 1/4
    "sigmoid": (math.log(3), 3 / 4, 3 / 16),
    # tanh(½ ln 3) = (√3 − 1/√3) / (√3 + 1/√3) = 1/2, its slope 1 − 1/4
    "tanh": (0.5 * math.log(3), 1 / 2, 3 / 4),
    "relu": (2.5, 2.5, 1.0),
    # a slope of 0.01 below 0
    "leaky_relu": (-3.0, -0.03, 0.01),
    # e^{−ln 2} − 1 = −1/2, its slope e^{−ln 2}
    "elu": (-math.log(2), -1 / 2, 1 / 2),
    # ln(1 + e^{ln 3}) = ln 4, its slope sigmoid(ln 3)
    "softplus": (math.log(3), math.log(4), 3 / 4),
    # z σ = ln 3 · 3/4; slope σ (1 + z (1 − σ)) = 3/4 (1 + ln 3 / 4)
    "silu": (math.log(3), 0.75 * math.log(3), 0.75 * (1 + math.log(3) / 4)),
    # Φ(1) = 0.841344746068543, φ(1) = 0.241970724519143 (tables of the normal distribution)
    "gelu": (1.0, 0.841344746068543, 0.841344746068543 + 0.241970724519143),
    "linear": (-1.25, -1.25, 1.0),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_value_and_slope_agree_with_arithmetic_by_hand(name):
    z, a, slope = BY_HAND[name]
    rule = ACTIVATIONS[name]
    computed = rule.g(np.array([z]))
    assert computed == pytest.approx([a], rel=1e-14)
    assert rule.g_prime(np.array([z]), computed) == pytest.approx([slope], rel=1e-14)


@pytest.mark.parametrize(
    ("name", "z", "a"),
    [
        ("relu", -2.0, 0.0),
        ("leaky_relu", 4.0, 4.0),
        ("elu", 1.5, 1.5),
        ("gelu", 0.0, 0.0),
        ("silu", 0.0, 0.0),
        ("softplus", 0.0, math.log(2)),
    ],
)
def test_the_other_branch_or_the_origin_agrees_with_arithmetic_by_hand(name, z, a):
    assert ACTIVATIONS[name].g(np.array([z])) == pytest.approx([a], rel=1e-14)


@pytest.mark.parametrize("name", ANALYTIC)
@given(z=z_near)
def test_slope_is_the_complex_step(name, z):
    rule = ACTIVATIONS[name]
    step = rule.g(np.array([complex(z, 1e-200)])).imag / 1e-200
    point = np.array([z])
    assert rule.g_prime(point, rule.g(point)) == pytest.approx(step, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(z=st.floats(-8, 8).filter(lambda z: abs(z) > 0.01))
def test_slope_is_the_central_difference(name, z):
    rule = ACTIVATIONS[name]
    h = 1e-3
    left, right = rule.g(np.array([z - h, z - 2 * h])), rule.g(np.array([z + h, z + 2 * h]))
    near, far = (right - left) / np.array([2 * h, 4 * h])
    extrapolated = (4 * near - far) / 3
    point = np.array([z])
    assert rule.g_prime(point, rule.g(point))[0] == pytest.approx(extrapolated, abs=1e-9)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_value_and_slope_are_finite_far_out_and_warn_of_nothing(name):
    rule = ACTIVATIONS[name]
    a = rule.g(EXTREME)
    assert np.isfinite(a).all()
    slope = rule.g_prime(EXTREME, a)
    assert np.isfinite(slope).all()
    assert (np.abs(slope) < 1.2).all()


@pytest.mark.parametrize(
    ("name", "below", "above"),
    [
        ("sigmoid", 0.0, 1.0),
        ("tanh", -1.0, 1.0),
        ("relu", 0.0, 1e3),
        ("leaky_relu", -10.0, 1e3),
        ("elu", -1.0, 1e3),
        ("softplus", 0.0, 1e3),
        ("silu", 0.0, 1e3),
        ("gelu", 0.0, 1e3),
        ("linear", -1e3, 1e3),
    ],
)
def test_far_out_an_activation_is_its_limit(name, below, above):
    assert ACTIVATIONS[name].g(np.array([-1e3, 1e3])).tolist() == [below, above]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_what_is_not_a_number_stays_so(name):
    assert np.isnan(ACTIVATIONS[name].g(np.array([np.nan]))).all()


@pytest.mark.parametrize("name", [*ANALYTIC, "softmax"])
def test_real_stays_real_and_complex_stays_complex_with_the_same_real_part(name):
    z = np.array([[-1.5, 0.25, 2.0]])
    real, both = ACTIVATIONS[name].g(z), ACTIVATIONS[name].g(z + 0j)
    assert real.dtype == np.float64
    assert both.dtype == np.complex128
    assert both.real == pytest.approx(real, rel=1e-15)


@pytest.mark.parametrize("name", KINKED)
def test_at_a_kink_the_slope_is_the_one_below(name):
    rule = ACTIVATIONS[name]
    assert rule.kink == 0.0
    zero = np.zeros(1)
    assert rule.g_prime(zero, rule.g(zero)).tolist() == [LEAK if name == "leaky_relu" else 0.0]


def test_every_other_activation_is_smooth():
    assert [name for name, rule in ACTIVATIONS.items() if rule.kink is not None] == list(KINKED)
    # elu: both branches have the slope 1 at 0
    slopes = ACTIVATIONS["elu"].g_prime(np.array([-1e-12, 1e-12]), np.array([-1e-12, 1e-12]))
    assert slopes == pytest.approx([1.0, 1.0])


# ---- softmax ---------------------------------------------------------------------------------


def test_softmax_of_logarithms_are_the_shares():
    # e^0 = 1, e^{ln 2} = 2, e^{ln 3} = 3; together 6
    z = np.log([[1.0, 2.0, 3.0], [4.0, 4.0, 8.0]])
    assert ACTIVATIONS["softmax"].g(z) == pytest.approx(
        np.array([[1 / 6, 2 / 6, 3 / 6], [1 / 4, 1 / 4, 1 / 2]]), rel=1e-14
    )


@given(z=z_vectors, shift=st.floats(-700, 700))
def test_softmax_rows_add_up_to_one_and_forget_a_shift(z, shift):
    a = ACTIVATIONS["softmax"].g(z)
    assert a.sum() == pytest.approx(1.0, rel=1e-14)
    assert (a >= 0).all()
    assert ACTIVATIONS["softmax"].g(z + shift) == pytest.approx(a, rel=1e-11, abs=1e-14)


def test_softmax_far_out_gives_everything_to_the_largest():
    assert ACTIVATIONS["softmax"].g(np.array([1e5, -1e5, 0.0])).tolist() == [1.0, 0.0, 0.0]


@given(z=z_vectors)
def test_softmax_jacobian_is_the_complex_step_of_every_output_by_every_input(z):
    n = len(z)
    stepped = z + 1e-200j * np.eye(n)  # row j steps z_j
    expected = ACTIVATIONS["softmax"].g(stepped).imag.T / 1e-200  # [m, j]
    assert softmax_jacobian(ACTIVATIONS["softmax"].g(z)) == pytest.approx(
        expected, rel=1e-9, abs=1e-14
    )


# ---- by name ---------------------------------------------------------------------------------


def test_an_activation_is_found_by_its_name():
    assert find_activation("tanh") is ACTIVATIONS["tanh"]


@pytest.mark.parametrize("name", ["Sigmoid", "", "swish", None, ["relu"]])
def test_an_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(InputError) as caught:
        find_activation(name)
    assert repr(name) in str(caught.value)
    assert all(known in str(caught.value) for known in ACTIVATIONS)
