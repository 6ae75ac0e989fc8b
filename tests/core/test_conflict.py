"""Sample conflict: who pulls a parameter which way, against the steps one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bpstudio.core.conflict import agreement_words, sample_conflict
from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.trace import compute_trace
from tests.core import cases


@pytest.mark.parametrize("name", cases.varied())
def test_every_sample_s_pull_is_its_own_step_s_number(name):
    trace = cases.varied()[name]
    for l in range(2, trace.L + 1):
        layer = trace.network.layer(l)
        for j, k in np.ndindex(layer.W.shape):
            found = sample_conflict(trace, l, j, k)
            own = [trace[f"s{row}/back/l{l}/j{j}/k{k}/dC_dw"].value for row in trace.rows]
            assert found.gradients == pytest.approx(own, rel=1e-15, nan_ok=True)
        if layer.b is not None:
            own = [trace[f"s{row}/back/l{l}/j0/dC_db"].value for row in trace.rows]
            assert sample_conflict(trace, l, 0).gradients == pytest.approx(own, nan_ok=True)


def test_by_hand_two_rows_against_one():
    # z = w·x, sse: g = 2 (z − y) x with w = 1: rows (1, y=0): 2; (1, y=2): −2; (2, y=1): 4
    net = Network([Layer([[1.0]], None, "linear")])
    X, Y = np.array([[1.0], [1.0], [2.0]]), np.array([[0.0], [2.0], [1.0]])
    found = sample_conflict(compute_trace(net, Batch((4, 5, 6), X, Y), "sse"), 2, 0, 0)
    assert found.gradients.tolist() == [2.0, -2.0, 4.0]
    assert found.shares.tolist() == [0.25, 0.25, 0.5]
    assert (found.net, found.size, found.agreement) == (4.0, 8.0, 0.5)
    assert (found.ups, found.downs) == (1, 2)
    assert found.largest().tolist() == [2, 0, 1]
    assert found.largest(1).tolist() == [2]
    assert found.rows == (4, 5, 6)


def test_the_ratio_is_between_0_and_1_and_is_1_for_one_row():
    for trace in cases.varied().values():
        places = np.ndindex(trace.network.layer(2).W.shape)
        found = np.array([sample_conflict(trace, 2, j, k).agreement for j, k in places])
        known = found[~np.isnan(found)]
        assert ((known >= 0) & (known <= 1)).all()
        if len(trace.rows) == 1:
            assert known == pytest.approx(1.0)


def test_where_nothing_pulls_there_is_no_ratio():
    net = Network([Layer([[1.0]], None, "linear")])
    trace = compute_trace(net, Batch((0, 1), np.zeros((2, 1)), np.ones((2, 1))), "sse")
    assert math.isnan(sample_conflict(trace, 2, 0, 0).agreement)


@pytest.mark.parametrize(
    ("agreement", "words"),
    [
        (1.0, "all rows pull the same way"),
        (0.8, "most rows pull the same way"),
        (0.5, "the rows disagree in part"),
        (0.1, "the rows largely cancel each other out"),
        (0.0, "the rows cancel each other out"),
        (math.nan, "no row pulls"),
    ],
)
def test_the_ratio_is_said_in_words(agreement, words):
    assert agreement_words(agreement) == words


def test_a_parameter_that_does_not_exist_is_refused():
    trace = cases.traced(bias=False)
    with pytest.raises(InputError, match=r"j = 0..4, k = 0..3, given j = 5"):
        sample_conflict(trace, 2, 5, 0)
    with pytest.raises(InputError, match="layer 2 has no biases"):
        sample_conflict(trace, 2, 0)
    with pytest.raises(InputError, match=r"l = 2..4"):
        sample_conflict(trace, 1, 0, 0)
