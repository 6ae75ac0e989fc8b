import pytest
from PySide6.QtWidgets import QApplication

from bpstudio.ui.derivation.broken_formula import chunks, formula_lines
from bpstudio.ui.fonts import load_fonts

SUM = " + ".join(rf"w_{{1{k}}}^{{(L)}} a_{{{k}}}^{{(L-1)}}" for k in range(6))
TEX = rf"z_{{1}}^{{(L)}} = {SUM} + b_{{1}}^{{(L)}}"


@pytest.fixture(autouse=True, scope="module")
def _fonts(qapp: QApplication) -> None:
    load_fonts(qapp)


def test_a_formula_is_cut_before_its_operators() -> None:
    assert chunks("z = w a + b") == ("z", "= w a", "+ b")


@pytest.mark.parametrize(
    "tex", [r"2 \left(a - y\right)", r"\frac{a + b}{c - d}", r"e^{a + b}", "a_{1}^{(L-1)}"]
)
def test_what_stands_in_braces_or_parentheses_is_not_cut(tex: str) -> None:
    assert chunks(tex) == (tex,)


def test_an_arrow_is_an_operator_and_not_a_parenthesis() -> None:
    assert chunks(r"a \rightarrow z \rightarrow C_0") == (
        "a",
        r"\rightarrow z",
        r"\rightarrow C_0",
    )


def test_a_short_formula_stays_on_one_line() -> None:
    assert len(formula_lines("z = w a", 15, 400, 24)) == 1


@pytest.mark.parametrize("width", [120, 200, 300, 400])
def test_no_line_is_wider_than_the_room(width: float) -> None:
    lines = formula_lines(TEX, 15, width, 24)
    assert len(lines) > 1
    for place, line in enumerate(lines):
        assert sum(strip.width for strip in line) <= width - (24 if place else 0) + 0.01


def test_broken_lines_hold_the_whole_formula() -> None:
    lines = formula_lines(TEX, 15, 200, 24)
    written = [
        s.formula.tex for line in lines for part in line for s in part.stretches if s.formula
    ]
    assert [tex.removeprefix("{} ") for tex in written] == list(chunks(TEX))
