"""Optimisers: how a gradient becomes new parameters, each rule worked by hand."""

import math

import numpy as np
import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.optimisers import (
    CLIP_EPSILON,
    OPTIMISERS,
    UpdateSettings,
    UpdateState,
    clip_scale,
    clip_scale_at,
    find_optimiser,
    norm,
    update_terms,
)
from bpstudio.core.schedules import Schedule


def _terms(w, gradient, slots=None, t=0, is_weight=True, scale=1.0, **settings):
    rule = UpdateSettings(**{"lr": 0.5, **settings})
    slots = {name: np.array(values, dtype=float) for name, values in (slots or {}).items()}
    w, gradient = np.array(w, dtype=float), np.array(gradient, dtype=float)
    found = update_terms(rule, t, w, gradient, slots, is_weight, scale)
    return {name: values.tolist() for name, values in found.items()}


# Each rule by hand -----------------------------------------------------------------------


def test_gradient_descent_goes_against_the_gradient_by_the_learning_rate():
    # 1 − 0.5 · 4 = −1 and −2 − 0.5 · (−1) = −1.5
    assert _terms([1, -2], [4, -1]) == {"update": [-1.0, -1.5]}


def test_momentum_goes_against_a_velocity_that_remembers_gradients():
    # velocity = ½ · 2 + 4 = 5 and ½ · (−4) − 1 = −3; 1 − 0.5 · 5 = −1.5, −2 − 0.5 · (−3) = −0.5
    found = _terms([1, -2], [4, -1], {"velocity": [2, -4]}, optimizer="momentum", momentum=0.5)
    assert found == {"velocity": [5.0, -3.0], "update": [-1.5, -0.5]}


def test_nesterov_looks_ahead_along_the_velocity():
    # velocity as above, 5 and −3; 1 − 0.5 · (4 + ½ · 5) = −2.25, −2 − 0.5 · (−1 − 1.5) = −0.75
    found = _terms([1, -2], [4, -1], {"velocity": [2, -4]}, optimizer="nesterov", momentum=0.5)
    assert found == {"velocity": [5.0, -3.0], "update": [-2.25, -0.75]}


def test_rmsprop_divides_by_the_root_of_the_mean_square():
    # v = ¾ · 12 + ¼ · 4² = 13 and ¾ · 4 + ¼ · 2² = 4 (root 2); with ε = 1: −2 − 0.5 · 2/(2 + 1)
    settings = {"optimizer": "rmsprop", "rho": 0.75, "epsilon": 1.0}
    found = _terms([1, -2], [4, 2], {"v": [12, 4]}, **settings)
    assert found["v"] == [13.0, 4.0]
    assert found["update"] == pytest.approx([1 - 2 / (math.sqrt(13) + 1), -2 - 1 / 3], rel=1e-15)


def test_adam_at_its_first_update_moves_by_the_learning_rate_whatever_the_gradient():
    # m = ½ · 0 + ½ · 4 = 2, v = ¾ · 0 + ¼ · 16 = 4; m_hat = 2/(1 − ½) = 4, v_hat = 4/(1 − ¾) = 16
    # 1 − 0.5 · 4/(√16 + ε) = ½ but for ε
    settings = {"optimizer": "adam", "beta1": 0.5, "beta2": 0.75, "epsilon": 1e-300}
    found = _terms([1], [4], {"m": [0], "v": [0]}, **settings)
    assert found == {"m": [2.0], "v": [4.0], "m_hat": [4.0], "v_hat": [16.0], "update": [0.5]}


def test_adam_at_its_second_update_corrects_less():
    # m = ½ · 2 + ½ · 4 = 3, v = ½ · 4 + ½ · 16 = 10
    # t = 1: m_hat = 3/(1 − ½²) = 4, v_hat = 10/(1 − ½²) = 40/3
    # 1 − 0.5 · 4/(√(40/3) + 1) = 1 − 2/(√(40/3) + 1)
    settings = {"optimizer": "adam", "beta1": 0.5, "beta2": 0.5, "epsilon": 1.0}
    found = _terms([1], [4], {"m": [2], "v": [4]}, t=1, **settings)
    assert (found["m"], found["v"], found["m_hat"]) == ([3.0], [10.0], [4.0])
    assert found["v_hat"] == pytest.approx([40 / 3], rel=1e-15)
    assert found["update"] == pytest.approx([1 - 2 / (math.sqrt(40 / 3) + 1)], rel=1e-15)


def test_adamw_shrinks_the_weight_beside_the_step_of_adam():
    # the step of Adam above is 0.5; w shrinks by 0.5 · 0.25 · 1 = 0.125: 1 − 0.125 − 0.5 = 0.375
    settings = {"beta1": 0.5, "beta2": 0.75, "epsilon": 1e-300, "weight_decay": 0.25}
    found = _terms([1], [4], {"m": [0], "v": [0]}, optimizer="adamw", **settings)
    assert found["update"] == [0.375]
    assert found["m"] == [2.0]  # the decay is no part of what is remembered


# Penalties and clipping ------------------------------------------------------------------


def test_the_penalty_is_a_term_of_its_own_added_to_the_gradient():
    # λ₁ sign(w) + λ₂ w: ¼ + ½ · 2 = 1¼, −¼ + ½ · (−1) = −¾ and, at 0, 0
    # 2 − 0.5 · (1 + 1¼) = 0.875; −1 − 0.5 · (1 − ¾) = −1.125; 0 − 0.5 · 1 = −½
    found = _terms([2, -1, 0], [1, 1, 1], l1=0.25, l2=0.5)
    assert found["penalty_w"] == [1.25, -0.75, 0.0]
    assert found["penalised"] == [2.25, 0.25, 1.0]
    assert found["update"] == [0.875, -1.125, -0.5]


def test_biases_have_no_penalty():
    # the second is a bias: 2 − 0.5 · 1 = 1.5
    found = _terms([2, 2], [1, 1], l2=0.5, is_weight=np.array([True, False]))
    assert found["penalty_w"] == [1.0, 0.0]
    assert found["update"] == [1.0, 1.5]


def test_the_penalty_goes_through_what_the_optimiser_remembers():
    # penalised gradient 1 + ½ · 2 = 2; velocity ½ · 4 + 2 = 4; 2 − 0.5 · 4 = 0
    found = _terms([2], [1], {"velocity": [4]}, optimizer="momentum", momentum=0.5, l2=0.5)
    assert (found["velocity"], found["update"]) == ([4.0], [0.0])


def test_clipping_shortens_the_whole_gradient_and_keeps_its_direction():
    # ‖(3, −4)‖ = 5; times 1/(5 + 10⁻⁶): 1 − 0.5 · 0.6 and 1 + 0.5 · 0.8, but for 10⁻⁶
    settings = UpdateSettings(lr=0.5, clip=1.0)
    scale = clip_scale_at(settings, np.array([1.0, 1.0]), np.array([3.0, -4.0]), True)
    assert scale == 1.0 / (5.0 + CLIP_EPSILON)
    found = _terms([1, 1], [3, -4], scale=scale, clip=1.0)
    assert found["clipped"] == pytest.approx([0.6, -0.8], rel=1e-6)
    assert found["update"] == pytest.approx([0.7, 1.4], rel=1e-6)


def test_what_is_clipped_is_the_penalised_gradient():
    # weights: (3, 1) + ½ · (2, 6) = (4, 4); the bias stays 2: √(16 + 16 + 4) = 6
    settings = UpdateSettings(l2=0.5, clip=3.0)
    mask = np.array([True, True, False])
    scale = clip_scale_at(settings, np.array([2.0, 6.0, 9.0]), np.array([3.0, 1.0, 2.0]), mask)
    assert scale == 3.0 / (6.0 + CLIP_EPSILON)


def test_a_short_gradient_is_not_clipped():
    assert clip_scale(UpdateSettings(clip=5.0), 4.9) == 1.0
    assert clip_scale(UpdateSettings(), 1e9) == 1.0


@pytest.mark.parametrize("factor", [1.0, 1e200, 1e308 / 4])
def test_the_norm_is_finite_where_its_squares_are_not(factor):
    assert norm(factor * np.array([3.0, -4.0])) == pytest.approx(5.0 * factor, rel=1e-15)


def test_the_norm_of_what_is_not_finite_is_not_finite():
    assert math.isinf(norm(np.array([1.0, -math.inf])))
    assert math.isnan(norm(np.array([1.0, math.nan])))


# The rate --------------------------------------------------------------------------------


def test_the_schedule_decides_the_rate_of_each_update():
    # halved after each update: at t = 2 the rate is 0.5/4, 1 − 0.125 · 4 = ½
    halved = Schedule("step", every=1, factor=0.5)
    assert _terms([1], [4], t=2, schedule=halved) == {"update": [0.5]}


@pytest.mark.parametrize("t", [0, 3, 9, 10, 57])
@pytest.mark.parametrize("kind", ["constant", "step", "cosine"])
@pytest.mark.parametrize("warm_up", [0, 4])
def test_many_rates_at_once_are_the_rates_one_by_one(t, kind, warm_up):
    settings = UpdateSettings(lr=0.3, schedule=Schedule(kind, 10, 0.25, warm_up))
    assert settings.rates(t, 8).tolist() == [settings.rate(t + i) for i in range(8)]


# What there is, and what is refused --------------------------------------------------------


def test_every_optimiser_is_found_by_its_name():
    assert [find_optimiser(name).name for name in OPTIMISERS] == list(OPTIMISERS)


@pytest.mark.parametrize("name", ["lbfgs", "", None, ["sgd"]])
def test_an_unknown_optimiser_is_refused_with_those_there_are(name):
    with pytest.raises(InputError, match="it is one of sgd, momentum, nesterov"):
        find_optimiser(name)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_terms_come_in_the_order_that_is_told_beforehand(name):
    settings = UpdateSettings(name, l1=0.1, clip=1.0)
    state = UpdateState.start(settings, 1)
    slots = dict(zip(settings.slots, state.slots, strict=True))
    found = update_terms(settings, 0, np.ones(1), np.ones(1), slots, True, 0.5)
    assert tuple(found) == (*settings.terms(of_weight=True), "update")
    assert set(settings.slots) <= set(found)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lr": 0.0}, "learning rate is 0.0; it must be a finite number above 0"),
        ({"lr": "fast"}, "learning rate is 'fast'"),
        ({"momentum": 1.0}, "momentum is 1.0; it must be a finite number from 0 to below 1"),
        ({"beta2": -0.1}, "beta2 is -0.1"),
        ({"epsilon": 0.0}, "epsilon is 0.0"),
        ({"weight_decay": -1.0}, "weight decay is -1.0"),
        ({"l1": math.inf}, "l1 is inf"),
        ({"l2": -1.0}, "l2 is -1.0; it must be a finite number from 0"),
        ({"clip": 0.0}, "greatest norm of the gradient is 0.0"),
    ],
)
def test_impossible_numbers_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        UpdateSettings(**settings)
