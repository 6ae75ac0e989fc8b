"""Breakpoints in words, with symbols as markup (see `bpstudio.ui.markup`)."""

from __future__ import annotations

from bpstudio.core.notation import Notation, format_count, on_one_line
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.expressions.language import KIND_WORDS
from bpstudio.debugger.stops import ordinal

PHASES = {
    "fwd": "Forward pass",
    "loss": "Loss",
    "back": "Backward pass",
    "mean": "Means",
    "update": "Updates",
}
_OF_PARAMETERS = {
    "dC_dw": "Gradient of",
    "dC_db": "Gradient of",
    "mean_dC_dw": "Mean gradient of",
    "mean_dC_db": "Mean gradient of",
    "penalty_w": "Penalty on",
    "penalised": "Penalised gradient of",
    "clipped": "Clipped gradient of",
    "velocity": "Velocity of",
    "m": "Running mean of",
    "v": "Running mean of squares of",
    "m_hat": "Corrected mean of",
    "v_hat": "Corrected mean of squares of",
    "update_w": "Update of",
    "update_b": "Update of",
}
_PREFIXES = {
    "addend": "Addend of",
    "addend_z": "Addend of",
    "mean_dC_dw": "Mean",
    "mean_dC_db": "Mean",
    "update_w": "Update of",
    "update_b": "Update of",
}


def subject(point: Breakpoint, notation: Notation) -> str:
    """What it watches: "Gradient of w_22", "∂a/∂z, layer 2, any node", "Any term"."""
    what = _what(point, notation)
    if point.log:
        return f"Log {what[0].lower()}{what[1:]}" if what[0] != "$" else f"Log {what}"
    return what


def rule(point: Breakpoint) -> str:
    """Its condition, its line, else its place, as they are typed."""
    parts = [point.when] if point.when else []
    if point.log:
        parts.append(f'"{point.log}"')
    return " ".join(parts) or point.place


def count_text(point: Breakpoint, count: int | None) -> tuple[str, str]:
    """How often it was met up to now, and of how many before it acts: ("2", " of 3")."""
    if not point.enabled:
        return "–", ""
    number = "…" if count is None else format_count(count)
    awaited = point.hits > 1 and (count is None or count <= point.hits)
    return number, f" of {format_count(point.hits)}" if awaited else ""


def action_text(point: Breakpoint) -> str:
    """When it acts: every hit, from the 3rd on, off."""
    if not point.enabled:
        return "off"
    verb = "log" if point.log else "stop"
    return f"{verb} from {ordinal(point.hits)}" if point.hits > 1 else "every hit"


def marker(point: Breakpoint) -> str:
    """The shape of its mark: "ring" (writes a line), "diamond" (has a condition) or "dot"."""
    if point.log:
        return "ring"
    return "diamond" if point.when else "dot"


def spoken(point: Breakpoint, plain: str, count: int | None) -> str:
    """For a screen reader."""
    number, of = count_text(point, count)
    met = f"{number}{of} hits, " if point.enabled else ""
    return f"{plain}, {rule(point)}, {met}{action_text(point)}"


def _what(point: Breakpoint, notation: Notation) -> str:
    if point.kind is None:
        return ", ".join(_without_kind(point))
    word = KIND_WORDS[point.kind]
    letters = (("l",) if word.layered else ()) + tuple(word.letters)
    if point.kind in _OF_PARAMETERS and all(getattr(point, n) is not None for n in letters):
        symbol = f"${_parameter(point, notation)}$"
        return ", ".join([f"{_OF_PARAMETERS[point.kind]} {symbol}", *_row(point)])
    if point.kind == "C" and point.row is None:
        return "$C_0$ of each sample"
    tex = on_one_line(notation.anywhere(point.kind))
    prefix = f"{_PREFIXES[point.kind]} " if point.kind in _PREFIXES else ""
    return ", ".join([f"{prefix}${tex}$", *_place(point, letters), *_row(point)])


def _parameter(point: Breakpoint, notation: Notation) -> str:
    assert point.l is not None, "its place is complete"
    assert point.j is not None, "its place is complete"
    if point.k is None:
        return notation.b(point.l, point.j)
    return notation.w(point.l, point.j, point.k)


def _without_kind(point: Breakpoint) -> list[str]:
    """The place alone, from the largest part of it on; the first word has a capital."""
    parts = [PHASES[point.phase]] if point.phase is not None else []
    if point.row is not None:
        parts.append(f"row {point.row}")
    parts += _place(point, tuple(n for n in "ljkim" if getattr(point, n) is not None))
    if not parts:
        return ["Any term"]
    parts[0] = parts[0][0].upper() + parts[0][1:]
    return parts if point.when else [*parts, "first term"]


_CALLED = {"l": "layer", "j": "node", "k": "from node", "i": "to node", "m": "output"}


def _place(point: Breakpoint, letters: tuple[str, ...]) -> list[str]:
    """The place in words; where nothing narrower is said, "any node"."""
    parts = []
    for letter in letters:
        index = getattr(point, letter)
        if index is not None:
            parts.append(f"{_CALLED[letter]} {index}")
        elif letter in "lj":
            parts.append(f"any {_CALLED[letter]}")
    if parts[:2] == ["any layer", "any node"]:
        parts[:2] = ["anywhere"]
    return parts


def _row(point: Breakpoint) -> list[str]:
    return [f"row {point.row}"] if point.row is not None else []
