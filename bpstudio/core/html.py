"""What a notebook shows of a term, a network and a run; formulas as $LaTeX$, which it typesets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape


def term_html(address: str, written: tuple[str, str], sentence: str) -> str:
    """A term: its address, its formula with symbols and with numbers, and its sentence."""
    symbol, substitution = (escape(tex) for tex in written)
    return (
        f"<div><code>{escape(address)}</code><p>${symbol}$</p><p>$= {substitution}$</p>"
        f"<p>{escape(sentence)}</p></div>"
    )


def network_html(sizes: Sequence[int], layers: Sequence[tuple[str, bool]]) -> str:
    """A network, a layer a line; ``layers`` are activation and whether there are biases, from 2."""
    rows = [f"<tr><td>1</td><td>{sizes[0]}</td><td>input</td><td></td><td></td></tr>"]
    for l, (name, has_biases) in enumerate(layers, start=2):
        weights = f"{sizes[l - 1]} × {sizes[l - 2]}"
        biases = f"{sizes[l - 1]}" if has_biases else "none"
        cells = (l, sizes[l - 1], escape(name), weights, biases)
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    heads = ("layer", "nodes", "activation", "weights", "biases")
    head = "".join(f"<th>{head}</th>" for head in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


_WIDTH, _HEIGHT = 360, 90
_DASHES = ("", ' stroke-dasharray="4 3"')


def run_html(title: str, curves: Mapping[str, Sequence[float]]) -> str:
    """A run: its losses by epoch as lines, one below the other's scale, the second dashed."""
    finite = [x for curve in curves.values() for x in curve if math.isfinite(x)]
    top = max(finite, default=0.0) or 1.0
    lines, words = [], []
    for (name, curve), dashes in zip(curves.items(), _DASHES, strict=False):
        lines.append(
            f'<polyline fill="none" stroke="currentColor"{dashes} points="{_points(curve, top)}"/>'
        )
        words.append(f"{escape(name)}{' (dashed)' if dashes else ''} {curve[-1]:.4g}")
    picture = f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img">{"".join(lines)}</svg>'
    return f"<div><p>{escape(title)}</p>{picture}<p>Loss at the end: {', '.join(words)}</p></div>"


def _points(curve: Sequence[float], top: float) -> str:
    """At most one point for each pixel across; those that are not finite are left out."""
    step = max(1, len(curve) // _WIDTH)
    across = _WIDTH / max(1, len(curve) - 1)
    return " ".join(
        f"{n * across:.1f},{_HEIGHT * (1 - 0.95 * curve[n] / top):.1f}"
        for n in range(0, len(curve), step)
        if math.isfinite(curve[n])
    )
