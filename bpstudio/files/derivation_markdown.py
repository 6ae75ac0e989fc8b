"""A derivation as Markdown with formulas in dollar signs, as GitHub, Jupyter and pandoc read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpstudio.core.explain import ExplanationLine
from bpstudio.core.worked_values import GivenGroup, Section, WorkedStep
from bpstudio.files.derivation_style import PartOfDocument, Style


def markdown_document(parts: Sequence[PartOfDocument]) -> str:
    """The whole file. A second part comes after a line."""
    return "\n---\n\n".join("\n".join(_part(part)) for part in parts)


def _part(part: PartOfDocument) -> Iterator[str]:
    style = part.style
    yield f"# {_words(part.heading + part.worked.title, style)}\n"
    for line in part.worked.conventions:
        yield from _line(line, style)
    yield "## Given\n"
    for group in part.worked.givens:
        yield from _givens(group, style)
    for section in part.worked.sections:
        yield from _section(section, style)


def _words(markup: str, style: Style) -> str:
    marks = {"text": "", "math": "$", "strong": "**"}
    return "".join(f"{marks[kind]}{text}{marks[kind]}" for kind, text in style.pieces(markup))


def _display(tex: str) -> str:
    return f"$$\n{tex}\n$$\n"


def _line(line: ExplanationLine, style: Style) -> Iterator[str]:
    yield _words(line.text, style) + "\n"
    if line.tex:
        yield _display(style.tex(line.tex))


def _givens(group: GivenGroup, style: Style) -> Iterator[str]:
    yield f"{_words(group.title, style)}:\n"
    for given in group.givens:
        yield f"- ${given.name} = {style.tex(given.result)}$"
    yield ""


def _section(section: Section, style: Style) -> Iterator[str]:
    yield f"## {_words(section.title, style)}\n"
    for step in section.steps:
        yield from _step(step, style)


def _step(step: WorkedStep, style: Style) -> Iterator[str]:
    yield f"**{_words(step.label, style)}** `{step.address}`\n"
    rows = " \\\\\n".join(f"&= {row}" for row in style.rows(step))
    yield _display(f"\\begin{{aligned}}\n{step.name} {rows}\n\\end{{aligned}}")
    if not style.blanks:
        if step.sentence:
            yield _words(step.sentence, style) + "\n"
        for line in step.why:
            yield from _line(line, style)
