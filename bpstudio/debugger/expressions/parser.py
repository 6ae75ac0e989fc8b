"""Text to expression: Python's own parser behind an allow-list.

Only the nodes named here become part of a tree of our own; nothing is ever compiled or run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from bpstudio.debugger.expressions.calls import Reader, read_call
from bpstudio.debugger.expressions.errors import ExpressionError
from bpstudio.debugger.expressions.language import ALIASES, WORDS, Group
from bpstudio.debugger.expressions.subscripts import read_subscript
from bpstudio.debugger.expressions.tokens import require_tokens
from bpstudio.debugger.expressions.tree import (
    Binary,
    Compare,
    Expression,
    Logic,
    Name,
    Node,
    Number,
    Unary,
    depth,
    expression,
    walk,
)

MAX_NODES = 100
MAX_DEPTH = 20

_BINARY: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%", ast.Pow: "**",
}  # fmt: skip
_COMPARE: dict[type[ast.AST], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_UNARY: dict[type[ast.AST], str] = {ast.USub: "-", ast.UAdd: "+", ast.Not: "not"}
_LOGIC: dict[type[ast.AST], str] = {ast.And: "and", ast.Or: "or"}


def parse(text: str) -> Expression:
    """The expression that a text says. ExpressionError (an InputError) says where it is wrong.

    Whether its places exist depends on the network: see `check`.
    """
    require_tokens(text)
    source = text.lstrip(" \t")
    try:
        tree = _read(_parsed(source).body)
        _require_size(tree)
    except ExpressionError as error:
        raise error.moved(len(text) - len(source)) from None
    return expression(text, tree)


def _parsed(source: str) -> ast.Expression:
    try:
        found = ast.parse(source, mode="eval")
    except SyntaxError as error:
        raise _misplaced(source.rstrip(" \t"), error.offset) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("the expression is too involved; split it", 0) from None
    _require_ast_size(found)
    return found


def _misplaced(source: str, offset: int | None) -> ExpressionError:
    """``offset`` counts from 1; none where the text ends too early."""
    start = offset - 1 if offset else len(source)
    if start >= len(source):
        return ExpressionError("something is missing at the end: a number or a name", len(source))
    rest = source[start:].split()[0][:40]
    return ExpressionError(
        f"{rest!r} cannot stand here; before and after an operator stand a number, a name or ( )",
        start,
        start + len(rest),
    )


def _require_ast_size(tree: ast.Expression) -> None:
    """Refuse a deep tree before anything walks it by recursion."""
    level: list[ast.AST] = [tree]
    for _ in range(4 * MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise ExpressionError(f"parts stand more than {MAX_DEPTH} deep within each other", 0)


def _require_size(tree: Node) -> None:
    count = sum(1 for _ in walk(tree))
    if count > MAX_NODES:
        raise ExpressionError(f"an expression has at most {MAX_NODES} parts, given: {count}", 0)
    if depth(tree) > MAX_DEPTH:
        raise ExpressionError(f"parts stand more than {MAX_DEPTH} deep within each other", 0)


def _read(node: ast.expr, inside: bool = False) -> Node:
    """One node of Python's tree as one of ours; ``inside`` a reduction other rules hold."""
    read: Reader = _read_inside if inside else _read
    for sort, build in _BUILDERS:
        if isinstance(node, sort):
            return build(node, read)
    if isinstance(node, ast.Call):
        return read_call(node, read, _read_inside, inside)
    if isinstance(node, ast.Subscript):
        return read_subscript(node, inside)
    if isinstance(node, ast.Name):
        return _name(node, inside)
    raise _refused(node)


def _read_inside(node: ast.expr) -> Node:
    return _read(node, inside=True)


def _refused(node: ast.expr) -> ExpressionError:
    what = _REFUSED.get(type(node), "this")
    return ExpressionError(
        f"{what} does not exist here; write numbers, names, operators and calls such as abs(value)",
        node.col_offset,
        node.end_col_offset,
    )


_REFUSED: dict[type[ast.AST], str] = {
    ast.Tuple: "a list of values",
    ast.List: "a list in brackets",
    ast.Starred: "a star before a value",
}


def _number(node: ast.expr, _: Reader) -> Node:
    assert isinstance(node, ast.Constant)
    if type(node.value) not in (int, float):
        raise _refused(node)
    return Number(float(node.value))  # type: ignore[arg-type]


def _unary(node: ast.expr, read: Reader) -> Node:
    assert isinstance(node, ast.UnaryOp)
    if type(node.op) not in _UNARY:
        raise _refused(node)
    return Unary(_UNARY[type(node.op)], read(node.operand))


def _binary(node: ast.expr, read: Reader) -> Node:
    assert isinstance(node, ast.BinOp)
    if type(node.op) not in _BINARY:
        raise ExpressionError(
            "the operators are + - * / % **", node.left.end_col_offset or 0, node.right.col_offset
        )
    return Binary(_BINARY[type(node.op)], read(node.left), read(node.right))


def _compare(node: ast.expr, read: Reader) -> Node:
    assert isinstance(node, ast.Compare)
    if any(type(operator) not in _COMPARE for operator in node.ops):
        raise ExpressionError("comparisons are < <= > >= == !=", node.col_offset)
    operators = tuple(_COMPARE[type(operator)] for operator in node.ops)
    return Compare(operators, tuple(map(read, (node.left, *node.comparators))))


def _logic(node: ast.expr, read: Reader) -> Node:
    assert isinstance(node, ast.BoolOp)
    return Logic(_LOGIC[type(node.op)], tuple(map(read, node.values)))


_BUILDERS: tuple[tuple[type[ast.expr], Callable[[ast.expr, Reader], Node]], ...] = (
    (ast.Constant, _number),
    (ast.UnaryOp, _unary),
    (ast.BinOp, _binary),
    (ast.Compare, _compare),
    (ast.BoolOp, _logic),
)


def _name(node: ast.Name, inside: bool) -> Node:
    word = WORDS[node.id]
    if word.is_function:
        raise _at(node, f"{word.name} is a function; write {word.form}")
    if inside:
        raise _at(node, f"{word.name} is one number; {_inside(word.layered)}")
    if word.name == "validation":
        raise _at(node, "write loss(validation) or accuracy(validation)")
    if word.group is Group.GIVEN:
        raise _at(node, f"{word.name} needs its place; write {word.form}")
    return Name(ALIASES.get(word.name, word.name))


def _inside(layered: bool) -> str:
    remedy = "give it its layer, as in dC_dw[3]" if layered else "leave it outside"
    return f"here stand numbers and the numbers of a layer: {remedy}"


def _at(node: ast.expr, message: str) -> ExpressionError:
    return ExpressionError(message, node.col_offset, node.end_col_offset)
