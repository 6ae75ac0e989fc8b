"""The limits that conditions set to what is watched: 0.1 for ``abs(z) > 0.1`` and ``z``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from bpstudio.core.errors import InputError
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.expressions import parse
from bpstudio.debugger.expressions.tree import Call, Compare, Node, Number, Unary, walk


def limits_of(watched: str, points: Iterable[Breakpoint]) -> tuple[float, ...]:
    """The numbers that breakpoints in force compare a watched expression with, ascending."""
    conditions = [point.when for point in points if point.enabled and point.when]
    return tuple(sorted({limit for when in conditions for limit in _limits(watched, when)}))


@lru_cache(maxsize=1024)
def _limits(watched: str, when: str) -> tuple[float, ...]:
    try:
        tree = parse(watched).tree
    except InputError:  # an address
        return ()
    compared = (node for node in walk(parse(when).tree) if isinstance(node, Compare))
    return tuple(limit for node in compared for limit in _compared(node, tree))


def _compared(node: Compare, watched: Node) -> Iterator[float]:
    for left, right in zip(node.operands, node.operands[1:], strict=False):
        for side, other in ((left, right), (right, left)):
            number = _number(other)
            if number is None:
                continue
            if side == watched:
                yield number
            elif side == Call("abs", (watched,)):
                yield from (-number, number)


def _number(node: Node) -> float | None:
    match node:
        case Number(value):
            return value
        case Unary("-", Number(value)):
            return -value
    return None
