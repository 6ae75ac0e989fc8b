"""Training: the arithmetic of one update, the order of samples, and going on from any state."""

import itertools
import math
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core import metrics
from bpstudio.core.dataset import Batch, Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.trace import compute_trace
from bpstudio.core.training import (
    Halt,
    Training,
    TrainingSettings,
    advance,
    epoch_order,
    evaluate,
    next_portion,
    prepared,
    train_epoch,
    train_lines,
)
from tests.core import cases
from tests.core.training_cases import ENGINES, only, page, training

engines = pytest.mark.parametrize("engine", ENGINES)


def _bits(stretch):
    state = stretch.state
    numbers = state.parameters.tobytes(), state.slots.tobytes()
    return *numbers, state.epoch, state.batch, state.sums, state.t


# One update by hand ----------------------------------------------------------------------


@engines
def test_one_update_is_the_one_worked_by_hand(engine):
    # layer 2: ReLU, W = [[1, ½], [−1, 1]], b = [0, ½]; layer 3: linear, W = [[1, −2]], b = [¼]
    #
    # x = (1, 2), y = 1                              x = (2, −2), y = 0
    # z = (1 + 1, −1 + 2 + ½) = (2, 1½) = a          z = (2 − 1, −2 − 2 + ½) = (1, −3½), a = (1, 0)
    # z_0 = 2 − 3 + ¼ = −¾ = a_0                     z_0 = 1 + ¼ = 1¼ = a_0
    # C_0 = (−¾ − 1)² = 3.0625                       C_0 = 1.25² = 1.5625
    # ∂C_0/∂a_0 = 2 · (−1¾) = −3½                    ∂C_0/∂a_0 = 2½
    # ∂C_0/∂w = −3½ · (2, 1½) = (−7, −5¼)            ∂C_0/∂w = 2½ · (1, 0) = (2½, 0)
    # ∂C_0/∂a = −3½ · (1, −2) = (−3½, 7)             ∂C_0/∂a = 2½ · (1, −2) = (2½, −5)
    # ∂C_0/∂z = (−3½, 7), as both z > 0              ∂C_0/∂z = (2½, 0), as z_1 < 0
    # ∂C_0/∂w = [[−3½, −7], [7, 14]]                 ∂C_0/∂w = [[5, −5], [0, 0]]
    #
    # C = (3.0625 + 1.5625) / 2 = 2.3125
    # means: layer 3 (−2¼, −2⅝) and b: −½; layer 2 [[¾, −6], [3½, 7]] and b: (−½, 3½)
    # less ½ of each (lr ½): layer 3 (2⅛, −11/16), b: ½; layer 2 [[⅝, 3½], [−2¾, −2½]], b: (¼, −1¼)
    net = Network(
        [
            Layer(np.array([[1, 0.5], [-1, 1]]), np.array([0, 0.5]), "relu"),
            Layer(np.array([[1.0, -2.0]]), np.array([0.25]), "linear"),
        ]
    )
    X, Y = np.array([[1.0, 2.0], [2.0, -2.0]]), np.array([[1.0], [0.0]])
    settings = TrainingSettings(lr=0.5, batch_size=2, shuffle=False)
    run = prepared(replace(Training.from_arrays(net, X, Y, settings), engine=engine))
    stretch = advance(run, run.start(), 1)
    after = run.network_at(stretch.state)
    assert stretch.batch_losses.tolist() == [2.3125]
    assert after.layer(2).W.tolist() == [[0.625, 3.5], [-2.75, -2.5]]
    assert after.layer(2).b.tolist() == [0.25, -1.25]
    assert after.layer(3).W.tolist() == [[2.125, -0.6875]]
    assert after.layer(3).b.tolist() == [0.5]


@engines
def test_an_update_ends_where_the_trace_of_its_batch_does(engine):
    run = page(engine)
    order = epoch_order(run.settings.seed, 0, len(run.X))[:5]
    batch = Batch(tuple(order.tolist()), run.X[order], run.Y[order])
    trace = compute_trace(run.network, batch, "sse", lr=run.settings.lr)
    stretch = advance(run, run.start(), 1)
    after = run.network_at(stretch.state)
    assert stretch.batch_losses[0] == pytest.approx(trace.C.mean(), rel=1e-13)
    for l in (2, 3, 4):
        W, b = after.layer(l).W, after.layer(l).b
        for j, k in itertools.product(*map(range, W.shape)):
            expected = trace[f"update/l{l}/j{j}/k{k}/update_w"].value
            assert W[j, k] == pytest.approx(expected, rel=1e-12)
        for j in range(len(b)):
            expected = trace[f"update/l{l}/j{j}/update_b"].value
            assert b[j] == pytest.approx(expected, rel=1e-12)


# Batches and epochs ----------------------------------------------------------------------


def test_the_order_of_an_epoch_comes_from_the_seed_and_its_number_alone():
    expected = np.random.default_rng([7, 2, 31]).permutation(20)
    assert epoch_order(7, 31, 20).tolist() == expected.tolist()
    assert epoch_order(7, 32, 20).tolist() != expected.tolist()
    assert epoch_order(8, 31, 20).tolist() != expected.tolist()


def test_without_shuffling_the_samples_keep_their_order():
    assert epoch_order(7, 31, 4, shuffle=False).tolist() == [0, 1, 2, 3]


@engines
def test_the_last_partial_batch_is_trained_on_and_its_mean_is_its_own(engine):
    run = page(engine, shuffle=False)
    assert run.batches_per_epoch == 3
    before = advance(run, run.start(), 2)
    last = advance(run, before.state, 1)
    own, _ = evaluate(run.network_at(before.state), run.X[10:], run.Y[10:], "sse")
    assert last.batch_losses.tolist() == [pytest.approx(own, rel=1e-13)]
    alone = replace(only(run, slice(10, None)), network=run.network_at(before.state))
    expected = advance(alone, alone.start(), 1).state.parameters
    assert last.state.parameters == pytest.approx(expected, rel=1e-13)


@engines
def test_the_loss_of_an_epoch_is_the_mean_over_its_samples(engine):
    stretch = advance(page(engine), page(engine).start(), 3)
    expected = np.average(stretch.batch_losses, weights=[5, 5, 3])
    assert stretch.epochs[0, 0] == pytest.approx(expected, rel=1e-13)


@engines
def test_a_batch_size_above_the_samples_makes_one_batch_of_all(engine):
    run = page(engine, batch_size=1000)
    assert run.batches_per_epoch == 1
    stretch = advance(run, run.start(), 2)
    assert stretch.state.epoch == 2
    assert stretch.batch_losses[0] == pytest.approx(
        evaluate(run.network, run.X, run.Y, "sse")[0], rel=1e-13
    )


@engines
def test_the_loss_of_a_batch_is_that_before_its_update(engine):
    run = page(engine, batch_size=13)
    stretch = advance(run, run.start(), 3)
    between = run.network_at(advance(run, run.start(), 2).state)
    assert stretch.batch_losses[2] == pytest.approx(evaluate(between, run.X, run.Y, "sse")[0])


@engines
@pytest.mark.parametrize("n_validation", [1, 4, 17])
def test_validation_is_with_the_parameters_after_the_epoch(engine, n_validation):
    run = page(engine, n_validation=n_validation)
    stretch = advance(run, run.start(), 6)
    assert stretch.epochs.shape == (2, 4)
    after = run.network_at(stretch.state)
    expected = evaluate(after, run.X_validation, run.Y_validation, "sse")
    assert stretch.epochs[1, 2:].tolist() == pytest.approx(expected, rel=1e-12)


@engines
def test_without_validation_samples_there_is_no_validation_loss(engine):
    run = page(engine)
    assert np.isnan(advance(run, run.start(), 3).epochs[0, 2:]).all()


@pytest.mark.parametrize(
    ("a", "Y", "accuracy"),
    [
        ([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]], [[0, 1, 0], [0, 0, 1]], 0.5),
        ([[0.2], [0.6], [0.9]], [[0], [1], [0]], 2 / 3),
    ],
)
@engines
def test_accuracy_is_the_share_of_samples_whose_largest_output_is_the_target(
    engine, a, Y, accuracy
):
    a, Y = np.array(a), np.array(Y, dtype=float)
    n_L = a.shape[1]
    net = Network([Layer(np.eye(n_L), None, "linear")])  # its output is its input
    assert evaluate(net, a, Y, "sse")[1] == accuracy
    settings = TrainingSettings(lr=1e-9)
    run = Training.from_arrays(net, a, Y, settings, a, Y, classification=True)
    epochs = advance(replace(run, engine=engine), run.start(), 1).epochs
    assert epochs[0, [1, 3]].tolist() == [accuracy, accuracy]


# The same bits, however it is run --------------------------------------------------------


@engines
def test_the_same_seed_gives_the_same_bits_and_another_gives_others(engine):
    once, twice, other = (
        advance(r, r.start(), 7) for r in (page(engine), page(engine), page(engine, seed=1))
    )
    assert _bits(once) == _bits(twice)
    assert once.state.parameters.tobytes() != other.state.parameters.tobytes()


@given(cuts=st.lists(st.integers(0, 40), max_size=5), shuffle=st.booleans())
@engines
def test_a_run_in_pieces_has_the_bits_of_the_whole(engine, cuts, shuffle):
    run = page(engine, n_validation=2, shuffle=shuffle)
    whole = advance(run, run.start(), 40)
    state, losses, epochs = run.start(), [], []
    for start, end in itertools.pairwise([0, *sorted(cuts), 40]):
        piece = advance(run, state, end - start)
        state = piece.state
        losses.extend(piece.batch_losses)
        epochs.extend(piece.epochs.tolist())
    assert _bits(piece) == _bits(whole)
    assert losses == whole.batch_losses.tolist()
    assert epochs == whole.epochs.tolist()


@engines
def test_an_epoch_can_be_replayed_without_those_before_it(engine):
    run = page(engine)
    fourth = advance(run, advance(run, run.start(), 9).state, 3)
    net = run.network_at(advance(run, run.start(), 9).state)
    alone = replace(run, network=net)
    again = advance(alone, replace(alone.start(), epoch=3), 3)
    assert again.state.parameters.tobytes() == fourth.state.parameters.tobytes()


@engines
def test_advancing_leaves_the_state_it_came_from_untouched(engine):
    run = page(engine)
    start = run.start()
    before = start.parameters.tobytes()
    after = advance(run, start, 3).state
    assert start.parameters.tobytes() == before
    assert not after.parameters.flags.writeable


def test_train_epoch_gives_the_network_after_it_and_the_loss_of_each_batch():
    run = page("numpy")
    settings = run.settings
    net, losses = train_epoch(run.network, run.X, run.Y, settings, epoch=0)
    net, more = train_epoch(net, run.X, run.Y, settings, epoch=1)
    prepared_run = prepared(Training.from_arrays(run.network, run.X, run.Y, settings))
    expected = advance(prepared_run, prepared_run.start(), 6)
    assert [*losses, *more] == expected.batch_losses.tolist()
    assert net.layer(3).W.tobytes() == prepared_run.network_at(expected.state).layer(3).W.tobytes()


# Stopping --------------------------------------------------------------------------------


@engines
def test_a_set_flag_stops_before_the_next_update(engine):
    run = page(engine)
    half = advance(run, run.start(), 4)
    stretch = advance(run, half.state, 5, stop=np.ones(1, dtype=np.uint8))
    assert stretch.halt == Halt("interrupted", 1, 1)
    assert _bits(stretch) == _bits(half)
    assert len(stretch.batch_losses) == 0


@engines
def test_a_flag_set_by_another_thread_is_seen_while_the_loop_runs(engine):
    run = page(engine, n=10**6, batch_size=1)
    flag = np.zeros(1, dtype=np.uint8)
    timer = threading.Timer(0.05, flag.fill, [1])
    timer.start()
    stretch = advance(run, run.start(), 10**8, stop=flag)
    timer.join()
    assert stretch.halt is not None
    assert stretch.halt.kind == "interrupted"
    again = advance(run, run.start(), len(stretch.batch_losses))
    assert _bits(again) == _bits(stretch)


def _linear(W, activation="linear", loss="sse", x=1.0, y=0.0, lr=1.0, engine="numpy"):
    net = Network([Layer(np.array([[W]]), None, activation)])
    settings = TrainingSettings(lr=lr, loss=loss)
    data = np.array([[x]]), np.array([[y]])
    return replace(Training.from_arrays(net, *data, settings), engine=engine)


@engines
@pytest.mark.parametrize(
    ("run", "halt"),
    [
        # (1e200)² is above the largest number
        ({"W": 1e200}, Halt("loss", 0, 0, math.inf)),
        # the loss is 1e300, its derivative 2e150, by x = 1e200 too large
        ({"W": 1e-50, "x": 1e200}, Halt("gradient", 0, 0, 1e300, "w_{0,0}^(2)")),
        # the gradient is 2e100, times a rate of 1e300 too large
        ({"W": 1e100, "lr": 1e300}, Halt("update", 0, 0, 1e200, "w_{0,0}^(2)")),
    ],
)
def test_a_number_not_finite_stops_before_the_update(engine, run, halt):
    run = _linear(**run, engine=engine)
    stretch = advance(run, run.start(), 3)
    assert replace(stretch.halt, value=halt.value) == halt
    assert stretch.halt.value == pytest.approx(halt.value)
    assert stretch.state.parameters.tolist() == run.network.layer(2).W[0].tolist()
    assert len(stretch.batch_losses) == 0


@engines
def test_a_run_that_blows_up_keeps_the_parameters_before_the_harm(engine):
    run = _linear(1.0, x=1.0, lr=1e30, engine=engine)  # each update multiplies w by about −2e30
    stretch = advance(run, run.start(), 100)
    done = len(stretch.batch_losses)
    assert 0 < done < 100
    assert stretch.halt == Halt("loss", done, 0, math.inf)
    assert np.isfinite(stretch.batch_losses).all()
    assert np.isfinite(stretch.state.parameters).all()
    assert _bits(advance(run, run.start(), done)) == _bits(stretch)


def test_a_halt_says_what_and_where():
    text = str(Halt("loss", 3, 4, math.nan))
    assert "the loss (nan) at e3/b4 is not a finite number" in text
    assert "gradient of b_1^(3) at e0/b0" in str(Halt("gradient", 0, 0, 1.0, "b_1^(3)"))
    assert "the update of w_{0,1}^(2) at e0/b0" in str(Halt("update", 0, 0, 1.0, "w_{0,1}^(2)"))
    assert str(Halt("interrupted", 1, 2)) == "stopped before e1/b2"


# Lines -----------------------------------------------------------------------------------


def test_lines_are_one_an_epoch_and_one_for_the_end():
    run = page("numpy", n_validation=4, classification=True)
    clock = itertools.count().__next__
    *epochs, end = train_lines(run, 3, lambda: float(clock()))
    whole = advance(run, run.start(), 9)
    names = ["loss", "accuracy", "validation_loss", "validation_accuracy"]
    assert epochs == [
        {"epoch": e, **dict(zip(names, row, strict=True))}
        for e, row in enumerate(whole.epochs.tolist())
    ]
    assert end == {"done": True, "why": "all 3 epochs are done", "steps": 9, "seconds": 9.0}


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["epoch", "loss"]),
        ({"classification": True}, ["epoch", "loss", "accuracy"]),
        ({"n_validation": 2}, ["epoch", "loss", "validation_loss"]),
    ],
)
def test_a_line_has_only_what_there_is(options, names):
    line = next(iter(train_lines(page("numpy", **options), 1, lambda: 0.0)))
    assert list(line) == names


def test_one_epoch_is_not_called_all_epochs():
    *_, end = train_lines(page("numpy"), 1, lambda: 0.0)
    assert end["why"] == "its one epoch is done"


def test_lines_end_where_training_halts():
    *epochs, end = train_lines(_linear(1.0, lr=1e30), 100, lambda: 0.0)
    assert end["steps"] == len(epochs)
    assert 0 < len(epochs) < 100
    assert "the loss (inf) at e" in end["why"]


@pytest.mark.parametrize(
    ("portion", "seconds", "expected"),
    [(100, 0.03, 100), (100, 0.06, 50), (100, 10.0, 25), (100, 0.0, 400), (1, 10.0, 1)],
)
def test_the_next_portion_takes_about_the_time_of_one(portion, seconds, expected):
    assert next_portion(portion, seconds) == expected


# What is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lr": 0.0}, "learning rate is 0.0"),
        ({"lr": math.inf}, "learning rate is inf"),
        ({"lr": "fast"}, "learning rate is 'fast'"),
        ({"batch_size": 0}, "batch size is 0; it must be at least 1"),
        ({"batch_size": 2.5}, "batch size is 2.5; it must be a whole number"),
        ({"seed": -1}, "seed is -1; it must be at least 0"),
        ({"loss": "sum"}, "no loss 'sum'"),
        ({"optimizer": "lbfgs"}, "no optimizer 'lbfgs'; it is one of sgd, momentum"),
    ],
)
def test_impossible_settings_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        TrainingSettings(**settings)


@pytest.mark.parametrize(
    ("X", "Y", "options", "message"),
    [
        (np.zeros((2, 3)), np.zeros((2, 1)), {}, "input layer has 2 nodes"),
        (np.zeros((2, 2)), np.zeros((3, 1)), {}, r"Y has the shape \(3, 1\)"),
        (np.zeros((0, 2)), np.zeros((0, 1)), {}, "no sample to train on"),
        (np.zeros((2, 2)), np.full((2, 1), 2.0), {"loss": "bce"}, "targets from 0 to 1"),
    ],
)
def test_data_that_does_not_fit_is_refused(X, Y, options, message):
    net = cases.network((2, 1), ("sigmoid",))
    with pytest.raises(InputError, match=message):
        Training.from_arrays(net, X, Y, TrainingSettings(**options))


def test_a_loss_without_meaning_for_the_output_is_refused():
    with pytest.raises(InputError, match="cross_entropy"):
        training(cases.network((2, 2), ("linear",)), loss="cross_entropy")


def test_a_batch_that_does_not_fit_into_memory_is_refused_before_it_is_allocated(monkeypatch):
    monkeypatch.setattr("bpstudio.core.limits.memory_limit", lambda: 1000)
    with pytest.raises(InputError, match="smaller batch size"):
        page("numpy")


# Data ------------------------------------------------------------------------------------


def test_a_data_set_is_trained_on_its_training_samples_and_judged_on_the_others():
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(rng.random((10, 2)), np.eye(2)[[0, 1] * 5]).split(0.3, seed=0)
    run = Training.of(cases.network((2, 2), ("sigmoid",)), data, TrainingSettings())
    assert run.X.tolist() == data.X[data.training].tolist()
    assert run.Y_validation.tolist() == data.Y[data.validation].tolist()
    assert run.classification


def test_portions_of_an_evaluation_add_up_to_the_whole(monkeypatch):
    run = page("numpy")
    expected = evaluate(run.network, run.X, run.Y, "sse")
    monkeypatch.setattr(metrics, "_PORTION_BYTES", 5 * 8 * 6)  # 5 rows at once
    assert evaluate(run.network, run.X, run.Y, "sse") == pytest.approx(expected, rel=1e-14)


def test_what_of_a_data_set_cannot_be_trained_on_is_known_without_scaling_it() -> None:
    data = Dataset.from_arrays(np.ones((4, 3)), np.ones((4, 1)))
    network = Network.create((2, 2, 1), ("tanh",), "linear", 0)
    for refuse in (Training.require, Training.of):
        with pytest.raises(InputError, match="the network's input layer has 2 nodes"):
            refuse(network, data, TrainingSettings())


def test_the_samples_of_a_data_set_are_scaled_when_the_run_is_prepared():
    random = np.random.default_rng(0)
    data = Dataset.from_arrays(random.normal(size=(40, 3)), random.normal(size=(40, 2)))
    data = data.rescale("standard").split(0.25, seed=1)
    made = Training.of(cases.network((3, 4, 2), ("tanh", "linear")), data, TrainingSettings())
    assert (made.samples.n, made.samples.n_validation) == (len(data.training), len(data.validation))
    assert made.batches_per_epoch == math.ceil(len(data.training) / 10)
    assert "parts" not in vars(data)
    ready = prepared(made)
    assert "parts" in vars(data)
    assert ready.X.tobytes() == data.X[data.training].tobytes()
    assert ready.Y_validation.tobytes() == data.Y[data.validation].tobytes()
