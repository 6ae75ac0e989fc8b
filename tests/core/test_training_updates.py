"""Training with every optimiser: both engines, penalties, clipping, schedules, halting."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core import activations, compiled, kernels, optimisers, records
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings
from bpstudio.core.schedules import Schedule
from bpstudio.core.training import Halt, Probes, Training, TrainingSettings, advance, evaluate
from tests.core import cases
from tests.core.training_cases import ENGINES, distance, only, page, training

engines = pytest.mark.parametrize("engine", ENGINES)
EXTRAS = {
    "bare": {},
    "penalty": {"l1": 0.01, "l2": 0.02},
    "clip": {"clip": 0.5},
    "all": {"l1": 0.01, "l2": 0.02, "clip": 0.5, "schedule": Schedule("cosine", 30, 0.1, 5)},
    "step": {"schedule": Schedule("step", 7, 0.5)},
}
rules = pytest.mark.parametrize("optimizer", OPTIMISERS)
extras = pytest.mark.parametrize("extra", EXTRAS)


def _update(optimizer, extra, **settings):
    return UpdateSettings(optimizer, **{"lr": 0.05, **EXTRAS[extra], **settings})


def _bits(state):
    numbers = state.parameters.tobytes(), state.slots.tobytes()
    return *numbers, state.epoch, state.batch, state.sums, state.t


# Both engines, in one piece or many --------------------------------------------------------


@rules
@extras
def test_the_compiled_loop_computes_what_numpy_does(optimizer, extra):
    update = _update(optimizer, extra)
    net = cases.network((3, 4, 5, 2), ("tanh", "softmax", "sigmoid"), (True, False, True))
    runs = [training(net, engine=engine, lr=None, update=update) for engine in ENGINES]
    ends = [advance(run, run.start(), 40, probes=Probes((0, 20, 11))) for run in runs]
    one, other = ends[0], ends[-1]
    assert distance(one.state.parameters, other.state.parameters) < 1e-12
    assert distance(one.state.slots, other.state.slots) < 1e-12
    assert distance(one.batch_losses, other.batch_losses) < 1e-12
    assert distance(one.records.table, other.records.table) < 1e-12
    assert one.state.slots.shape == (len(OPTIMISERS[optimizer].slots), net.n_weights + net.n_biases)
    assert one.state.t == other.state.t == 40


@given(
    optimizer=st.sampled_from(sorted(OPTIMISERS)),
    extra=st.sampled_from(sorted(EXTRAS)),
    batch_size=st.integers(1, 14),
    cuts=st.lists(st.integers(0, 40), max_size=4),
)
@engines
def test_a_run_in_pieces_has_the_bits_of_the_whole(engine, optimizer, extra, batch_size, cuts):
    run = page(engine, lr=None, update=_update(optimizer, extra), batch_size=batch_size)
    whole = advance(run, run.start(), 40, probes=Probes((3,)))
    state, rows = run.start(), []
    for start, end in itertools.pairwise([0, *sorted(cuts), 40]):
        piece = advance(run, state, end - start, probes=Probes((3,)))
        state = piece.state
        rows.extend(piece.records.table.tolist())
    assert _bits(state) == _bits(whole.state)
    assert rows == whole.records.table.tolist()


@engines
@rules
def test_what_is_recorded_disturbs_nothing(engine, optimizer):
    run = page(engine, lr=None, update=_update(optimizer, "all"))
    plain = advance(run, run.start(), 20)
    told = advance(run, run.start(), 20, probes=Probes((1, 2)))
    assert plain.records is None
    assert _bits(plain.state) == _bits(told.state)


@engines
def test_a_state_is_not_changed_by_going_on_from_it(engine):
    run = page(engine, optimizer="adam")
    half = advance(run, run.start(), 3).state
    before = _bits(half)
    advance(run, half, 3)
    assert _bits(half) == before
    assert not half.slots.flags.writeable


# What goes into an update ----------------------------------------------------------------


@engines
def test_the_penalty_is_no_part_of_the_loss_and_spares_the_biases(engine):
    run = page(engine, batch_size=13)
    update = UpdateSettings(lr=0.1, l2=0.5)
    fined = replace(run, settings=replace(run.settings, update=update))
    plain, other = (advance(each, each.start(), 1) for each in (run, fined))
    assert plain.batch_losses.tolist() == other.batch_losses.tolist()
    before, one, two = (
        each.layer(3)
        for each in (run.network, run.network_at(plain.state), run.network_at(other.state))
    )
    assert two.b.tolist() == one.b.tolist()
    expected = one.W - 0.1 * 0.5 * before.W
    assert pytest.approx(expected, rel=1e-12) == two.W


@engines
def test_a_clipped_update_of_gradient_descent_is_at_most_so_long(engine):
    run = page(engine, lr=None, update=UpdateSettings(lr=0.5, clip=0.01))
    start = run.start()
    moved = advance(run, start, 1).state.parameters - start.parameters
    assert np.linalg.norm(moved) == pytest.approx(0.5 * 0.01, rel=1e-3)


@engines
def test_the_rate_is_that_of_the_update_s_number_in_the_run(engine):
    halved = Schedule("step", every=4, factor=0.5)
    run = page(engine, lr=None, update=UpdateSettings(lr=0.4, schedule=halved))
    eighth = advance(run, run.start(), 8).state
    slow = page(engine, lr=0.1)
    assert eighth.t == 8
    expected = advance(slow, eighth, 1).state.parameters
    assert advance(run, eighth, 1).state.parameters.tolist() == expected.tolist()


@engines
@rules
def test_the_partial_batch_counts_as_an_update_of_its_own(engine, optimizer):
    run = page(engine, optimizer=optimizer, shuffle=False)  # 13 samples by 5
    before = advance(run, run.start(), 2).state
    last = advance(run, before, 1, probes=Probes())
    own = evaluate(run.network_at(before), run.X[10:], run.Y[10:], "sse")
    assert (last.batch_losses[0], last.records.accuracy()[0]) == pytest.approx(own, rel=1e-13)
    assert (last.state.epoch, last.state.batch, last.state.t) == (1, 0, 3)
    alone = only(run, slice(10, None))
    expected = advance(alone, replace(before, epoch=0, batch=0), 1).state
    assert last.state.parameters == pytest.approx(expected.parameters, rel=1e-13)


# Halting ---------------------------------------------------------------------------------


@engines
@pytest.mark.parametrize("optimizer", ["rmsprop", "adam", "adamw"])
def test_a_square_that_is_not_finite_harms_neither_parameters_nor_memory(engine, optimizer):
    # w = 1e-50, x = 1e110: ∂C/∂w = 2 · 1e60 · 1e110 = 2e170, whose square is above the largest
    net = Network([Layer(np.array([[1e-50]]), None, "linear")])
    settings = TrainingSettings(optimizer=optimizer)
    run = Training.from_arrays(net, np.array([[1e110]]), np.array([[0.0]]), settings)
    run = replace(run, engine=engine)
    stretch = advance(run, run.start(), 5, probes=Probes())
    assert stretch.halt == Halt("update", 0, 0, pytest.approx(1e120), "w_{0,0}^(2)")
    assert _bits(stretch.state) == _bits(run.start())
    assert len(stretch.records) == 0


@engines
@rules
def test_a_run_that_blows_up_keeps_what_was_before_the_harm(engine, optimizer):
    net = Network([Layer(np.array([[1.0, 2.0]]), np.array([0.5]), "linear")])
    settings = TrainingSettings(optimizer=optimizer, lr=1e200)
    X, Y = np.array([[1.0, 3.0], [2.0, -1.0]]), np.array([[0.0], [1.0]])
    run = replace(Training.from_arrays(net, X, Y, settings), engine=engine)
    stretch = advance(run, run.start(), 1000)
    done = len(stretch.batch_losses)
    assert stretch.halt is not None
    assert done < 1000
    assert np.isfinite(stretch.state.parameters).all()
    assert np.isfinite(stretch.state.slots).all()
    assert _bits(advance(run, run.start(), done).state) == _bits(stretch.state)


# Going on with other settings ------------------------------------------------------------


def test_another_rate_goes_on_with_all_that_is_remembered():
    run = page("numpy", optimizer="adam")
    state = advance(run, run.start(), 4).state
    other = replace(run, network=run.network_at(state), settings=replace(run.settings, seed=1))
    assert _bits(other.start_after(state, run)) == _bits(state)


def test_another_optimiser_remembers_nothing_but_the_place():
    run = page("numpy", optimizer="momentum")
    state = advance(run, run.start(), 4).state
    other = page("numpy", optimizer="rmsprop")
    start = other.start_after(state, run)
    assert (start.epoch, start.batch, start.t) == (1, 1, 0)
    assert not start.slots.any()


@engines
@pytest.mark.parametrize("optimizer", ["rmsprop", "adam", "sgd"])
def test_a_state_of_another_optimiser_is_gone_on_from_as_if_nothing_was_remembered(
    engine, optimizer
):
    run, other = page(engine, optimizer="momentum"), page(engine, optimizer=optimizer)
    state = advance(run, run.start(), 4).state
    bare = replace(other.start(), parameters=state.parameters, epoch=1, batch=1, sums=state.sums)
    found = advance(other, state, 5).state
    assert _bits(found) == _bits(advance(other, bare, 5).state)
    assert found.t == 5


def test_optimisers_that_remember_the_same_go_on_with_it():
    run = page("numpy", optimizer="momentum")
    state = advance(run, run.start(), 4).state
    assert page("numpy", optimizer="nesterov").fitted(state) is state


def test_other_batches_start_the_epoch_again():
    run = page("numpy", optimizer="momentum")
    state = advance(run, run.start(), 4).state
    start = page("numpy", optimizer="momentum", batch_size=4).start_after(state, run)
    assert (start.epoch, start.batch, start.sums, start.t) == (1, 0, (0.0, 0.0), 4)
    assert start.slots.tolist() == state.slots.tolist()


# Settings --------------------------------------------------------------------------------


def test_rate_and_optimiser_are_short_for_those_of_the_update():
    assert TrainingSettings(lr=0.3, optimizer="adam").update == UpdateSettings("adam", 0.3)
    settings = TrainingSettings(update=UpdateSettings("adam", 0.3, l2=0.1), lr=0.2)
    assert settings.update == UpdateSettings("adam", 0.2, l2=0.1)
    assert (settings.lr, settings.optimizer) == (0.2, "adam")
    assert replace(settings, lr=0.1) == replace(settings, update=replace(settings.update, lr=0.1))


def test_what_an_optimiser_remembers_counts_as_memory(monkeypatch):
    # 9 · 9 + 9 = 90 parameters in 6 arrays and 18 nodes in 8: 684 numbers; Adam's slots 720 more
    monkeypatch.setattr("bpstudio.core.limits.memory_limit", lambda: 8 * 1000)
    net = cases.network((9, 9), ("sigmoid",))
    training(net, n=1)
    with pytest.raises(InputError, match="memory"):
        training(net, n=1, optimizer="adam")


# The compiled file's own copies ----------------------------------------------------------


def test_codes_and_places_are_those_of_the_rules():
    assert compiled.CLIP_EPSILON == optimisers.CLIP_EPSILON
    assert compiled.FLAT == activations.FLAT
    for code, name in enumerate(OPTIMISERS):
        assert getattr(compiled, name.upper()) == code
    for place, name in enumerate(records.LAYER):
        assert getattr(compiled, name.upper()) == place
    assert len(records.LAYER) == compiled.LAYER_COLUMNS
    assert len(records.WATCHED) == compiled.WATCHED_COLUMNS
    values = UpdateSettings("adam", 1.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    code, numbers, rates = kernels.update_arguments(values, 0, 2)
    places = ("MU", "BETA_1", "BETA_2", "RHO", "EPSILON", "DECAY", "L1", "L2", "CLIP")
    found = [numbers[getattr(compiled, place)] for place in places]
    assert found == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert (code, rates.tolist()) == (compiled.ADAM, [1.0, 1.0])
    assert kernels.update_arguments(UpdateSettings(), 0, 1)[1][compiled.CLIP] == 0.0


@pytest.mark.parametrize("factor", [1.0, 1e200, 1e-200, math.inf, math.nan])
def test_the_compiled_norm_is_the_norm(factor):
    values = factor * np.array([3.0, -4.0, 12.0])
    with np.errstate(over="ignore"):
        found = compiled.norm.py_func(values)
    assert found == pytest.approx(optimisers.norm(values), nan_ok=True)
