"""What a step states: the page's own formulas, and numbers that amount to the value."""

import math
import re

import mathra
import numpy as np
import pytest

from bpstudio.core.dataset import Batch
from bpstudio.core.explain import explain
from bpstudio.core.network import Layer, Network
from bpstudio.core.notation import Notation
from bpstudio.core.terms import Term
from bpstudio.core.trace import compute_trace
from tests.core.cases import traced, varied
from tests.core.tex import evaluate

VARIED = varied()
PAGE = VARIED["page"]


def _d(above: str, below: str) -> str:
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


# ---- the page's own cases ----------------------------------------------------------------------


def test_w_12_of_layer_L_has_its_three_factors():
    assert PAGE["s52/back/l4/j1/k2/dC_dw"].symbol == (
        r"\frac{\partial C_0}{\partial w_{12}^{(L)}} = "
        r"\frac{\partial C_0}{\partial a_{1}^{(L)}} \cdot "
        r"\frac{\partial a_{1}^{(L)}}{\partial z_{1}^{(L)}} \cdot "
        r"\frac{\partial z_{1}^{(L)}}{\partial w_{12}^{(L)}}"
    )


@pytest.mark.parametrize(
    ("factor", "symbol"),
    [
        ("dC_da", _d("C_0", "a_{1}^{(L)}") + r" = 2 \left(a_{1}^{(L)} - y_{1}\right)"),
        (
            "da_dz",
            _d("a_{1}^{(L)}", "z_{1}^{(L)}") + r" = a_{1}^{(L)} \left(1 - a_{1}^{(L)}\right)",
        ),
        ("k2/dz_dw", _d("z_{1}^{(L)}", "w_{12}^{(L)}") + " = a_{2}^{(L-1)}"),
    ],
)
def test_each_of_the_three_factors_has_its_formula(factor, symbol):
    assert PAGE[f"s52/back/l4/j1/{factor}"].symbol == symbol


def test_w_22_of_layer_L_minus_1_has_its_three_factors():
    assert PAGE["s52/back/l3/j2/k2/dC_dw"].symbol == (
        f"{_d('C_0', 'w_{22}^{(L-1)}')} = {_d('C_0', 'a_{2}^{(L-1)}')} "
        rf"\cdot {_d('a_{2}^{(L-1)}', 'z_{2}^{(L-1)}')} "
        rf"\cdot {_d('z_{2}^{(L-1)}', 'w_{22}^{(L-1)}')}"
    )


def test_its_first_factor_is_the_sum_over_the_next_layer_of_three_factors_each():
    factors = [
        _d("C_0", "a_{i}^{(L)}"),
        _d("a_{i}^{(L)}", "z_{i}^{(L)}"),
        _d("z_{i}^{(L)}", "a_{2}^{(L-1)}"),
    ]
    symbol = rf"{_d('C_0', 'a_{2}^{(L-1)}')} = \sum_{{i=0}}^{{2}} " + r" \cdot ".join(factors)
    assert PAGE["s52/back/l3/j2/dC_da"].symbol == symbol
    for i in range(3):
        addend = PAGE[f"s52/back/l3/j2/i{i}/addend"]
        assert addend.symbol == r" \cdot ".join(factors).replace("{i}", f"{{{i}}}")


def test_the_mean_over_the_samples_of_a_batch():
    w = "w_{12}^{(L)}"
    trace = traced((2, 3, 2), ("sigmoid", "sigmoid"), rows=(3, 14, 7))
    assert trace["mean/l3/j1/k2/mean_dC_dw"].symbol == (
        rf"{_d('C', w)} = \frac{{1}}{{3}} \sum_{{s}} {_d('C_s', w)}"
    )


@pytest.mark.parametrize(
    ("address", "symbol"),
    [
        ("s52/fwd/l3/j2/k4/wa", "w_{24}^{(L-1)} a_{4}^{(2)}"),
        (
            "s52/fwd/l2/j1/z",
            r"z_{1}^{(2)} = \sum_{k=0}^{3} w_{1k}^{(2)} a_{k}^{(1)} + b_{1}^{(2)}",
        ),
        ("s52/fwd/l4/j1/a", r"a_{1}^{(L)} = \frac{1}{1 + e^{-z_{1}^{(L)}}}"),
        ("s52/loss/j1/C_j", r"C_{0,1} = \left(a_{1}^{(L)} - y_{1}\right)^2"),
        ("s52/loss/C", r"C_0 = \sum_{j=0}^{2} C_{0,j}"),
        ("s52/back/l3/j2/i1/dz_da", _d("z_{1}^{(L)}", "a_{2}^{(L-1)}") + " = w_{12}^{(L)}"),
        ("s52/back/l4/j1/dz_db", _d("z_{1}^{(L)}", "b_{1}^{(L)}") + " = 1"),
        (
            "update/l4/j1/k2/update_w",
            r"w_{12}^{(L)} \text{ after the update} = w_{12}^{(L)} - \eta \, "
            + _d("C_0", "w_{12}^{(L)}"),
        ),
    ],
)
def test_the_other_terms_have_the_formulas_of_the_notation(address, symbol):
    assert PAGE[address].symbol == symbol


def test_a_softmax_layer_shows_its_full_sum_and_never_the_difference():
    term = VARIED["softmax"]["s1/back/l3/j1/dC_dz"]
    assert term.symbol == (
        rf"{_d('C_0', 'z_{1}^{(L)}')} = \sum_{{m=0}}^{{2}} {_d('C_0', 'a_{m}^{(L)}')} "
        rf"\cdot {_d('a_{m}^{(L)}', 'z_{1}^{(L)}')}"
    )


# ---- numbers -----------------------------------------------------------------------------------


def _is_long(numbers: str) -> bool:
    return r"\cdots" in numbers


@pytest.mark.parametrize("name", VARIED)
def test_the_numbers_of_every_step_amount_to_its_value(name):
    trace = VARIED[name]
    exact = Notation(trace.L, digits=14)
    tried = 0
    for term in trace:
        numbers = term.statement(exact).numbers
        if _is_long(numbers):
            continue
        # a power of ten is written with two decimals
        rough = {"rel": 0.03, "abs": 3e-5} if r"\times" in numbers else {"rel": 1e-9, "abs": 1e-11}
        assert evaluate(numbers) == pytest.approx(term.value, **rough), (term, numbers)
        tried += 1
    assert tried > len(trace) / 2


@pytest.mark.parametrize("name", VARIED)
def test_the_substitution_ends_with_the_value(name):
    for term in VARIED[name]:
        *numbers, value = term.substitution.split(" = ")
        assert value == Notation(term.trace.L).number(term.value)
        assert len(numbers) <= 1


def test_a_long_sum_shows_its_first_three_addends_its_last_and_the_bias():
    trace = VARIED["wide"]
    write = Notation(3).number
    wa = [write(trace[f"s0/fwd/l2/j1/k{k}/wa"].value) for k in (0, 1, 2, 8)]
    b = write(float(trace.network.layer(2).b[1]))
    sum_of = f"{wa[0]} + {wa[1]} + {wa[2]} + \\cdots + {wa[3]} + {b} = ".replace("+ -", "- ")
    assert trace["s0/fwd/l2/j1/z"].substitution.startswith(sum_of)


SPECIAL = {
    # loss, activation, z, y, address: numbers in the formula
    "a negative factor": ("sse", "linear", -2.5, 1.0, "dC_dz", r"(-7) \cdot 1 = -7"),
    "a difference": (
        "sse",
        "linear",
        -2.5,
        -1.5,
        "dC_da",
        r"2 \left(-2.5000 - (-1.5000)\right) = -2",
    ),
    "a square": ("sse", "linear", -2.5, -1.5, "C", "1"),
    "a distance": ("mae", "linear", -2.5, 1.5, "dC_da", None),
    "no activation": ("sse", "linear", -2.5, 1.0, "a", "-2.5000"),
    "the larger": ("sse", "relu", -2.5, 1.0, "a", r"\max\left(0, -2.5000\right) = 0"),
    "no slope": ("sse", "relu", -2.5, 1.0, "da_dz", "0"),
    "a slope below 0": ("sse", "leaky_relu", -2.5, 1.0, "da_dz", "0.01 = 0.0100"),
    "an exponent": ("sse", "sigmoid", -2.5, 1.0, "a", r"\frac{1}{1 + e^{-(-2.5000)}} = 0.0759"),
    "an exponent below 0": ("sse", "elu", -2.5, 1.0, "da_dz", "e^{-2.5000} = 0.0821"),
    "a squared negative": ("sse", "tanh", -0.5, 1.0, "da_dz", "1 - (-0.4621)^2 = 0.7864"),
    "a logarithm": ("bce", "sigmoid", -20.0, 1.0, "C_j", None),
}


@pytest.mark.parametrize("case", SPECIAL)
def test_signs_and_parentheses_are_set_as_by_hand(case):
    loss, activation, z, y, tail, substitution = SPECIAL[case]
    net = Network([Layer([[z]], None, activation)])
    trace = compute_trace(net, Batch((0,), np.ones((1, 1)), np.array([[y]])), loss)
    place = {"a": "fwd/l2/j0/a", "C": "loss/C", "C_j": "loss/j0/C_j"}.get(
        tail, f"back/l2/j0/{tail}"
    )
    found = trace[f"s0/{place}"].substitution
    if case == "a distance":
        substitution = r"\frac{1}{1} \, \mathrm{sign}\left(-2.5000 - 1.5000\right) = -1"
    if case == "a logarithm":
        a = r"2.06 \times 10^{-9}"
        substitution = (
            rf"-\left[1 \ln \left({a}\right) + \left(1 - 1\right) \ln\left(1 - {a}\right)\right]"
            " = 20.0000"
        )
    assert found == substitution


@pytest.mark.parametrize(("z", "relation"), [(2.5, ">"), (-2.5, r"\le")])
def test_a_branch_says_when_it_holds(z, relation):
    net = Network([Layer([[z]], None, "relu")])
    trace = compute_trace(net, Batch((0,), np.ones((1, 1)), np.ones((1, 1))))
    assert trace["s0/back/l2/j0/da_dz"].symbol.endswith(
        rf" \text{{, as }} z_{{0}}^{{(L)}} {relation} 0"
    )


def test_a_saturated_output_shows_both_numbers_and_goes_on_with_the_one_that_holds():
    net = Network([Layer([[40.0]], [0.0], "sigmoid")])
    trace = compute_trace(net, Batch((0,), np.ones((1, 1)), np.zeros((1, 1))), "bce")
    assert trace["s0/back/l2/j0/dC_dz"].substitution == (
        r"\infty \cdot 0 = \mathrm{nan} \text{, combined form: } 1"
    )
    assert trace["s0/back/l2/j0/k0/dC_dw"].substitution == r"1 \cdot 1 = 1"
    assert trace["s0/back/l2/j0/dC_db"].substitution == r"1 \cdot 1 = 1"


# ---- every formula can be typeset --------------------------------------------------------------


def _formulas(term: Term) -> set[str]:
    notation = Notation(term.trace.L)
    found = {term.symbol, term.substitution, *term.statement(notation)}
    found |= set(_math(term.markup))
    explanation = explain(term.trace, term.index, notation)
    found |= set(_math(explanation.title))
    for line in explanation.lines:
        found |= {line.tex, *_math(line.text)} - {""}
    return found


def _math(markup: str) -> list[str]:
    assert markup.count("$") % 2 == 0, markup
    return re.findall(r"\$([^$]*)\$", markup)


def _balanced(tex: str) -> bool:
    depth = 0
    for sign in re.findall(r"[{}]", tex):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0 and tex.count(r"\left") - tex.count(r"\leftarrow") == len(
        re.findall(r"\\right(?![a-z])", tex)
    )


def _shape(tex: str) -> str:
    """One of each kind is enough: all digits alike."""
    return re.sub(r"\d", "1", tex)


@pytest.mark.parametrize("name", VARIED)
def test_every_formula_is_balanced_and_can_be_typeset(name):
    shapes = {_shape(tex) for term in VARIED[name] for tex in _formulas(term)}
    assert len(shapes) > 20
    for tex in shapes:
        assert tex.strip() == tex
        assert _balanced(tex), tex
        result = mathra.render(tex, strict=True)  # ValueError where it is no LaTeX
        assert not result["warnings"], tex


def test_infinite_numbers_and_such_that_are_none_can_be_typeset_too():
    net = Network([Layer([[1e308], [math.nan]], None, "linear"), Layer([[1e9, 1]], None, "linear")])
    trace = compute_trace(net, Batch((0,), np.ones((1, 1)), np.ones((1, 1))))
    texts = [term.substitution for term in trace]
    assert any(r"\infty" in tex for tex in texts)
    assert any(r"\mathrm{nan}" in tex for tex in texts)
    for tex in texts:
        mathra.render(tex, strict=True)
