"""Records: what both engines tell of each update, against what it means."""

import math
from dataclasses import replace

import numpy as np
import pytest

from bpstudio.core.activations import flat_below
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.parameters import flatten, views
from bpstudio.core.passes import backward, forward
from bpstudio.core.records import Probes, Records
from bpstudio.core.training import Training, TrainingSettings, advance, epoch_order, evaluate
from tests.core import cases
from tests.core.training_cases import ENGINES, page, training

engines = pytest.mark.parametrize("engine", ENGINES)


def _gradient(net, X, Y, loss):
    """The mean gradient (as `flatten` has it), and |∂a/∂z| of each layer (n, n_l)."""
    zs, a_s = forward(net, X)
    back = backward(net, zs, a_s, Y, loss)
    parts, slopes = [], []
    for layer, dC_dz, below, a, da_dz in zip(
        net.layers, back.dC_dz, a_s[:-1], a_s[1:], back.da_dz, strict=True
    ):
        parts.append((dC_dz.T @ below / len(X)).ravel())
        if layer.b is not None:
            parts.append(dC_dz.mean(axis=0))
        slopes.append(np.abs(a * (1 - a) if da_dz is None else da_dz))
    return np.concatenate(parts), slopes


@engines
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_every_number_is_what_it_says(engine, optimizer):
    net = cases.network((3, 4, 5, 2), ("relu", "softmax", "sigmoid"), (True, False, True), spread=2)
    run = training(net, engine=engine, optimizer=optimizer, lr=0.3)
    watched = (0, 40, 17)
    told = advance(run, run.start(), 7, probes=Probes(watched)).records
    assert len(told) == 7
    state = run.start()
    for t in range(7):
        order = epoch_order(0, state.epoch, 13)
        rows = order[state.batch * 5 : (state.batch + 1) * 5]
        now = run.network_at(state)
        gradient, slopes = _gradient(now, run.X[rows], run.Y[rows], "sse")
        after = advance(run, state, 1).state
        moved = after.parameters - state.parameters
        assert told.accuracy()[t] == evaluate(now, run.X[rows], run.Y[rows], "sse")[1]
        of_layers = zip(views(net, gradient), views(net, moved), now.layers, slopes, strict=True)
        for l, ((dW, db), (step, _), layer, slope) in enumerate(of_layers, start=2):
            norms = (np.linalg.norm(x) for x in (dW, 0.0 if db is None else db, step, layer.W))
            found = told.grad_norm, told.bias_grad_norm, told.update_norm, told.weight_norm
            for accessor, expected in zip(found, norms, strict=True):
                assert accessor(l)[t] == pytest.approx(expected, rel=1e-12)
            ratio = np.linalg.norm(step) / np.linalg.norm(layer.W)
            assert told.update_ratio(l)[t] == pytest.approx(ratio, rel=1e-12)
            assert told.dead(l)[t] == (slope == 0).all(axis=0).mean()
            assert (
                told.saturated(l)[t] == (slope.mean(axis=0) < flat_below(layer.activation)).mean()
            )
        for index in watched:
            assert told.value(index)[t] == state.parameters[index]
            assert told.gradient(index)[t] == pytest.approx(gradient[index], rel=1e-11)
            assert told.value_after(index)[t] == after.parameters[index]
        state = after


@engines
def test_dead_and_saturated_nodes_are_counted_by_hand(engine):
    # ReLU on x = 1 and 2: z = x (alive), −x and −3x (dead), 0 (dead, as g′(0) = 0): ¾ dead
    # sigmoid of 0 · a: ¼ (alive); with b = 5: e^−5 / (1 + e^−5)² = 0.0066, less than 4 % of ¼
    # (saturated, not dead); with b = 800 exactly 0 (both)
    W = np.array([[1.0], [-1.0], [-3.0], [0.0]])
    net = Network(
        [
            Layer(W, np.zeros(4), "relu"),
            Layer(np.zeros((3, 4)), np.array([0.0, 5.0, 800.0]), "sigmoid"),
        ]
    )
    X, Y = np.array([[1.0], [2.0]]), np.zeros((2, 3))
    run = Training.from_arrays(net, X, Y, TrainingSettings(lr=1e-3))
    told = advance(replace(run, engine=engine), run.start(), 1, probes=Probes()).records
    assert (told.dead(2)[0], told.saturated(2)[0]) == (0.75, 0.75)
    assert (told.dead(3)[0], told.saturated(3)[0]) == (1 / 3, 2 / 3)
    assert told.update_ratio(3)[0] == math.inf  # from 0


@engines
def test_the_gradient_told_is_that_of_the_loss_without_penalty_and_before_clipping(engine):
    plain = page(engine)
    fined = page(engine, lr=None)
    update = replace(fined.settings.update, l2=5.0, clip=0.001)
    fined = replace(fined, settings=replace(fined.settings, update=update))
    one, other = (
        advance(run, run.start(), 1, probes=Probes((2,))).records for run in (plain, fined)
    )
    assert one.grad_norm(2).tolist() == other.grad_norm(2).tolist()
    assert one.gradient(2).tolist() == other.gradient(2).tolist()
    assert other.update_norm(2)[0] < one.update_norm(2)[0]


@engines
def test_only_what_was_asked_for_is_recorded(engine):
    run = page(engine)
    few = advance(run, run.start(), 4, probes=Probes((5,), layers=False)).records
    assert few.table.shape == (4, 1 + 3)
    assert few.value(5)[0] == flatten(run.network)[5]
    for ask in (lambda: few.grad_norm(2), lambda: few.value(6), lambda: few.dead(9)):
        with pytest.raises(KeyError):
            ask()


@engines
def test_records_of_long_stretches_are_joined(engine, monkeypatch):
    run = page(engine)
    whole = advance(run, run.start(), 20, probes=Probes((1,))).records
    monkeypatch.setattr("bpstudio.core.training._ORDERED_SAMPLES", 13)  # an epoch at a time
    parts = advance(run, run.start(), 20, probes=Probes((1,))).records
    assert parts.table.tolist() == whole.table.tolist()


@engines
def test_a_stretch_that_is_interrupted_tells_of_the_updates_it_made(engine):
    run = page(engine)
    stop = np.ones(1, dtype=np.uint8)
    told = advance(run, run.start(), 4, stop, Probes())
    assert (len(told.records), len(told.batch_losses)) == (0, 0)


@pytest.mark.parametrize("index", [-1, 92])
def test_a_parameter_that_does_not_exist_cannot_be_watched(index):
    run = page("numpy")  # 4·5 + 5 + 5·6 + 6 + 6·3 + 3 = 82
    with pytest.raises(InputError, match=f"number {index} does not exist: there are 82"):
        advance(run, run.start(), 1, probes=Probes((index,)))


def test_weights_that_stay_at_0_have_the_ratio_0():
    told = Records(Probes(), 1, np.zeros((1, 7)))
    assert told.update_ratio(2).tolist() == [0.0]
