"""Symbols in LaTeX as one line of rich or plain text: no fractions."""

from __future__ import annotations

import re

from bpstudio.core.notation import MINUS, greek

_FRACTION = r"\frac"
_SUPERSCRIPT = re.compile(r"\^\{([^{}]*)\}")
_SUBSCRIPT = re.compile(r"_(?:\{([^{}]*)\}|(\w))")


def on_one_line(tex: str) -> str:
    """Fractions written with a slash: ∂C_0/∂w."""
    while (start := tex.find(_FRACTION)) >= 0:
        above, after = _group(tex, start + len(_FRACTION))
        below, end = _group(tex, after)
        tex = f"{tex[:start]}{above} / {below}{tex[end:]}"
    return tex


def _group(tex: str, start: int) -> tuple[str, int]:
    """The content of the braces that open at start, and the place after them."""
    depth = 0
    for n in range(start, len(tex)):
        depth += (tex[n] == "{") - (tex[n] == "}")
        if depth == 0:
            return tex[start + 1 : n], n + 1
    return tex[start + 1 :], len(tex)


def as_html(tex: str) -> str:
    """A symbol for a tooltip: subscripts and superscripts, no fractions."""
    text = greek(on_one_line(tex)).replace(r"\partial ", "∂")
    text = _SUPERSCRIPT.sub(r"<sup>\1</sup>", text)
    text = _SUBSCRIPT.sub(lambda match: f"<sub>{match[1] or match[2]}</sub>", text)
    return text.replace(" / ", "/").replace("-", MINUS)


def as_text(tex: str) -> str:
    """A symbol as plain text, for screen readers and tests: w_12^(L)."""
    text = greek(on_one_line(tex)).replace(r"\partial ", "∂")
    return re.sub(r"[{}]", "", text).replace(" / ", "/")
