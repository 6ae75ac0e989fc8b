"""Places in an expression: ``dC_dw[3][2,1]``, ``x[0]``, ``grad_norm(L-1)``."""

from __future__ import annotations

import ast

from bpstudio.debugger.expressions.errors import ExpressionError
from bpstudio.debugger.expressions.language import (
    ALIASES,
    OF_BOTH,
    SOFTMAX_LETTERS,
    WITH_PAST,
    WORDS,
    Word,
)
from bpstudio.debugger.expressions.tree import Indexed, Node, Whole

_MAX_INDEX = 10**9
MOST_PAST = 1000  # updates that a condition may look back


def read_subscript(node: ast.Subscript, inside: bool) -> Node:
    """A name with its indices; ``inside`` a reduction a whole layer."""
    name, groups = _unfolded(node)
    word = WORDS[name.id]
    if word.is_function:
        raise _at(node, f"{word.name} is a function; write {word.form}")
    if word.name in WITH_PAST and len(groups) == 1:
        return Indexed(word.name, None, (-_updates_before(groups[0]),))
    if not word.layered and not word.letters:
        raise _at(node, f"{word.name} has no indices; write {word.name}")
    if word.layered and len(groups) == 1 and not isinstance(groups[0], ast.Tuple):
        return _whole(node, word, groups[0], inside)
    if inside:
        raise _at(node, f"one number has nothing to reduce; write {_whole_form(word)}")
    return _indexed(node, word, groups)


def read_layer(node: ast.expr) -> int:
    """The layer that 3, L or L-1 means; ≤ 0 counts back from L."""
    match node:
        case ast.Name("L"):
            return 0
        case ast.BinOp(ast.Name("L"), ast.Sub(), ast.Constant()):
            return -read_index(node.right)
        case ast.Constant():
            layer = read_index(node)
            if layer == 0:
                raise _at(node, "layers count from 1, the input; write 1, 2, …, L-1 or L")
            return layer
    raise _at(node, "a layer is a whole number, L or L-1")


def read_index(node: ast.expr) -> int:
    """A whole number from 0."""
    value = node.value if isinstance(node, ast.Constant) else None
    if type(value) is not int:
        raise _at(node, "an index is a whole number from 0")
    if value > _MAX_INDEX:
        raise _at(node, "this index is larger than any network")
    return value


def _updates_before(node: ast.expr) -> int:
    """The 10 of loss[-10]."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        count = read_index(node.operand)
        if 1 <= count <= MOST_PAST:
            return count
    raise _at(node, f"write how many updates before, from -1 to -{MOST_PAST}, as in loss[-10]")


def _unfolded(node: ast.Subscript) -> tuple[ast.Name, list[ast.expr]]:
    """The name and its groups of indices, from left to right."""
    groups: list[ast.expr] = []
    current: ast.expr = node
    while isinstance(current, ast.Subscript):
        groups.insert(0, current.slice)
        current = current.value
    if not isinstance(current, ast.Name):
        raise _at(node, "only names have indices, such as dC_dw[3][2,1]")
    return current, groups


def _whole(node: ast.Subscript, word: Word, layer: ast.expr, inside: bool) -> Node:
    number = read_layer(layer)
    if not inside:
        raise _at(
            node,
            f"{word.name}[…] is all numbers of a layer; write {word.form} for one of them, "
            f"or reduce them, as in norm({_whole_form(word)})",
        )
    return Whole(word.name, number)


def _whole_form(word: Word) -> str:
    return f"{word.name}[l]" if word.layered else "dC_dw[l]"


def _indexed(node: ast.Subscript, word: Word, groups: list[ast.expr]) -> Node:
    if len(groups) != word.layered + 1:
        raise _at(node, f"write {word.form}")
    indices = _indices(groups[-1])
    counts = {len(word.letters), len(SOFTMAX_LETTERS.get(word.name, word.letters))}
    if len(indices) not in counts | ({1} if word.name in OF_BOTH else set()):
        raise _at(node, f"{word.form} takes {len(word.letters)} indices, given: {len(indices)}")
    layer = read_layer(groups[0]) if word.layered else None
    return Indexed(ALIASES.get(word.name, word.name), layer, indices)


def _indices(group: ast.expr) -> tuple[int, ...]:
    parts = group.elts if isinstance(group, ast.Tuple) else [group]
    if isinstance(group, ast.Tuple) and len(parts) < 2:
        raise _at(group, "a comma stands between two indices only")
    return tuple(map(read_index, parts))


def _at(node: ast.expr, message: str) -> ExpressionError:
    return ExpressionError(message, node.col_offset, node.end_col_offset)
