"""A derivation as one page of HTML that needs nothing else: formulas are MathML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bpstudio.core.explain import ExplanationLine
from bpstudio.core.notation import plain
from bpstudio.core.worked_values import GivenGroup, Section, WorkedStep
from bpstudio.files.derivation_mathml import mathml, row
from bpstudio.files.derivation_style import PartOfDocument, Style

_START = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; }}
body {{ max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }}
h2 {{ border-top: 1px solid; padding-top: 0.8rem; margin-top: 2rem; }}
code {{ opacity: 0.75; font-size: 85%; }}
ul {{ list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.6rem; }}
.formula {{ overflow-x: auto; padding: 0.3rem 0; }}
.why {{ border-left: 3px solid; padding-left: 1rem; margin: 0.5rem 0 1rem; opacity: 0.85; }}
mtd {{ padding: 0.2em 0.3em; }}
.blanks mtd {{ padding-top: 0.9em; }}
@media print {{ .part + .part {{ break-before: page; }} .step {{ break-inside: avoid; }}
  .formula {{ overflow: visible; }} h2 {{ break-after: avoid; }} }}
</style>
</head>
<body>
"""
_END = "</body>\n</html>\n"
_LEFT = ' style="text-align: left"'


def html_document(parts: Sequence[PartOfDocument]) -> str:
    """The whole file. A second part is printed on a page of its own."""
    start = _START.format(title=escape(plain(parts[0].worked.title)))
    return start + "".join(line + "\n" for part in parts for line in _part(part)) + _END


def _part(part: PartOfDocument) -> Iterator[str]:
    style = part.style
    yield f'<section class="part{" blanks" if style.blanks else ""}">'
    yield f"<h1>{_words(part.heading + part.worked.title, style)}</h1>"
    for line in part.worked.conventions:
        yield from _line(line, style)
    yield "<h2>Given</h2>"
    for group in part.worked.givens:
        yield from _givens(group, style)
    for section in part.worked.sections:
        yield from _section(section, style)
    yield "</section>"


def _words(markup: str, style: Style) -> str:
    written = {"text": escape, "math": mathml, "strong": lambda x: f"<strong>{escape(x)}</strong>"}
    return "".join(written[kind](text) for kind, text in style.pieces(markup))


def _line(line: ExplanationLine, style: Style) -> Iterator[str]:
    yield f"<p>{_words(line.text, style)}</p>"
    if line.tex:
        yield f'<div class="formula">{mathml(style.tex(line.tex), display=True)}</div>'


def _givens(group: GivenGroup, style: Style) -> Iterator[str]:
    yield f"<p>{_words(group.title, style)}:</p>"
    yield "<ul>"
    for given in group.givens:
        yield f"<li>{mathml(f'{given.name} = {style.tex(given.result)}')}</li>"
    yield "</ul>"


def _section(section: Section, style: Style) -> Iterator[str]:
    yield f"<h2>{_words(section.title, style)}</h2>"
    for step in section.steps:
        yield from _step(step, style)


def _step(step: WorkedStep, style: Style) -> Iterator[str]:
    yield '<div class="step">'
    yield f"<p><strong>{_words(step.label, style)}</strong> <code>{step.address}</code></p>"
    yield f'<div class="formula">{_aligned(step.name, style.rows(step))}</div>'
    if not style.blanks:
        if step.sentence:
            yield f"<p>{_words(step.sentence, style)}</p>"
        if step.why:
            lines = (part for line in step.why for part in _line(line, style))
            yield f'<div class="why">{"".join(lines)}</div>'
    yield "</div>"


def _aligned(name: str, rows: list[str]) -> str:
    """name = row = row, one below the other at the equals signs."""
    lines = []
    for number, tex in enumerate(rows):
        left = row(name) if number == 0 else ""
        cells = f"<mtd>{left}</mtd><mtd><mo>=</mo></mtd><mtd{_LEFT}>{row(tex)}</mtd>"
        lines.append(f"<mtr>{cells}</mtr>")
    return f'<math display="block"><mtable displaystyle="true">{"".join(lines)}</mtable></math>'
