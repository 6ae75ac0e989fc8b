"""Schedules: the share of the learning rate in force at each update."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.errors import InputError
from bpstudio.core.schedules import SCHEDULES, Schedule


def _shares(count, *arguments, **settings):
    return [Schedule(*arguments, **settings).share(t) for t in range(count)]


def test_a_constant_rate_stays():
    assert _shares(3) == [1.0, 1.0, 1.0]


def test_steps_multiply_by_the_factor_after_so_many_updates():
    assert _shares(7, "step", 3, 0.5) == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]


def test_a_cosine_falls_to_the_factor_and_stays_there():
    # ½ + ½ · (1 + cos 0)/2 = 1; at a quarter turn ½ + ½ · (1 + cos 90°)/2 = ¾; at the half ½
    shares = _shares(7, "cosine", 4, 0.5)
    assert shares[0] == 1.0
    assert shares[2] == pytest.approx(0.75, rel=1e-15)
    assert shares[4:] == [0.5, 0.5, 0.5]
    assert shares[1] == pytest.approx(0.75 + 0.25 * math.sqrt(0.5), rel=1e-15)


def test_a_warm_up_grows_in_equal_steps_to_the_full_rate():
    assert _shares(6, warm_up=4) == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]


def test_a_warm_up_multiplies_what_follows():
    # t = 1: 2/4 · ½
    assert _shares(2, "step", 1, 0.5, 4) == [0.25, 0.25]


@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("warm_up", [0, 7])
def test_once_it_is_over_the_rate_stays(kind, warm_up):
    schedule = Schedule(kind, 5, 0.5, warm_up)
    for t in range(20):
        if schedule.is_over(t):
            assert len({schedule.share(later) for later in range(t, t + 30)}) == 1
    assert schedule.is_over(20) == (kind != "step")


@given(
    kind=st.sampled_from(SCHEDULES),
    every=st.integers(1, 60),
    factor=st.floats(0, 1),
    warm_up=st.integers(0, 60),
    t=st.integers(0, 100) | st.integers(0, 2**40),
    count=st.integers(0, 70),
)
def test_the_shares_of_many_updates_are_those_of_each(kind, every, factor, warm_up, t, count):
    schedule = Schedule(kind, every, factor, warm_up)
    expected = [schedule.share(t + i) for i in range(count)]
    assert schedule.shares(t, count).tolist() == expected


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kind": "linear"}, "no schedule 'linear'; it is one of constant, step, cosine"),
        ({"every": 0}, "every 1 or more updates, given: 0"),
        ({"factor": 1.5}, "lies in 0 … 1, given: 1.5"),
        ({"factor": math.nan}, "lies in 0 … 1, given: nan"),
        ({"warm_up": -1}, "0 or more updates, given: -1"),
    ],
)
def test_impossible_schedules_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        Schedule(**settings)
