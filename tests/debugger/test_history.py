"""Curves: every number counts, memory is bounded, and what was handed out stays as it was."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.debugger.history import History


def _history(*pieces, capacity=8):
    history = History(capacity)
    for piece in pieces:
        history.append(np.array(piece, dtype=float))
    return history


def test_a_curve_without_numbers_is_empty():
    series = History().series()
    assert (len(series.values), series.stride, series.count) == (0, 1, 0)
    assert math.isnan(series.last)


def test_numbers_are_points_of_their_own_while_there_is_room():
    series = _history([1, 2], [], [3]).series()
    assert series.values.tolist() == [1, 2, 3]
    assert series.positions().tolist() == [0, 1, 2]
    assert (series.stride, series.count, series.last) == (1, 3, 3)


def test_beyond_the_capacity_two_points_become_one():
    series = _history(range(9)).series()
    assert series.values.tolist() == [0.5, 2.5, 4.5, 6.5]  # 8 waits for 9
    assert series.positions().tolist() == [0.5, 2.5, 4.5, 6.5]
    assert (series.stride, series.count, series.last) == (2, 9, 8)


@given(
    numbers=st.lists(st.integers(-1000, 1000), max_size=200),
    cuts=st.lists(st.integers(0, 200), max_size=9),
)
def test_points_are_the_means_of_their_numbers_however_they_came(numbers, cuts):
    edges = [0, *sorted(min(cut, len(numbers)) for cut in cuts), len(numbers)]
    pieces = [numbers[a:b] for a, b in pairwise(edges)]
    series = _history(*pieces).series()
    full = len(numbers) // series.stride * series.stride
    expected = np.array(numbers[:full], dtype=float).reshape(-1, series.stride).mean(axis=1)
    assert series.values.tolist() == pytest.approx(expected.tolist())
    assert series.count == len(numbers)
    assert len(series.values) <= 8
    assert series.stride == 1 or len(series.values) >= 4


def test_what_was_handed_out_does_not_change_and_cannot_be_changed():
    history = _history([1, 2, 3])
    series = history.series()
    for i in range(5000):
        history.append(np.array([float(i)]))
    assert series.values.tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="read-only"):
        series.values[0] = 9


def test_memory_is_bounded_however_long_the_run():
    history = History(capacity=64)
    for _ in range(1000):
        history.append(np.ones(1000))
    series = history.series()
    assert series.count == 10**6
    assert series.values.base.size == 64
    assert set(series.values) == {1.0}


def test_points_keep_no_hold_of_the_array_they_came_from():
    numbers = np.arange(5.0)
    history = History()
    history.append(numbers)
    series = history.series()
    numbers[:] = -1.0
    assert series.values.tolist() == [0, 1, 2, 3, 4]


def test_a_settled_curve_takes_the_room_of_its_points_and_can_go_on():
    history = History()
    history.append(np.arange(5.0))
    known = history.series()
    history.settle()
    assert history.series().values.base.size == 5
    history.append(np.arange(5.0, 5000.0))
    assert history.series().values.tolist() == list(range(5000))
    assert known.values.tolist() == [0, 1, 2, 3, 4]
    _history().settle()
