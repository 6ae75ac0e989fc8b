"""The parts of a change add up to it, and each is what its name says."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings, update_terms
from bpstudio.core.update_parts import PARTS, update_parts

RNG = np.random.default_rng(4)
W, G = RNG.standard_normal(7), RNG.standard_normal(7)
EXTRAS = [{}, {"l1": 0.01}, {"l2": 0.1}, {"clip": 0.5}, {"l1": 0.02, "l2": 0.3, "clip": 0.7}]


def remembered(settings):
    return {name: RNG.standard_normal(7) ** 2 for name in settings.slots}


def parts(settings, slots, t=3, scale=1.0, is_weight=True):
    return update_parts(settings, t, W, G, slots, is_weight, scale)


@pytest.mark.parametrize("optimizer", OPTIMISERS)
@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("is_weight", [True, False])
def test_the_parts_add_up_to_the_change(optimizer, extra, is_weight):
    settings = UpdateSettings(optimizer, lr=0.05, **extra)
    slots, scale = remembered(settings), 0.6 if "clip" in extra else 1.0
    found = parts(settings, slots, scale=scale, is_weight=is_weight)
    terms = update_terms(settings, 3, W, G, slots, is_weight, scale)
    total = found.factor * G + sum(found.others.values())
    np.testing.assert_allclose(total, terms["update"] - W, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("optimizer", "extra", "names"),
    [
        ("sgd", {}, set()),
        ("rmsprop", {}, set()),
        ("momentum", {}, {"momentum"}),
        ("nesterov", {"l2": 0.1}, {"momentum", "penalty"}),
        ("adam", {"clip": 1.0}, {"momentum", "clipping"}),
        ("adamw", {"l1": 0.1, "clip": 1.0}, set(PARTS)),
    ],
)
def test_there_are_the_parts_that_the_settings_have(optimizer, extra, names):
    settings = UpdateSettings(optimizer, **extra)
    assert set(parts(settings, remembered(settings)).others) == names


def test_gradient_descent_takes_the_rate_times_the_gradient_and_nothing_else():
    found = parts(UpdateSettings("sgd", lr=0.25), {})
    assert found.factor == -0.25
    assert not found.others


def test_momentum_by_hand():
    # velocity = 0.9·2 + 3 = 4.8, w − 0.1·4.8: −0.3 by this batch and −0.18 by the ones before
    settings = UpdateSettings("momentum", lr=0.1, momentum=0.9)
    one, three, two = (np.array(x) for x in (1.0, 3.0, 2.0))
    found = update_parts(settings, 0, one, three, {"velocity": two}, True, 1.0)
    assert found.factor * 3.0 == pytest.approx(-0.3, rel=1e-15)
    assert found.others["momentum"] == pytest.approx(-0.18, rel=1e-15)


def test_the_first_update_of_adam_has_no_momentum():
    settings = UpdateSettings("adam")
    nothing = {"m": np.zeros(7), "v": np.zeros(7)}
    assert not parts(settings, nothing, t=0).others["momentum"].any()


def test_clipping_gives_back_what_the_scale_takes():
    # half the gradient: −0.1·4 by the batch, +0.2 back
    settings = UpdateSettings("sgd", lr=0.1, clip=2.0)
    found = update_parts(settings, 0, np.array(1.0), np.array(4.0), {}, True, 0.5)
    assert found.factor * 4.0 == pytest.approx(-0.4)
    assert found.others["clipping"] == pytest.approx(0.2)
