"""A derivation as LaTeX, which compiles as it is with pdflatex.

It needs what every TeX has (amsmath, graphicx); where the Latin Modern fonts are, it takes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from bpstudio.core.explain import ExplanationLine
from bpstudio.core.worked_values import GivenGroup, Section, WorkedStep
from bpstudio.files.derivation_style import PartOfDocument, Style

_START = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage{amsmath}
\usepackage{graphicx}
\setlength{\hoffset}{-1in}
\setlength{\oddsidemargin}{20mm}
\setlength{\textwidth}{170mm}
\setlength{\topmargin}{-15mm}
\setlength{\textheight}{250mm}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\setlength{\emergencystretch}{3em}
\setlength{\lineskiplimit}{2pt}
\setlength{\lineskip}{4pt}
\setcounter{MaxMatrixCols}{20}
\allowdisplaybreaks[2]
% a good place to end a page
\makeatletter
\newcommand{\maybreak}{\par\if@nobreak\else
  \vskip 0pt plus 150pt\penalty-20\vskip 0pt plus -150pt\fi}
\makeatother
% a step: what it is, and its address
\newcommand{\step}[2]{\maybreak\addvspace{9pt}\textbf{#1}\quad\texttt{#2}}
% a formula, made smaller where it is wider than its part of the line
\newsavebox{\fitbox}
\newcommand{\fit}[2]{\sbox{\fitbox}{$\displaystyle #2$}%
  \ifdim\wd\fitbox>#1\linewidth\resizebox{#1\linewidth}{!}{\usebox{\fitbox}}%
  \else\usebox{\fitbox}\fi}
\begin{document}
"""
_END = "\\end{document}\n"
_ESCAPED = {
    **{sign: f"\\{sign}" for sign in "#$%&_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "−": "$-$",
    "\u2009": r"\,",
    "×": r"$\times$",
    "∞": r"$\infty$",
    "±": r"$\pm$",
    "¼": r"$\frac{1}{4}$",
    "½": r"$\frac{1}{2}$",
    "∂": r"$\partial$",
    "→": r"$\rightarrow$",
    "′": "$'$",
    **{sign: f"$^{{{plain}}}$" for sign, plain in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True)},
}
_WORDS = str.maketrans(_ESCAPED)
_MATRIX = re.compile(r"\\begin\{bmatrix\}.*?\\end\{bmatrix\}")
_COMMAND = re.compile(r"\\[A-Za-z]+|[{}_^ ]")
_TO_WRITE = "[9pt]"  # between the lines of an edition with blanks
_FITS = 70  # characters that a line has room for, commands not counted


def tex_document(parts: Sequence[PartOfDocument]) -> str:
    """The whole file. A second part starts on a page of its own."""
    bodies = ("\n".join(_part(part)) + "\n" for part in parts)
    return _START + "\\newpage\n".join(bodies) + _END


def _part(part: PartOfDocument) -> Iterator[str]:
    style = part.style
    yield rf"\section*{{\raggedright {_words(part.heading + part.worked.title, style)}}}"
    for line in part.worked.conventions:
        yield from _line(line, style)
    yield r"\subsection*{Given}"
    for group in part.worked.givens:
        yield from _givens(group, style)
    for section in part.worked.sections:
        yield from _section(section, style)


def _words(markup: str, style: Style) -> str:
    return "".join(_WRITTEN[kind](text) for kind, text in style.pieces(markup))


def _escaped(text: str) -> str:
    return text.translate(_WORDS)


def _strong(text: str) -> str:
    return rf"\textbf{{{_escaped(text)}}}"


_WRITTEN: Mapping[str, Callable[[str], str]] = {
    "text": _escaped,
    "math": lambda tex: f"${tex}$",
    "strong": _strong,
}


def _line(line: ExplanationLine, style: Style) -> Iterator[str]:
    yield _words(line.text, style) + ("" if line.tex else "\n")
    if line.tex:
        yield "\\begin{align*}\n" + style.tex(line.tex) + "\n\\end{align*}"


def _givens(group: GivenGroup, style: Style) -> Iterator[str]:
    yield rf"\textbf{{{_words(group.title, style)}}}" + "\n"
    names = (f"{given.name} = {_fitted(style.tex(given.result))}" for given in group.givens)
    yield "{\\raggedright\n" + ",\\quad\n".join(rf"\mbox{{${name}$}}" for name in names)
    yield "\\par}\n"


def _section(section: Section, style: Style) -> Iterator[str]:
    yield rf"\maybreak\subsection*{{\raggedright {_words(section.title, style)}}}"
    for step in section.steps:
        yield from _step(step, style)


def _step(step: WorkedStep, style: Style) -> Iterator[str]:
    yield rf"\step{{{_words(step.label, style)}}}{{{_escaped(step.address)}}}"
    rows = [f"&= {_fitted(row, step.name)}" for row in style.rows(step)]
    end = f" \\\\{_TO_WRITE if style.blanks else ''}\n"
    yield f"\\begin{{align*}}\n{step.name} {end.join(rows)}\n\\end{{align*}}"
    if not style.blanks:
        if step.sentence:
            yield _words(step.sentence, style) + "\n"
        for line in step.why:
            yield from _line(line, style)


def _fitted(tex: str, name: str = "") -> str:
    """What name equals, with room between the fractions of a matrix, no wider than the page."""
    roomy = _MATRIX.sub(lambda match: _roomy(match[0]), tex)
    taken = _length(name)
    if roomy == tex and taken + _length(tex) <= _FITS:
        return tex
    return rf"\fit{{{0.8 if taken < 15 else 0.6}}}{{{roomy}}}"


def _length(tex: str) -> int:
    """How many characters are seen, about."""
    return len(_COMMAND.sub("", tex))


def _roomy(matrix: str) -> str:
    """Room between the rows of a matrix of fractions, or of places to write in."""
    if r"\underline" in matrix:
        return matrix.replace(r" \\ ", rf" \\{_TO_WRITE} ")
    if r"\frac" not in matrix:
        return matrix
    first, *more = matrix.split(r" \\ ")
    rows = (row.replace(" & ", r" & \displaystyle ") for row in (first, *more))
    spread = r" \\[14pt] \displaystyle ".join(rows)
    return spread.replace("{bmatrix} ", r"{bmatrix} \displaystyle ", 1)
