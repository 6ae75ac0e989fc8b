"""An update as steps: its numbers by hand, and against the optimisers' own vectors."""

import math

import numpy as np
import pytest

from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.optimisers import (
    OPTIMISERS,
    UpdateSettings,
    UpdateState,
    clip_scale,
    update_terms,
)
from bpstudio.core.parameters import flatten, views
from bpstudio.core.schedules import Schedule
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.updates import Update, UpdateTerms
from tests.core.cases import batch, network, state, traced, updated

UPDATED = updated()


def one_weight(settings: UpdateSettings, slots: list[list[float]], t: int, y: float) -> Trace:
    """z = 2 · 1 + 1 = 3 and C_0 = ½ (3 − y)²: both gradients are 3 − y."""
    net = Network([Layer([[2.0]], [1.0], "linear")])
    after = Update(settings, UpdateState(np.array(slots).reshape(-1, 2), t))
    return compute_trace(
        net, Batch((0,), np.ones((1, 1)), np.array([[y]])), "half_sse", None, after
    )


# Worked by hand: the second update (t = 1) of Adam, β₁ = 0.5, β₂ = 0.75, η = 0.1, ε = 10⁻⁸.
# Gradient of the weight and of the bias: 3 − 1 = 2.
#   weight, m = 1, v = 4 before:
#     m  = 0.5 · 1 + 0.5 · 2      = 1.5        v  = 0.75 · 4 + 0.25 · 2² = 4
#     m̂ = 1.5 / (1 − 0.5²)       = 2          v̂ = 4 / (1 − 0.75²) = 4 / 0.4375 = 64/7
#     w  = 2 − 0.1 · 2 / (√(64/7) + 10⁻⁸) = 2 − 0.2 / 3.02371579 = 1.93385622
#   bias, m = −2, v = 0 before:
#     m  = 0.5 · (−2) + 0.5 · 2   = 0          v  = 0.25 · 2² = 1
#     m̂ = 0                       v̂ = 1 / 0.4375 = 16/7      b stays 1
ADAM = {
    "k0/m": 1.5,
    "k0/v": 4.0,
    "k0/m_hat": 2.0,
    "k0/v_hat": 64 / 7,
    "k0/update_w": 2 - 0.2 / (8 / math.sqrt(7) + 1e-8),
    "m": 0.0,
    "v": 1.0,
    "m_hat": 0.0,
    "v_hat": 16 / 7,
    "update_b": 1.0,
}


def test_an_update_of_adam_is_the_one_worked_by_hand():
    settings = UpdateSettings("adam", lr=0.1, beta1=0.5, beta2=0.75)
    trace = one_weight(settings, [[1.0, -2.0], [4.0, 0.0]], t=1, y=1.0)
    found = {term.address: term.value for term in trace if term.step.phase == "update"}
    assert list(found) == [f"update/l2/j0/{tail}" for tail in ADAM]
    assert list(found.values()) == pytest.approx(list(ADAM.values()), rel=1e-14)
    assert found["update/l2/j0/k0/update_w"] == pytest.approx(1.93385622, abs=1e-8)


def test_penalty_and_clipping_are_steps_of_their_own_worked_by_hand():
    # penalty: 0.5 sign(2) + 0.25 · 2 = 1, so the gradient is (2 + 1, 2) = (3, 2), its norm √13;
    # clipped to 1: times 1 / (√13 + 10⁻⁶); w = 2 − 0.1 · 3 scale, b = 1 − 0.1 · 2 scale
    trace = one_weight(UpdateSettings(lr=0.1, l1=0.5, l2=0.25, clip=1.0), [], t=0, y=1.0)
    scale = 1 / (math.sqrt(13) + 1e-6)
    found = {term.address: term.value for term in trace if term.step.phase == "update"}
    assert found == pytest.approx(
        {
            "update/clip": scale,
            "update/l2/j0/k0/penalty_w": 1.0,
            "update/l2/j0/k0/penalised": 3.0,
            "update/l2/j0/k0/clipped": 3 * scale,
            "update/l2/j0/k0/update_w": 2 - 0.3 * scale,
            "update/l2/j0/clipped": 2 * scale,
            "update/l2/j0/update_b": 1 - 0.2 * scale,
        },
        rel=1e-14,
    )
    assert trace.C[0] == 2.0  # the penalty is no part of the loss


@pytest.mark.parametrize("name", UPDATED)
def test_every_term_is_the_number_of_the_optimiser_s_vector(name):
    trace = UPDATED[name]
    settings, before = trace.update.settings, trace.update.state
    gradient, is_weight = (np.empty(before.slots.shape[1]) for _ in range(2))
    for l, ((W, b), (W_is, b_is)) in enumerate(
        zip(views(trace.network, gradient), views(trace.network, is_weight), strict=True), start=2
    ):
        W[:], W_is[:] = trace.mean_dC_dw(l), True
        if b is not None:
            b[:], b_is[:] = trace.mean_dC_db(l), False
    slots = dict(zip(settings.slots, before.slots, strict=True))
    terms = update_terms(
        settings, 3, flatten(trace.network), gradient, slots, is_weight > 0, trace.clip_scale
    )
    for kind, vector in terms.items():
        for l, (W, b) in enumerate(views(trace.network, vector), start=2):
            of_w, of_b = (kind, kind) if kind != "update" else ("update_w", "update_b")
            for (j, k), number in np.ndenumerate(W):
                assert trace[f"update/l{l}/j{j}/k{k}/{of_w}"].value == number
            for j, number in enumerate([] if b is None or kind[:3] == "pen" else b):
                assert trace[f"update/l{l}/j{j}/{of_b}"].value == number


@pytest.mark.parametrize("name", UPDATED)
def test_the_scale_of_clipping_is_that_of_the_penalised_gradient(name):
    trace = UPDATED[name]
    gradients = []
    for l in range(2, trace.L + 1):
        W, w = trace.mean_dC_dw(l), trace.network.layer(l).W
        settings = trace.update.settings
        gradients += list((W + settings.l1 * np.sign(w) + settings.l2 * w).ravel())
        gradients += list(trace.mean_dC_db(l)) if trace.sequence.has_bias(l) else []
    norm = math.sqrt(math.fsum(g * g for g in gradients))
    assert trace.clip_norm == pytest.approx(norm, rel=1e-14)
    assert trace.clip_scale == pytest.approx(clip_scale(settings, norm), rel=1e-14)
    assert (trace.clip_scale < 1) == (name in ("nesterov", "adam"))


def test_a_large_layer_s_terms_are_computed_where_they_are_asked_for(monkeypatch):
    whole = UPDATED["adamw"]
    monkeypatch.setattr("bpstudio.core.trace._MOST_KEPT", 1)
    parts = compute_trace(whole.network, whole.batch, whole.loss, update=whole.update)
    np.testing.assert_array_equal(parts.values(0, len(parts)), whole.values(0, len(whole)))
    assert not parts._update_terms


def test_the_terms_that_are_kept_cannot_be_changed():
    terms = UPDATED["adamw"].update_terms(2, (slice(None), slice(None)))
    for array in terms.values():
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1.0


def test_the_rate_in_force_is_that_of_the_schedule():
    # warm-up over 8 updates: update 3 has 4/8; factor 0.5 after every 2: 0.5; 0.2 · 0.5 · 0.5
    assert UPDATED["momentum"].lr == pytest.approx(0.05)
    assert UPDATED["adam"].lr == 0.01
    assert traced(lr=0.3).lr == 0.3
    assert traced().lr is None


def test_a_learning_rate_alone_means_plain_gradient_descent():
    trace = traced(lr=0.3, rows=(1, 2))
    assert trace.update.settings == UpdateSettings("sgd", lr=0.3)
    assert trace.sequence.updates == UpdateTerms()
    again = traced(rows=(1, 2), update=UpdateSettings(lr=0.3), t=0)
    np.testing.assert_array_equal(
        trace.values(0, len(trace)), again.values(0, len(again)), strict=True
    )


def test_a_rate_beside_an_update_is_refused():
    net = network((2, 2), ("linear",))
    settings = UpdateSettings("adam", schedule=Schedule("cosine"))
    after = Update(settings, state(net, settings))
    with pytest.raises(InputError, match=r"rate of its own; leave out the learning rate 0\.1"):
        compute_trace(net, batch(net), lr=0.1, update=after)


@pytest.mark.parametrize("name", [name for name in OPTIMISERS if name != "sgd"])
def test_what_is_remembered_of_another_network_is_refused(name):
    settings = UpdateSettings(name)
    after = Update(settings, state(network((2, 3), ("linear",)), settings))
    net = network((2, 2), ("linear",))
    with pytest.raises(InputError, match=f"the optimizer {name} remembers . × 6 numbers"):
        compute_trace(net, batch(net), update=after)


@pytest.mark.parametrize("clip", [None, 1.0])
@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_what_takes_a_term_is_what_it_is_made_of_turned_round(name, l2, clip):
    terms = UpdateTerms.of(UpdateSettings(name, l2=l2, clip=clip))
    for of_weight in (True, False):
        kinds = terms.kinds(of_weight)
        made = {kind: terms.made_of(kind, of_weight) for kind in kinds}
        for taken in {taken for parts in made.values() for taken in parts}:
            assert terms.users(taken, of_weight) == tuple(k for k in kinds if taken in made[k])
        for n, kind in enumerate(kinds):  # in order, and nothing for nothing
            beside = set(made[kind]) & {*terms.weight, *terms.bias}
            assert beside <= set(kinds[:n])
            assert kind.startswith("update") or terms.users(kind, of_weight)
    assert terms.slots == OPTIMISERS[name].slots
