"""Forward and backward: every activation × loss × bias against an independent derivative."""

from itertools import cycle, islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.activations import ACTIVATIONS, softmax_jacobian
from bpstudio.core.losses import LOSSES
from bpstudio.core.network import Layer, Network
from bpstudio.core.passes import backward, forward, softmax_addend, softmax_dC_dz
from bpstudio.core.trace import compute_trace
from tests.core import independent
from tests.core.cases import batch, losses_for, network

PAIRS = [(g, loss) for g in ACTIVATIONS for loss in losses_for(g)]
SIZES = ((3, 3), (2, 3, 2), (3, 2, 3, 2), (2, 3, 2, 2, 3))  # L = 2 … 5


def _mixed(output: str, loss: str) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    """One network of every depth, their hidden activations taken in turn from all there are."""
    outputs = [g for g in ACTIVATIONS if (g, loss) in PAIRS]
    turn = islice(cycle(ACTIVATIONS), 6 * outputs.index(output), None)
    return [(sizes, (*islice(turn, len(sizes) - 2), output)) for sizes in SIZES]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_every_gradient_is_the_independent_derivative_of_the_loss(output, loss, bias):
    for seed, (sizes, activations) in enumerate(_mixed(output, loss)):
        net = network(sizes, activations, bias, seed=seed)
        samples = batch(net, (5,), loss, seed=seed)
        trace = compute_trace(net, samples, loss)
        expected = independent.gradient(net, samples.X[0].tolist(), samples.Y[0].tolist(), loss)
        for l, (dC_dw, dC_db) in enumerate(expected, start=2):
            assert trace.dC_dw(l, 0) == pytest.approx(np.array(dC_dw), rel=1e-10, abs=1e-12)
            assert (dC_db is not None) == bias
            if dC_db is not None:
                assert trace.dC_db(l, 0) == pytest.approx(np.array(dC_db), rel=1e-10, abs=1e-12)


def test_every_hidden_activation_is_tried_with_every_loss():
    tried = {
        (name, loss)
        for output, loss in PAIRS
        for _, activations in _mixed(output, loss)
        for name in activations[:-1]
    }
    assert tried == {(name, loss) for name in ACTIVATIONS for loss in LOSSES}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_forward_is_the_scalar_forward_pass(activation):
    net = network((3, 4, 2, 3), (activation, "tanh", activation), (True, False, True))
    samples = batch(net, (0, 1, 2))
    z, a = forward(net, samples.X)
    assert a[0] is samples.X
    for s, x in enumerate(samples.X.tolist()):
        for l, (z_l, a_l) in enumerate(independent.layers(independent.parameters(net), x)):
            assert z[l][s] == pytest.approx(np.array(z_l).real, rel=1e-13, abs=1e-14)
            assert a[l + 1][s] == pytest.approx(np.array(a_l).real, rel=1e-13, abs=1e-14)


def test_forward_takes_complex_inputs():
    net = network((3, 4, 2), ("silu", "softmax"))
    x = batch(net).X
    stepped = forward(net, x + np.array([[1e-200j, 0, 0]]))[1][-1]
    assert stepped.real == pytest.approx(forward(net, x)[1][-1], rel=1e-15)
    assert (stepped.imag != 0).all()


# ---- softmax -----------------------------------------------------------------------------------


@given(
    z=st.lists(st.floats(-20, 20), min_size=1, max_size=5),
    slopes=st.lists(st.floats(-5, 5), min_size=5, max_size=5),
)
def test_the_sum_through_softmax_is_the_jacobian_times_the_slopes(z, slopes):
    a = ACTIVATIONS["softmax"].g(np.array([z]))
    dC_da = np.array([slopes[: len(z)]])
    expected = softmax_jacobian(a[0]).T @ dC_da[0]
    assert softmax_dC_dz(a, dC_da)[0] == pytest.approx(expected, rel=1e-12, abs=1e-14)
    addends = sum(softmax_addend(a, dC_da, m) for m in range(len(z)))
    assert addends == pytest.approx(softmax_dC_dz(a, dC_da), rel=1e-15, abs=0)


# ---- saturation --------------------------------------------------------------------------------


def _output_layer(activation: str, z: list[float]) -> Network:
    """Output nodes whose z are given: an input of 1 and these weights."""
    return Network([Layer(np.array([z]).T, None, activation)])


def _backward(activation: str, loss: str, z: list[float], y: list[float]):
    net = _output_layer(activation, z)
    with np.errstate(all="ignore"):
        zs, a_s = forward(net, np.ones((1, 1)))
        return backward(net, zs, a_s, np.array([y]), loss)


@pytest.mark.parametrize(
    ("z", "y", "slope"),
    [
        # a = 1 exactly and y = 0: (1 / (1 − 1)) · 1 · (1 − 1) = ∞ · 0; a − y = 1
        (40.0, 0.0, 1.0),
        # a = 0 exactly and y = 1: −(1 / 0) · 0 · 1 = −∞ · 0; a − y = −1
        (-800.0, 1.0, -1.0),
        # a = 5e−324: 1 / a overflows
        (-745.0, 1.0, -1.0),
    ],
)
def test_a_saturated_sigmoid_has_the_combined_form_and_is_marked(z, y, slope):
    found = _backward("sigmoid", "bce", [z, 0.0], [y, 1.0])
    assert found.saturated.tolist() == [[True, False]]
    assert not np.isfinite(found.product[0, 0])
    assert found.dC_dz[-1].tolist() == [[slope, -0.5]]


def test_a_saturated_softmax_has_the_combined_form_and_is_marked():
    # a = (1, 0, 0) exactly, the target is node 1: −(1 / 0) · 0 = −∞ · 0 in every sum; a − y
    found = _backward("softmax", "cross_entropy", [800.0, -100.0, 0.0], [0.0, 1.0, 0.0])
    assert found.saturated.tolist() == [[True, True, True]]
    assert np.isnan(found.product).all()
    assert found.dC_dz[-1].tolist() == [[1.0, -1.0, 0.0]]


def test_the_gradient_of_a_saturated_output_goes_on_downwards():
    net = Network(
        [Layer([[1.0], [2.0]], None, "linear"), Layer([[30.0, 5.0], [0.0, 0.0]], None, "sigmoid")]
    )
    with np.errstate(all="ignore"):
        zs, a_s = forward(net, np.ones((1, 1)))  # z^(3) = (30 + 10, 0)
        found = backward(net, zs, a_s, np.array([[0.0, 0.5]]), "bce")
    assert found.dC_da[0].tolist() == [[30.0, 5.0]]  # 1 · w: finite


@pytest.mark.parametrize(
    ("activation", "loss", "y"),
    [("sigmoid", "bce", [1.0, 0.0, 1.0]), ("softmax", "cross_entropy", [0.0, 0.0, 1.0])],
)
@given(z=st.lists(st.floats(-8, 8), min_size=3, max_size=3))
def test_an_output_that_is_not_saturated_keeps_the_plain_product(activation, loss, y, z):
    found = _backward(activation, loss, z, y)
    assert not found.saturated.any()
    assert found.dC_dz[-1].tolist() == found.product.tolist()


@pytest.mark.parametrize(
    ("activation", "loss"), [("sigmoid", "sse"), ("softmax", "bce"), ("sigmoid", "cross_entropy")]
)
def test_a_pair_without_a_combined_form_is_never_marked(activation, loss):
    found = _backward(activation, loss, [0.0, -800.0], [1.0, 1.0])
    assert not found.saturated.any()
