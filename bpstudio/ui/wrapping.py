"""Breaking a sentence of text and mathematics into lines, and placing what is on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetricsF

from bpstudio.ui.fonts import SEMIBOLD, ui_font
from bpstudio.ui.markup import Run
from bpstudio.ui.typeset import Formula, typeset

MATH_SCALE = 1.12
"""Mathematics is set larger than the text round it: STIX Two's letters are smaller than Inter's."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """How text is set: the fonts of plain and bold runs, the size in pixels, the line height."""

    size: int
    weight: QFont.Weight
    line_height: float


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Something drawn at one go; `x` and `baseline` from the layout's top left corner."""

    x: float
    baseline: float
    run: Run
    font: QFont
    formula: Formula | None


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Pieces in their places and the room they take; `baseline` is the first line's."""

    width: float
    height: float
    baseline: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Fragment:
    """Part of a run that stays on one line."""

    run: Run
    font: QFont
    formula: Formula | None
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class _Word:
    """Fragments without a space between them, and the space that may follow."""

    fragments: tuple[_Fragment, ...]
    space: _Fragment | None

    @property
    def width(self) -> float:
        return sum(fragment.width for fragment in self.fragments)


def lay_out(runs: tuple[Run, ...], face: Face, width: float) -> Layout:
    """The runs on lines of at most `width` pixels."""
    words = [part for word in _words(runs, face) for part in _chopped(word, face, width)]
    pieces: list[Piece] = []
    top = first_baseline = widest = 0.0
    for n, line in enumerate(_lines(words, width)):
        ascent, descent = _extent(line, face)
        first_baseline = first_baseline if n else ascent
        placed, end = _placed(line, top + ascent)
        pieces += placed
        widest, top = max(widest, end), top + ascent + descent
    return Layout(widest, top, first_baseline, tuple(pieces))


def inline_formula(tex: str, size: float) -> Formula:
    """Mathematics of the size that goes with text of `size` pixels."""
    return typeset(tex, size * MATH_SCALE, display=False)


@lru_cache(maxsize=64)
def font_and_metrics(size: int, weight: QFont.Weight) -> tuple[QFont, QFontMetricsF]:
    font = ui_font(size, weight)
    return font, QFontMetricsF(font)


def _words(runs: tuple[Run, ...], face: Face) -> Iterator[_Word]:
    word: list[_Fragment] = []
    for run in runs:
        first, *rest = [run.text] if run.tex else run.text.split(" ")
        if first:
            word.append(_fragment(Run(first, run.bold, run.tex), face))
        for text in rest:
            if word:
                yield _Word(tuple(word), _fragment(Run(" ", run.bold), face))
            word = [_fragment(Run(text, run.bold), face)] if text else []
    if word:
        yield _Word(tuple(word), None)


def _chopped(word: _Word, face: Face, width: float) -> Iterator[_Word]:
    """A word too long for any line in halves of halves; others as they are."""
    run = word.fragments[0].run
    if word.width <= width or len(word.fragments) > 1 or run.tex or len(run.text) < 2:
        yield word
        return
    middle = len(run.text) // 2
    head, tail = Run(run.text[:middle], run.bold), Run(run.text[middle:], run.bold)
    yield from _chopped(_Word((_fragment(head, face),), None), face, width)
    yield from _chopped(_Word((_fragment(tail, face),), word.space), face, width)


def _lines(words: list[_Word], width: float) -> Iterator[list[_Fragment]]:
    """Words go on the line while they fit."""
    line: list[_Fragment] = []
    space: _Fragment | None = None
    used = 0.0
    for word in words:
        gap = space.width if space else 0.0
        if line and used + gap + word.width > width:
            yield line
            line, space, used, gap = [], None, 0.0, 0.0
        line += [*([space] if space else []), *word.fragments]
        used += gap + word.width
        space = word.space
    yield line


def _extent(line: list[_Fragment], face: Face) -> tuple[float, float]:
    """Ascent and descent of a line: the line height, or more where a formula needs it."""
    _, metrics = font_and_metrics(face.size, face.weight)
    leading = (face.line_height - metrics.ascent() - metrics.descent()) / 2
    ascent = float(round(metrics.ascent() + leading))
    descent = face.line_height - ascent
    formulas = [fragment.formula for fragment in line if fragment.formula]
    return (
        max([ascent, *(formula.ascent for formula in formulas)]),
        max([descent, *(formula.descent for formula in formulas)]),
    )


def _placed(line: list[_Fragment], baseline: float) -> tuple[list[Piece], float]:
    """The line's pieces and where it ends; neighbours in one style become one piece."""
    pieces: list[Piece] = []
    start = end = 0.0
    for fragment in line:
        run = fragment.run
        if pieces and not run.tex and not pieces[-1].run.tex and pieces[-1].run.bold == run.bold:
            run = Run(pieces.pop().run.text + run.text, run.bold)
        else:
            start = end
        pieces.append(Piece(start, baseline, run, fragment.font, fragment.formula))
        end += fragment.width
    return pieces, end


@lru_cache(maxsize=4096)
def _fragment(run: Run, face: Face) -> _Fragment:
    font, metrics = font_and_metrics(face.size, SEMIBOLD if run.bold else face.weight)
    if run.tex:
        formula = inline_formula(run.text, face.size)
        return _Fragment(run, font, formula, formula.width)
    return _Fragment(run, font, None, metrics.horizontalAdvance(run.text))
