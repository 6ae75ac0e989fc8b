"""The trace: worked examples by hand, numbers of many steps at once, batches, immutability."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core import limits, values
from bpstudio.core.dataset import Batch
from bpstudio.core.derivation import derive
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.trace import compute_trace
from tests.core.cases import PAGE, batch, network, traced, varied

VARIED = varied()


# ---- by hand -----------------------------------------------------------------------------------
#
# A 2–2–1 network of sigmoids with the sum of squares, whose numbers come out even because
# sigmoid(0) = 1/2 and sigmoid(ln 3) = 3/4, with the slopes a (1 − a) = 1/4 and 3/16.
#
#   inputs      x = (1, 2), target y = 1
#   layer 2     z_0 = ln 3 · 1 + 0 · 2 + 0        = ln 3     a_0 = 3/4     a′ = 3/16
#               z_1 = 0 · 1 + 1 · 2 − 2           = 0        a_1 = 1/2     a′ = 1/4
#   layer 3     z_0 = 4 · 3/4 − 6 · 1/2 + ln 3    = ln 3     a_0 = 3/4     a′ = 3/16
#   loss        C_0 = (3/4 − 1)²                  = 1/16
#
#   layer 3     ∂C_0/∂a_0 = 2 (3/4 − 1)           = −1/2
#               ∂C_0/∂z_0 = −1/2 · 3/16           = −3/32    = ∂C_0/∂b_0
#               ∂C_0/∂w_00 = −3/32 · 3/4          = −9/128
#               ∂C_0/∂w_01 = −3/32 · 1/2          = −3/64
#   layer 2     ∂C_0/∂a_0 = −3/32 · 4             = −3/8
#               ∂C_0/∂a_1 = −3/32 · (−6)          = 9/16
#               ∂C_0/∂z_0 = −3/8 · 3/16           = −9/128   = ∂C_0/∂b_0
#               ∂C_0/∂z_1 = 9/16 · 1/4            = 9/64     = ∂C_0/∂b_1
#               ∂C_0/∂w_00 = −9/128 · 1           = −9/128
#               ∂C_0/∂w_01 = −9/128 · 2           = −9/64
#               ∂C_0/∂w_10 = 9/64 · 1             = 9/64
#               ∂C_0/∂w_11 = 9/64 · 2             = 9/32
#   update      with η = 1/2: w_01^(3) = −6 + 3/128, b_0^(2) = 0 + 9/256

LN_3 = math.log(3)

WORKED = {
    "s0/fwd/l2/j0/k0/wa": LN_3,
    "s0/fwd/l2/j0/z": LN_3,
    "s0/fwd/l2/j0/a": 3 / 4,
    "s0/fwd/l2/j1/k1/wa": 2.0,
    "s0/fwd/l2/j1/z": 0.0,
    "s0/fwd/l2/j1/a": 1 / 2,
    "s0/fwd/l3/j0/k0/wa": 3.0,
    "s0/fwd/l3/j0/k1/wa": -3.0,
    "s0/fwd/l3/j0/z": LN_3,
    "s0/fwd/l3/j0/a": 3 / 4,
    "s0/loss/j0/C_j": 1 / 16,
    "s0/loss/C": 1 / 16,
    "s0/back/l3/j0/dC_da": -1 / 2,
    "s0/back/l3/j0/da_dz": 3 / 16,
    "s0/back/l3/j0/dC_dz": -3 / 32,
    "s0/back/l3/j0/k0/dz_dw": 3 / 4,
    "s0/back/l3/j0/k0/dC_dw": -9 / 128,
    "s0/back/l3/j0/k1/dz_dw": 1 / 2,
    "s0/back/l3/j0/k1/dC_dw": -3 / 64,
    "s0/back/l3/j0/dz_db": 1.0,
    "s0/back/l3/j0/dC_db": -3 / 32,
    "s0/back/l2/j0/i0/dz_da": 4.0,
    "s0/back/l2/j0/i0/addend": -3 / 8,
    "s0/back/l2/j0/dC_da": -3 / 8,
    "s0/back/l2/j0/da_dz": 3 / 16,
    "s0/back/l2/j0/dC_dz": -9 / 128,
    "s0/back/l2/j0/k0/dC_dw": -9 / 128,
    "s0/back/l2/j0/k1/dC_dw": -9 / 64,
    "s0/back/l2/j0/dC_db": -9 / 128,
    "s0/back/l2/j1/i0/dz_da": -6.0,
    "s0/back/l2/j1/dC_da": 9 / 16,
    "s0/back/l2/j1/da_dz": 1 / 4,
    "s0/back/l2/j1/dC_dz": 9 / 64,
    "s0/back/l2/j1/k0/dC_dw": 9 / 64,
    "s0/back/l2/j1/k1/dC_dw": 9 / 32,
    "s0/back/l2/j1/dC_db": 9 / 64,
    "update/l2/j0/update_b": 9 / 256,
    "update/l3/j0/k1/update_w": -6 + 3 / 128,
}


def test_the_worked_example_comes_out_as_by_hand():
    net = Network(
        [
            Layer([[LN_3, 0.0], [0.0, 1.0]], [0.0, -2.0], "sigmoid"),
            Layer([[4.0, -6.0]], [LN_3], "sigmoid"),
        ]
    )
    trace = compute_trace(net, Batch((0,), np.array([[1.0, 2.0]]), np.array([[1.0]])), "sse", 0.5)
    assert {address: trace[address].value for address in WORKED} == pytest.approx(WORKED, rel=1e-14)


def test_one_step_on_mazurs_example_uses_the_old_output_weights_below():
    # M. Mazur, "A Step by Step Backpropagation Example", 2015: half the sum of squares, rate 0.5,
    # the biases stay. Its published loss after the step, 0.291027924, comes from updating the
    # output weights before using them for the hidden layer; all at once it is 0.29102777369…
    net = Network(
        [
            Layer([[0.15, 0.20], [0.25, 0.30]], [0.35, 0.35], "sigmoid"),
            Layer([[0.40, 0.45], [0.50, 0.55]], [0.60, 0.60], "sigmoid"),
        ]
    )
    samples = Batch((0,), np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]]))
    trace = compute_trace(net, samples, "half_sse", lr=0.5)
    assert trace["s0/loss/C"].value == pytest.approx(0.298371109, abs=5e-10)
    assert trace["s0/back/l3/j0/k0/dC_dw"].value == pytest.approx(0.082167041, abs=5e-10)
    assert trace["s0/back/l2/j0/k0/dC_dw"].value == pytest.approx(0.000438568, abs=5e-10)
    for l in (2, 3):
        for j in (0, 1):
            for k in (0, 1):
                net = net.with_weight(l, j, k, trace[f"update/l{l}/j{j}/k{k}/update_w"].value)
    assert net.layer(3).W[0, 0] == pytest.approx(0.35891648, abs=5e-9)
    after = compute_trace(net, samples, "half_sse")
    assert after["s0/loss/C"].value == pytest.approx(0.29102777369359933, abs=1e-16)


# ---- numbers of many steps at once -------------------------------------------------------------


@pytest.mark.parametrize("name", VARIED)
def test_the_numbers_of_all_steps_are_those_of_each(name):
    trace = VARIED[name]
    one_by_one = [trace.value(trace.sequence.step(n)) for n in range(len(trace))]
    assert trace.values(0, len(trace)).tolist() == one_by_one


@pytest.mark.parametrize("name", VARIED)
@given(data=st.data())
def test_the_numbers_of_a_range_are_that_part_of_all(name, data):
    trace = VARIED[name]
    start = data.draw(st.integers(0, len(trace)))
    stop = data.draw(st.integers(start, len(trace)))
    everything = trace.values(0, len(trace)).tolist()
    assert trace.values(start, stop).tolist() == everything[start:stop]


@pytest.mark.parametrize("chunk", [1, 7, 50])
def test_a_long_range_is_computed_in_portions(chunk, monkeypatch):
    trace = VARIED["batch"]
    everything = trace.values(0, len(trace)).tolist()
    monkeypatch.setattr(values, "CHUNK", chunk)
    assert trace.values(0, len(trace)).tolist() == everything
    assert trace.values(5, 60).tolist() == everything[5:60]


def test_a_range_is_cut_at_the_ends_and_may_be_empty():
    trace = VARIED["page"]
    assert len(trace.values(-5, 3)) == 3
    assert len(trace.values(len(trace) - 2, len(trace) + 9)) == 2
    assert len(trace.values(4, 4)) == len(trace.values(7, 3)) == 0


# ---- terms -------------------------------------------------------------------------------------


def test_a_term_is_found_by_number_from_the_end_by_address_or_in_a_slice():
    trace = VARIED["page"]
    term = trace[100]
    assert (term.index, trace[term.address]) == (100, term)
    assert trace[np.int64(100)] == term
    assert type(trace[np.int64(100)].index) is int
    assert trace[-1].index == len(trace) - 1
    assert [t.index for t in trace[10:20:3]] == [10, 13, 16, 19]
    assert [t.index for t in trace] == list(range(len(trace)))


def test_the_address_of_a_level_is_its_first_step():
    trace = VARIED["page"]
    assert trace["s52/back/l3/j2"].address == "s52/back/l3/j2/i0/dz_da"


@pytest.mark.parametrize("n", [10**6, -(10**6)])
def test_a_step_beyond_the_ends_does_not_exist(n):
    with pytest.raises(IndexError, match=rf"step {n} does not exist"):
        VARIED["page"][n]


def test_a_fraction_is_no_step():
    with pytest.raises(TypeError):
        VARIED["page"][1.5]


def test_terms_of_the_same_step_are_equal_and_of_another_trace_are_not():
    assert VARIED["page"][3] == VARIED["page"][3]
    assert hash(VARIED["page"][3]) == hash(VARIED["page"][3])
    assert VARIED["page"][3] != VARIED["page"][4]
    assert VARIED["page"][3] != traced()[3]
    assert VARIED["page"][3] != "s52/fwd/l2/j0/k3/wa"


def test_the_indices_a_kind_does_not_have_are_none():
    trace = VARIED["softmax"]
    found = {
        term.kind: {name for name in ("row", *"ljkim") if getattr(term, name) is not None}
        for term in trace
        if term.kind != "da_dz"
    }
    assert found == {
        **{kind: {"row", "l", "j", "k"} for kind in ("wa", "dz_dw", "dC_dw")},
        **{kind: {"row", "l", "j"} for kind in ("z", "a", "dC_da", "dC_dz", "dz_db", "dC_db")},
        **{kind: {"row", "l", "j", "i"} for kind in ("dz_da", "addend")},
        "addend_z": {"row", "l", "j", "m"},
        "C_j": {"row", "j"},
        "C": {"row"},
        **{kind: {"l", "j", "k"} for kind in ("mean_dC_dw", "update_w")},
        **{kind: {"l", "j"} for kind in ("mean_dC_db", "update_b")},
    }
    assert trace["s1/back/l3/j0/m1/da_dz"].m == 1  # softmax
    assert trace["s1/back/l2/j0/da_dz"].m is None


def test_what_is_not_a_number_is_passed_on_and_not_hidden():
    net = network((2, 3, 2), ("relu", "sigmoid"))
    spoilt = Network([Layer(net.layer(2).W * [[np.nan], [1], [1]], None, "relu"), net.layer(3)])
    trace = compute_trace(spoilt, batch(net))
    assert math.isnan(trace["s52/fwd/l2/j0/a"].value)
    assert math.isnan(trace["s52/loss/C"].value)


# ---- arrays ------------------------------------------------------------------------------------


def test_arrays_have_one_row_a_sample():
    trace = VARIED["batch"]
    assert trace.X.shape == trace.a(1).shape == (3, 2)
    for l, n in ((2, 3), (3, 2)):
        for array in (trace.z(l), trace.a(l), trace.dC_da(l), trace.da_dz(l), trace.dC_dz(l)):
            assert array.shape == (3, n)
        assert trace.dC_dw(l, 2).shape == trace.mean_dC_dw(l).shape == (n, trace.a(l - 1).shape[1])
        assert trace.dC_db(l, 2).shape == trace.mean_dC_db(l).shape == (n,)
    assert trace.C_j.shape == (3, 2)
    assert trace.C.tolist() == trace.C_j.sum(axis=1).tolist()


def test_softmax_has_no_slope_of_one_number_a_node():
    with pytest.raises(InputError, match="layer 3 is softmax"):
        VARIED["softmax"].da_dz(3)


@pytest.mark.parametrize("l", [-1, 0, 1, 5])
@pytest.mark.parametrize("name", ["z", "dC_da", "da_dz", "dC_dz"])
def test_a_layer_that_is_not_there_is_refused(name, l):
    with pytest.raises(InputError, match=rf"layer {l} .* l = 2\.\.4"):
        getattr(VARIED["page"], name)(l)


def test_activations_begin_with_the_inputs():
    assert VARIED["page"].a(1) is VARIED["page"].X
    with pytest.raises(InputError, match=r"layer 0 .* l = 1\.\.4"):
        VARIED["page"].a(0)


@pytest.mark.parametrize("name", ["page", "softmax", "batch"])
def test_no_array_of_a_trace_can_be_written(name):
    trace = VARIED[name]
    arrays = [trace.C, trace.C_j, trace.product, trace.saturated]
    for l in range(2, trace.L + 1):
        arrays += [trace.z(l), trace.a(l), trace.dC_da(l), trace.dC_dz(l)]
        arrays += [trace.mean_dC_dw(l), trace.mean_dC_db(l), trace.dC_db(l, 0)]
        if not trace.sequence.is_softmax(l):
            arrays.append(trace.da_dz(l))
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


# ---- batches -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["batch", "softmax", "softmax below", "many rows"])
def test_the_gradient_of_a_batch_is_the_mean_of_the_gradients_of_its_samples(name):
    trace = VARIED[name]
    n = len(trace.rows)
    singles = [
        compute_trace(
            trace.network,
            Batch((row,), trace.X[s : s + 1], trace.Y[s : s + 1]),
            trace.loss,
        )
        for s, row in enumerate(trace.rows)
    ]
    for l in range(2, trace.L + 1):
        mean = sum(single.dC_dw(l, 0) for single in singles) / n
        assert trace.mean_dC_dw(l) == pytest.approx(mean, rel=1e-12, abs=1e-15)
        mean = sum(single.dC_db(l, 0) for single in singles) / n
        assert trace.mean_dC_db(l) == pytest.approx(mean, rel=1e-12, abs=1e-15)


def test_a_sample_of_a_batch_has_the_terms_it_has_alone():
    together = VARIED["softmax"]
    alone = compute_trace(
        together.network, Batch((0,), together.X[1:], together.Y[1:]), together.loss
    )
    terms = [together[term.address] for term in alone]
    assert [term.address for term in terms] == [term.address for term in alone]
    assert [term.value for term in terms] == pytest.approx(
        [term.value for term in alone], rel=1e-12, abs=1e-15
    )


def test_means_and_updates_exist_where_they_mean_something():
    assert {term.kind for term in traced(rows=(1,))}.isdisjoint({"mean_dC_dw", "update_w"})
    assert "mean_dC_dw" in {term.kind for term in traced(rows=(1, 2))}
    assert "update_w" in {term.kind for term in traced(rows=(1,), lr=0.1)}


# ---- saturation --------------------------------------------------------------------------------


def test_a_saturated_term_is_marked_with_both_numbers():
    net = Network([Layer([[40.0], [0.0]], None, "sigmoid")])
    trace = compute_trace(net, Batch((0,), np.ones((1, 1)), np.array([[0.0, 1.0]])), "bce")
    broken, sound = trace["s0/back/l2/j0/dC_dz"], trace["s0/back/l2/j1/dC_dz"]
    assert broken.saturated
    assert broken.value == 1.0  # a − y
    assert math.isnan(broken.product)  # ∞ · 0
    assert not sound.saturated
    assert sound.value == -0.5
    assert sound.product is None


def test_an_ordinary_term_is_not_marked():
    assert not any(term.saturated for name in ("page", "softmax") for term in VARIED[name])


# ---- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"X": np.zeros((1, 3))}, ("3 features", "input layer has 4")),
        ({"Y": np.zeros((1, 2))}, ("2 targets", "output layer has 3")),
        ({"loss": "log"}, ("'log'", "sse")),
        ({"loss": "bce", "Y": np.full((1, 3), 2.0)}, ("bce", "0 to 1", "2")),
        ({"lr": 0.0}, ("learning rate", "0.0")),
        ({"lr": -1.0}, ("learning rate", "-1.0")),
        ({"lr": math.nan}, ("learning rate", "nan")),
        ({"lr": math.inf}, ("learning rate", "inf")),
    ],
)
def test_what_does_not_fit_together_is_refused_with_both_sides(change, words):
    given_ = {"X": np.zeros((1, 4)), "Y": np.zeros((1, 3)), "loss": "sse", "lr": None} | change
    net = network(PAGE[0], PAGE[1])
    with pytest.raises(InputError) as caught:
        compute_trace(net, Batch((0,), given_["X"], given_["Y"]), given_["loss"], given_["lr"])
    assert all(word in str(caught.value) for word in words)


def test_a_loss_without_meaning_on_the_outputs_is_refused():
    net = network((2, 2), ("tanh",))
    with pytest.raises(InputError, match="bce takes the logarithm"):
        compute_trace(net, batch(net), "bce")


def test_a_batch_beyond_the_memory_is_refused_before_it_is_computed(monkeypatch):
    net = network((2, 2), ("tanh",))
    samples = batch(net, range(1000))
    monkeypatch.setattr(limits, "memory_limit", lambda: 1000)
    monkeypatch.setattr("bpstudio.core.trace.forward", lambda *_: pytest.fail("computed"))
    with pytest.raises(InputError, match=r"a pass over 1000 rows needs .* take fewer rows"):
        compute_trace(net, samples)


def test_what_rests_on_a_saturated_output_names_the_number_it_really_used():
    """Its operands multiply to its value: ∂C_0/∂z itself stands for the two factors."""
    net = Network([Layer([[40.0], [0.0]], np.zeros(2), "sigmoid")])
    trace = compute_trace(net, Batch((0,), np.ones((1, 1)), np.array([[0.0, 1.0]])), "bce")
    gradient = trace["s0/back/l2/j0/k0/dC_dw"]
    assert gradient.operands == ("s0/back/l2/j0/dC_dz", "s0/back/l2/j0/k0/dz_dw")
    factors = [trace[address].value for address in gradient.operands]
    assert gradient.value == factors[0] * factors[1]
    bias = trace["s0/back/l2/j0/dC_db"]
    assert bias.operands == ("s0/back/l2/j0/dC_dz", "s0/back/l2/j0/dz_db")
    assert len(trace["s0/back/l2/j1/k0/dC_dw"].operands) == 3
    parts = derive(trace, gradient.index).blocks[0].parts
    assert [part.address for part in parts] == list(gradient.operands)


def test_a_trace_cannot_be_given_another_rate_or_loss():
    trace = VARIED["page"]
    for name in ("lr", "loss", "network", "note"):
        with pytest.raises(AttributeError, match="a Trace is immutable"):
            setattr(trace, name, None)
    assert trace.mean_dC_dw(2).shape == trace.network.layer(2).W.shape  # made when asked for
