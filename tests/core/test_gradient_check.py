"""The gradient check: right passes pass, a wrong rule is named by its first factor, kinks too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bpstudio.core import gradient_check, passes, trace, values
from bpstudio.core.activations import ACTIVATIONS, find_activation
from bpstudio.core.dataset import Batch
from bpstudio.core.gradient_check import CheckResult, check, checking
from bpstudio.core.losses import LOSSES, find_loss
from bpstudio.core.network import Layer, Network
from tests.core import independent
from tests.core.cases import batch, losses_for, network, varied

PAIRS = [(g, loss) for g in ACTIVATIONS for loss in losses_for(g)]


def checked(
    sizes: tuple[int, ...] = (4, 5, 6, 3),
    activations: tuple[str, ...] = ("sigmoid", "sigmoid", "sigmoid"),
    loss: str = "sse",
    rows: tuple[int, ...] = (52,),
    bias: bool = True,
    seed: int = 0,
) -> CheckResult:
    net = network(sizes, activations, bias, seed)
    return check(net, batch(net, rows, loss, seed), loss)


def assert_right(result: CheckResult) -> None:
    assert result.wrong is None
    assert result.not_finite is None
    assert result.passed


# ---- what is right passes ----------------------------------------------------------------------


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_every_output_activation_with_every_loss_it_fits_passes(
    output: str, loss: str, bias: bool
) -> None:
    result = checked((3, 4, 3), ("tanh", output), loss, rows=(4, 9), bias=bias)
    assert_right(result)
    assert result.unchecked == result.n_kinks == 0


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("above", ACTIVATIONS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_every_hidden_activation_below_every_other_passes(
    hidden: str, above: str, bias: bool
) -> None:
    result = checked((3, 4, 3, 2), (hidden, above, "sigmoid"), bias=bias, seed=3)
    assert_right(result)


@pytest.mark.parametrize("name", varied())
def test_a_pass_of_any_shape_passes(name: str) -> None:
    t = varied()[name]
    assert_right(check(t.network, t.batch, t.loss))


# each was a false alarm once: steps too large that agree by chance, an output that vanishes
@example([2, 1, 5, 1, 2], ["sigmoid", "gelu", "sigmoid"], ("sigmoid", "sse"), 30.0, 0, 1)
@example([2, 5, 2, 1], ["sigmoid", "relu", "sigmoid"], ("sigmoid", "bce"), 30.0, 3, 1)
@example([1, 4], ["sigmoid"] * 3, ("softmax", "cross_entropy"), 30.0, 254, 1)
@settings(max_examples=300)
@given(
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    hidden=st.lists(st.sampled_from(list(ACTIVATIONS)), min_size=3, max_size=3),
    pair=st.sampled_from(PAIRS),
    spread=st.sampled_from([0.01, 1.0, 10.0, 30.0]),
    seed=st.integers(0, 10_000),
    rows=st.integers(1, 3),
)
def test_random_networks_pass_whatever_the_size_of_their_numbers(
    sizes: list[int],
    hidden: list[str],
    pair: tuple[str, str],
    spread: float,
    seed: int,
    rows: int,
) -> None:
    output, loss = pair
    net = network(sizes, [*hidden[: len(sizes) - 2], output], seed=seed, spread=spread)
    assert check(net, batch(net, range(rows), loss, seed, spread), loss).wrong is None


def test_all_backward_steps_and_means_are_compared_and_no_other() -> None:
    net = network((4, 5, 6, 3), ("sigmoid",) * 3)
    rows = (3, 1, 2)
    result = check(net, batch(net, rows), "sse")
    t = trace.compute_trace(net, batch(net, rows), "sse")
    assert result.compared == sum(term.step.phase in ("back", "mean") for term in t)
    assert (result.parameters, result.rows) == (4 * 5 + 5 * 6 + 6 * 3 + 5 + 6 + 3, 3)


def test_samples_are_worked_off_in_blocks_without_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradient_check, "_PORTION", 7)
    monkeypatch.setattr("bpstudio.core.perturbation._CHUNK", 11)
    whole = checked(rows=(5, 6, 7, 8, 9))
    assert_right(whole)
    monkeypatch.undo()
    assert whole.compared == checked(rows=(5, 6, 7, 8, 9)).compared


def test_progress_ends_with_every_parameter_of_every_sample() -> None:
    net = network((4, 5, 3), ("tanh", "sigmoid"))
    steps = list(checking(net, batch(net, (1, 2)), "sse"))
    total = 2 * (net.n_weights + net.n_biases)
    assert steps[-1] == (total, total)
    assert [step.done for step in steps] == sorted(step.done for step in steps)


def test_complex_steps_are_used_but_for_gelu() -> None:
    assert not checked().differences
    assert checked(activations=("gelu", "tanh", "sigmoid")).differences


def test_complex_steps_agree_to_rounding() -> None:
    """The largest difference of all factors of 150 samples: nothing but rounding."""
    largest = checked(rows=tuple(range(150))).largest
    assert largest is not None
    assert largest.difference < 1e-14


def test_difference_steps_are_as_small_as_the_network_asks_for() -> None:
    """A weight of 30,000 above gelu: 0.1 times it is far too large a step for a sigmoid."""
    W = [np.array([[x]]) for x in (1.0, 3e4)]
    net = Network([Layer(W[0], None, "gelu"), Layer(W[1], None, "sigmoid")])
    data = Batch((0,), np.array([[1e-4]]), np.array([[0.0]]))
    t = trace.compute_trace(net, data)
    assert_right(check(net, data))
    *_, layer = gradient_check.layer_estimates(t, np.arange(1))
    assert layer.dC_dz.tolerance[0, 0] < 1e-6 * abs(t.dC_dz(2)[0, 0])


def test_moves_that_are_lost_in_rounding_are_no_mistake() -> None:
    """z^(3) = a_0 + 10¹⁶ a_1 − 10¹⁶ a_1: beside 10¹⁶ there is no place for a move of a_0."""
    hidden = Layer(np.array([[1.0], [0.0]]), np.array([0.0, 5.0]), "gelu")
    a_1 = float(passes.forward(Network([hidden]), np.array([[2.0]]))[1][1][0, 1])
    output = Layer(np.array([[1.0, 1e16]]), np.array([-1e16 * a_1]), "linear")
    data = Batch((0,), np.array([[2.0]]), np.array([[0.5]]))
    assert check(Network([hidden, output]), data).wrong is None


@pytest.mark.parametrize("loss", ["sse", "mae"])
def test_the_independent_derivatives_are_those_of_plain_python(loss: str) -> None:
    """The check's own side against scalar complex steps that share no code with it."""
    net = network((2, 3, 2), ("tanh", "gelu"), seed=5)
    data = batch(net, (0,), loss, seed=5)
    expected = independent.gradient(net, data.X[0].tolist(), data.Y[0].tolist(), loss)
    t = trace.compute_trace(net, data, loss)
    for layer in gradient_check.layer_estimates(t, np.arange(1)):
        W, b = expected[layer.l - 2]
        n = len(W)
        estimate = gradient_check.parameter_estimate(layer, 0, n)
        np.testing.assert_allclose(estimate.value[0], W, rtol=0, atol=1e-9)
        np.testing.assert_allclose(layer.dC_dz.value[0], b, rtol=0, atol=1e-9)


# ---- what is wrong is named --------------------------------------------------------------------


def wrong_slope(monkeypatch: pytest.MonkeyPatch, name: str, rule: Callable[..., Any]) -> None:
    """Let the backward pass take another g′."""

    def find(wanted: str) -> Any:
        activation = find_activation(wanted)
        return replace(activation, g_prime=rule) if wanted == name else activation

    monkeypatch.setattr(passes, "find_activation", find)


def test_a_wrong_g_prime_is_named_at_the_first_node_that_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """tanh in layer 3 only: sample, layer 4 and the ∂C_0/∂a of the node come before, all right."""
    wrong_slope(monkeypatch, "tanh", lambda z, a: 1.0 - a)
    result = checked(activations=("sigmoid", "tanh", "sigmoid"))
    found = result.wrong
    assert not result.passed
    assert found is not None
    assert (found.address, found.kind) == ("s52/back/l3/j0/da_dz", "da_dz")
    net = network((4, 5, 6, 3), ("sigmoid", "tanh", "sigmoid"))
    a = passes.forward(net, batch(net).X)[1][2][0, 0]
    assert found.value == 1.0 - a
    assert found.independent == pytest.approx(1.0 - a * a)
    assert found.difference > found.tolerance
    assert result.n_wrong > 6  # everything below suffers


def test_a_g_prime_that_is_wrong_on_one_side_only_is_named_at_the_first_node_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong_slope(monkeypatch, "leaky_relu", lambda z, a: np.where(z > 0, 1.0, 0.02))
    net = network((4, 5, 6, 3), ("leaky_relu", "sigmoid", "sigmoid"))
    z = passes.forward(net, batch(net).X)[0][0][0]
    j = int(np.argmax(z < 0))
    found = check(net, batch(net)).wrong
    assert found is not None
    assert found.address == f"s52/back/l2/j{j}/da_dz"
    assert (found.value, found.independent) == (0.02, pytest.approx(0.01))


def test_a_slightly_wrong_g_prime_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = find_activation("gelu").g_prime
    assert rule is not None
    wrong_slope(monkeypatch, "gelu", lambda z, a: rule(z, a) * (1.0 + 1e-6))
    found = checked(activations=("sigmoid", "gelu", "sigmoid")).wrong
    assert found is not None
    assert found.address == "s52/back/l3/j0/da_dz"


@pytest.mark.parametrize("loss", LOSSES)
def test_a_wrong_derivative_of_the_loss_is_named(
    loss: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The factor 2 that goes missing, in all its forms."""

    def find(name: str) -> Any:
        rule = find_loss(name)
        return replace(rule, dC_da=lambda a, y: 0.5 * rule.dC_da(a, y))

    monkeypatch.setattr(passes, "find_loss", find)
    net = network((4, 5, 6, 3), ("sigmoid",) * 3)
    data = batch(net, (52,), loss)
    found = check(net, data, loss).wrong
    j = int(np.argmax(data.Y[0])) if loss == "cross_entropy" else 0  # others have ∂C_0/∂a = 0
    assert found is not None
    assert found.address == f"s52/back/l4/j{j}/dC_da"
    assert found.independent == pytest.approx(2.0 * found.value)


def test_a_wrong_matrix_in_the_backward_pass_is_named_at_the_sum_it_spoils(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Going back through weights that were updated already: Mazur's mistake."""
    right = passes.backward

    def backward(net: Network, *arguments: Any) -> Any:
        top = net.layers[-1]
        return right(net.with_layers([*net.layers[:-1], replace(top, W=0.9 * top.W)]), *arguments)

    monkeypatch.setattr(trace, "backward", backward)
    found = checked().wrong
    assert found is not None
    assert found.address == "s52/back/l3/j0/dC_da"
    assert found.value == pytest.approx(0.9 * found.independent)


def test_a_softmax_whose_others_are_forgotten_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "softmax_dC_dz", lambda a, dC_da: dC_da * a * (1.0 - a))
    found = checked(activations=("tanh", "tanh", "softmax"), loss="sse").wrong
    assert found is not None
    assert found.address == "s52/back/l4/j0/dC_dz"


SHOWN = {  # what a wrong rule of the numbers on show is named as, by kind
    "dz_da": "s52/back/l3/j0/i0/dz_da",
    "addend": "s52/back/l3/j0/i0/addend",
    "dz_dw": "s52/back/l4/j0/k0/dz_dw",
    "dC_dw": "s52/back/l4/j0/k0/dC_dw",
    "dz_db": "s52/back/l4/j0/dz_db",
    "dC_db": "s52/back/l4/j0/dC_db",
    "dC_dz": "s52/back/l4/j0/dC_dz",
    "mean_dC_dw": "mean/l2/j0/k0/mean_dC_dw",
    "mean_dC_db": "mean/l2/j0/mean_dC_db",
}


@pytest.mark.parametrize("kind", SHOWN)
def test_a_wrong_number_on_show_is_named_by_its_own_address(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = values.RULES[kind]
    monkeypatch.setattr(
        values, "RULES", {**values.RULES, kind: lambda *place: 1.001 * rule(*place) + 1e-6}
    )
    found = checked(rows=(52, 53)).wrong
    assert found is not None
    assert found.address == SHOWN[kind]


@pytest.mark.parametrize("kind", ["da_dz", "addend_z"])
def test_a_wrong_number_of_a_softmax_layer_is_named_by_its_m(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = values.RULES[kind]

    def wrong(t: Any, s: slice, l: int, j: slice, x: slice) -> Any:
        numbers = np.array(rule(t, s, l, j, x))
        numbers[0, 0, 2:3] += 1e-6
        return numbers

    monkeypatch.setattr(values, "RULES", {**values.RULES, kind: wrong})
    found = checked(activations=("tanh", "tanh", "softmax"), loss="cross_entropy").wrong
    assert found is not None
    assert found.address == f"s52/back/l4/j0/m2/{kind}"


def test_of_several_samples_the_first_in_order_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only row 7 is negative enough; it stands second in the batch."""
    wrong_slope(monkeypatch, "relu", lambda z, a: np.where(z > -5.0, (z > 0) * 1.0, 3.0))
    net = Network([Layer(np.array([[1.0]]), None, "relu"), Layer(np.ones((1, 1)), None, "linear")])
    data = Batch((4, 7, 8), np.array([[-1.0], [-9.0], [-9.0]]), np.ones((3, 1)))
    found = check(net, data).wrong
    assert found is not None
    assert found.address == "s7/back/l2/j0/da_dz"
    assert (found.value, found.independent) == (3.0, 0.0)


def test_the_first_in_order_is_named_in_whatever_order_they_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All samples of layer 3 are compared before layer 2, yet s52 comes before s53."""
    rule = values.RULES["dC_db"]

    def wrong(t: Any, s: slice, l: int, j: slice, x: slice) -> Any:
        return rule(t, s, l, j, x) + ((s.start, l) in ((1, 3), (0, 2)))

    monkeypatch.setattr(values, "RULES", {**values.RULES, "dC_db": wrong})
    found = checked(rows=(52, 53)).wrong
    assert found is not None
    assert found.address == "s52/back/l2/j0/dC_db"


# ---- kinks -------------------------------------------------------------------------------------


def at_a_kink(activation: str, above: str = "sigmoid") -> tuple[Network, Batch]:
    """z_0^(2) = 1·2 − 2·1 = 0, z_1^(2) = 4 − 1 = 3."""
    W = np.array([[1.0, -2.0], [2.0, -1.0]])
    net = Network(
        [Layer(W, np.zeros(2), activation), Layer(np.array([[0.5, 0.25]]), np.zeros(1), above)]
    )
    return net, Batch((9,), np.array([[2.0, 1.0]]), np.array([[1.0]]))


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_z_at_a_kink_is_told_and_is_no_mistake(activation: str) -> None:
    result = check(*at_a_kink(activation))
    assert_right(result)
    assert [kink.address for kink in result.kinks] == ["s9/back/l2/j0/da_dz"]
    assert result.n_kinks == 1


def test_the_slope_at_a_kink_may_be_any_between_those_on_its_sides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Some take g′(0) = 1 or ½ for relu; what is made of it is still checked."""
    for slope in (0.0, 0.5, 1.0):
        wrong_slope(
            monkeypatch, "relu", lambda z, a, slope=slope: np.where(z == 0, slope, (z > 0) * 1.0)
        )
        assert_right(check(*at_a_kink("relu")))
    wrong_slope(monkeypatch, "relu", lambda z, a: np.where(z == 0, 1.5, (z > 0) * 1.0))
    found = check(*at_a_kink("relu")).wrong
    assert found is not None
    assert found.address == "s9/back/l2/j0/da_dz"


def test_a_mistake_beside_a_kink_is_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong_slope(monkeypatch, "relu", lambda z, a: np.where(z == 0, 1.0, (z > 0) * 0.9))
    found = check(*at_a_kink("relu")).wrong
    assert found is not None
    assert found.address == "s9/back/l2/j1/da_dz"


def test_mae_where_the_output_is_the_target_is_a_kink() -> None:
    net = Network([Layer(np.array([[1.0], [2.0]]), None, "linear")])
    data = Batch((3,), np.array([[2.0]]), np.array([[2.0, 1.0]]))  # a = (2, 4)
    result = check(net, data, "mae")
    assert_right(result)
    assert [kink.address for kink in result.kinks] == ["s3/back/l2/j0/dC_da"]


def test_elu_has_no_kink() -> None:
    result = check(*at_a_kink("elu"))
    assert_right(result)
    assert result.n_kinks == 0


def test_what_difference_steps_cannot_tell_from_a_kink_is_counted_not_blamed() -> None:
    """gelu above relu at z = 0: whichever way a weight of node 0 moves, relu bends."""
    result = check(*at_a_kink("relu", "gelu"))
    assert_right(result)
    assert result.n_kinks == 1
    # ∂C_0/∂z_0, its two weights and its bias
    assert result.unchecked == 4


@pytest.mark.parametrize(("distance", "unchecked"), [(0.0, 4), (1e-3, 0), (1.0, 0)])
def test_mae_near_the_target_is_a_kink_for_difference_steps(
    distance: float, unchecked: int
) -> None:
    """One node, g = gelu: whatever moves, a passes y. ∂C_0/∂z, two weights and the bias: 4."""
    net = Network([Layer(np.array([[0.5, 0.25]]), np.zeros(1), "gelu")])
    X = np.array([[2.0, 1.0]])
    a = passes.forward(net, X)[1][-1]
    result = check(net, Batch((0,), X, a - distance), "mae")
    assert_right(result)
    assert result.unchecked == unchecked
    assert result.n_kinks == (distance == 0.0)


def test_a_kink_near_by_makes_the_difference_steps_smaller() -> None:
    """z_0 = 0.001 of relu is nearer than the first steps reach; the last do not reach it."""
    net, data = at_a_kink("relu", "gelu")
    net = net.with_bias(2, 0, 0.001)
    result = check(net, data)
    assert_right(result)
    assert result.unchecked == result.n_kinks == 0


def test_many_kinks_are_counted_and_the_first_listed() -> None:
    net = Network.create([4, 30, 1], "relu", "linear", init="zeros")
    result = check(net, batch(net))
    assert_right(result)
    assert result.n_kinks == 30
    assert [kink.address for kink in result.kinks][:2] == [
        "s52/back/l2/j0/da_dz",
        "s52/back/l2/j1/da_dz",
    ]
    assert len(result.kinks) == 20


# ---- numbers that are none ---------------------------------------------------------------------


def test_numbers_that_are_not_finite_are_told_with_the_first_place() -> None:
    net = network((2, 2, 1), ("linear", "linear"))
    net = net.with_weight(2, 1, 0, 1e300).with_weight(3, 0, 1, 1e300)
    result = check(net, batch(net))
    assert not result.passed
    assert result.wrong is None
    assert result.not_finite is not None
    assert result.not_finite.address == "s52/back/l3/j0/dC_da"
    assert not np.isfinite(result.not_finite.value)
    assert result.n_not_finite > 1


def test_a_saturated_output_is_checked_against_the_loss_from_z() -> None:
    """σ(−60) = 9e-27: the product of the factors breaks down in no digit, and 1 − a is 1."""
    net = Network([Layer(np.array([[1.0]]), None, "sigmoid")])
    data = Batch((0, 1), np.array([[-60.0], [30.0]]), np.array([[1.0], [0.0]]))
    result = check(net, data, "bce")
    assert_right(result)


def test_an_output_too_near_0_for_a_complex_step_is_counted_not_blamed() -> None:
    """a_1 = e^−690 under a logarithm, and softmax with bce has no combined form."""
    net = Network([Layer(np.array([[0.0], [-690.0]]), None, "softmax")])
    result = check(net, Batch((0,), np.array([[1.0]]), np.array([[1.0, 1.0]])), "bce")
    assert_right(result)
    assert result.unchecked > 0


def test_where_the_loss_is_infinite_the_combined_form_is_right_and_the_factor_is_named() -> None:
    """a = σ(40) rounds to 1, so −ln(1 − a) is infinite; ∂C_0/∂z = a − y = 1 is right."""
    net = Network([Layer(np.array([[1.0]]), None, "sigmoid")])
    result = check(net, Batch((0,), np.array([[40.0]]), np.array([[0.0]])), "bce")
    assert result.wrong is None
    assert result.not_finite is not None
    assert result.not_finite.address == "s0/back/l2/j0/dC_da"
    assert result.n_not_finite == 1


def test_the_gap_of_a_kink_is_not_reported_as_the_largest_difference() -> None:
    """z = 0 in a relu: the slope 0 that is used lies half a unit from the middle of 0 and 1."""
    network = Network(
        [Layer(np.ones((2, 2)), np.zeros(2), "relu"), Layer([[1.0, 1.0]], None, "linear")]
    )
    batch = Batch((0, 1), np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[0.5], [1.0]]))
    result = check(network, batch)
    assert result.passed
    assert result.n_kinks > 0
    assert result.largest is not None
    assert result.largest.difference < 1e-9
