"""Formulas in a line of text: ∂C_0/∂a with a slash, as a fraction would be too small to read."""

from __future__ import annotations

import re
from functools import lru_cache

_INNER = r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*"
_DERIVATIVE = re.compile(rf"\\frac\{{(\\partial {_INNER})\}}\{{(\\partial {_INNER})\}}")


@lru_cache(maxsize=1024)
def slashed(tex: str) -> str:
    r"""LaTeX or markup with every derivative written in a line.

    >>> slashed(r"\frac{\partial C_0}{\partial a_{2}^{(L)}}")
    '\\partial C_0 / \\partial a_{2}^{(L)}'
    """
    return _DERIVATIVE.sub(r"\1 / \2", tex)
