"""All parameters as one vector."""

import numpy as np
import pytest

from bpstudio.core.parameters import (
    flatten,
    layer_table,
    parameter_name,
    same_parameters,
    unflatten,
)
from tests.core import cases

NET = cases.network((2, 3, 1), ("tanh", "sigmoid"), (True, False))


def test_the_vector_has_each_layer_s_weights_row_by_row_then_its_biases():
    first, second = NET.layers
    expected = [*first.W[0], *first.W[1], *first.W[2], *first.b, *second.W[0]]
    assert flatten(NET).tolist() == expected


def test_a_network_comes_back_from_its_vector_and_shares_it():
    vector = flatten(NET)
    again = unflatten(NET, vector)
    for one, other in zip(again.layers, NET.layers, strict=True):
        assert np.array_equal(one.W, other.W)
        assert one.activation == other.activation
        assert one.W.base is not None
        assert np.shares_memory(one.W, vector)
    assert again.layers[0].b.tolist() == NET.layers[0].b.tolist()
    assert again.layers[1].b is None


def test_parameters_are_the_same_where_every_number_is():
    assert same_parameters(NET, NET)
    assert same_parameters(NET, unflatten(NET, flatten(NET)))
    value = float(NET.layer(3).W[0, 1])
    other = NET.with_weight(3, 0, 1, value + 1.0)
    assert not same_parameters(NET, other)
    assert same_parameters(NET, other.with_weight(3, 0, 1, value))
    assert not same_parameters(NET, NET.with_bias(2, 0, 9.0))
    without = cases.network((2, 3, 1), ("tanh", "sigmoid"), (False, False))
    assert not same_parameters(NET, without)
    assert not same_parameters(NET, cases.network((2, 1), ("tanh",), (True,)))


def test_the_table_says_where_each_layer_lies():
    # n_{l−1}, n_l, activation (tanh is the second, sigmoid the first), W, b, first node
    assert layer_table(NET).tolist() == [[2, 3, 1, 0, 6, 2], [3, 1, 0, 9, -1, 5]]


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (0, "w_{0,0}^(2)"),
        (3, "w_{1,1}^(2)"),
        (5, "w_{2,1}^(2)"),
        (6, "b_0^(2)"),
        (8, "b_2^(2)"),
        (9, "w_{0,0}^(3)"),
        (11, "w_{0,2}^(3)"),
    ],
)
def test_a_place_in_the_vector_has_the_name_of_its_parameter(index, name):
    assert parameter_name(NET, index) == name
    assert len(flatten(NET)) == 12


@pytest.mark.parametrize("index", [-1, 12])
def test_a_place_outside_has_no_name(index):
    with pytest.raises(IndexError, match=f"no parameter number {index}"):
        parameter_name(NET, index)
