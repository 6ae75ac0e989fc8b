"""The read-out beside a plot, as rich text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import zip_longest

_WHOLE = "white-space:nowrap"  # no number breaks
_ONE_COLUMN = 6


def table(rows: Iterable[Sequence[str]], head: Sequence[str] = ()) -> str:
    """Rows of cells; the first column is on the left, the others on the right, the last bold."""
    lines = [_line([f"<span>{cell}</span>" for cell in head])] if head else []
    lines += [_line([*row[:-1], f"<b>{row[-1]}</b>"]) for row in rows]
    return f"<table cellspacing=2>{''.join(lines)}</table>"


def in_columns(entries: Sequence[str]) -> str:
    """Entries one under the other; many short ones in two columns."""
    if len(entries) <= _ONE_COLUMN:
        return "<br>".join(entries)
    half = -(-len(entries) // 2)
    pairs = zip_longest(entries[:half], entries[half:], fillvalue="")
    lines = "".join(f"<tr><td>{one}&nbsp;&nbsp;</td><td>{other}</td></tr>" for one, other in pairs)
    return f"<table cellspacing=0>{lines}</table>"


def marked(sign: str, color: str, text: str) -> str:
    """A name with its marker before it."""
    return f"<span style='color:{color}'>{sign}</span>&nbsp;{escape(text)}"


def hint(text: str, color: str) -> str:
    """A sentence that explains."""
    return f"<p style='color:{color}'>{text}</p>"


def _line(cells: Sequence[str]) -> str:
    first, *others = cells
    rest = "".join(f"<td align=right style='{_WHOLE}'>&nbsp;{cell}</td>" for cell in others)
    return f"<tr><td>{first}</td>{rest}</tr>"
