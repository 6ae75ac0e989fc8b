"""What a notebook shows of a term and of a network; formulas as $LaTeX$, which it typesets."""

from __future__ import annotations

from collections.abc import Sequence
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
