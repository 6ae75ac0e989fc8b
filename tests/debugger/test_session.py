"""The session: data, experiment, debugger and run as one thing that changes in one place."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.origin import Provenance
from bpstudio.core.training import Training
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.session import FIRST_ROW, Session


def data(n=60, classes=3) -> Dataset:
    rng = np.random.default_rng(2)
    labels = rng.integers(0, classes, size=n)
    X = rng.normal(size=(n, 4)) + labels[:, None]
    return Dataset.from_arrays(X, np.eye(classes)[labels], scale="standard")


@pytest.fixture
def session():
    made = Session(data())
    yield made
    made.close()


@pytest.fixture
def notices(session):
    heard = []
    session.subscribe(heard.append)
    return heard


def run_to_the_end(session):
    deadline = time.monotonic() + 60
    while session.is_training and time.monotonic() < deadline:
        session.poll()
        time.sleep(0.005)
    assert not session.is_training


def test_it_starts_with_the_row_of_the_drawings_where_there_is_one(session):
    assert session.row == FIRST_ROW
    assert Session(data(20)).row == 0


def test_four_fifths_of_the_rows_are_for_training(session):
    assert (len(session.data.training), len(session.data.validation)) == (48, 12)


def test_so_few_rows_that_the_split_leaves_a_side_empty_are_all_trained_on():
    few = Session(data(2, 2))
    assert (len(few.data.training), len(few.data.validation)) == (2, 0)
    few.open_data(data(60))
    assert len(few.data.validation) == 12


def test_a_split_that_leaves_a_side_empty_is_refused_where_it_is_asked_for():
    few = Session(data(4, 2))
    with pytest.raises(InputError, match="leaves no row"):
        few.change(validation=0.1)
    assert few.experiment.validation == 0.2


def test_every_verb_is_one_notification(session, notices):
    session.change(seed=5)
    session.choose_neighbour(1)
    session.choose_whole_batch(True)
    session.open_data(data(30, 2))
    session.restart()
    assert len(notices) == 5


def test_learning_rate_batch_and_epochs_keep_the_weights(session):
    network = session.network
    session.change(lr=0.3)
    session.change(batch_size=4)
    session.change(epochs=7)
    assert session.network is network
    assert session.debugger.trace.lr == 0.3


def test_everything_else_starts_again_from_the_seed(session):
    session.change(epochs=1)
    first = session.network
    session.train()
    run_to_the_end(session)
    assert not np.array_equal(session.network.layer(2).W, first.layer(2).W)
    session.change(loss="mse")
    assert np.array_equal(session.network.layer(2).W, first.layer(2).W)
    assert session.snapshot is None


def test_a_refused_change_changes_nothing(session, notices):
    before = (session.experiment, session.network, session.data, session.debugger.trace)
    with pytest.raises(InputError):
        session.change(output_activation="relu", loss="bce")
    with pytest.raises(InputError, match="memory"):
        session.change(hidden=(10**9, 10**9))
    after = (session.experiment, session.network, session.data, session.debugger.trace)
    assert all(one is other for one, other in zip(before, after, strict=True))
    assert notices == []


def test_a_batch_has_as_many_rows_as_the_experiment_says(session):
    session.choose_whole_batch(True)
    assert len(session.debugger.rows) == 10
    session.change(batch_size=4)
    assert len(session.debugger.rows) == 4
    session.choose_whole_batch(False)
    assert len(session.debugger.rows) == 1


def test_after_the_last_sample_comes_the_first(session):
    session.choose_row(59)
    session.choose_neighbour(1)
    assert session.row == 0
    session.choose_neighbour(-1)
    assert session.row == 59


def test_training_takes_the_debugger_along(session):
    session.change(epochs=2)
    session.debugger.goto("s52/back/l3/j2/i1/dz_da")
    session.train()
    run_to_the_end(session)
    assert session.snapshot.state == "finished"
    assert session.debugger.network is session.snapshot.network
    assert session.debugger.step.address == "s52/back/l3/j2/i1/dz_da"


def test_two_runs_in_a_row_are_one_long_run(session):
    session.change(epochs=2)
    session.train()
    run_to_the_end(session)
    session.train()
    run_to_the_end(session)
    twice = session.network
    assert session.snapshot.epoch_losses.count == 4
    session.restart()
    session.change(epochs=4)
    session.train()
    run_to_the_end(session)
    for l in (2, 3, 4):
        assert np.array_equal(session.network.layer(l).W, twice.layer(l).W)


def test_a_pause_is_no_reset(session):
    session.change(epochs=40)
    session.train()
    run_to_the_end(session)
    straight = session.network
    session.restart()
    session.limit_speed(40.0)
    session.train()
    for _ in range(3):
        time.sleep(0.05)
        session.pause()
        session.train()
    session.limit_speed(None)
    run_to_the_end(session)
    assert np.array_equal(session.network.layer(3).W, straight.layer(3).W)


def test_a_weight_changed_by_hand_is_trained_on(session):
    session.change(epochs=1)
    session.train()
    run_to_the_end(session)
    session.debugger.set_weight(2, 0, 0, 100.0)
    session.train()
    run_to_the_end(session)
    assert abs(session.network.layer(2).W[0, 0]) > 50


def test_an_input_changed_by_hand_is_trained_on(session):
    """The first run is paused after an epoch; the second one has another number to learn from."""
    row = int(session.data.rows[session.data.training[0]])
    session.change(epochs=10_000_000)
    session.train()
    session.pause()
    before = session.network
    session.debugger.set_input(row, 1, 40.0)
    assert session.data.X[session.data.position(row), 1] == 40.0
    assert session.network is before
    twin = Training.of(before, session.data, session.experiment.training)
    session.train()
    run = session.runs.last_in(session.recording)
    np.testing.assert_array_equal(run.training.X, twin.X)
    session.pause()


def test_nothing_is_changed_by_hand_while_training_goes_on(session):
    session.change(epochs=10_000_000)
    session.train()
    with pytest.raises(InputError, match="pause it before you change"):
        session.debugger.set_weight(2, 0, 0, 1.0)
    session.pause()
    session.debugger.set_weight(2, 0, 0, 1.0)
    assert session.network.layer(2).W[0, 0] == 1.0


def test_it_knows_where_the_parameters_come_from(session):
    drawn = session.network
    assert session.provenance == Provenance(drawn, 0, "xavier", "")
    session.change(epochs=2, seed=7)
    drawn = session.network
    session.train()
    run_to_the_end(session)
    assert session.provenance == Provenance(drawn, 7, "xavier", "10 updates")
    session.debugger.set_bias(2, 0, 1.0)
    assert session.provenance.since == "10 updates, changed by hand"
    session.debugger.undo()
    assert session.provenance.since == "10 updates"
    session.debugger.redo()
    assert session.provenance.since == "10 updates, changed by hand"
    session.use_network(session.network)
    assert session.provenance == Provenance(None, 7, "xavier", "loaded")
    session.restart()
    assert session.provenance == Provenance(session.network, 7, "xavier", "")


def test_the_rate_can_change_while_it_runs(session):
    session.change(epochs=10_000_000)
    session.train()
    session.poll()
    session.change(lr=0.05)
    assert session.is_training
    assert session.experiment.lr == 0.05
    session.pause()
    assert not session.is_training


def test_other_data_end_the_run(session):
    session.change(epochs=10_000_000)
    session.train()
    session.open_data(data(30, 2))
    assert not session.is_training
    assert session.snapshot is None
    assert session.network.sizes == (4, 5, 6, 2)


def test_a_run_that_blows_up_stops_with_the_weights_before(session):
    session.change(output_activation="linear", activations=("linear", "linear"), lr=1e3, epochs=500)
    session.train()
    run_to_the_end(session)
    assert session.snapshot.halt is not None
    assert "not a finite number" in str(session.snapshot.halt)
    assert all(np.isfinite(layer.W).all() for layer in session.network.layers)


def test_an_experiment_of_its_own_is_taken(session):
    other = Session(data(), Experiment(hidden=(2,), activations=("tanh",), seed=9))
    assert other.network.sizes == (4, 2, 3)


def test_a_session_becomes_another_one_in_one_notification(session, notices):
    other = Session(data(20), Experiment().changed(hidden=(3,), epochs=2))
    other.train()
    run_to_the_end(other)
    other.debugger.add_breakpoint(kind="C")
    other.debugger.goto(7)
    session.limit_speed(None)
    notices.clear()
    session.take_over(other)
    assert len(notices) == 1
    assert {"data", "network", "cursor", "run", "breakpoints"} <= notices[0]
    assert session.network.sizes == (4, 3, 3)
    assert session.debugger.cursor == 7
    assert len(session.debugger.breakpoints) == 1
    length = session.recording.length
    session.train()
    run_to_the_end(session)
    assert session.recording.length == 2 * length
    assert len(notices) > 1


def test_a_limit_of_speed_stays_and_counts_the_batches_of_the_other_data(session, monkeypatch):
    """26 of 33 rows are trained on: 3 batches of at most 10, two epochs a second."""
    other, asked = Session(data(33)), []
    assert len(other.data.training) == 26
    monkeypatch.setattr(other.runs, "limit_speed", asked.append)
    session.limit_speed(2.0)
    session.take_over(other)
    assert asked == [2.0 * 3]


def test_a_run_on_its_way_ends_when_another_session_takes_its_place(session):
    session.change(epochs=10_000_000)
    session.train()
    session.take_over(Session(data(20)))
    assert not session.is_training
    assert session.recording is None
    assert "bpstudio training" not in {thread.name for thread in threading.enumerate()}
