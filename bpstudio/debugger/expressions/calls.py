"""Calls in an expression: functions of numbers, reductions and functions of a layer."""

from __future__ import annotations

import ast
from collections.abc import Callable

from bpstudio.debugger.expressions.errors import ExpressionError
from bpstudio.debugger.expressions.language import OF_SEVERAL, OF_VALIDATION, WORDS, Group, Word
from bpstudio.debugger.expressions.subscripts import read_layer
from bpstudio.debugger.expressions.tree import Call, Name, Node, OfLayer, Whole, walk

Reader = Callable[[ast.expr], Node]


def read_call(node: ast.Call, read: Reader, read_inside: Reader, inside: bool) -> Node:
    """A call; ``read`` reads arguments as they stand here, ``read_inside`` those of a reduction."""
    if _is_of_validation(node):
        return _of_validation(node)
    word = _function(node)
    if word.group is Group.LAYER:
        return _of_layer(node, word, inside)
    if word.group is Group.FUNCTION:
        _require_one(node, word)
        return Call(word.name, (read(node.args[0]),))
    if word.name in OF_SEVERAL and len(node.args) > 1:
        return Call(word.name, tuple(map(read, node.args)))
    if inside:
        raise _at(node, f"{word.name} cannot stand within another function of a whole layer")
    return _reduction(node, word, read_inside)


def _is_of_validation(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in OF_VALIDATION


def _of_validation(node: ast.Call) -> Node:
    """``loss(validation)``: of the rows that training does not see."""
    assert isinstance(node.func, ast.Name)
    form = OF_VALIDATION[node.func.id]
    match node.args:
        case [ast.Name("validation")] if not node.keywords:
            return Name(form)
    raise _at(node, f"write {node.func.id} or {form}")


def _function(node: ast.Call) -> Word:
    if not isinstance(node.func, ast.Name):
        raise _at(node.func, "only functions are called, such as abs(value)")
    word = WORDS[node.func.id]
    if not word.is_function:
        raise _at(node.func, f"{word.name} is not a function; write {word.form}")
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            raise _at(argument, f"a star has no meaning here; write {word.form}")
    if node.keywords:
        raise _at(node.keywords[0].value, f"write {word.form}")
    return word


def _require_one(node: ast.Call, word: Word) -> None:
    if len(node.args) != 1:
        raise _at(
            node, f"{word.name} takes one argument, given: {len(node.args)}; write {word.form}"
        )


def _of_layer(node: ast.Call, word: Word, inside: bool) -> Node:
    _require_one(node, word)
    if inside:
        raise _at(node, f"{word.form} is one number; leave it outside")
    return OfLayer(word.name, read_layer(node.args[0]))


def _reduction(node: ast.Call, word: Word, read_inside: Reader) -> Node:
    _require_one(node, word)
    argument = read_inside(node.args[0])
    wholes = {part for part in walk(argument) if isinstance(part, Whole)}
    if len(wholes) != 1:
        raise _at(
            node,
            f"{word.name} takes the numbers of one kind in one layer, as in {word.name}(dC_dw[3])",
        )
    return Call(word.name, (argument,), reduces=True)


def _at(node: ast.expr, message: str) -> ExpressionError:
    return ExpressionError(message, node.col_offset, node.end_col_offset)
