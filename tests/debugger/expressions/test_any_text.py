"""Whatever is typed, it is an expression or is refused; nothing else happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.errors import InputError
from bpstudio.debugger.expressions import Expression, ExpressionError, check, parse
from bpstudio.debugger.expressions.language import LOGIC, WORDS
from bpstudio.debugger.expressions.parser import MAX_DEPTH, MAX_NODES
from bpstudio.debugger.expressions.tree import depth, walk

PIECES = [
    *WORDS, *LOGIC, *"()[],.:;=!~@\\'\"{}# \t\n+-*/%<>", "**", "<=", "==", "!=", "//", ":=", "->",
    "0", "1", "2", "3", "1.5", "1e-3", "0x1", "L-1", "[3]", "[2,1]", "[3][2,2]", "lambda", "if",
    "for", "in", "is", "else", "__class__", "f''", "ｖ", "∂",
]  # fmt: skip
fragments = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
spaced = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)


def outcome(text: str) -> Expression | InputError:
    """What becomes of a text; any other error fails the test."""
    try:
        expression = parse(text)
        check(expression, (4, 5, 6, 3), (False, False, True), (True, True, False))
    except InputError as error:
        return error
    return expression


@given(st.text(max_size=600) | fragments | spaced)
def test_any_text_is_an_expression_or_refused_in_one_line(text: str) -> None:
    found = outcome(text)
    if isinstance(found, Expression):
        assert sum(1 for _ in walk(found.tree)) <= MAX_NODES
        assert depth(found.tree) <= MAX_DEPTH
    else:
        assert str(found).isprintable()


@given(st.text(max_size=600) | fragments | spaced)
def test_an_error_lies_within_the_text(text: str) -> None:
    found = outcome(text)
    if isinstance(found, ExpressionError):
        assert 0 <= found.start <= len(text)
        assert found.start < found.stop


def test_the_largest_expression_allowed_is_accepted() -> None:
    text = "max(" + ", ".join(["1"] * (MAX_NODES - 1)) + ")"
    assert len(parse(text).tree.arguments) == MAX_NODES - 1  # type: ignore[union-attr]
    with pytest.raises(InputError, match=f"at most {MAX_NODES} parts"):
        parse(text.replace(")", ", 1)"))
