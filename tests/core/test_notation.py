"""Symbols and numbers: how one is written, on screen and in LaTeX."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.notation import (
    Notation,
    counted,
    format_count,
    format_number,
    format_reading,
    format_signed,
    format_typed,
    partial,
    plain,
    tex_factor,
    tex_number,
    tex_rate,
    tex_sum,
)

NUMBERS = [
    # four decimals
    (0.5916, "0.5916", "0.5916"),
    (-0.8071, "−0.8071", "-0.8071"),
    (1.15628, "1.1563", "1.1563"),
    (1234.5, "1234.5000", "1234.5000"),
    # whole numbers are written as such
    (0.0, "0", "0"),
    (-0.0, "0", "0"),
    (1.0, "1", "1"),
    (-12.0, "−12", "-12"),
    (9999.0, "9999", "9999"),
    # outside 10⁻³ … 10⁴ with a power of ten
    (1.234e-5, "1.23 × 10⁻⁵", r"1.23 \times 10^{-5}"),
    (-1.234e-5, "−1.23 × 10⁻⁵", r"-1.23 \times 10^{-5}"),
    (0.001, "0.0010", "0.0010"),
    (0.000999, "9.99 × 10⁻⁴", r"9.99 \times 10^{-4}"),
    (10000.0, "1.00 × 10⁴", r"1.00 \times 10^{4}"),
    (-123456.0, "−1.23 × 10⁵", r"-1.23 \times 10^{5}"),
    (5e-324, "4.94 × 10⁻³²⁴", r"4.94 \times 10^{-324}"),
    (1.5e300, "1.50 × 10³⁰⁰", r"1.50 \times 10^{300}"),
    # neither
    (math.nan, "nan", r"\mathrm{nan}"),
    (math.inf, "∞", r"\infty"),
    (-math.inf, "−∞", r"-\infty"),
]


@pytest.mark.parametrize(("x", "text", "tex"), NUMBERS)
def test_a_number_is_written_as_on_the_page(x, text, tex):
    assert format_number(x).replace("\u2009", " ") == text
    assert tex_number(x) == tex


@pytest.mark.parametrize(
    ("digits", "text"), [(0, "3"), (1, "3.1"), (2, "3.14"), (4, "3.1416"), (6, "3.141593")]
)
def test_the_number_of_decimals_can_be_chosen(digits, text):
    assert format_number(math.pi, digits) == tex_number(math.pi, digits) == text


def test_a_power_of_ten_takes_at_most_two_decimals():
    assert tex_number(math.pi * 1e-9, 6) == r"3.14 \times 10^{-9}"
    assert tex_number(math.pi * 1e-9, 1) == r"3.1 \times 10^{-9}"


@given(x=st.floats(allow_nan=False, allow_infinity=False), digits=st.integers(2, 8))
def test_a_written_number_is_the_number_but_for_rounding(x, digits):
    mantissa, _, exponent = tex_number(x, digits).partition(r" \times 10^{")
    written = float(f"{mantissa}e{exponent.rstrip('}') or 0}") if abs(x) < 1e308 else x
    assert written == pytest.approx(x, rel=0.005 + 1e-12, abs=0.5001 * 10**-digits)
    assert (written < 0) == (x < 0) or written == 0


@given(x=st.floats())
def test_on_screen_a_minus_is_a_true_minus_and_there_is_no_minus_zero(x):
    text = format_number(x)
    assert "-" not in text
    assert text != "−0"
    assert (text[0] == "−") == (x < 0)


@pytest.mark.parametrize(
    ("x", "text"), [(0.25, "+0.2500"), (-0.25, "−0.2500"), (0.0, "0"), (math.inf, "+∞")]
)
def test_an_addend_shows_its_sign(x, text):
    assert format_signed(x) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [(250.0, "250"), (0.0025, "0.0025"), (-3.0, "−3"), (1e-5, "1e−5"), (1e-12, "1e−12")],
)
def test_a_number_is_written_as_one_types_it(x, text):
    assert format_typed(x) == text


@pytest.mark.parametrize(("n", "text"), [(0, "0 rows"), (1, "1 row"), (1200, "1\u2009200 rows")])
def test_things_are_counted_in_words(n, text):
    assert counted(n, "row") == text


@pytest.mark.parametrize(
    ("n", "text"),
    [(0, "0"), (999, "999"), (41850, "41\u2009850"), (10**9, "1\u2009000\u2009000\u2009000")],
)
def test_thousands_are_parted_by_thin_spaces(n, text):
    assert format_count(n) == text


@pytest.mark.parametrize(
    ("x", "tex"),
    [
        (0.5, "0.5000"),
        (-0.5, "(-0.5000)"),
        (-1e-9, r"(-1.00 \times 10^{-9})"),
        (-math.inf, r"(-\infty)"),
    ],
)
def test_a_negative_factor_stands_in_parentheses(x, tex):
    assert tex_factor(x) == tex


@pytest.mark.parametrize(
    ("numbers", "tex"),
    [
        ([], "0"),
        (["-1"], "-1"),
        (["0.5", "-0.25", "1"], "0.5 - 0.25 + 1"),
        (["1", r"\cdots", "-2"], r"1 + \cdots - 2"),
    ],
)
def test_a_negative_addend_is_subtracted(numbers, tex):
    assert tex_sum(numbers) == tex


@pytest.mark.parametrize(
    ("x", "tex"),
    [
        (0.5, "0.5"),
        (3, "3"),
        (0.001, "0.001"),
        (1e-5, r"1 \times 10^{-5}"),
        (2.5e-7, r"2.5 \times 10^{-7}"),
        (1e6, r"1 \times 10^{6}"),
    ],
)
def test_a_learning_rate_is_as_short_as_it_was_given(x, tex):
    assert tex_rate(x) == tex


# ---- symbols -----------------------------------------------------------------------------------


def test_the_last_two_layers_are_L_and_L_minus_1():
    assert [Notation(4).layer(l) for l in (1, 2, 3, 4)] == ["1", "2", "L-1", "L"]
    assert [Notation(2).layer(l) for l in (1, 2)] == ["L-1", "L"]
    assert [Notation(4, relative=False).layer(l) for l in (1, 4)] == ["1", "4"]


@pytest.mark.parametrize(
    ("symbol", "tex"),
    [
        (lambda n: n.w(4, 1, 2), "w_{12}^{(L)}"),
        (lambda n: n.w(3, 10, 2), "w_{10,2}^{(L-1)}"),
        (lambda n: n.w(2, 108, 213), "w_{108,213}^{(2)}"),
        (lambda n: n.w(2, 3, "k"), "w_{3k}^{(2)}"),
        (lambda n: n.w(2, 10, "k"), "w_{10,k}^{(2)}"),
        (lambda n: n.b(4, 1), "b_{1}^{(L)}"),
        (lambda n: n.z(3, 0), "z_{0}^{(L-1)}"),
        (lambda n: n.a(1, 11), "a_{11}^{(1)}"),
        (lambda n: n.y(2), "y_{2}"),
        (lambda n: n.C_j(2), "C_{0,2}"),
        (lambda n: n.dC_da(4, 1), r"\frac{\partial C_0}{\partial a_{1}^{(L)}}"),
        (lambda n: n.dC_dz(4, "m"), r"\frac{\partial C_0}{\partial z_{m}^{(L)}}"),
        (lambda n: n.da_dz(4, 2, 1), r"\frac{\partial a_{2}^{(L)}}{\partial z_{1}^{(L)}}"),
        (lambda n: n.dz_da(3, 1, 2), r"\frac{\partial z_{1}^{(L)}}{\partial a_{2}^{(L-1)}}"),
    ],
)
def test_symbols_are_those_of_the_page(symbol, tex):
    assert symbol(Notation(4)) == tex


def test_delta_is_written_for_the_derivative_by_z_where_it_is_wanted():
    short = Notation(4, delta=True)
    assert short.dC_dz(3, 2) == r"\delta_{2}^{(L-1)}"
    assert short.dC_dz(4, "m") == r"\delta_{m}^{(L)}"
    assert short.dC_da(3, 2) == Notation(4).dC_da(3, 2)


def test_a_notation_may_give_a_power_of_ten_more_decimals():
    fine = Notation(4, digits=8, power_digits=6)
    assert fine.number(math.pi * 1e-9) == r"3.141593 \times 10^{-9}"
    assert fine.factor(-math.pi * 1e-9) == r"(-3.141593 \times 10^{-9})"
    assert Notation(4, digits=8).number(math.pi * 1e-9) == r"3.14 \times 10^{-9}"


def test_a_derivative_is_a_fraction():
    assert partial("C", "w") == r"\frac{\partial C}{\partial w}"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("$a_{2}$ in layer $L-1$", "a_2 in layer L−1"),
        ("adds **−0.5** to it, one-hot", "adds −0.5 to it, one-hot"),
        (r"$\frac{\partial C_0}{\partial w_{12}^{(L)}}$", "∂C_0/∂w_12^(L)"),
        (r"a step of size $\eta$", "a step of size η"),
        (r"$0 \cdot \infty - \infty$", "0 · ∞ − ∞"),
    ],
)
def test_a_sentence_can_be_read_without_its_markup(markup, text):
    assert plain(markup) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (11888.0, "11\u2009888"),
        (-3.0, "−3"),
        (0.59161, "0.5916"),
        (11888.5, "1.19\u2009×\u200910⁴"),
        (2e57, "2.00\u2009×\u200910⁵⁷"),
        (math.nan, "nan"),
        (math.inf, "∞"),
    ],
)
def test_a_count_is_read_in_full(x: float, text: str) -> None:
    assert format_reading(x) == text
