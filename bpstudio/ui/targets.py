"""What a breakpoint, a watch or an edit is about, from an address and in words."""

from __future__ import annotations

import re
from typing import Any

from bpstudio.core.address import parse_address
from bpstudio.core.notation import Notation, plain
from bpstudio.debugger.breakpoints import Breakpoint

_IN_SAMPLE = ("fwd", "loss", "back")
_PARAMETER = re.compile(r"([wb])/l(\d+)/j(\d+)(?:/k(\d+))?")
_CELL = re.compile(r"s(\d+)/([xy])(\d+)")


def breakpoint_at(address: str) -> dict[str, Any]:
    """Kind and place of a breakpoint at a step, in whichever sample."""
    place = parse_address(address)
    settings: dict[str, Any] = {"kind": place.kind, "l": place.l, "j": place.j}
    if place.letter is not None:
        settings[place.letter] = place.index
    return {name: value for name, value in settings.items() if value is not None}


def plain_breakpoints(points: tuple[Breakpoint, ...], address: str) -> tuple[Breakpoint, ...]:
    """Those that stop at each such step and at nothing else."""
    wanted = Breakpoint(0, **breakpoint_at(address))
    return tuple(
        point
        for point in points
        if point.selection == wanted.selection
        and (point.when, point.log, point.hits) == (wanted.when, wanted.log, wanted.hits)
    )


def watch_at(address: str) -> str:
    """A step as the language of watches writes it: dC_dw[3][2,2], C, z[2][0]."""
    place = parse_address(address)
    if place.phase not in _IN_SAMPLE:
        return address
    indices = [index for index in (place.j, place.index) if index is not None]
    layer = "" if place.l is None else f"[{place.l}]"
    return f"{place.kind}{layer}" + (f"[{','.join(map(str, indices))}]" if indices else "")


def number_words(address: str, L: int) -> str:
    """A number that can be edited, in words: w_22^(L−1), x_2 of row 52."""
    notation = Notation(L)
    cell, parameter = _CELL.fullmatch(address), _PARAMETER.fullmatch(address)
    if cell is not None:
        row, letter, index = cell.groups()
        return f"{letter}_{index} of row {row}"
    if parameter is None:
        return address
    letter, *numbers = parameter.groups()
    l, j, k = (None if text is None else int(text) for text in numbers)
    assert l is not None
    assert j is not None
    return plain(f"${notation.b(l, j) if k is None else notation.w(l, j, k)}$")
