"""How a derivation is written, whatever the format: blanks, decimal comma, pieces of markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bpstudio.core.worked_values import Worked, WorkedStep

BLANK = r"\underline{\hspace{6em}}"
_LONG_BLANK = r"\underline{\hspace{14em}}"  # for a formula with its numbers
_NEW_ROW = r" \\ "
_SMALL_BLANK = r"\underline{\hspace{3em}}"

Piece = tuple[Literal["text", "math", "strong"], str]

_SIGNS = str.maketrans({"½": r"\frac{1}{2}", "¼": r"\frac{1}{4}", "−": "-"})
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_ARGUMENTS = re.compile(r"(\\m(?:ax|in)\\left\((?:\\,|[^,])*),")  # max(0; 0,5)
_PIECES = re.compile(r"\$([^$]*)\$|\*\*(.+?)\*\*")
_BODY = re.compile(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}")


@dataclass(frozen=True, slots=True)
class Style:
    """``blanks``: a student's edition, with blanks in place of numbers and results.

    It has no sentences and explanations either, as they tell the results.
    """

    decimal_comma: bool = False
    blanks: bool = False

    def tex(self, tex: str) -> str:
        """A formula with the decimal sign in force, in plain LaTeX."""
        tex = tex.translate(_SIGNS)
        if not self.decimal_comma:
            return tex
        return _POINT.sub("{,}", _ARGUMENTS.sub(r"\1;", tex))

    def rows(self, step: WorkedStep) -> list[str]:
        """What a step's name equals, line by line: formula, numbers, result."""
        if not self.blanks:
            found = [step.formula, step.numbers, step.result]
            return [self.tex(tex) for tex in dict.fromkeys(found) if tex]
        formula = [] if step.is_plain or not step.formula else [self.tex(step.formula)]
        numbers = [_LONG_BLANK] if step.numbers else []
        return [*formula, *numbers, _emptied(step.result)]

    def pieces(self, markup: str) -> Iterator[Piece]:
        """A sentence as plain text, formulas and the number in bold."""
        end = 0
        for match in _PIECES.finditer(markup):
            yield "text", self._words(markup[end : match.start()])
            math, strong = match.groups()
            yield ("math", self.tex(math)) if strong is None else ("strong", self._words(strong))
            end = match.end()
        yield "text", self._words(markup[end:])

    def _words(self, text: str) -> str:
        return _POINT.sub(",", text) if self.decimal_comma else text


@dataclass(frozen=True, slots=True)
class PartOfDocument:
    """One derivation in a document: the edition with blanks, or the one that has everything."""

    heading: str
    worked: Worked
    style: Style


def _emptied(result: str) -> str:
    """A blank in place of a number, or of each number of a matrix."""
    match = _BODY.match(result)
    if match is None:
        return BLANK
    rows = match[1].strip().split(r"\\")
    emptied = (" & ".join(_SMALL_BLANK for _ in row.split("&")) for row in rows)
    return rf"\begin{{bmatrix}} {_NEW_ROW.join(emptied)} \end{{bmatrix}}"
