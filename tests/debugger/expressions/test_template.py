"""Lines that a breakpoint logs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.errors import InputError
from bpstudio.debugger.expressions import ExpressionError, parse
from bpstudio.debugger.expressions.template import (
    MAX_INSERTS,
    Insert,
    Template,
    parse_template,
)


def filled(text: str, *values: float | bool | None) -> str:
    """The line with these values, in order."""
    numbers = iter(values)
    return parse_template(text).filled(lambda _: next(numbers))


def test_a_line_is_words_and_expressions_in_turn() -> None:
    template = parse_template("row {row}: C = {2 * value:.3f}")
    assert template.parts == (
        "row ", Insert(parse("row")), ": C = ", Insert(parse("2 * value"), ".3f"),
    )  # fmt: skip
    assert template.expressions == (parse("row"), parse("2 * value"))


def test_a_line_is_filled_with_numbers_as_they_are_written_on_screen() -> None:
    assert filled("row {row}: C = {value}", 24.0, 0.59123) == "row 24: C = 0.5912"
    assert filled("{z} and {a}", -1e-5, math.nan) == "−1.00\u2009×\u200910⁻⁵ and nan"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [(".3f", "−0.125"), (".1e", "−1.2e−01"), (".2g", "−0.12"), ("f", "−0.125000"), (".0f", "−0")],
)
def test_a_number_is_written_as_the_line_says(spec: str, expected: str) -> None:
    assert filled(f"{{value:{spec}}}", -0.125) == expected


def test_what_is_not_computed_yet_reads_pending_and_a_condition_yes_or_no() -> None:
    assert filled("{z:.3f}, {a > 1}, {a > 2}", None, True, False) == "pending, yes, no"


def test_a_line_asks_for_its_expressions_in_order() -> None:
    asked = []
    parse_template("{row} {z} {row}").filled(lambda expression: asked.append(expression.text))
    assert asked == ["row", "z", "row"]


def test_braces_are_written_twice() -> None:
    template = parse_template("{{{value}}} {{value}}")
    assert template.filled(lambda _: 1.0) == "{1} {value}"
    assert template.parts == ("{", Insert(parse("value")), "} {value}")


def test_a_line_without_numbers_is_a_line() -> None:
    assert filled("Σ ∂C₀ here") == "Σ ∂C₀ here"


ERRORS = {
    "": "column 1: a line is missing, such as row {row}: C = {value}",
    "row {row": "column 5: '{' is never closed; a brace itself is written {{",
    "row} x": "column 4: '}' closes nothing; a brace itself is written }}",
    "row {}": "column 6: an expression is missing, such as abs(value) > 0.1",
    "C = {valeu}": "column 6: there is no name 'valeu'; did you mean value?",
    "C = {value:5d}": "column 12: '5d' is no way to write a number; .3f, .3e or .3g is",
    "C = {value:}": "column 12: '' is no way to write a number; .3f, .3e or .3g is",
    "two\nlines": r"column 4: '\n' cannot stand in a line",
    "nul \0": r"column 5: '\x00' cannot stand in a line",
}


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_says_where_and_what_would_be_right(text: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse_template(text)
    assert str(error.value) == ERRORS[text]


HOSTILE = [
    *("{x.__class__}", "{value.__class__}", "{0.__class__}", "{0}{", "{value!r}", "{value!s:>9}"),
    *("{value:>999999999}", "{value:.999999999f}", "{value:.21f}", "{value:{lr}}", "{value:,}"),
    *("{value:.3F}", "{value:%}", "{value:s}", "{value:c}", "{value:x}", "{value:+.3f}", "{:.3f}"),
    *("{value:.3f", "{lambda: 1}", "{[z for z in a]}", "{value['a']}", "{value[0]}", "{f'{z}'}"),
    *("{__import__('os')}", "{value:=1}", "{(value:=1)}", "{{value}", "}{", "{value}}", "{{{"),
    *("{" * 499, "{value}" * 21, "a" * 501, "{" + "(" * 30 + "1" + ")" * 30 + "}", "\x1b[2J {z}"),
    *("{value\u200b}", "{ｖalue}", "\u202e{value}", "\u2028", "{value #}", "{value\\}", "{self}"),
    *("{value:.1_0f}", "{value:.01f}", "{value:.³f}", "{value:.f}", "{value :d}", "{value;z}"),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_line_is_refused_in_one_readable_line(number: int) -> None:
    with pytest.raises(InputError) as error:
        parse_template(HOSTILE[number])
    assert str(error.value).isprintable()


def test_numbers_in_a_line_are_few() -> None:
    assert len(parse_template("{z}" * MAX_INSERTS).expressions) == MAX_INSERTS


pieces = st.sampled_from(["{", "}", "{{", "}}", "value", ":", ".3f", "{z}", " ", "!r", "row = "])


@given(st.text(max_size=600) | st.lists(pieces, max_size=30).map("".join))
def test_any_text_is_a_line_or_refused(text: str) -> None:
    try:
        template = parse_template(text)
    except InputError:
        return
    assert isinstance(template, Template)
    assert template.filled(lambda _: 1.0).isprintable()
