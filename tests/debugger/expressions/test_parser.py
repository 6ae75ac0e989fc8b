"""What the language can say, and what it says when it cannot."""

from __future__ import annotations

import pytest

from bpstudio.core.address import KINDS
from bpstudio.debugger.expressions import Expression, ExpressionError, Reading, parse
from bpstudio.debugger.expressions.language import WORDS, Group
from bpstudio.debugger.expressions.tree import (
    Binary,
    Call,
    Compare,
    Indexed,
    Logic,
    Name,
    Number,
    OfLayer,
    Unary,
    Whole,
)

TREES = {
    "abs(dC_dw[3][2,2]) > 0.1": Compare(
        (">",), (Call("abs", (Indexed("dC_dw", 3, (2, 2)),)), Number(0.1))
    ),
    "da_dz < 1e-3": Compare(("<",), (Name("da_dz"), Number(0.001))),
    "isnan(value)": Call("isnan", (Name("value"),)),
    "value * previous < 0": Compare(
        ("<",), (Binary("*", Name("value"), Name("previous")), Number(0.0))
    ),
    "grad_norm(3) > 10 * grad_norm(2)": Compare(
        (">",), (OfLayer("grad_norm", 3), Binary("*", Number(10.0), OfLayer("grad_norm", 2)))
    ),
    "dead(2) > 0.3": Compare((">",), (OfLayer("dead", 2), Number(0.3))),
    "norm(dC_dw[3]) < 1e-6": Compare(
        ("<",), (Call("norm", (Whole("dC_dw", 3),), reduces=True), Number(1e-6))
    ),
    "0 < value < 1 and l == 3": Logic(
        "and",
        (
            Compare(("<", "<"), (Number(0.0), Name("value"), Number(1.0))),
            Compare(("==",), (Name("l"), Number(3.0))),
        ),
    ),
    "not isfinite(z)": Unary("not", Call("isfinite", (Name("z"),))),
    "C": Name("C"),
    "C_0": Name("C"),
    "loss": Name("loss"),
    "w[3][2,2]": Indexed("w", 3, (2, 2)),
    "x[0]": Indexed("x", None, (0,)),
    "y[1]": Indexed("y", None, (1,)),
    "C_j[1]": Indexed("C_j", None, (1,)),
    "dz_da[3][2,1]": Indexed("dz_da", 3, (2, 1)),
    "dC_dw[L][0,1]": Indexed("dC_dw", 0, (0, 1)),
    "dC_dw[L-1][0,1]": Indexed("dC_dw", -1, (0, 1)),
    "da_dz[4][0,1]": Indexed("da_dz", 4, (0, 1)),
    "max(0, value)": Call("max", (Number(0.0), Name("value"))),
    "any(isnan(z[2]))": Call("any", (Call("isnan", (Whole("z", 2),)),), reduces=True),
    "-2 ** 2": Unary("-", Binary("**", Number(2.0), Number(2.0))),
}


@pytest.mark.parametrize("text", TREES)
def test_an_expression_becomes_a_tree_of_values(text: str) -> None:
    assert parse(text) == Expression(text, TREES[text], parse(text).reads)


@pytest.mark.parametrize("kind", [kind for kinds in KINDS.values() for kind in kinds])
def test_every_kind_of_term_can_be_read_bare_and_with_its_place(kind: str) -> None:
    word = WORDS[kind]
    assert parse(kind).tree == Name(kind)
    if not word.letters:
        return
    places = ",".join("0" for _ in word.letters)
    written = f"{kind}{'[2]' if word.layered else ''}[{places}]"
    expected = Indexed(kind, 2 if word.layered else None, (0,) * len(word.letters))
    assert parse(written).tree == expected


def test_everything_that_is_read_is_listed_once_in_order() -> None:
    text = "value + w[L][0,1] * value > grad_norm(2) and norm(z[3]) < x[0] + lr"
    assert parse(text).reads == (
        Reading("value"),
        Reading("w", 0, (0, 1)),
        Reading("grad_norm", 2),
        Reading("z", 3),
        Reading("x", None, (0,)),
        Reading("lr"),
    )


def test_layers_counted_from_the_last_one_get_their_numbers_for_a_network() -> None:
    expression = parse("not a[L][0] < abs(-dead(L-1)) or sum(z[L] * 2) + x[1] == 1")
    assert (
        expression.at(4).tree
        == parse("not a[4][0] < abs(-dead(3)) or sum(z[4] * 2) + x[1] == 1").tree
    )
    assert {reading.layer for reading in expression.at(4).reads} == {4, 3, None}


ERRORS = {
    "abs(dC_dv[3][2,2])": "column 5: there is no name 'dC_dv'; did you mean dC_dw?",
    "  valeu > 0": "column 3: there is no name 'valeu'; did you mean value?",
    "value = 3": "column 7: '=' does not exist here; write ==",
    "value && z": "column 7: '&' does not exist here; write and",
    "value ≤ 1": "column 7: '≤' does not exist here; write <=",
    "value >": "column 8: something is missing at the end: a number or a name",
    "(value": "column 1: '(' is never closed",
    "value)": "column 6: ')' closes nothing; '(' is missing",
    "(value]": "column 7: ']' closes nothing; '[' is missing",
    "value > > 2": "column 9: '>' cannot stand here; before and after an operator stand a number, "
    "a name or ( )",
    "": "column 1: an expression is missing, such as abs(value) > 0.1",
    "  x": "column 3: x needs its place; write x[k]",
    "w": "column 1: w needs its place; write w[l][j,k]",
    "abs": "column 1: abs is a function; write abs(…)",
    "dead": "column 1: dead is a function; write dead(l)",
    "value(1)": "column 1: value is not a function; write value",
    "value[1]": "column 1: value has no indices; write value",
    "C[0]": "column 1: C has no indices; write C",
    "dC_dw[3,2,2]": "column 1: write dC_dw[l][j,k]",
    "dC_dw[3][2]": "column 1: dC_dw[l][j,k] takes 2 indices, given: 1",
    "dC_dw[3][2][2]": "column 1: write dC_dw[l][j,k]",
    "dC_dw[3] > 1": "column 1: dC_dw[…] is all numbers of a layer; write dC_dw[l][j,k] for one of "
    "them, or reduce them, as in norm(dC_dw[l])",
    "dC_dw[0][1,1]": "column 7: layers count from 1, the input; write 1, 2, …, L-1 or L",
    "dC_dw[l][1,1]": "column 7: a layer is a whole number, L or L-1",
    "dC_dw[3][j,1]": "column 10: an index is a whole number from 0",
    "dC_dw[3][-1,1]": "column 10: an index is a whole number from 0",
    "dC_dw[3][1.0,1]": "column 10: an index is a whole number from 0",
    "x[9999999999]": "column 3: this index is larger than any network",
    "norm(value)": "column 6: value is one number; here stand numbers and the numbers of a layer: "
    "leave it outside",
    "norm(z)": "column 6: z is one number; here stand numbers and the numbers of a layer: "
    "give it its layer, as in dC_dw[3]",
    "norm(2)": "column 1: norm takes the numbers of one kind in one layer, as in norm(dC_dw[3])",
    "sum(z[2] * a[2])": "column 1: sum takes the numbers of one kind in one layer, as in "
    "sum(dC_dw[3])",
    "sum(mean(z[2]))": "column 5: mean cannot stand within another function of a whole layer",
    "sum(z[2] * dead(2))": "column 12: dead(l) is one number; leave it outside",
    "abs(1, 2)": "column 1: abs takes one argument, given: 2; write abs(…)",
    "12abc": "column 1: '12abc' is not a number; write it like 12, 0.5 or 1e-3",
    "0x10": "column 1: '0x10' is not a number; write it like 12, 0.5 or 1e-3",
    "1e309": "column 1: 1e309 is too large; numbers go up to 1e+308",
    "value // 2": "column 6: the operators are + - * / % **",
}


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_says_where_what_was_given_and_what_would_be_right(text: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert str(error.value) == ERRORS[text]


def test_an_error_marks_the_characters_at_fault() -> None:
    with pytest.raises(ExpressionError) as error:
        parse("  abs(dC_dv) > 1")
    assert (error.value.start, error.value.stop) == (6, 11)


def test_every_word_is_explained_in_one_line() -> None:
    for word in WORDS.values():
        assert word.documentation.strip()
        assert "\n" not in word.documentation
        assert word.form.startswith(word.name)
        assert isinstance(word.group, Group)
