"""Metrics: each by hand on outputs that are the inputs, and in portions."""

import math

import numpy as np
import pytest

from bpstudio.core import metrics
from bpstudio.core.network import Layer, Network
from tests.core import cases

# outputs of 6 rows and their classes: taken for 0, 1, 1, 0, 2, 1; really 0, 1, 0, 0, 2, 2
A = np.array([[9, 1, 0], [1, 9, 0], [3, 5, 1], [4, 2, 1], [0, 1, 7], [0, 2, 1]], dtype=float)
Y = np.eye(3)[[0, 1, 0, 0, 2, 2]]


def _as_it_is(n):
    """A network whose output is its input."""
    return Network([Layer(np.eye(n), None, "linear")])


def test_the_confusion_matrix_counts_targets_down_and_outputs_across():
    assert metrics.confusion_matrix(_as_it_is(3), A, Y).tolist() == [
        [2, 1, 0],
        [0, 1, 0],
        [0, 1, 1],
    ]


def test_accuracy_is_the_diagonal_s_share():
    assert metrics.accuracy(_as_it_is(3), A, Y) == 4 / 6


def test_precision_and_recall_are_of_each_class():
    # taken for 0: two, both right; for 1: three, one right; for 2: one, right
    # really 0: three, two found; 1: one, found; 2: two, one found
    matrix = metrics.confusion_matrix(_as_it_is(3), A, Y)
    assert metrics.precision(matrix).tolist() == [1.0, 1 / 3, 1.0]
    assert metrics.recall(matrix).tolist() == [2 / 3, 1.0, 0.5]


def test_a_class_that_never_comes_has_no_share():
    matrix = metrics.confusion_matrix(_as_it_is(3), A[:1], Y[:1])
    for shares in (metrics.precision(matrix), metrics.recall(matrix)):
        assert shares[0] == 1.0
        assert np.isnan(shares[1:]).all()


def test_one_output_has_two_classes_with_one_half_between():
    a, y = np.array([[0.2], [0.5], [0.9], [0.4]]), np.array([[0.0], [1.0], [0.0], [1.0]])
    assert metrics.confusion_matrix(_as_it_is(1), a, y).tolist() == [[1, 1], [1, 1]]
    assert metrics.accuracy(_as_it_is(1), a, y) == 0.5


def test_r_squared_by_hand():
    # y = (1, 2, 3): spread 2; residuals ½, 0, −½: ½; 1 − ½/2 = ¾
    assert metrics.r_squared(np.array([1.5, 2.0, 2.5]), np.array([1.0, 2.0, 3.0])) == 0.75
    # y = (0, 0, 3): spread 6; outputs are the mean 1: 6; 1 − 6/6 = 0
    assert metrics.r_squared(np.ones(3), np.array([0.0, 0.0, 3.0])) == 0.0


def test_a_target_that_never_varies_has_no_r_squared():
    assert math.isnan(metrics.r_squared(np.array([1.0, 2.0]), np.ones(2)))


def test_without_rows_there_is_nothing_to_say():
    net, a, y = _as_it_is(2), np.empty((0, 2)), np.empty((0, 2))
    assert math.isnan(metrics.accuracy(net, a, y))
    assert metrics.confusion_matrix(net, a, y).tolist() == [[0, 0], [0, 0]]
    assert metrics.outputs(net, a).shape == (0, 2)


def test_portions_come_to_the_same_as_all_at_once(monkeypatch):
    net = cases.network((4, 5, 3), ("tanh", "linear"))
    samples = cases.batch(net, range(13))
    outputs = metrics.outputs(net, samples.X)
    matrix = metrics.confusion_matrix(net, samples.X, samples.Y)
    monkeypatch.setattr(metrics, "_PORTION_BYTES", 5 * 8 * 5)  # 5 rows at once
    assert metrics.outputs(net, samples.X) == pytest.approx(outputs, rel=1e-12)
    assert (metrics.confusion_matrix(net, samples.X, samples.Y) == matrix).all()


def test_an_evaluation_has_the_accuracy_of_the_matrix():
    net = cases.network((4, 5, 3), ("tanh", "softmax"))
    samples = cases.batch(net, range(13), "cross_entropy")
    found = metrics.evaluate(net, samples.X, samples.Y, "cross_entropy")
    assert found[1] == metrics.accuracy(net, samples.X, samples.Y)
