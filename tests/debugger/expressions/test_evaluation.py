"""The value of an expression over many steps at once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from bpstudio.debugger.expressions import evaluate, parse, truth

NAN, INF = math.nan, math.inf


class Numbers:
    """An environment of given numbers; remembers what it was asked for."""

    def __init__(self, **names: Any) -> None:
        self.names = {"L": 4, **names}
        self.asked: list[tuple[Any, ...]] = []

    def name(self, name: str) -> Any:
        return self.names[name]

    def indexed(self, name: str, layer: int | None, indices: tuple[int, ...]) -> Any:
        self.asked.append((name, layer, indices))
        return self.names[name]

    def whole(self, name: str, layer: int) -> Any:
        self.asked.append((name, layer))
        return self.names[name]

    def of_layer(self, function: str, layer: int) -> Any:
        self.asked.append((function, layer))
        return self.names[function]


def value_of(text: str, **names: Any) -> Any:
    return evaluate(parse(text), Numbers(**names))


def test_an_expression_is_evaluated_for_all_steps_at_once() -> None:
    values = np.array([-0.5, 0.05, 0.2])
    assert_array_equal(value_of("abs(value) > 0.1", value=values), [True, False, True])
    assert_array_equal(value_of("2 * value", value=values), [-1.0, 0.1, 0.4])


def test_arrays_broadcast_as_the_environment_gives_them() -> None:
    value, layer = np.arange(6.0).reshape(3, 2), np.array([[2], [3], [3]])
    result = value_of("value > 2 and l == 3", value=value, l=layer)
    assert_array_equal(result, [[False, False], [False, True], [True, True]])


def test_a_whole_layer_is_reduced_along_its_last_axis() -> None:
    numbers = np.array([[3.0, -4.0], [0.0, NAN]])
    assert_array_equal(value_of("norm(dC_dw[3])", dC_dw=numbers), [5.0, NAN])
    assert_array_equal(value_of("max_abs(dC_dw[3])", dC_dw=numbers), [4.0, NAN])
    assert_array_equal(value_of("sum(dC_dw[3])", dC_dw=numbers), [-1.0, NAN])
    assert_array_equal(value_of("mean(dC_dw[3])", dC_dw=numbers), [-0.5, NAN])
    assert_array_equal(value_of("min(dC_dw[3])", dC_dw=numbers), [-4.0, NAN])
    assert_array_equal(value_of("max(abs(dC_dw[3]))", dC_dw=numbers), [4.0, NAN])
    assert_array_equal(value_of("any(isnan(dC_dw[3]))", dC_dw=numbers), [False, True])
    assert_array_equal(value_of("all(dC_dw[3] < 4)", dC_dw=numbers), [True, False])
    assert_array_equal(value_of("any(dC_dw[3])", dC_dw=numbers), [True, False])


def test_the_environment_is_asked_for_layers_by_their_numbers() -> None:
    numbers = Numbers(w=1.0, a=np.ones(2), dead=0.5, x=2.0)
    evaluate(parse("w[L][0,1] + sum(a[L-1]) + dead(L-2) + dead(3) + x[0]"), numbers)
    expected = [("w", 4, (0, 1)), ("a", 3), ("dead", 2), ("dead", 3), ("x", None, (0,))]
    assert numbers.asked == expected


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "==", "!="])
def test_no_comparison_with_nan_holds(operator: str) -> None:
    assert not value_of(f"value {operator} 1", value=NAN)
    assert not value_of(f"value {operator} value", value=NAN)


def test_nan_is_no_truth() -> None:
    assert_array_equal(truth(np.array([NAN, 0.0, 2.0, INF])), [False, False, True, True])
    assert not value_of("value and 1", value=NAN)
    assert value_of("not value", value=NAN)


def test_both_sides_of_and_and_or_are_looked_at() -> None:
    numbers = Numbers(w=0.0, b=1.0)
    assert not evaluate(parse("w[2][0,0] and b[2][0]"), numbers)
    assert evaluate(parse("b[2][0] or w[2][0,0]"), numbers)
    assert len(numbers.asked) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9**9**9", INF),
        ("-9**9**9", -INF),
        ("1 / 0", INF),
        ("0 / 0", NAN),
        ("sqrt(-1)", NAN),
        ("log(0)", -INF),
        ("exp(1e300)", INF),
        ("(0 - 8) ** (1 / 3)", NAN),
        ("1e308 * 10", INF),
        ("5 % 0", NAN),
        ("-2 ** 2", -4.0),
        ("2 ** -1", 0.5),
        ("-7 % 3", 2.0),
        ("sign(-3)", -1.0),
        ("min(3, 1, 2)", 1.0),
        ("max(3, 1, 2)", 3.0),
        ("(2 > 1) + (3 > 1)", 2.0),
        ("+value", 7.0),
    ],
)
def test_numbers_are_floats_and_never_an_error(text: str, expected: float) -> None:
    result = value_of(text, value=7)
    assert result.dtype == np.float64
    assert_array_equal(result, expected)


@pytest.mark.parametrize("text", ["value > 0", "not value", "value and 1", "isnan(value)"])
def test_a_condition_gives_yes_or_no(text: str) -> None:
    assert value_of(text, value=np.zeros(3)).dtype == np.bool_


# Random well-formed expressions, beside Python's own reading of the same text.

names = st.sampled_from(["value", "previous", "l", "loss"])
numbers = st.integers(0, 20).map(str) | st.sampled_from(["0.5", "2.25", "1e-3", ".125", "3."])


def _arithmetic(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*"])
    return (
        st.builds("({} {} {})".format, inner, operators, inner)
        | st.builds("{} {} {}".format, inner, operators, inner)
        | st.builds("-{}".format, inner)
        | st.builds("abs({})".format, inner)
        | st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner)
        | st.builds("({} % 7)".format, inner)
    )


arithmetic = st.recursive(names | numbers, _arithmetic, max_leaves=8)
relations = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
comparisons = st.builds("{} {} {}".format, arithmetic, relations, arithmetic) | st.builds(
    "{} {} {} {} {}".format, arithmetic, relations, arithmetic, relations, arithmetic
)
conditions = st.recursive(
    comparisons,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("not {}".format, inner)
    ),
    max_leaves=4,
)
reals = st.integers(-8, 8).map(float) | st.floats(-4, 4, width=16)
scalars = st.fixed_dictionaries(dict.fromkeys(("value", "previous", "l", "loss"), reals))
ALLOWED = {"__builtins__": {}, "abs": abs, "min": min, "max": max}


def is_small(text: str) -> bool:
    """Whether it is well within the bounds of an expression."""
    return len(text) < 300 and text.count("(") + text.count("not ") < 15


@given(arithmetic, scalars)
def test_arithmetic_agrees_with_pythons_own(text: str, names: dict[str, float]) -> None:
    assume(is_small(text))
    expected = float(eval(text, ALLOWED, names))
    assert float(value_of(text, **names)) == expected


@given(conditions, scalars)
def test_conditions_agree_with_pythons_own(text: str, names: dict[str, float]) -> None:
    assume(is_small(text))
    expected = bool(eval(text, ALLOWED, names))
    result = value_of(text, **names)
    assert result.dtype == np.bool_
    assert bool(result) == expected
