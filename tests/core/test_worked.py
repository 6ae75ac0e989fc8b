"""Worked derivations: everything a number was made of, in order, and nothing that is not needed."""

from __future__ import annotations

import math
import re
from itertools import chain

import numpy as np
import pytest

from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.notation import Notation
from bpstudio.core.operands import operands_of
from bpstudio.core.selection import Selection
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.worked import DIGITS, FORMS, MOST_STEPS, work_out
from bpstudio.core.worked_values import Worked, WorkedStep
from tests.core.cases import traced, varied
from tests.core.tex import evaluate

VARIED = varied()
PAGE = VARIED["page"]
WEIGHT = "s52/back/l3/j2/k2"


def steps_of(worked: Worked) -> list[WorkedStep]:
    return list(chain.from_iterable(section.steps for section in worked.sections))


def last_goal(trace: Trace) -> str:
    return trace[len(trace) - 1].address


def matrix(tex: str) -> np.ndarray:
    """The numbers of the last matrix in LaTeX, two-dimensional."""
    body = re.findall(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", tex)[-1]
    return np.array([[evaluate(cell) for cell in row.split("&")] for row in body.split(r"\\")])


# ---- what is included, and in which order -------------------------------------------------------


@pytest.mark.parametrize("name", VARIED)
@pytest.mark.parametrize("form", ["d", "delta"])
def test_each_number_that_is_used_is_derived_above_or_given(name, form):
    trace = VARIED[name]
    worked = work_out(trace, last_goal(trace), form)
    known = {given.address for group in worked.givens for given in group.givens}
    for step in steps_of(worked):
        term = trace[step.address]
        whole = term.rests_on_saturated or (
            form == "delta" and term.kind in ("dC_dw", "dC_db", "addend")
        )
        assert set(operands_of(trace.sequence, term.step, whole)) <= known
        known.add(step.address)
    assert last_goal(trace) in known


@pytest.mark.parametrize("name", VARIED)
def test_steps_come_in_the_order_of_the_pass(name):
    trace = VARIED[name]
    numbers = [trace[s.address].index for s in steps_of(work_out(trace, last_goal(trace)))]
    assert numbers == sorted(set(numbers))


def test_a_weight_s_derivation_goes_from_the_forward_pass_to_its_gradient():
    worked = work_out(PAGE, WEIGHT)
    assert [section.title for section in worked.sections] == [
        "Row 52, Forward, Layer $2$",
        "Row 52, Forward, Layer $L-1$",
        "Row 52, Forward, Layer $L$",
        "Row 52, Loss",
        "Row 52, Backward, Layer $L$",
        "Row 52, Backward, Layer $L-1$",
    ]
    assert steps_of(worked)[-1].address == f"{WEIGHT}/dC_dw"
    assert worked.title.startswith("Derivation: Row 52, Backward, Layer $L-1$, Node 2, Weight 2")


def test_what_a_weight_does_not_need_is_left_out():
    addresses = [step.address for step in steps_of(work_out(PAGE, WEIGHT))]
    assert f"{WEIGHT}/dC_dw" in addresses
    assert "s52/back/l3/j2/k1/dC_dw" not in addresses
    assert "s52/back/l3/j1/dC_dz" not in addresses
    assert not [a for a in addresses if a.startswith(("s52/back/l2", "update"))]


def test_a_value_of_the_forward_pass_needs_no_loss_and_no_target():
    worked = work_out(PAGE, "s52/fwd/l2/j1/a")
    assert [section.title for section in worked.sections] == ["Row 52, Forward, Layer $2$"]
    names = [given.name for group in worked.givens for given in group.givens]
    assert not [name for name in names if name.startswith("y")]


def test_a_mean_takes_the_gradient_of_every_row():
    worked = work_out(VARIED["batch"], "mean/l3/j1/k2/mean_dC_dw")
    addresses = [step.address for step in steps_of(worked)]
    for row in (3, 14, 7):
        assert f"s{row}/back/l3/j1/k2/dC_dw" in addresses
        assert f"s{row}/loss/C" in addresses


def test_an_update_says_its_optimiser_its_rate_and_its_constants():
    trace = VARIED["adamw"]
    worked = work_out(trace, "update/l3/j1/k2")
    given = {given.name: given.result for given in worked.givens[-1].givens}
    settings = trace.update.settings
    for name, value in (
        (r"\eta", trace.lr),
        (r"\beta_{1}", settings.beta1),
        (r"\beta_{2}", settings.beta2),
        (r"\lambda", settings.weight_decay),
        (r"\varepsilon", settings.epsilon),
        ("t", trace.update.state.t),
    ):
        assert evaluate(given[name]) == pytest.approx(value)
    assert r"\lambda_{1}" not in given
    assert "AdamW" in worked.conventions[-1].text


def test_a_selection_is_derived_as_an_address_is():
    chosen = Selection().only("s=52,phase=back,l=3,j=2,k=2")
    assert steps_of(work_out(PAGE, chosen)) == steps_of(work_out(PAGE, WEIGHT))


def test_the_iteration_of_a_recorded_run_is_in_the_title():
    assert "Iteration e3/b4" in work_out(PAGE, WEIGHT, prefix="e3/b4/").title


def test_each_kind_is_explained_once_and_the_slope_of_the_loss_apart():
    kinds = [s.address.rpartition("/")[2] for s in steps_of(work_out(PAGE, WEIGHT)) if s.why]
    counts = {kind: kinds.count(kind) for kind in kinds}
    # ∂C_0/∂a is the slope of the loss at the output, and a sum below it
    assert counts.pop("dC_da") == 2
    assert set(counts.values()) == {1}
    assert {"dC_dw", "da_dz", "dz_da", "addend"} <= set(counts)


# ---- what is written ---------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [DIGITS[0], 4, 7, DIGITS[-1]])
@pytest.mark.parametrize("name", VARIED)
def test_every_result_is_the_trace_s_number_at_the_digits(name, digits):
    trace = VARIED[name]
    for step in steps_of(work_out(trace, last_goal(trace), "d", digits)):
        value = trace[step.address].value
        shown = evaluate(step.result.rpartition("}} ")[2].split("form: } ")[-1])
        assert shown == pytest.approx(value, rel=0.006, abs=0.51 * 10**-digits)
        if 1e-3 <= abs(value) < 1e4:
            assert shown == pytest.approx(value, abs=0.51 * 10**-digits)


@pytest.mark.parametrize("name", VARIED)
def test_every_given_is_the_number_of_its_leaf(name):
    trace = VARIED[name]
    for group in work_out(trace, last_goal(trace), "d", 9).givens:
        for given in group.givens:
            parts = re.findall(r"[a-z_]+|\d+", given.address)
            if parts[:1] == ["w"]:
                l, j, k = map(int, parts[2::2])
                expected = trace.network.layer(l).W[j, k]
                assert evaluate(given.result) == pytest.approx(expected, abs=1e-9)
            if "/x" in given.address:
                row, k = map(int, parts[1::2])
                expected = trace.X[trace.rows.index(row), k]
                assert evaluate(given.result) == pytest.approx(expected, abs=1e-9)


def test_delta_stands_for_the_derivative_by_z_in_all_that_follows():
    steps = {step.address: step for step in steps_of(work_out(PAGE, WEIGHT, "delta"))}
    own = steps["s52/back/l3/j2/dC_dz"]
    assert own.name == r"\delta_{2}^{(L-1)}"
    assert own.formula == (
        r"\frac{\partial C_0}{\partial a_{2}^{(L-1)}} \cdot "
        r"\frac{\partial a_{2}^{(L-1)}}{\partial z_{2}^{(L-1)}}"
    )
    gradient = steps[f"{WEIGHT}/dC_dw"]
    assert gradient.formula.startswith(r"\delta_{2}^{(L-1)} \cdot ")
    assert evaluate(gradient.numbers) == pytest.approx(PAGE[f"{WEIGHT}/dC_dw"].value, abs=2e-4)
    assert r"\delta_{i}^{(L)}" in steps["s52/back/l3/j2/dC_da"].formula


def test_the_conventions_say_what_delta_means():
    lines = work_out(PAGE, WEIGHT, "delta").conventions
    assert r"\delta_{j}^{(l)} = \frac{\partial C_0}{\partial z_{j}^{(l)}}" in [x.tex for x in lines]
    assert not [x for x in work_out(PAGE, WEIGHT).conventions if r"\delta" in x.tex]


def test_a_spoilt_product_is_shown_with_the_combined_form():
    network = Network([Layer(np.array([[800.0]]), None, "sigmoid")])
    batch = Batch((0,), np.ones((1, 1)), np.zeros((1, 1)))
    trace = compute_trace(network, batch, "bce")
    assert trace.saturated.all()
    for form in ("d", "delta"):
        steps = {step.address: step for step in steps_of(work_out(trace, "s0/back", form))}
        assert steps["s0/back/l2/j0/dC_dz"].result == (r"\mathrm{nan} \text{, combined form: } 1")
        assert steps["s0/back/l2/j0/k0/dC_dw"].result == "1"
    matrices = steps_of(work_out(trace, "s0/back", "matrix"))
    assert any(r"\text{, combined form: }" in step.result for step in matrices)


# ---- matrices ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n, t in VARIED.items() if len(t.rows) == 1])
def test_matrices_hold_the_numbers_of_the_trace(name):
    trace = VARIED[name]
    row = trace.rows[0]
    worked = work_out(trace, f"s{row}/back", "matrix", 9)
    found = {(step.address, step.name): step.result for step in steps_of(worked)}
    notation = ["L" if l == trace.L else "L-1" if l == trace.L - 1 else str(l) for l in range(9)]
    for l in range(2, trace.L + 1):
        at, back = f"({notation[l]})", f"s{row}/back/l{l}"
        expected = {
            (f"s{row}/fwd/l{l}", rf"\mathbf{{z}}^{{{at}}}"): trace.z(l).T,
            (f"s{row}/fwd/l{l}", rf"\mathbf{{a}}^{{{at}}}"): trace.a(l).T,
            (back, rf"\frac{{\partial C_0}}{{\partial \mathbf{{a}}^{{{at}}}}}"): trace.dC_da(l).T,
            (back, rf"\frac{{\partial C_0}}{{\partial W^{{{at}}}}}"): trace.dC_dw(l, 0),
        }
        for key, numbers in expected.items():
            np.testing.assert_allclose(matrix(found[key]), numbers, rtol=1e-6, atol=1e-9)


def test_a_weight_in_matrix_form_ends_with_its_own_number():
    last = steps_of(work_out(PAGE, WEIGHT, "matrix"))[-1]
    assert last.address == f"{WEIGHT}/dC_dw"
    assert evaluate(last.result) == pytest.approx(PAGE[last.address].value, abs=1e-4)


def test_matrices_go_down_to_the_layer_asked_for_and_no_further():
    titles = [section.title for section in work_out(PAGE, "s52/back/l3", "matrix").sections]
    assert "Row 52, Backward, Layer $L-1$" in titles
    assert "Row 52, Backward, Layer $2$" not in titles


def test_matrices_too_wide_for_a_page_are_refused_with_the_remedy():
    wide = traced((20, 2), ("linear",), rows=(0,))
    with pytest.raises(InputError, match="layer 1 has 20; choose the notation d or delta"):
        work_out(wide, "s0/back/l2/j0/k0", "matrix")


# ---- fractions ---------------------------------------------------------------------------------


def exact() -> Trace:
    """A network whose every number is a fraction that 64 bits hold: quarters and their products."""
    layers = [
        Layer(np.array([[0.5, -0.25], [0.75, -1.5]]), np.array([0.25, -0.5]), "leaky_relu"),
        Layer(np.array([[-0.5, 0.25]]), np.array([0.125]), "linear"),
    ]
    batch = Batch((0, 1), np.array([[0.5, 1.0], [1.5, -0.5]]), np.array([[1.0], [0.25]]))
    return compute_trace(Network(layers), batch, "half_sse", 0.5)


@pytest.mark.parametrize("form", FORMS)
def test_exact_numbers_are_written_as_fractions_everywhere(form):
    trace = exact()
    worked = work_out(trace, "update/l2/j0/k1", form, fractions=True)
    written = "".join(step.numbers + step.result + step.sentence for step in steps_of(worked))
    assert r"\frac{1}{4}" in written
    for step in steps_of(worked):
        if step.address.count("/") > 3 and r"\frac" in step.result:
            assert evaluate(step.result) == trace[step.address].value
    leaves = [given for group in worked.givens for given in group.givens if given.address]
    assert all(re.fullmatch(r"-?(\d|\\frac\{\d+\}\{\d+\})", given.result) for given in leaves)


def test_a_formula_of_fractions_amounts_to_its_result():
    trace = exact()
    for term in trace:
        _, _, numbers = term.statement(Notation(trace.L, fractions=True))
        assert evaluate(numbers) == pytest.approx(term.value, rel=1e-3, abs=1e-3)


def test_a_sentence_says_the_fraction_that_the_formula_has():
    steps = {s.address: s for s in steps_of(work_out(exact(), "s0/back", fractions=True))}
    product = steps["s0/fwd/l2/j0/k1/wa"]
    assert (product.numbers, product.result) == (r"-\frac{1}{4} \cdot 1", r"-\frac{1}{4}")
    assert "**−1/4**" in product.sentence
    factor = steps["s0/fwd/l3/j0/k0/wa"].numbers
    assert factor == r"-\frac{1}{2} \cdot \frac{1}{4}"


@pytest.mark.parametrize("name", VARIED)
def test_with_fractions_every_formula_still_amounts_to_the_number(name):
    trace = VARIED[name]
    notation = Notation(trace.L, 12, power_digits=10, fractions=True)
    for step in steps_of(work_out(trace, last_goal(trace), digits=12, fractions=True)):
        term = trace[step.address]
        numbers = term.statement(notation)[2]
        if r"\cdots" in numbers or not math.isfinite(term.value) or term.product is not None:
            continue
        assert evaluate(numbers) == pytest.approx(term.value, rel=1e-2, abs=1e-4)


# ---- what is refused ---------------------------------------------------------------------------


def test_a_derivation_too_long_to_be_read_is_refused_before_it_is_made():
    long = traced(rows=tuple(range(30)))
    assert len(long) > MOST_STEPS
    with pytest.raises(InputError, match=f"more than {MOST_STEPS:,} steps.*choose one weight"):
        work_out(long, Selection())
    with pytest.raises(InputError, match="choose one weight"):
        work_out(long, "mean/l2/j0/k0")
    assert work_out(long, "s3/back/l3/j2/k2").n_steps < MOST_STEPS


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((WEIGHT, "latin"), "there is no notation 'latin'; it is one of d, delta, matrix"),
        ((WEIGHT, "d", 1), "give 2 to 12"),
        ((WEIGHT, "d", 13), "give 2 to 12"),
        (("s52/back/l9",), "l9|layer 9"),
        (("w/l3/j2/k2",), "given, not computed"),
    ],
)
def test_what_is_not_possible_is_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        work_out(PAGE, *arguments)


def test_every_form_has_a_name():
    assert FORMS == ("d", "delta", "matrix")
