"""The value of an expression: numpy, element by element, over as many steps at once as are given.

A comparison with nan is False (so is ``!=``), and nan is no truth.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpstudio.debugger.expressions.tree import (
    Binary,
    Call,
    Compare,
    Expression,
    Indexed,
    Logic,
    Name,
    Node,
    Number,
    OfLayer,
    Unary,
    Whole,
    real_layer,
)

Array: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[np.float64]


class Environment(Protocol):
    """Where an expression's numbers come from.

    What is returned are numbers or arrays that broadcast with each other (one element a step,
    say); what does not exist at a step is nan there. Layers are 1 … L.
    """

    def name(self, name: str) -> Array | float:
        """Of the current step or pass: ``value``, ``l``, ``dC_dw``, ``loss``, ``L``."""
        ...

    def indexed(self, name: str, layer: int | None, indices: tuple[int, ...]) -> Array | float:
        """One number: dC_dw[3][2,1]; ``x``, ``y`` and ``C_j`` have no layer."""
        ...

    def whole(self, name: str, layer: int) -> Array:
        """All numbers of a kind in a layer, along the LAST axis, in any order.

        The axes before it broadcast with what the other methods return.
        """
        ...

    def of_layer(self, function: str, layer: int) -> Array | float:
        """``grad_norm``, ``dead`` or ``saturated`` of a layer."""
        ...


def evaluate(expression: Expression, environment: Environment) -> Array:
    """The value: float64, or bool where the expression is a condition; 0-d for a single number."""
    with np.errstate(all="ignore"):
        return _value(expression.tree, environment)


def truth(values: Array | float) -> NDArray[np.bool_]:
    """Where a result holds: True, or a number that is neither 0 nor nan."""
    array = np.asarray(values)
    if array.dtype == np.bool_:
        return array
    return np.asarray((array != 0) & ~np.isnan(array))


def _value(node: Node, environment: Environment) -> Array:
    match node:
        case Number(value):
            return np.asarray(value)
        case Name() | Indexed() | Whole() | OfLayer():
            return _floats(_looked_up(node, environment))
        case Call(function, arguments, reduces):
            return _called(function, [_value(part, environment) for part in arguments], reduces)
        case Unary(operator, operand):
            return _UNARY[operator](_value(operand, environment))
        case Binary(operator, left, right):
            sides = (_floats(_value(left, environment)), _floats(_value(right, environment)))
            return np.asarray(_BINARY[operator](*sides))
        case Compare(operators, operands):
            return _compared(operators, [_value(part, environment) for part in operands])
        case Logic(operator, operands):
            truths = [truth(_value(part, environment)) for part in operands]
            return np.asarray(reduce(_LOGIC[operator], truths))


def _looked_up(node: Name | Indexed | Whole | OfLayer, environment: Environment) -> Array | float:
    if isinstance(node, Name):
        return environment.name(node.name)
    layer = node.layer
    if layer is not None and layer <= 0:
        layer = real_layer(layer, int(environment.name("L")))
    if isinstance(node, Indexed):
        return environment.indexed(node.name, layer, node.indices)
    assert layer is not None  # only x, y and C_j have none
    if isinstance(node, Whole):
        return environment.whole(node.name, layer)
    return environment.of_layer(node.function, layer)


def _floats(values: Array | float) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _called(function: str, arguments: list[Array], reduces: bool) -> Array:
    if reduces:
        return np.asarray(_REDUCTIONS[function](arguments[0]))
    if len(arguments) > 1:
        return np.asarray(reduce(_OF_SEVERAL[function], map(_floats, arguments)))
    return np.asarray(_FUNCTIONS[function](_floats(arguments[0])))


def _sign_flips(series: Floats) -> Floats:
    """How often the sign changed up to each element of a series over updates; 0 has none."""
    signs = np.sign(series)
    places = np.where(signs != 0, np.arange(len(signs)), -1)
    last = np.maximum.accumulate(places)  # of the latest sign that is not 0
    held = np.where(last >= 0, signs[last], 0.0)
    flips = (held[1:] * held[:-1] < 0).astype(np.float64)
    return np.concatenate((np.zeros(min(1, len(series))), np.cumsum(flips)))


def _compared(operators: tuple[str, ...], operands: list[Array]) -> Array:
    pairs = zip(operators, operands, operands[1:], strict=False)
    links = [_COMPARE[operator](_floats(left), _floats(right)) for operator, left, right in pairs]
    return np.asarray(reduce(np.logical_and, links))


def _different(left: Floats, right: Floats) -> Array:
    return np.asarray((left < right) | (left > right))  # nan is neither


_UNARY: dict[str, Callable[[Array], Array]] = {
    "-": lambda x: np.negative(_floats(x)),
    "+": lambda x: _floats(x),
    "not": lambda x: np.logical_not(truth(x)),
}
_BINARY: dict[str, Callable[[Floats, Floats], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.mod,
    "**": np.power,
}
_COMPARE: dict[str, Callable[[Floats, Floats], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": _different,
}
_LOGIC = {"and": np.logical_and, "or": np.logical_or}
_FUNCTIONS: dict[str, Callable[[Floats], Any]] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "sign": np.sign,
    "isnan": np.isnan,
    "isinf": np.isinf,
    "isfinite": np.isfinite,
    "sign_flips": lambda x: _sign_flips(x),
}
_OF_SEVERAL = {"min": np.minimum, "max": np.maximum}  # nan where one is nan
_REDUCTIONS: dict[str, Callable[[Array], Any]] = {
    "norm": lambda x: np.sqrt(np.sum(np.square(_floats(x)), axis=-1)),
    "max_abs": lambda x: np.max(np.abs(_floats(x)), axis=-1),
    "mean": lambda x: np.mean(_floats(x), axis=-1),
    "sum": lambda x: np.sum(_floats(x), axis=-1),
    "min": lambda x: np.min(_floats(x), axis=-1),
    "max": lambda x: np.max(_floats(x), axis=-1),
    "any": lambda x: np.any(truth(x), axis=-1),
    "all": lambda x: np.all(truth(x), axis=-1),
}
