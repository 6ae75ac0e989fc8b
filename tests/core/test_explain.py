"""Each factor explains itself: the page's own explanations, and something true for every step."""

import pytest

from bpstudio.core.explain import explain
from bpstudio.core.notation import plain
from bpstudio.core.trace import Trace
from tests.core.cases import traced, varied

VARIED = varied()
PAGE = VARIED["page"]


def _lines(trace: Trace, address: str) -> list[str]:
    return [line.tex for line in explain(trace, trace.sequence.index(address)).lines if line.tex]


def _d(above: str, below: str) -> str:
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


@pytest.mark.parametrize("name", VARIED)
def test_every_step_has_an_explanation_of_its_own(name):
    trace = VARIED[name]
    for term in trace:
        found = explain(trace, term.index)
        assert found.title == f"Why is ${term.statement().name}$ what it is?"
        assert found.lines
        for line in found.lines:
            text = plain(line.text)
            assert text[-1] in (".:" if line.tex else "."), text
            assert "None" not in text


def test_the_sum_written_out_leaves_one_addend_of_the_derivative_by_a_weight():
    # ∂z_1/∂w_12 = a_2
    z, w, a = "z_{1}^{(L)}", "w_{12}^{(L)}", "a_{2}^{(L-1)}"
    terms = [f"w_{{1{k}}}^{{(L)}} a_{{{k}}}^{{(L-1)}}" for k in range(6)]
    assert _lines(PAGE, "s52/back/l4/j1/k2/dz_dw") == [
        f"{z} = {' + '.join(terms)} + b_{{1}}^{{(L)}}",
        f"{_d(z, w)} = 0 + 0 + {a} + 0 + 0 + 0 + 0",
        f"{_d(z, w)} = {a}",
    ]


def test_a_long_sum_written_out_keeps_the_addend_that_stays():
    trace = traced((9, 2), ("linear",))
    first, second, _ = _lines(trace, "s52/back/l2/j1/k5/dz_dw")
    assert first.count(" + ") == 6
    assert r"w_{11}^{(L)} a_{1}^{(L-1)} + \cdots + w_{15}^{(L)}" in first
    assert second.endswith(r"= 0 + 0 + \cdots + a_{5}^{(L-1)} + \cdots + 0 + 0")


def test_the_derivative_by_an_activation_leaves_its_weight():
    assert _lines(PAGE, "s52/back/l3/j2/i1/dz_da")[-1] == (
        f"{_d('z_{1}^{(L)}', 'a_{2}^{(L-1)}')} = w_{{12}}^{{(L)}}"
    )


def test_the_derivative_by_a_bias_leaves_a_one():
    assert _lines(PAGE, "s52/back/l4/j1/dz_db")[1].endswith("= 0 + 0 + 0 + 0 + 0 + 0 + 1")


def test_the_square_gives_twice_the_difference():
    a, y = "a_{1}^{(L)}", "y_{1}"
    assert _lines(PAGE, "s52/back/l4/j1/dC_da") == [
        "C_0 = C_{0,0} + C_{0,1} + C_{0,2}",
        f"{_d('C_0', a)} = 0 + {_d('C_{0,1}', a)} + 0",
        rf"C_{{0,1}} = \left({a} - {y}\right)^2",
        rf"{_d('C_0', a)} = 2 \left({a} - {y}\right)",
    ]


@pytest.mark.parametrize(
    ("activation", "slope"),
    [
        ("sigmoid", r"g'(z) = a \left(1 - a\right)"),
        ("tanh", r"g'(z) = 1 - \tanh^2\left(z\right) = 1 - a^2"),
        ("softplus", r"g'(z) = \frac{e^{z}}{1 + e^{z}} = \frac{1}{1 + e^{-z}}"),
        ("linear", "g'(z) = 1"),
    ],
)
def test_the_slope_explained_is_that_of_the_activation_in_force(activation, slope):
    trace = traced((2, 2), (activation,))
    assert _lines(trace, "s52/back/l2/j1/da_dz")[-1] == slope


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu"])
def test_a_branch_is_explained_where_it_holds(activation):
    below = {"relu": "g'(z) = 0", "leaky_relu": "g'(z) = 0.01", "elu": "g'(z) = e^{z}"}[activation]
    trace = traced((2, 6), (activation,))
    for j in range(6):
        expected = "g'(z) = 1" if trace.z(2)[0, j] > 0 else below
        assert expected in _lines(trace, f"s52/back/l2/j{j}/da_dz")


@pytest.mark.parametrize(
    ("m", "slope"), [(1, r"a_{j} \left(1 - a_{j}\right)"), (0, "-a_{m} a_{j}")]
)
def test_softmax_is_explained_by_the_sum_that_all_outputs_share(m, slope):
    assert _lines(VARIED["softmax"], f"s1/back/l3/j1/m{m}/da_dz")[-1].endswith(f"= {slope}")


def test_the_loss_is_a_composition_of_functions():
    trace = traced((2, 2, 1), ("tanh", "sigmoid"))
    assert _lines(trace, "s52/loss/C")[-1] == (
        r"C_0 = C\left(g^{(L)}\left(\mathbf{z}^{(L)}\left(g^{(L-1)}\left(\mathbf{z}^{(L-1)}"
        r"\right)\right)\right), \mathbf{y}\right)"
    )


def test_a_gradient_is_explained_by_its_chain():
    assert _lines(PAGE, "s52/back/l4/j1/k2/dC_dw")[0] == (
        r"w_{12}^{(L)} \rightarrow z_{1}^{(L)} \rightarrow a_{1}^{(L)} \rightarrow C_0"
    )
    assert _lines(PAGE, "s52/back/l3/j1/k2/dC_dw")[0].endswith(
        r"\rightarrow \cdots \rightarrow C_0"
    )
    assert _lines(VARIED["softmax"], "s1/back/l3/j1/k0/dC_dw")[0].endswith(
        r"z_{1}^{(L)} \rightarrow \mathbf{a}^{(L)} \rightarrow C_0"
    )


@pytest.mark.parametrize(("n_next", "ways"), [(1, "through the only node"), (2, "in 2 ways")])
def test_the_ways_to_the_loss_are_counted(n_next, ways):
    trace = traced((2, 2, n_next), ("tanh", "sigmoid"))
    found = explain(trace, trace.sequence.index("s52/back/l2/j0/dC_da"))
    assert ways in found.lines[0].text


@pytest.mark.parametrize(
    ("activation", "loss", "remarked"),
    [
        ("softmax", "cross_entropy", True),
        ("sigmoid", "bce", True),
        ("sigmoid", "sse", False),
        ("softmax", "bce", False),
    ],
)
def test_the_short_cut_of_frameworks_is_a_remark_where_it_holds(activation, loss, remarked):
    trace = traced((2, 3), (activation,), loss)
    found = explain(trace, trace.sequence.index("s52/back/l2/j1/dC_dz"))
    assert any("Frameworks" in line.text for line in found.lines) == remarked


def test_the_learning_rate_in_force_is_named():
    assert _lines(traced((2, 1), ("tanh",), lr=1e-5), "update/l2/j0/update_b") == [
        r"\eta = 1 \times 10^{-5}"
    ]
