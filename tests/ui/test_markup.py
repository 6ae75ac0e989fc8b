import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.ui.markup import Run, escaped, parse_markup


@pytest.mark.parametrize(
    ("markup", "runs"),
    [
        ("", ()),
        ("plain", (Run("plain"),)),
        ("a **b** c", (Run("a "), Run("b", bold=True), Run(" c"))),
        ("if $a_2$ rises", (Run("if "), Run("a_2", tex=True), Run(" rises"))),
        ("**x $y$**", (Run("x ", bold=True), Run("y", bold=True, tex=True))),
        ("costs 3 $", (Run("costs 3 $"),)),
        ("2 ** 3", (Run("2 ** 3"),)),
        ("**a** b ** c", (Run("a", bold=True), Run(" b ** c"))),
        (r"\$5 and \*\*", (Run("$5 and **"),)),
    ],
    ids=[
        "empty",
        "plain",
        "bold",
        "mathematics",
        "both",
        "single dollar",
        "single stars",
        "three stars",
        "escaped",
    ],
)
def test_marks_divide_a_sentence_into_runs(markup: str, runs: tuple[Run, ...]) -> None:
    assert parse_markup(markup) == runs


@given(st.text())
def test_escaped_text_comes_out_as_it_went_in(text: str) -> None:
    runs = parse_markup(escaped(text))
    assert "".join(run.text for run in runs) == text
    assert not any(run.bold or run.tex for run in runs)


@given(st.text(alphabet="a $*\\_{}"))
def test_no_markup_is_an_error(markup: str) -> None:
    assert all(run.text for run in parse_markup(markup))
