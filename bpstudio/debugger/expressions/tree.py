"""What an expression is once it is read: a small tree of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """Something of the current step, or a constant of the pass: ``value``, ``dC_dw``, ``lr``."""

    name: str


@dataclass(frozen=True, slots=True)
class Indexed:
    """One number of the pass: ``dC_dw[3][2,1]``, ``x[0]`` (then the layer is None).

    A layer ≤ 0 counts back from the last one: 0 is L, −1 is L−1.
    """

    name: str
    layer: int | None
    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """All numbers of a kind in a layer, ``dC_dw[3]``; occurs inside a reduction only."""

    name: str
    layer: int


@dataclass(frozen=True, slots=True)
class OfLayer:
    """A function of a layer: ``grad_norm(3)``."""

    function: str
    layer: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function of numbers (``abs(value)``), or a reduction (``norm(dC_dw[3])``)."""

    function: str
    arguments: tuple[Node, ...]
    reduces: bool = False


@dataclass(frozen=True, slots=True)
class Unary:
    """``-``, ``+`` or ``not`` before an operand."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """``+ - * / % **`` between two operands."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """``0 < value < 1``: n + 1 operands with n operators between them."""

    operators: tuple[str, ...]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """``and`` or ``or`` between operands; all of them are looked at."""

    operator: str
    operands: tuple[Node, ...]


Node: TypeAlias = (
    Number | Name | Indexed | Whole | OfLayer | Call | Unary | Binary | Compare | Logic
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Something that an expression reads.

    A bare name has no layer and no indices; ``dC_dw[3]`` and ``grad_norm(3)`` a layer alone;
    ``x[0]`` indices alone. A layer ≤ 0 counts back from the last one, as in the tree.
    """

    name: str
    layer: int | None = None
    indices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read: its text, its tree, and everything it reads, each once."""

    text: str
    tree: Node
    reads: tuple[Reading, ...]

    def at(self, L: int) -> Expression:
        """The same for a network of L layers: every layer by its own number."""
        tree = _with_layers(self.tree, L)
        return replace(self, tree=tree, reads=readings(tree))


def expression(text: str, tree: Node) -> Expression:
    """With what the tree reads."""
    return Expression(text, tree, readings(tree))


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below."""
    match node:
        case Call(_, arguments, _):
            return arguments
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Compare(_, operands) | Logic(_, operands):
            return operands
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, from left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def depth(node: Node) -> int:
    """Nodes on the longest way down."""
    return 1 + max(map(depth, children(node)), default=0)


def readings(tree: Node) -> tuple[Reading, ...]:
    """Everything a tree reads, each once, in the order of the text."""
    found = (_reading(node) for node in walk(tree))
    return tuple(dict.fromkeys(reading for reading in found if reading is not None))


def _reading(node: Node) -> Reading | None:
    match node:
        case Name(name):
            return Reading(name)
        case Indexed(name, layer, indices):
            return Reading(name, layer, indices)
        case Whole(name, layer) | OfLayer(name, layer):
            return Reading(name, layer)
    return None


def _with_layers(node: Node, L: int) -> Node:
    """Layers ≤ 0 replaced by the numbers they stand for."""
    match node:
        case Indexed(name, layer, indices):
            return Indexed(name, real_layer(layer, L), indices)
        case Whole(name, layer):
            return Whole(name, layer if layer > 0 else L + layer)
        case OfLayer(function, layer):
            return OfLayer(function, layer if layer > 0 else L + layer)
        case Call(function, arguments, reduces):
            return Call(function, _all_with_layers(arguments, L), reduces)
        case Unary(operator, operand):
            return Unary(operator, _with_layers(operand, L))
        case Binary(operator, left, right):
            return Binary(operator, _with_layers(left, L), _with_layers(right, L))
        case Compare(operators, operands):
            return Compare(operators, _all_with_layers(operands, L))
        case Logic(operator, operands):
            return Logic(operator, _all_with_layers(operands, L))
    return node


def _all_with_layers(nodes: tuple[Node, ...], L: int) -> tuple[Node, ...]:
    return tuple(_with_layers(node, L) for node in nodes)


def real_layer(layer: int | None, L: int) -> int | None:
    """The number of a layer that may be counted back from L."""
    return layer if layer is None or layer > 0 else L + layer
