"""LaTeX that holds nothing but numbers as plain text, which costs a fraction of typesetting it.

The numbers plugged into a formula are new at every step, its symbols are not.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_POWER = re.compile(r"\\times 10\^\{(-?\d+)\}")
_TOKENS = (
    (r"\left", ""),
    (r"\right", ""),
    (r"\cdots", "…"),
    (r"\cdot", "·"),
    (r"\ln ", "ln "),
    (r"\ln", "ln"),
    (r"\max", "max"),
    (r"\tanh", "tanh"),
    (r"\sigma", "σ"),
    (r"\Phi", "Φ"),
    (r"\varphi", "φ"),
    (r"\mathrm{sign}", "sign"),
    (r"\mathrm{nan}", "nan"),
    (r"\infty", "∞"),
    (r"\le ", "≤ "),
    (r"\,", "\u2009"),
    ("^2", "²"),
    ("-", "\u2212"),
)
_WORDS = re.compile("ln|max|tanh|sign|nan|σ|Φ|φ")
_NUMBERS = re.compile(r"[\d.,+\-−·×…∞≤<>=()\[\]|²⁰¹³⁴⁵⁶⁷⁸⁹⁻ \u2009]*")
_SPACES = re.compile("[ \u2009]{2,}")
_SYMBOL = re.compile(r"[azw]_\{[^{}]*\}\^\{\([^()]*\)\}")
_TARGET = re.compile(r"y_\{[^{}]*\}")
_TEXT = re.compile(r"\\text\{([^{}]*)\}")


@lru_cache(maxsize=4096)
def number_text(tex: str) -> str | None:
    r"""The text of LaTeX without letters and fractions: "2 (0.5916 − 1)"; None where it has some.

    >>> number_text(r"2 \left(0.5916 - 1\right)")
    '2 (0.5916 − 1)'
    """
    text = _POWER.sub(lambda match: "×\u200910" + match[1].translate(_SUPERSCRIPTS), tex)
    for token, replacement in _TOKENS:
        text = text.replace(token, replacement)
    if not _NUMBERS.fullmatch(_WORDS.sub("", text)):
        return None
    return _SPACES.sub(" ", text).strip()


def likely_numbers(tex: str) -> str:
    """The formula with numbers of the usual length in place of its symbols.

    A pending factor takes the room that its numbers will need.
    """
    return _SYMBOL.sub("0.0000", _TARGET.sub("0", tex))


def halves(text: str) -> tuple[str, ...]:
    """Text broken at the space nearest to its middle; whole where it has none."""
    spaces = [place for place, sign in enumerate(text) if sign == " "]
    if not spaces:
        return (text,)
    middle = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return text[:middle], text[middle + 1 :]


@lru_cache(maxsize=4096)
def split_text(tex: str) -> tuple[tuple[bool, str], ...]:
    r"""LaTeX in stretches: (True, text) for numbers and ``\text{…}``, else (False, LaTeX).

    Words keep the spaces that part them from their neighbours.
    """
    stretches: list[tuple[bool, str]] = []
    for place, stretch in enumerate(_TEXT.split(tex)):
        if place % 2:
            stretches.append((True, stretch))
        elif stretch.strip():
            text = number_text(stretch)
            stretches.append((False, stretch.strip()) if text is None else (True, text))
    return tuple(stretches)
