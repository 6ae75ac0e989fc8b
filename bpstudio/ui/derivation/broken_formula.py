"""A formula that is too long for a line, broken before its operators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bpstudio.ui.derivation.strip import Strip, fitted, symbol_strip

Line = tuple[Strip, ...]
_OPERATORS = re.compile(r" (?=(?:=|\+|-|\\cdot|\\rightarrow) )")


@lru_cache(maxsize=1024)
def formula_lines(tex: str, size: float, width: float, indent: float) -> tuple[Line, ...]:
    """The formula in lines not wider than `width`; all but the first are indented.

    Short formulas stay whole; a part that is too wide for a line of its own is set smaller.
    """
    whole = symbol_strip(tex, size)
    if whole.width <= width:
        return ((whole,),)
    return tuple(_wrapped(tex, size, width, indent))


def _wrapped(tex: str, size: float, width: float, indent: float) -> Iterator[Line]:
    line: list[Strip] = []
    room = width
    for chunk in chunks(tex):
        strip = _chunk_strip(chunk, size, width - indent)
        if line and strip.width > room:
            yield tuple(line)
            line, room = [], width - indent
        line.append(strip)
        room -= strip.width
    yield tuple(line)


def _chunk_strip(chunk: str, size: float, width: float) -> Strip:
    # an empty atom on both sides keeps the operator's own spaces
    tex = f"{{}} {chunk}" if _OPERATORS.match(f" {chunk}") else chunk
    return fitted(lambda k: symbol_strip(tex, size * k), width)


@lru_cache(maxsize=1024)
def chunks(tex: str) -> tuple[str, ...]:
    r"""The formula cut before every operator that stands in no brace or parenthesis.

    >>> chunks(r"z = w a + \left(b + c\right)")
    ('z', '= w a', '+ \\left(b + c\\right)')
    """
    cut = [match.start() for match in _OPERATORS.finditer(tex) if _depth(tex, match.start()) == 0]
    ends = [*cut, len(tex)]
    return tuple(tex[a:b].strip() for a, b in zip([0, *cut], ends, strict=True))


def _depth(tex: str, end: int) -> int:
    head = tex[:end]
    return (
        head.count("{")
        - head.count("}")
        + len(re.findall(r"\\left(?![a-z])", head))
        - len(re.findall(r"\\right(?![a-z])", head))
    )
