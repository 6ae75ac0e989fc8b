"""A change split over samples and classes: the parts add up, and each is what it should be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Layer, Network
from bpstudio.core.optimisers import OPTIMISERS
from bpstudio.core.trace import trace
from bpstudio.core.training import Training, TrainingSettings, advance
from bpstudio.debugger import ledger_split
from bpstudio.debugger.ledger_shares import largest_places, shares_of
from bpstudio.debugger.recording import Recording

from .conftest import small_data
from .ledgers import ledger_of, record, split_of, training_of
from .test_ledger import EXTRAS


def everything(split):
    """All that anyone did, by samples, classes and the rest."""
    rest = sum(doing.change for doing in split.rest())
    return split.by_sample().change.sum() + rest, split.by_class().change.sum() + rest


@pytest.mark.parametrize("optimizer", OPTIMISERS)
@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("batch_size", [1, 5, 12])
def test_the_parts_of_each_change_add_up_to_it(optimizer, extra, batch_size):
    recording, _ = record(training_of(batch_size=batch_size, optimizer=optimizer, **extra), 25)
    for place in ((2, 0, 1), (3, 1, None)):
        ledger = ledger_of(recording, *place)
        split = split_of(ledger)
        by_samples = np.bincount(split.T, split.part, 25)
        others = sum(split.others.values())
        np.testing.assert_allclose(by_samples + others, ledger.change, rtol=1e-12, atol=1e-15)
        size = np.abs(ledger.change).max()
        assert np.abs(split.others["rounding"]).max() <= 1e-13 * max(size, 1e-3)
        moved = ledger.now - ledger.start
        assert everything(split) == pytest.approx((moved, moved), rel=1e-12, abs=1e-15)


def test_gradient_descent_gives_each_sample_its_own_step():
    training = training_of()
    recording, _ = record(training, 7)
    ledger = ledger_of(recording, 2, 3, 1)
    split = split_of(ledger)
    assert set(split.others) == {"rounding"}
    for T in range(7):
        visit = recording.visit(T)
        here = trace(training.network_at(visit.state), small_data(), visit.rows)
        mine = split.part[split.T == T]
        rows = split.row[split.T == T]
        for s, row in enumerate(visit.rows):
            step = here[f"s{row}/back/l2/j3/k1/dC_dw"].value
            expected = -0.1 * step / len(visit.rows)
            assert mine[rows == row].item() == pytest.approx(expected, rel=1e-12)
            assert here.rows[s] == row


def test_two_samples_by_hand():
    # a = w·x with w = 1, samples (1, 3) and (2, 0): ∂C_0/∂w = 2(1 − 3)·1 = −4 and 2(2 − 0)·2 = 8,
    # η/n = 0.125: the first pulls by +0.5, the second by −1, together −0.5
    network = Network([Layer(np.array([[1.0]]), None, "linear")])
    data = Dataset.from_arrays(np.array([[1.0], [2.0]]), np.array([[3.0], [0.0]]))
    training = Training.of(network, data, TrainingSettings(lr=0.25, batch_size=2))
    recording = Recording()
    recording.begin(training, training.start(), data)
    recording.append(advance(training, training.start(), 1).state, 1)
    split = split_of(ledger_of(recording, 2, 0, 0))
    shares = split.by_sample()
    assert shares.keys.tolist() == [0, 1]
    assert shares.change.tolist() == [0.5, -1.0]
    assert split.others["rounding"].tolist() == [0.0]
    assert split.ledger.now == 0.5


def test_classes_are_the_sums_of_their_samples():
    data = small_data()
    split = split_of(ledger_of(record(training_of(), 12)[0]))
    columns = split.class_columns()
    labels = data.labels[split.row]  # all rows are in the data, in order
    assert split.label.tolist() == labels.tolist()
    for T in range(12):
        for c in range(2):
            mine = split.part[(split.T == T) & (labels == c)]
            if len(mine):
                assert columns[T, c] == pytest.approx(mine.sum(), rel=1e-12)
            else:
                assert np.isnan(columns[T, c])
    assert split.classes == tuple(data.target_names)
    np.testing.assert_allclose(split.by_class().change, np.nansum(columns, axis=0), rtol=1e-12)


def test_a_class_that_has_no_sample_in_a_batch_is_told_from_one_that_does_nothing():
    split = split_of(ledger_of(record(training_of(batch_size=1), 12)[0]))
    assert np.isnan(split.class_columns()).sum() == 12


def test_a_regression_has_no_classes():
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(rng.normal(size=(9, 3)), rng.normal(size=(9, 2)))
    training = Training.of(
        Network.create([3, 4, 2], seed=1), data, TrainingSettings(lr=0.01, batch_size=4)
    )
    recording = Recording()
    recording.begin(training, training.start(), data)
    recording.append(advance(training, training.start(), 5).state, 5)
    split = split_of(ledger_of(recording))
    assert split.classes == ()
    assert len(split.by_class()) == 0
    assert len(split.by_sample()) == 9


def test_of_a_long_run_the_last_updates_are_split_and_the_others_are_one_entry(monkeypatch):
    recording, _ = record(training_of(optimizer="adam"), 30)
    ledger = ledger_of(recording)
    whole = split_of(ledger)
    monkeypatch.setattr(ledger_split, "MOST_UPDATES", 8)
    split = split_of(ledger)
    assert (split.first, split.is_whole, whole.is_whole) == (22, False, True)
    np.testing.assert_array_equal(split.part, whole.part[whole.T >= 22])
    earlier = split.rest()[-1]
    before = ledger.columns.before[22] - ledger.start
    assert (earlier.name, earlier.count, earlier.change) == ("earlier updates", 22, before)
    moved = ledger.now - ledger.start
    assert everything(split) == pytest.approx((moved, moved), rel=1e-12)
    monkeypatch.setattr(ledger_split, "MOST_UPDATES", 1000)
    monkeypatch.setattr(ledger_split, "MOST_SAMPLES", 20)
    assert split_of(ledger).first == 26  # batches of 5


@pytest.mark.parametrize("most", [1000, 4])
def test_a_change_by_hand_is_no_sample_s(monkeypatch, most):
    monkeypatch.setattr(ledger_split, "MOST_UPDATES", most)
    training = training_of()
    recording, state = record(training, 6)
    record(training, 4, recording, replace(state, parameters=state.parameters + 2.0))
    ledger = ledger_of(recording)
    split = split_of(ledger)
    moved = ledger.now - ledger.start
    assert everything(split)[0] == pytest.approx(moved, rel=1e-12)
    by_hand = [doing for doing in split.rest() if doing.name == "changed by hand"]
    assert len(by_hand) == (1 if most == 1000 else 0)  # else it is among the earlier changes


def test_a_part_of_it_is_the_split_of_that_part():
    ledger = ledger_of(record(training_of(optimizer="momentum"), 20)[0])
    cut, part = split_of(ledger).up_to(ledger.up_to(11)), split_of(ledger.up_to(11))
    np.testing.assert_array_equal(cut.part, part.part)
    assert cut.rest() == part.rest()
    np.testing.assert_array_equal(cut.class_columns(), part.class_columns())


def test_it_tells_how_far_it_is():
    steps = ledger_split.split_steps(ledger_of(record(training_of(), 20)[0]))
    assert list(steps) == [(n + 1) / 20 for n in range(20)]


def test_sums_say_where_each_did_most():
    key, T = np.array([3, 1, 3, 1, 3]), np.array([0, 0, 5, 5, 6])
    shares = shares_of(key, T, np.array([1.0, -2.0, -4.0, 0.5, 4.0]))
    assert shares.keys.tolist() == [1, 3]
    assert shares.change.tolist() == [-1.5, 1.0]
    assert shares.count.tolist() == [2, 3]
    assert shares.T.tolist() == [0, 5]  # the first of two of the same size
    assert shares.largest(1).tolist() == [0]


def test_the_largest_of_many_are_found_with_ties_in_order():
    values = np.array([1.0, -3.0, 3.0, 2.0, 0.0])
    assert largest_places(values, 3).tolist() == [1, 2, 3]
    assert largest_places(values, 9).tolist() == [1, 2, 3, 0, 4]
