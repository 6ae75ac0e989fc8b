"""A recording gives every state of a run back, bit for bit, in bounded memory."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings
from bpstudio.core.schedules import Schedule
from bpstudio.core.training import Training, TrainingSettings, advance, epoch_order
from bpstudio.debugger import recording as module
from bpstudio.debugger.recording import Recording

from .conftest import small_data


def training_of(data: Dataset, **setting) -> Training:
    chosen = {"batch_size": 5, "seed": 3, **setting}
    if "update" not in chosen:
        chosen = {"lr": 0.1, **chosen}
    return Training.of(Network.create([3, 4, 2], seed=1), data, TrainingSettings(**chosen))


def all_states(training, count, state=None):
    """The states before updates 0 … count, one update at a time."""
    states = [training.start() if state is None else state]
    for _ in range(count):
        states.append(advance(training, states[-1], 1).state)
    return states


def recorded(training, data, pieces, recording=None, state=None):
    recording = recording or Recording()
    state = state or training.start()
    recording.begin(training, state, data)
    for updates in pieces:
        state = advance(training, state, updates).state
        recording.append(state, updates)
    return recording, state


# every optimiser with every penalty, clipping and schedule
UPDATES = st.builds(
    UpdateSettings,
    optimizer=st.sampled_from(list(OPTIMISERS)),
    lr=st.sampled_from([0.01, 0.1]),
    l1=st.sampled_from([0.0, 0.01]),
    l2=st.sampled_from([0.0, 0.1]),
    clip=st.sampled_from([None, 0.05]),
    schedule=st.sampled_from([Schedule(), Schedule("step", 5, 0.5), Schedule("cosine", 20, 0.1)]),
)


def assert_same(one, other):
    assert one.parameters.tobytes() == other.parameters.tobytes()
    assert one.slots.tobytes() == other.slots.tobytes()
    assert (one.epoch, one.batch, one.sums) == (other.epoch, other.batch, other.sums)
    assert (one.t, one.remembers) == (other.t, other.remembers)


@settings(max_examples=200)
@given(
    pieces=st.lists(st.integers(1, 12), min_size=1, max_size=8),
    visits=st.lists(st.floats(0, 1), min_size=1, max_size=10),
    most_bytes=st.sampled_from([1, 10_000, 2**28]),
    batch_size=st.integers(1, 13),
    update=UPDATES,
)
def test_every_visit_finds_the_very_state_of_the_run(
    pieces, visits, most_bytes, batch_size, update
):
    data = small_data().split(0.25, 0)
    training = training_of(data, batch_size=batch_size, update=update)
    expected = all_states(training, sum(pieces))
    recording, _ = recorded(training, data, pieces, Recording(most_bytes=most_bytes))
    assert recording.length == sum(pieces)
    for share in visits:
        T = round(share * recording.length)
        visit = recording.visit(T)
        assert_same(visit.state, expected[T])
        assert (visit.epoch, visit.batch) == (expected[T].epoch, expected[T].batch)
        assert recording.number(visit.epoch, visit.batch) == T


def test_continuing_from_a_visit_repeats_the_run_bit_for_bit():
    data = small_data()
    training = training_of(data)
    recording, end = recorded(training, data, [7, 30, 20])
    visit = recording.visit(11)
    assert_same(advance(training, visit.state, recording.length - 11).state, end)


def test_a_visit_knows_the_samples_of_its_batch():
    data = small_data().split(0.25, 0)
    training = training_of(data, batch_size=4)  # 9 rows: the third batch has one
    recording, _ = recorded(training, data, [10])
    for T in range(10):
        epoch, batch = divmod(T, 3)
        order = epoch_order(3, epoch, 9)[4 * batch : 4 * batch + 4]
        assert recording.visit(T).rows == tuple(data.rows[data.training[order]].tolist())
    assert len(recording.visit(5).rows) == 1


def test_a_change_of_the_rate_is_part_of_the_recording():
    data = small_data()
    first, second = training_of(data), training_of(data, lr=0.7)
    recording, state = recorded(first, data, [10])
    recording.begin(second, state, data, "learning rate 0.7")
    end = advance(second, state, 10).state
    recording.append(end, 10)
    expected = [*all_states(first, 10), *all_states(second, 10, state)[1:]]
    for T in range(21):
        assert_same(recording.visit(T).state, expected[T])
    assert [segment.first for segment in recording.segments] == [0, 10]
    assert recording.visit(9).segment.training.settings.lr == 0.1
    assert recording.visit(10).segment.why == "learning rate 0.7"


def test_two_changes_at_one_place_are_the_last_one():
    data = small_data()
    recording, state = recorded(training_of(data), data, [4])
    for rate in (0.2, 0.3):
        recording.begin(training_of(data, lr=rate), state, data)
    assert [segment.training.settings.lr for segment in recording.segments] == [0.1, 0.3]


def test_a_branch_shares_the_past_and_goes_its_own_way():
    data = small_data()
    training = training_of(data)
    recording, end = recorded(training, data, [10, 10])
    branch = recording.branch(7, "Run 2")
    assert branch.length == branch.branched_at == 7
    assert branch.parent is recording
    edited = replace(branch.visit(7).state, parameters=branch.visit(7).state.parameters * 1.5)
    branch.begin(training, edited, data, "changed by hand")
    branch.append(advance(training, edited, 5).state, 5)
    expected = all_states(training, 20)
    for T in range(7):
        assert_same(branch.visit(T).state, expected[T])
    assert_same(branch.visit(7).state, edited)
    assert_same(branch.visit(12).state, advance(training, edited, 5).state)
    for T in (7, 12, 20):
        assert_same(recording.visit(T).state, expected[T])
    assert_same(recording.visit(20).state, end)


def test_memory_is_bounded_however_long_the_run_is():
    data = small_data()
    training = training_of(data)
    recording, _ = recorded(training, data, [3] * 400, Recording(most_bytes=40_000))
    assert recording.n_bytes <= 40_000
    assert recording.n_checkpoints > 5
    expected = all_states(training, 40)
    assert_same(recording.visit(37).state, expected[37])


def test_what_is_nearby_needs_few_updates_to_be_replayed():
    data = small_data()
    training = training_of(data)
    recording, _ = recorded(training, data, [40] * 5)
    assert [recording.nearby(T) for T in (0, 39, 101, 200)] == [0, 39, 101, 200]


def test_where_replaying_takes_long_a_kept_state_is_nearby(monkeypatch):
    data = small_data()
    training = training_of(data)
    recorded_one, _ = recorded(training, data, [40] * 5)
    work = 5 * training.network.n_weights  # rows of a batch times weights, in an update
    monkeypatch.setattr("bpstudio.debugger.recording._REPLAYED", 4 * work)
    # states are kept at 0, 40, 80 …; four updates from there on are reached, else the nearer end
    asked = (43, 45, 61, 63, 80, 200)
    assert [recorded_one.nearby(T) for T in asked] == [43, 44, 44, 80, 80, 200]


@pytest.mark.parametrize(("epoch", "batch"), [(9, 0), (3, 2), (0, -1)])
def test_a_place_that_was_not_reached_is_refused_with_how_far_it_goes(epoch, batch):
    data = small_data()
    recording, _ = recorded(training_of(data), data, [10])  # 3 batches an epoch
    with pytest.raises(InputError, match="not in this run; it goes from e0/b0 to e3/b1"):
        recording.number(epoch, batch)


def test_a_batch_that_no_epoch_has_is_refused_with_how_many_there_are():
    data = small_data()
    recording, _ = recorded(training_of(data), data, [10])
    with pytest.raises(InputError, match=r"; an epoch of it has 3 batches, b0 to b2$"):
        recording.number(0, 3)


def test_before_anything_was_trained_there_is_nothing_to_visit():
    with pytest.raises(InputError, match="nothing was trained yet"):
        Recording().visit(0)
    with pytest.raises(InputError, match="e25/b0 is not in this run; nothing was trained yet"):
        Recording().number(25, 0)


def test_nobody_who_visits_waits_while_states_are_left_out(monkeypatch):
    data = small_data()
    recording, _ = recorded(training_of(data), data, [3] * 20)
    all_of_them, seen = recording.n_checkpoints, []

    def look_and(do, *given):
        seen.append(len(recording.kept(recording.length + 1)[0]))  # would wait for ever
        return do(*given)

    for name in ("total", "let_go"):
        monkeypatch.setattr(module, name, partial(look_and, getattr(module, name)))
    recording.limit(recording.n_bytes - 1)
    assert seen == [all_of_them, recording.n_checkpoints]
    assert recording.n_checkpoints < all_of_them
