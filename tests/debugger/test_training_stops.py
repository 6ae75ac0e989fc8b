"""Stop conditions of training: over a stretch at once, against one update after the other."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.records import Probes
from bpstudio.core.training import Training, TrainingSettings, advance
from bpstudio.debugger.training_stops import StopWatch, TrainingStop


def training(activation="relu", lr=0.3, **setting) -> Training:
    rng = np.random.default_rng(4)
    labels = rng.integers(2, size=30)
    X = rng.normal(size=(30, 3)) + labels[:, None]
    data = Dataset.from_arrays(X, np.eye(2)[labels]).split(0.2, 0)
    chosen = {"lr": lr, "batch_size": 5, "seed": 1, **setting}
    return Training.of(
        Network.create([3, 4, 2], activation, seed=3), data, TrainingSettings(**chosen)
    )


class Plain:
    """One update after the other, its numbers kept in lists."""

    def __init__(self, made: Training, updates: int) -> None:
        self.made = made
        state, self.states, self.losses, self.records, self.validation = (
            made.start(),
            [],
            [],
            [],
            [],
        )
        last, best, waited, self.stalled = math.nan, math.inf, math.nan, []
        for _ in range(updates):
            self.states.append(state)
            stretch = advance(made, state, 1, None, Probes((0, 14), True))
            self.losses.append(stretch.batch_losses[0])
            self.records.append(stretch.records)
            self.validation.append(last)
            self.stalled.append(waited)
            if len(stretch.epochs):
                last = stretch.epochs[-1, 2]
                waited, best = (0, last) if last < best else (waited + 1, best)
            state = stretch.state
        self.w = [float(state.parameters[0]) for state in self.states]

    def grad_norm(self, t, l):
        r = self.records[t]
        return math.hypot(r.grad_norm(l)[0], r.bias_grad_norm(l)[0])


CONDITIONS = {
    "loss < 0.35": lambda p, t: p.losses[t] < 0.35,
    "loss > 1.1 * loss[-3]": lambda p, t: t >= 3 and p.losses[t] > 1.1 * p.losses[t - 3],
    "epoch == 2 and batch == 1": lambda p, t: (p.states[t].epoch, p.states[t].batch) == (2, 1),
    "step % 11 == 10": lambda p, t: t % 11 == 10,
    "norm(dC_dw[3]) < 0.1": lambda p, t: p.records[t].grad_norm(3)[0] < 0.1,
    "norm(w[2]) > 3": lambda p, t: p.records[t].weight_norm(2)[0] > 3,
    "grad_norm(3) > 2 * grad_norm(2)": lambda p, t: p.grad_norm(t, 3) > 2 * p.grad_norm(t, 2),
    "grad < 0.3": lambda p, t: math.hypot(p.grad_norm(t, 2), p.grad_norm(t, L3)) < 0.3,
    "update_ratio(2) > 0.05": lambda p, t: p.records[t].update_ratio(2)[0] > 0.05,
    "dead(2) > 0.2": lambda p, t: p.records[t].dead(2)[0] > 0.2,
    "abs(w[2][0,0]) < 0.3": lambda p, t: abs(p.w[t]) < 0.3,
    "dC_dw[2][0,0] > 0": lambda p, t: p.records[t].gradient(0)[0] > 0,
    "loss(validation) < 0.5": lambda p, t: p.validation[t] < 0.5,
    "stalled >= 2": lambda p, t: p.stalled[t] >= 2,
    "stalled >= 1": lambda p, t: p.stalled[t] >= 1,
    "accuracy > 0.9": lambda p, t: p.records[t].accuracy()[0] > 0.9,
    "sign_flips(dC_dw[2][0,0]) > 3": lambda p, t: (
        flips([r.gradient(0)[0] for r in p.records[: t + 1]]) > 3
    ),
    "isnan(loss)": lambda p, t: math.isnan(p.losses[t]),
    "lr < 1": lambda p, t: True,
}
L3 = 3
UPDATES = 60


def flips(numbers):
    signs = [math.copysign(1, x) for x in numbers if x != 0]
    return sum(a != b for a, b in pairwise(signs))


@pytest.fixture(scope="module")
def plain():
    return Plain(training(), UPDATES)


def first_hit(made, conditions, pieces):
    """Run in pieces as a training thread does; → update and text of the first hit."""
    watch = StopWatch(made, tuple(TrainingStop(n, text) for n, text in enumerate(conditions)))
    state, T = made.start(), 0
    for updates in pieces:
        stretch = advance(made, state, updates, None, watch.probes)
        look = watch.look(state, T, stretch)
        if look.hit is not None:
            assert T + look.updates == look.hit.T
            return look.hit
        state, T = stretch.state, T + look.updates
    return None


@settings(max_examples=150)
@given(data=st.data())
def test_a_run_stops_at_the_first_update_a_condition_holds_at(data, plain):
    chosen = data.draw(st.lists(st.sampled_from(sorted(CONDITIONS)), min_size=1, max_size=5))
    pieces, left = [], UPDATES
    while left > 0:
        pieces.append(data.draw(st.integers(1, min(left, 25))))
        left -= pieces[-1]
    expected = next(
        (t for t in range(UPDATES) if any(CONDITIONS[text](plain, t) for text in chosen)), None
    )
    hit = first_hit(plain.made, chosen, pieces)
    assert (None if hit is None else hit.T) == expected
    if hit is not None:
        assert CONDITIONS[hit.stop.text](plain, hit.T)
        assert (hit.epoch, hit.batch) == divmod(hit.T, plain.made.batches_per_epoch)


def test_the_hit_says_the_condition_its_numbers_and_where(plain):
    hit = first_hit(plain.made, ["loss > 1.1 * loss[-3]"], [UPDATES])
    names = dict(hit.numbers)
    assert names == {"loss": plain.losses[hit.T], "loss[-3]": plain.losses[hit.T - 3]}
    assert str(hit).startswith("loss > 1.1 * loss[-3] with loss = 0.")
    assert str(hit).endswith(f"stopped before the update of e{hit.epoch}/b{hit.batch}")


def test_a_condition_that_logs_is_counted_and_does_not_stop(plain):
    made = plain.made
    watch = StopWatch(made, (TrainingStop(1, "loss < 0.35", log=True),))
    stretch = advance(made, made.start(), UPDATES, None, watch.probes)
    look = watch.look(made.start(), 0, stretch)
    assert look.hit is None
    assert look.updates == UPDATES
    assert look.counts == {1: sum(loss < 0.35 for loss in plain.losses)}


def test_one_that_is_off_is_not_looked_at():
    watch = StopWatch(training(), (TrainingStop(1, "loss > 0", enabled=False),))
    assert watch.probes is None


def test_going_on_after_a_stop_steps_off_it_first(plain):
    made = plain.made
    watch = StopWatch(made, (TrainingStop(1, "step % 11 == 10"),))
    stretch = advance(made, made.start(), 30, None, watch.probes)
    first = watch.look(made.start(), 0, stretch)
    assert first.hit.T == 10
    state = plain.states[10]
    again = advance(made, state, 30, None, watch.probes)
    assert watch.look(state, 10, again, skip=10).hit.T == 21


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("value > 0", "value is not recorded of every update"),
        ("da_dz < 1", "da_dz is not recorded"),
        ("a[2][0] > 0", r"a\[2\]\[0\] is not recorded"),
        ("max(dC_dw[2]) > 1", r"write norm\(w\[l\]\) or norm\(dC_dw\[l\]\)"),
        ("w[2][9,0] > 1", "4 nodes"),
        ("dead(7) > 0", "layer 7"),
        ("loss[3] > 1", "how many updates before"),
        ("loss[-2000] > 1", "from -1 to -1000"),
        ("accuracy(training) > 1", "there is no name 'training'"),
        ("validation > 1", r"write loss\(validation\)"),
        ("loss >", "column"),
    ],
)
def test_what_a_run_does_not_record_is_refused_with_what_it_does(text, words):
    with pytest.raises(InputError, match=words):
        StopWatch(training(), (TrainingStop(1, text),))


def watched(made: Training, text: str, before: StopWatch | None = None) -> StopWatch:
    """A watch over one condition, which takes the place of another one."""
    watch = StopWatch(made, (TrainingStop(1, text),), layers=True)
    if before is not None:
        watch.go_on_from(before)
    return watch


def test_after_a_change_of_settings_conditions_look_back_across_it():
    first, second = training(), training(lr=0.05)
    condition = "loss[-3] > 0 and sign_flips(dC_dw[2][0,1]) >= 0 and stalled >= 0"
    watch, start = watched(first, condition), first.start()
    stretch = advance(first, start, 12, None, watch.probes)
    early = watch.look(start, 0, stretch)
    assert early.hit is not None
    assert first.batches_per_epoch == early.hit.T  # an epoch's end is the last to be there
    state = advance(first, start, early.updates).state
    after = watched(second, condition, watch)
    going_on = advance(second, state, 4, None, after.probes)
    found = after.look(state, early.updates, going_on)
    assert found.hit is not None
    assert early.updates == found.hit.T
    alone = watched(second, condition).look(state, early.updates, going_on)
    assert alone.hit is None or early.updates < alone.hit.T


def test_what_was_not_recorded_or_belongs_to_another_network_is_not_looked_back_at():
    made = training()
    watch, start = watched(made, "loss > 1e9"), made.start()
    stretch = advance(made, start, 8, None, watch.probes)
    watch.look(start, 0, stretch)
    going_on = advance(made, stretch.state, 1, None, Probes((1,), True))
    same = watched(made, "loss[-3] > 0", watch)
    assert same.look(stretch.state, 8, advance(made, stretch.state, 1, None, same.probes)).hit
    more = watched(made, "loss[-3] > 0 and w[2][0,1] < 1e9", watch)
    assert more.look(stretch.state, 8, going_on).hit is None


@pytest.mark.parametrize(
    ("text", "share", "task", "words"),
    [
        ("accuracy > 0.9", 0.2, "regression", "accuracy: the target is a number"),
        ("accuracy(validation) > 0.9", 0.2, "regression", "the target is a number"),
        ("loss(validation) < 1", 0.0, "classification", "no rows are kept for validation"),
        ("stalled > 3", 0.0, "regression", "stalled: no rows are kept"),
    ],
)
def test_what_this_run_does_not_have_is_refused(text, share, task, words):
    rng = np.random.default_rng(4)
    Y = (
        np.eye(2)[rng.integers(2, size=30)]
        if task == "classification"
        else rng.normal(size=(30, 2))
    )
    data = Dataset.from_arrays(rng.normal(size=(30, 3)), Y).split(share, 0)
    assert data.task == task
    made = Training.of(Network.create([3, 4, 2], seed=3), data, TrainingSettings())
    with pytest.raises(InputError, match=words):
        StopWatch(made, (TrainingStop(1, text),))
