"""How fast a run goes, and how fast it may go."""

import pytest

from bpstudio.core.errors import InputError
from bpstudio.debugger.pace import Pace, Speed


def _made(limit, seconds, each=0.0):
    """Updates made in so many seconds of a clock that only waiting and working move."""
    now, total, pace = 0.0, 0, Pace(limit, 0.0)
    while now < seconds:
        updates, delay = pace.due(now)
        now += delay + updates * each
        pace.made(updates, updates, max(updates * each, 1e-6))
        total += updates
        if updates == 0:
            assert delay > 0
    return total


@pytest.mark.parametrize("limit", [0.5, 1, 7, 50, 60, 1000])
def test_a_limited_run_makes_so_many_updates_a_second(limit):
    assert _made(limit, 20.0) == pytest.approx(20 * limit, abs=1 + limit / 30)


def test_a_run_that_cannot_keep_its_limit_does_not_save_it_up():
    pace = Pace(10, now=0.0)
    assert pace.due(5.0) == (1, 0.0)
    pace.made(1, 1, 1.0)
    updates, delay = pace.due(5.0)
    assert updates == 0
    assert delay > 0


def test_at_full_speed_portions_grow_until_one_takes_about_thirty_milliseconds():
    pace, asked = Pace(None, now=0.0), []
    for _ in range(12):
        updates, delay = pace.due(0.0)
        assert delay == 0.0
        asked.append(updates)
        pace.made(updates, updates, updates * 1e-5)
    assert asked[0] == 1
    assert asked[-1] == 3000


def test_an_interrupted_portion_says_nothing_about_time():
    pace = Pace(None, now=0.0)
    pace.made(1, 1, 0.01)
    before = pace.due(0.0)
    pace.made(0, before[0], 1e-9)
    assert pace.due(0.0) == before


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_an_impossible_limit_is_refused(limit):
    with pytest.raises(InputError, match="batches per second; it must be above 0"):
        Pace(limit, now=0.0)


def test_speed_is_counted_over_the_last_second_of_work():
    speed = Speed()
    assert speed.per_second() == 0.0
    speed.count(10, started=0.0, ended=1.0)
    assert speed.per_second() == 10
    speed.count(40, started=1.0, ended=2.0)
    assert speed.per_second() == 25
    speed.count(40, started=2.0, ended=3.0)  # the first has gone out of sight
    assert speed.per_second() == 40


def test_a_pause_does_not_slow_the_speed_down():
    speed = Speed()
    speed.count(10, started=0.0, ended=0.1)
    speed.restart()
    assert speed.per_second() == 100
    speed.count(10, started=60.0, ended=60.1)
    assert speed.per_second() == pytest.approx(100)
