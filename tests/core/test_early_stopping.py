"""Early stopping: patience over the losses of epochs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.early_stopping import EarlyStopping
from bpstudio.core.errors import InputError


def stopped_after(losses, patience=10, min_delta=0.0):
    """The epoch after which training stops by these losses; None if it goes on."""
    rule = EarlyStopping(patience, min_delta)
    for epoch, loss in enumerate(losses):
        rule = rule.after(loss)
        if rule.stops:
            return epoch
    return None


def test_training_stops_after_so_many_epochs_without_a_better_loss():
    # best at epoch 2; 3 and 4 are no better
    assert stopped_after([5.0, 4.0, 3.0, 3.0, 3.5, 1.0], patience=2) == 4


def test_a_better_loss_in_time_starts_the_wait_again():
    assert stopped_after([5.0, 5.0, 4.0, 4.0, 3.0, 3.0], patience=2) is None


def test_a_gain_below_the_least_is_none():
    # 4.95 and 4.9 are within 0.1 of 5; 4.89 is not, but comes after patience is over
    assert stopped_after([5.0, 4.95, 4.9, 4.89], patience=2, min_delta=0.1) == 2
    assert stopped_after([5.0, 4.95, 4.89], patience=2, min_delta=0.1) is None


def test_small_gains_add_up_against_the_best():
    # each gains 0.06: the second is 0.12 below the best
    assert stopped_after([5.0, 4.94, 4.88, 4.82, 4.76], patience=2, min_delta=0.1) is None


def test_a_loss_that_is_no_number_is_not_better():
    assert stopped_after([math.nan, math.nan, 1.0], patience=2) == 1
    assert stopped_after([1.0, math.nan, math.inf], patience=2) == 2


def test_without_epochs_nothing_stops():
    assert stopped_after([]) is None


def test_the_rule_knows_the_best_epoch_and_the_wait():
    rule = EarlyStopping(patience=3)
    for loss in (5.0, 3.0, 4.0, 3.5):
        rule = rule.after(loss)
    assert (rule.best, rule.best_epoch, rule.waited, rule.stops) == (3.0, 1, 2, False)
    assert rule.after(3.0).stops


_LOSS = st.sampled_from([0.0, -0.0, 0.25, 0.5, 0.7, 1.0, -2.0, math.nan, math.inf, -math.inf])


@given(
    st.lists(_LOSS | st.floats(0, 1), max_size=20),
    st.lists(_LOSS | st.floats(0, 1), max_size=30),
    st.sampled_from([0.0, 1e-9, 0.1, 0.5]),
)
def test_many_epochs_at_once_come_to_what_they_do_one_by_one(before, losses, min_delta):
    rule = EarlyStopping(patience=3, min_delta=min_delta)
    for loss in before:
        rule = rule.after(loss)
    at_once, waits = rule.after_each(np.array(losses, dtype=np.float64))
    expected = []
    for loss in losses:
        rule = rule.after(loss)
        expected.append(rule.waited)
    assert repr(at_once) == repr(rule)  # tells −0 from 0
    assert waits.tolist() == expected


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"patience": 0}, "patience is 0; it must be a whole number of epochs from 1"),
        ({"patience": 1.5}, "patience is 1.5"),
        ({"min_delta": -1.0}, "least gain is -1.0"),
        ({"min_delta": math.nan}, "least gain is nan"),
    ],
)
def test_impossible_rules_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        EarlyStopping(**settings)
