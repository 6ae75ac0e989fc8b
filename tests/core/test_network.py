"""The network: an immutable value; what it refuses; how its weights are drawn."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core import limits
from bpstudio.core.errors import InputError
from bpstudio.core.network import INITS, Layer, Network, parameter_bytes
from tests.core.cases import network

PAGE = ("sigmoid", "sigmoid", "sigmoid")


def test_sizes_layers_and_counts_follow_the_notation():
    net = Network.create([4, 5, 6, 3], activation=["tanh", "relu"], output_activation="softmax")
    assert net.sizes == (4, 5, 6, 3)
    assert net.L == 4
    assert [layer.activation for layer in net.layers] == ["tanh", "relu", "softmax"]
    assert net.layer(2).W.shape == (5, 4)  # (n_l, n_{l−1})
    assert net.layer(4) is net.layers[2]
    assert net.n_weights == 5 * 4 + 6 * 5 + 3 * 6
    assert net.n_biases == 5 + 6 + 3


def test_without_biases_there_are_none():
    net = Network.create([4, 5, 3], bias=False)
    assert [layer.b for layer in net.layers] == [None, None]
    assert net.n_biases == 0


def test_biases_start_at_0():
    assert all((layer.b == 0).all() for layer in Network.create([4, 5, 3]).layers)


def test_a_network_may_have_no_hidden_layer():
    assert Network.create([4, 3], activation="relu").layer(2).activation == "sigmoid"
    assert Network.create([4, 3], activation=[]).L == 2


def test_its_representation_names_sizes_and_activations():
    assert repr(Network.create([2, 3, 1])) == "Network(2–3–1, sigmoid, sigmoid)"


# ---- drawing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("init", INITS)
def test_the_same_seed_gives_the_same_bits(init):
    first, second = (Network.create([7, 5, 3], seed=3, init=init) for _ in range(2))
    for l in (2, 3):
        assert first.layer(l).W.tobytes() == second.layer(l).W.tobytes()


@pytest.mark.parametrize("init", [init for init in INITS if init != "zeros"])
def test_another_seed_gives_other_weights(init):
    first, second = (Network.create([7, 5, 3], seed=seed, init=init) for seed in (3, 4))
    assert (first.layer(2).W != second.layer(2).W).all()


@pytest.mark.parametrize(
    ("init", "deviation"),
    [
        ("xavier", math.sqrt(2 / (300 + 200))),
        ("he", math.sqrt(2 / 300)),
        ("normal", 1.0),
        ("uniform", math.sqrt(1 / 300) / math.sqrt(3)),  # half width over √3
    ],
)
def test_weights_have_the_spread_of_their_source(init, deviation):
    W = Network.create([300, 200], init=init).layer(2).W
    # 60 000 draws: the standard deviation is known to 0.3 %, the mean to deviation / 245
    assert W.std() == pytest.approx(deviation, rel=0.02)
    assert abs(W.mean()) < 5 * deviation / 245


def test_uniform_weights_stay_within_their_half_width():
    W = Network.create([300, 200], init="uniform").layer(2).W
    assert np.abs(W).max() <= 1 / math.sqrt(300)


def test_zeros_are_zeros():
    assert not Network.create([4, 5, 3], init="zeros").layer(2).W.any()


# ---- immutable ---------------------------------------------------------------------------------


def test_nothing_of_a_network_can_be_set():
    net = network((2, 3, 1), ("tanh", "linear"))
    with pytest.raises(AttributeError, match="immutable"):
        net.layers = ()
    with pytest.raises(AttributeError):
        net.layer(2).activation = "relu"
    with pytest.raises(ValueError, match="read-only"):
        net.layer(2).W[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        net.layer(2).b[0] = 1.0


def test_arrays_given_are_copied_and_stay_writable():
    W, b = np.ones((1, 2)), np.zeros(1)
    net = Network([Layer(W, b, "linear")])
    W[0, 0] = b[0] = 7.0
    assert net.layer(2).W.tolist() == [[1.0, 1.0]]
    assert net.layer(2).b.tolist() == [0.0]


@given(l=st.integers(2, 4), data=st.data())
def test_an_edited_weight_changes_alone_and_all_else_is_shared(l, data):
    net = network((2, 3, 2, 4), PAGE)
    n, n_in = net.layer(l).W.shape
    j, k = data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, n_in - 1))
    edited = net.with_weight(l, j, k, 0.125)
    changed = np.argwhere(edited.layer(l).W != net.layer(l).W).tolist()
    assert changed == [[j, k]]
    assert edited.layer(l).W[j, k] == 0.125
    assert edited.layer(l).b is net.layer(l).b
    assert all(edited.layer(m) is net.layer(m) for m in (2, 3, 4) if m != l)


def test_an_edited_bias_changes_alone_and_all_else_is_shared():
    net = network((2, 3, 1), ("tanh", "linear"))
    edited = net.with_bias(2, 1, -4.0)
    assert edited.layer(2).b.tolist() == [net.layer(2).b[0], -4.0, net.layer(2).b[2]]
    assert edited.layer(2).W is net.layer(2).W
    assert edited.layer(3) is net.layer(3)


# ---- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda net: net.with_weight(2, 3, 1, 0), ("w_{3,1}^(2)", "3 nodes", "j = 0..2")),
        (lambda net: net.with_weight(2, 0, 2, 0), ("w_{0,2}^(2)", "layer 1 has 2", "k = 0..1")),
        (lambda net: net.with_weight(2, -1, 0, 0), ("w_{-1,0}^(2)", "j = 0..2")),
        (lambda net: net.with_weight(1, 0, 0, 0), ("layer 1 has no weights", "l = 2..3")),
        (lambda net: net.with_weight(4, 0, 0, 0), ("layer 4", "l = 2..3")),
        (lambda net: net.with_weight(2, 0, 0, math.nan), ("w_{0,0}^(2)", "nan", "finite")),
        (lambda net: net.with_weight(2, 0, 0, "x"), ("w_{0,0}^(2)", "'x'", "finite")),
        (lambda net: net.with_weight(2, 0.5, 0, 0), ("w_{0.5,0}^(2)", "3 nodes", "j = 0..2")),
        (lambda net: net.with_bias(3, 1, 0), ("b_1^(3)", "1 nodes", "j = 0..0")),
        (lambda net: net.with_bias(3, 0, -math.inf), ("b_0^(3)", "-inf", "finite")),
    ],
)
def test_an_edit_of_what_is_not_there_says_what_is(edit, words):
    with pytest.raises(InputError) as caught:
        edit(network((2, 3, 1), ("tanh", "linear")))
    assert all(word in str(caught.value) for word in words)


def test_a_bias_that_is_not_there_cannot_be_set():
    with pytest.raises(InputError, match="layer 2 has no biases"):
        network((2, 3, 1), ("tanh", "linear"), bias=False).with_bias(2, 0, 1.0)


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ([4], ("at least an input and an output layer", "[4]")),
        ([], ("at least", "[]")),
        ([4, 0, 3], ("layer 2 has 0 nodes", "at least 1")),
        ([4, -5, 3], ("layer 2 has -5 nodes",)),
        ([4, 2.5, 3], ("whole numbers", "2.5")),
        (["4", 3], ("whole numbers", "'4'")),
        (7, ("whole numbers", "7")),
    ],
)
def test_impossible_sizes_are_refused(sizes, words):
    with pytest.raises(InputError) as caught:
        Network.create(sizes)
    assert all(word in str(caught.value) for word in words)


def test_a_network_beyond_the_memory_is_refused_before_anything_is_allocated(monkeypatch):
    # 8 bytes for each of 1000 · 1001 parameters
    assert parameter_bytes([1000, 1000]) == 8_008_000
    monkeypatch.setattr(limits, "memory_limit", lambda: 8_007_999)
    monkeypatch.setattr("bpstudio.core.network._draw", lambda *_: pytest.fail("allocated"))
    with pytest.raises(InputError, match=r"1000–1000 needs 8\.01 MB.*allows 8\.01 MB"):
        Network.create([1000, 1000])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"activation": "swish"}, ("'swish'", "sigmoid")),
        ({"output_activation": "swish"}, ("'swish'", "sigmoid")),
        ({"activation": ["relu", "tanh", "relu"]}, ("3 activations", "2 hidden layers")),
        ({"init": "kaiming"}, ("'kaiming'", "xavier", "zeros")),
        ({"seed": -1}, ("seed", "-1")),
        ({"seed": 0.5}, ("seed", "0.5")),
    ],
)
def test_an_unknown_option_is_refused_with_what_would_be_right(options, words):
    with pytest.raises(InputError) as caught:
        Network.create([2, 3, 3, 1], **options)
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([], ("no layer was given",)),
        ([Layer([1.0, 2.0], None, "linear")], ("W of layer 2", "(2,)")),
        ([Layer(np.zeros((0, 2)), None, "linear")], ("W of layer 2", "(0, 2)")),
        ([Layer(np.zeros((3, 2)), np.zeros(2), "linear")], ("b of layer 2", "(2,)", "3 rows")),
        (
            [Layer(np.zeros((3, 2)), None, "tanh"), Layer(np.zeros((1, 4)), None, "tanh")],
            ("W of layer 3 has 4 columns", "layer 2 has 3 nodes"),
        ),
        ([Layer(np.zeros((3, 2)), None, "swish")], ("'swish'",)),
    ],
)
def test_layers_that_do_not_join_are_refused(layers, words):
    with pytest.raises(InputError) as caught:
        Network(layers)
    assert all(word in str(caught.value) for word in words)
