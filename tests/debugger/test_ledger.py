"""The ledger of a parameter: every change, exact to the bit of the recorded run."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.optimisers import OPTIMISERS
from bpstudio.core.parameters import parameter_index
from bpstudio.core.training import Training, TrainingSettings, advance
from bpstudio.debugger.ledger import ledger_steps
from bpstudio.debugger.recording import Recording

from .ledgers import ledger_of, record, training_of

EXTRAS = [{}, {"l1": 0.01}, {"l2": 0.1}, {"clip": 0.05}, {"l1": 0.01, "l2": 0.1, "clip": 0.2}]


def values_of(recording, training, index):
    """The parameter before each update, one update at a time."""
    state, values = training.start(), []
    for _ in range(recording.length + 1):
        values.append(float(state.parameters[index]))
        state = advance(training, state, 1).state
    return values


@pytest.mark.parametrize("optimizer", OPTIMISERS)
@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("batch_size", [1, 5, 12])
def test_the_entries_are_the_very_numbers_of_the_run(optimizer, extra, batch_size):
    training = training_of(batch_size=batch_size, optimizer=optimizer, **extra)
    recording, end = record(training, 40)
    for place in ((2, 0, 1), (3, 1, None)):
        ledger = ledger_of(recording, *place)
        index = parameter_index(training.network, *place)
        values = values_of(recording, training, index)
        assert ledger.columns.before.tolist() == values[:-1]
        assert ledger.columns.after.tolist() == values[1:]
        assert (ledger.start, ledger.now) == (values[0], end.parameters[index])
        assert ledger.is_exact
        exact = zip(ledger.columns.after.tolist(), ledger.columns.before.tolist(), strict=True)
        total = Fraction(ledger.start) + sum(Fraction(b) - Fraction(a) for b, a in exact)
        assert total == Fraction(ledger.now)
        assert ledger.float_sum == pytest.approx(ledger.now, rel=1e-13, abs=1e-15)


def test_one_weight_by_hand():
    # a = w·2, y = 3, C = (a − 3)², ∂C/∂w = 2(2w − 3)·2, η = 0.0625
    # w = 0.5:  2·(1 − 3)·2 = −8,   w + 0.5    = 1
    # w = 1:    2·(2 − 3)·2 = −4,   w + 0.25   = 1.25
    # w = 1.25: 2·(2.5 − 3)·2 = −2, w + 0.125  = 1.375
    network = Network([Layer(np.array([[0.5]]), None, "linear")])
    data = Dataset.from_arrays(np.array([[2.0]]), np.array([[3.0]]))
    training = Training.of(network, data, TrainingSettings(lr=0.0625, batch_size=1))
    recording = Recording()
    recording.begin(training, training.start(), data)
    recording.append(advance(training, training.start(), 3).state, 3)
    ledger = ledger_of(recording, 2, 0, 0)
    assert ledger.columns.before.tolist() == [0.5, 1.0, 1.25]
    assert ledger.change.tolist() == [0.5, 0.25, 0.125]
    assert ledger.now == ledger.float_sum == 1.375
    assert ledger.is_exact
    assert ledger.n_updates == 3


def test_a_gap_is_seen():
    ledger = ledger_of(record(training_of(), 20)[0])
    off = np.nextafter(ledger.now, np.inf)
    assert not replace(ledger, now=float(off)).is_exact
    before = ledger.columns.before.copy()
    before[7] = np.nextafter(before[7], np.inf)
    assert not replace(ledger, columns=ledger.columns._replace(before=before)).is_exact


def test_a_float_sum_that_is_off_is_told_from_the_walk():
    ledger = ledger_of(record(training_of(), 0)[0])
    ledger = ledger.changed_to(1e20).changed_to(1.0)  # 1e20 + (1 − 1e20) is 0
    assert ledger.is_exact
    assert ledger.float_sum == 0.0


def test_changes_of_settings_and_by_hand_are_entries_of_their_own():
    first, second = training_of(), training_of(lr=0.7)
    recording, state = record(first, 6)
    index = parameter_index(first.network, 3, 1, 2)
    edited = state.parameters.copy()
    edited[index] += 2.0
    record(second, 5, recording, replace(state, parameters=edited), "learning rate 0.7")
    ledger = ledger_of(recording)
    assert ledger.n_updates == 11
    assert list(ledger.whys.items()) == [(6, "changed by hand, learning rate 0.7")]
    entry = ledger.entry(6)
    assert (entry.T, entry.before, entry.after) == (6, state.parameters[index], edited[index])
    assert ledger.is_exact
    other = ledger_of(recording, 3, 0, 0)  # not touched, but the rate is another
    assert (other.entry(6).change, other.entry(6).why) == (0.0, "learning rate 0.7")


def test_a_change_of_another_weight_is_no_entry_of_this_one():
    training = training_of()
    recording, state = record(training, 6)
    edited = state.parameters.copy()
    edited[0] += 1.0
    record(training, 5, recording, replace(state, parameters=edited))
    assert ledger_of(recording, 3, 1, 2).whys == {}
    assert ledger_of(recording, 2, 0, 0).whys == {6: "changed by hand"}


def test_a_branch_is_an_entry_where_it_leaves():
    training = training_of()
    recording, _ = record(training, 12)
    branch = recording.branch(7, "Run 2")
    record(training_of(lr=0.5), 5, branch, branch.visit(7).state, "learning rate 0.5")
    ledger = ledger_of(branch)
    assert ledger.whys == {7: "branch: learning rate 0.5"}
    assert ledger.is_exact
    assert ledger.n_updates == 12
    assert ledger.change[:7].tolist() == ledger_of(recording).change[:7].tolist()


@pytest.mark.parametrize("T", [0, 1, 5, 6, 7, 11])
def test_a_part_of_it_is_the_ledger_of_that_part(T):
    first = training_of()
    recording, state = record(first, 6)
    edited = replace(state, parameters=state.parameters + 1.0)
    record(first, 5, recording, edited)
    part, whole = ledger_of(recording, until=T), ledger_of(recording)
    cut = whole.up_to(T)
    for one, other in zip(cut.columns, part.columns, strict=True):
        np.testing.assert_array_equal(one, other)
    assert (cut.now, cut.whys, cut.until) == (part.now, part.whys, T)
    assert cut.is_exact
    index = parameter_index(first.network, 3, 1, 2)
    assert cut.now == recording.visit(T).state.parameters[index]


def test_a_change_that_is_not_recorded_yet_comes_last():
    ledger = ledger_of(record(training_of(), 6)[0])
    assert ledger.changed_to(ledger.now) is ledger
    longer = ledger.changed_to(4.0)
    assert (longer.entry(6).before, longer.entry(6).after) == (ledger.now, 4.0)
    assert longer.entry(6).why == "changed by hand"
    assert (longer.now, longer.n_updates, longer.is_exact) == (4.0, 6, True)


def test_the_newest_the_oldest_or_the_largest_come_first():
    ledger = ledger_of(record(training_of(), 30)[0])
    assert ledger.order("newest").tolist() == list(range(29, -1, -1))
    assert ledger.order("oldest", 3).tolist() == [0, 1, 2]
    assert ledger.order("newest", 3).tolist() == [29, 28, 27]
    sizes = np.abs(ledger.change)
    assert ledger.order("size").tolist() == sorted(range(30), key=lambda n: (-sizes[n], n))
    assert ledger.order("size", 4).tolist() == ledger.order("size").tolist()[:4]


def test_every_entry_has_the_address_of_its_place():
    recording, _ = record(training_of(), 9)  # 3 batches an epoch
    assert ledger_of(recording).address(7) == "e2/b1/update/l3/j1/k2/update_w"
    assert ledger_of(recording, 2, 3, None).address(0) == "e0/b0/update/l2/j3/update_b"
    assert ledger_of(recording).gradient_address(4, 11) == "e1/b1/s11/back/l3/j1/k2/dC_dw"
    entry = ledger_of(recording).entry(7)
    assert (entry.T, entry.epoch, entry.batch) == (7, 2, 1)


def test_it_tells_how_far_it_is_and_can_be_given_up():
    recording, _ = record(training_of(), 60)
    steps = ledger_steps(recording, 3, 1, 2)
    shares = [next(steps)]
    shares += list(steps)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    given_up = ledger_steps(recording, 3, 1, 2)
    next(given_up)
    given_up.close()


def test_before_anything_was_trained_it_says_so():
    with pytest.raises(InputError, match="nothing was trained yet"):
        ledger_of(Recording())


def test_a_run_without_updates_has_a_start_only():
    ledger = ledger_of(record(training_of(), 0)[0])
    assert (len(ledger), ledger.start, ledger.is_exact) == (0, ledger.now, True)
