import pytest

from bpstudio.core.notation import Notation, partial
from bpstudio.ui.canvas.names import symbol
from bpstudio.ui.symbols import as_html, as_text, on_one_line
from tests.ui.canvas.scenes import ADAM, trace

N = Notation(4)


def test_fractions_become_slashes() -> None:
    tex = partial("C_0", N.w(3, 2, 2))
    assert on_one_line(tex) == r"\partial C_0 / \partial w_{22}^{(L-1)}"
    assert on_one_line(f"{partial('a', 'b')} x") == r"\partial a / \partial b x"
    assert on_one_line("w_{12}") == "w_{12}"


def test_broken_latex_is_left_in_peace() -> None:
    assert on_one_line(r"\frac{a") == "a / "


@pytest.mark.parametrize(
    ("tex", "text", "html"),
    [
        ("w_{12}^{(L)}", "w_12^(L)", "w<sub>12</sub><sup>(L)</sup>"),
        ("C_0", "C_0", "C<sub>0</sub>"),
        ("a_{213}^{(L-1)}", "a_213^(L-1)", "a<sub>213</sub><sup>(L−1)</sup>"),
        (
            r"\frac{\partial C_0}{\partial b_{1}^{(2)}}",
            "∂C_0/∂b_1^(2)",
            "∂C<sub>0</sub>/∂b<sub>1</sub><sup>(2)</sup>",
        ),
    ],
    ids=["weight", "loss", "minus", "derivative"],
)
def test_symbols_read_as_text_and_in_tooltips(tex: str, text: str, html: str) -> None:
    assert as_text(tex) == text
    assert as_html(tex) == html


@pytest.mark.parametrize(
    ("at", "name"),
    [
        ("s52/fwd/l3/j2/k1/wa", "w_21^(L-1) a_1^(2)"),
        ("s52/loss/j1/C_j", "C_0,1"),
        ("s52/back/l3/j2/i1/dz_da", "w_12^(L)"),
        ("s52/back/l3/j2/i1/addend", "i = 1"),
        ("s52/back/l4/j1/da_dz", "∂a_1^(L)/∂z_1^(L)"),
        ("s52/back/l3/j2/k2/dz_dw", "a_2^(2)"),
        ("s52/back/l3/j2/k2/dC_dw", "∂C_0/∂w_22^(L-1)"),
        ("s52/back/l3/j2/dz_db", "∂z_2^(L-1)/∂b_2^(L-1)"),
        ("mean/l3/j2/k2/mean_dC_dw", "∂C/∂w_22^(L-1)"),
        ("update/l3/j2/update_b", "b_2^(L-1)"),
    ],
)
def test_the_chip_of_a_step_has_the_symbol_of_its_number(at: str, name: str) -> None:
    passed = trace(rows=(52, 7), lr=0.1)
    assert as_text(symbol(passed[at].step, N)) == name


@pytest.mark.parametrize(
    ("at", "name"),
    [
        ("update/clip", "γ"),
        ("update/l3/j2/k1/penalty_w", "∂R/∂w_21^(L-1)"),
        ("update/l3/j2/k1/penalised", "∂(C + R)/∂w_21^(L-1)"),
        ("update/l3/j2/k1/clipped", "g_w,21^(L-1)"),
        ("update/l3/j2/v_hat", "v̂_b,2^(L-1)"),
    ],
)
def test_a_number_on_the_way_to_a_new_weight_has_its_own_symbol(at: str, name: str) -> None:
    assert as_text(symbol(trace(update=ADAM)[at].step, N)) == name


def test_every_kind_has_a_symbol() -> None:
    softmax = trace((4, 3, 3), output="softmax", loss="cross_entropy", lr=0.1)
    for passed in (trace(rows=(52, 7), lr=0.1), softmax):
        assert all(symbol(term.step, Notation(passed.L)) for term in passed)
