import pytest

from bpstudio.ui.derivation.number_text import halves, likely_numbers, number_text, split_text


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        pytest.param(r"2 \left(0.5916 - 1\right)", "2 (0.5916 − 1)", id="a product"),
        pytest.param(r"(-0.8168) \cdot 0.2416", "(−0.8168) · 0.2416", id="a dot"),
        pytest.param(r"1.23 \times 10^{-5}", "1.23 ×\u200910⁻⁵", id="a power of ten"),
        pytest.param(r"\left(0.5 - 1\right)^2", "(0.5 − 1)²", id="a square"),
        pytest.param(r"-1 \ln 0.4", "−1 ln 0.4", id="a logarithm"),
        pytest.param(r"\max\left(0, -0.3\right)", "max(0, −0.3)", id="a maximum"),
        pytest.param(r"\sigma\left(0.5\right)", "σ(0.5)", id="a Greek function"),
        pytest.param("1.1563", "1.1563", id="a number"),
    ],
)
def test_numbers_are_written_as_plain_text(tex: str, text: str) -> None:
    assert number_text(tex) == text


@pytest.mark.parametrize(
    "tex",
    [r"\frac{1}{3} \cdot 0.5", r"e^{-0.5}", "a_{1}^{(L)}", r"\sum_{j}", r"\text{sum over } i"],
)
def test_symbols_fractions_and_exponents_are_left_to_the_typesetter(tex: str) -> None:
    assert number_text(tex) is None


def test_words_and_symbols_of_a_formula_are_told_apart() -> None:
    assert split_text(r"\text{sum over } i") == ((True, "sum over "), (False, "i"))
    assert split_text(r"3 \text{ addends}") == ((True, "3"), (True, " addends"))
    assert split_text(r"0 \text{, as } z_{1} \le 0") == (
        (True, "0"),
        (True, ", as "),
        (False, r"z_{1} \le 0"),
    )


def test_a_pending_factor_takes_the_room_of_numbers_of_the_usual_length() -> None:
    formula = r"2 \left(a_{1}^{(L)} - y_{1}\right)"
    assert likely_numbers(formula) == r"2 \left(0.0000 - 0\right)"


def test_text_is_halved_at_the_space_nearest_to_its_middle() -> None:
    assert halves("0.5916 (1 − 0.5916)") == ("0.5916 (1", "− 0.5916)")
    assert halves("0.5916") == ("0.5916",)
