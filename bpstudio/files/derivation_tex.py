"""A derivation as LaTeX, which compiles as it is with pdflatex; amsmath is all it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bpstudio.core.explain import ExplanationLine
from bpstudio.core.worked_values import GivenGroup, Section, WorkedStep
from bpstudio.files.derivation_style import PartOfDocument, Style

_START = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath}
\setlength{\hoffset}{-1in}
\setlength{\oddsidemargin}{20mm}
\setlength{\textwidth}{170mm}
\setlength{\topmargin}{-15mm}
\setlength{\textheight}{250mm}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\setcounter{MaxMatrixCols}{20}
\allowdisplaybreaks
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


def tex_document(parts: Sequence[PartOfDocument]) -> str:
    """The whole file. A second part starts on a page of its own."""
    bodies = ("\n".join(_part(part)) + "\n" for part in parts)
    return _START + "\\newpage\n".join(bodies) + _END


def _part(part: PartOfDocument) -> Iterator[str]:
    style = part.style
    yield rf"\section*{{{_words(part.heading + part.worked.title, style)}}}"
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
    yield ",\\quad\n".join(f"${given.name} = {style.tex(given.result)}$" for given in group.givens)
    yield ""


def _section(section: Section, style: Style) -> Iterator[str]:
    yield rf"\subsection*{{{_words(section.title, style)}}}"
    for step in section.steps:
        yield from _step(step, style)


def _step(step: WorkedStep, style: Style) -> Iterator[str]:
    yield rf"\textbf{{{_words(step.label, style)}}} \quad \texttt{{{_escaped(step.address)}}}"
    rows = [f"&= {row}" for row in style.rows(step)]
    yield f"\\begin{{align*}}\n{step.name} " + " \\\\\n".join(rows) + "\n\\end{align*}"
    if not style.blanks:
        if step.sentence:
            yield _words(step.sentence, style) + "\n"
        for line in step.why:
            yield from _line(line, style)
