"""Sentences: plain English that says the truth for every kind, sign and special number."""

import math
import re

import numpy as np
import pytest

from bpstudio.core.dataset import Batch
from bpstudio.core.network import Layer, Network
from bpstudio.core.notation import format_number
from bpstudio.core.terms import Term
from bpstudio.core.trace import Trace, compute_trace
from tests.core.cases import traced, varied

VARIED = varied()


def _chain(
    *weights: float, activation: str = "linear", loss: str = "sse", y: float = 1.0, x: float = 1.0
) -> Trace:
    """One node after the other, no biases: every number can be chosen."""
    layers = [Layer([[w]], None, activation) for w in weights[:-1]]
    output = "sigmoid" if loss in ("bce", "cross_entropy") else activation
    net = Network([*layers, Layer([[weights[-1]]], None, output)])
    return compute_trace(net, Batch((7,), np.array([[x]]), np.array([[y]])), loss, lr=0.5)


@pytest.mark.parametrize("name", VARIED)
def test_every_sentence_is_plain_text_that_ends_with_a_full_stop(name):
    for term in VARIED[name]:
        text = term.sentence
        assert text.endswith("."), text
        assert text[0].isupper() or text[0] in "az", text  # a symbol may begin it
        assert not re.search(r"[$\\{}*]|\bNone\b|  |\.\.| ,| \.", text), text


@pytest.mark.parametrize("name", VARIED)
def test_every_sentence_says_its_number_or_that_nothing_or_as_much_happens(name):
    for term in VARIED[name]:
        size = format_number(abs(term.value))
        words = "exactly as" if abs(term.value) == 1 else "does not" if term.value == 0 else size
        assert words in term.sentence or size in term.sentence, term


@pytest.mark.parametrize("name", VARIED)
def test_the_sign_of_the_number_decides_the_verb(name):
    verbs = {"dz_da", "dC_da", "da_dz", "dC_dz", "dz_dw", "dC_dw", "dC_db"}
    for term in VARIED[name]:
        if term.kind in verbs and term.value != 0:
            assert (" rises " in term.sentence.split(", ", 1)[1]) == (term.value > 0), term
            assert (" falls " in term.sentence) == (term.value < 0), term


SENTENCES = {
    # the page's narration, from the picture
    "s52/back/l3/j2/i1/dz_da": (
        "If a_2 in layer L−1 rises a little, z_1 in layer L {changes} times as much, because that "
        "is the weight between them."
    ),
    "s52/fwd/l3/j2/k1/wa": (
        "a_1 in layer 2 adds {number} to z_2 in layer L−1: the weight between them times its value."
    ),
    "s52/fwd/l2/j2/k1/wa": (
        "Input a_1 adds {number} to z_2 in layer 2: the weight between them times its value."
    ),
    "s52/fwd/l3/j2/z": (
        "The inputs of node 2 in layer L−1, each times its weight, and the bias add up to {number}."
    ),
    "s52/fwd/l3/j2/a": "The activation sigmoid turns z_2 in layer L−1 into {number}.",
    "s52/loss/j1/C_j": (
        "Output node 1 adds {number} to the loss: the square of the distance from a_1 to its "
        "target y_1."
    ),
    "s52/loss/C": "The loss of row 52 is {number}: the sum over the output nodes.",
    "s52/back/l3/j2/i1/addend": (
        "Through node 1 of layer L, a_2 in layer L−1 moves the loss {number} times as much as it "
        "moves itself."
    ),
    "s52/back/l3/j2/dC_da": (
        "If a_2 in layer L−1 rises a little, the loss {changes} times as fast. This is the sum "
        "over all the nodes it feeds."
    ),
    "s52/back/l3/j2/da_dz": (
        "If z_2 in layer L−1 rises a little, a_2 in layer L−1 {changes} times as much: the slope "
        "of sigmoid there."
    ),
    "s52/back/l3/j2/dC_dz": (
        "If z_2 in layer L−1 rises a little, the loss {changes} times as fast. Every weight into "
        "this node uses this number."
    ),
    "s52/back/l2/j2/k1/dz_dw": (
        "If weight w_21 of layer 2 rises a little, z_2 {changes} times as much, because that is "
        "the value of input a_1."
    ),
    "s52/back/l3/j2/k1/dz_dw": (
        "If weight w_21 of layer L−1 rises a little, z_2 {changes} times as much, because that is "
        "the value of a_1 in layer 2."
    ),
    "s52/back/l3/j2/dz_db": (
        "If the bias of node 2 in layer L−1 rises a little, z_2 rises exactly as much."
    ),
    "s52/back/l3/j2/dC_db": (
        "If the bias of node 2 in layer L−1 rises a little, the loss {changes} times as fast."
    ),
}


@pytest.mark.parametrize("address", SENTENCES)
def test_a_sentence_of_the_page_reads_as_expected(address):
    term = VARIED["page"][address]
    assert term.sentence == _filled(SENTENCES[address], term)


def _filled(text: str, term: Term) -> str:
    verb = "rises" if term.value > 0 else "falls"
    changes = f"{verb} {format_number(abs(term.value))}"
    return text.format(number=format_number(term.value), changes=changes)


@pytest.mark.parametrize(
    ("y", "ending"),
    [(3.0, "it has to go up."), (1.0, "it has to go down.")],
)
def test_at_the_output_it_says_which_way_the_loss_wants(y, ending):
    # a = 2
    assert _chain(2.0, y=y)["s7/back/l2/j0/dC_da"].sentence.endswith(f"To lower the loss, {ending}")


@pytest.mark.parametrize(
    ("y", "weight"),
    [(3.0, "a larger weight would lower the loss"), (1.0, "a smaller weight would lower the loss")],
)
def test_a_gradient_says_which_weight_would_be_better_and_so_it_is(y, weight):
    trace = _chain(2.0, y=y)
    assert weight in trace["s7/back/l2/j0/k0/dC_dw"].sentence
    changed = _chain(2.001 if "larger" in weight else 1.999, y=y)
    assert changed.C[0] < trace.C[0]


@pytest.mark.parametrize(("y", "way"), [(3.0, "up"), (1.0, "down")])
def test_an_update_says_which_way_it_goes(y, way):
    # w = 2, ∂C_0/∂w = 2 (2 − y), rate 1/2: the weight meets y
    assert _chain(2.0, y=y)["update/l2/j0/k0/update_w"].sentence == (
        f"Weight w_00 of layer L moves {way} to {y:g}: one step of size η against the gradient."
    )


ZEROS = {
    "s7/fwd/l3/j0/k0/wa": "a_0 in layer L−1 adds 0 to z_0 in layer L: the weight between them "
    "times its value.",
    "s7/back/l2/j0/i0/dz_da": "If a_0 in layer L−1 rises a little, z_0 in layer L does not change, "
    "because the weight between them is 0.",
    "s7/back/l2/j0/dC_da": "If a_0 in layer L−1 rises a little, the loss does not change. This is "
    "the sum over all the nodes it feeds.",
    "s7/back/l2/j0/k0/dC_dw": "The loss of this row does not depend on weight w_00 of layer L−1 "
    "here.",
    "s7/back/l3/j0/da_dz": "If z_0 in layer L rises a little, a_0 in layer L rises exactly as "
    "much: the slope of linear there.",
    "update/l2/j0/k0/update_w": "The gradient is 0, so weight w_00 of layer L−1 stays at 2.",
}


@pytest.mark.parametrize("address", ZEROS)
def test_a_zero_or_a_one_is_said_in_words(address):
    assert _chain(2.0, 0.0)[address].sentence == ZEROS[address]


def test_a_dead_node_lets_nothing_back():
    assert _chain(-2.0, activation="relu")["s7/back/l2/j0/da_dz"].sentence == (
        "If z_0 in layer L rises a little, a_0 in layer L does not change: the slope of relu "
        "there is 0, so nothing flows back through this node."
    )


@pytest.mark.parametrize(("activation", "slope"), [("relu", "0"), ("leaky_relu", "0.0100")])
def test_a_kink_is_said_to_be_one(activation, slope):
    assert _chain(0.0, activation=activation)["s7/back/l2/j0/da_dz"].sentence == (
        f"z_0 in layer L is exactly 0, at the kink of {activation.replace('_', ' ')}: {slope} is "
        f"used as slope."
    )


def test_the_kink_of_a_loss_is_said_to_be_one():
    assert _chain(1.0, loss="mae")["s7/back/l2/j0/dC_da"].sentence == (
        "a_0 in layer L is exactly on its target, at the kink of the loss: 0 is used."
    )


def test_on_target_a_smooth_loss_does_not_change():
    assert _chain(1.0)["s7/back/l2/j0/dC_da"].sentence == (
        "If a_0 in layer L rises a little, the loss does not change."
    )


def test_one_to_one_downwards():
    assert _chain(1.0, -1.0)["s7/back/l2/j0/i0/dz_da"].sentence == (
        "If a_0 in layer L−1 rises a little, z_0 in layer L falls exactly as much, because the "
        "weight between them is −1."
    )


SHARES = {
    ("sse", 1.0, 3.0): "4 to the loss: the square of the distance from a_0 to its target y_0.",
    ("half_sse", 1.0, 3.0): "2 to the loss: half the square of the distance from a_0 to its "
    "target y_0.",
    ("mse", 1.0, 3.0): "4 to the loss: the square of the distance from a_0 to its target y_0, "
    "divided by the number of outputs.",
    ("mae", 1.0, 3.0): "2 to the loss: the distance from a_0 to its target y_0, divided by the "
    "number of outputs.",
    ("huber", 1.0, 3.0): "1.5000 to the loss: the distance from a_0 to its target y_0, less one "
    "half, divided by the number of outputs.",
    ("huber", 1.0, 1.5): "0.1250 to the loss: half the square of the distance from a_0 to its "
    "target y_0, divided by the number of outputs.",
    ("bce", 0.0, 1.0): "0.6931 to the loss: the further a_0 is from its target y_0, the more.",
    ("cross_entropy", 0.0, 1.0): "0.6931 to the loss: the smaller a_0, the more, as its target y_0 "
    "is above 0.",
    ("cross_entropy", 0.0, 0.0): "0 to the loss: its target y_0 is 0, so it does not count itself.",
}


@pytest.mark.parametrize(("loss", "w", "y"), SHARES)
def test_an_addend_of_the_loss_says_what_the_loss_in_force_measures(loss, w, y):
    assert _chain(w, loss=loss, y=y)["s7/loss/j0/C_j"].sentence == (
        f"Output node 0 adds {SHARES[loss, w, y]}"
    )


def test_softmax_speaks_of_shares_and_of_all_its_outputs():
    trace = VARIED["softmax"]
    share, way = trace["s1/fwd/l3/j2/a"], trace["s1/back/l3/j0/m1/addend_z"]
    assert share.sentence == (
        f"Softmax gives node 2 the share {format_number(share.value)} of all the outputs of "
        f"layer L."
    )
    assert way.sentence == (
        f"By way of a_1, z_0 in layer L moves the loss {format_number(way.value)} times as much "
        f"as it moves itself: softmax ties all its outputs together."
    )


def test_a_mean_says_over_how_many_rows():
    term = VARIED["batch"]["mean/l3/j1/k2/mean_dC_dw"]
    assert term.sentence == (
        f"Over the 3 rows of this batch, weight w_12 of layer L has the mean gradient "
        f"{format_number(term.value)}."
    )


def test_indices_of_two_digits_are_parted():
    assert "weight w_10,9 of layer L" in VARIED["two digits"]["s4/back/l3/j10/k9/dC_dw"].sentence


def test_what_is_not_a_number_is_said_to_be_none():
    net = Network([Layer([[math.nan]], None, "tanh")])
    trace = compute_trace(net, Batch((0,), np.ones((1, 1)), np.ones((1, 1))), lr=0.1)
    for term in trace:
        if math.isnan(term.value):
            assert term.sentence.startswith("The result is nan, not a number: ")
            assert "∞ − ∞" in term.sentence
    assert math.isnan(trace["update/l2/j0/k0/update_w"].value)


@pytest.mark.parametrize(("w", "sign"), [(1e300, ""), (-1e300, "−")])
def test_what_is_infinite_is_said_to_be_so(w, sign):
    term = _chain(w, 1e300)["s7/fwd/l3/j0/z"]
    assert math.isinf(term.value)
    assert term.sentence.startswith(f"The result is {sign}∞: it is too large to be held")


def test_a_layer_without_biases_does_not_speak_of_them():
    assert "bias" not in traced(bias=False)["s52/fwd/l3/j2/z"].sentence
