"""Sentences with mathematics: `$…$` is LaTeX, `**…**` is bold, a backslash quotes a mark."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"\\(?P<literal>[\\$*])|\$(?P<tex>[^$]+)\$|(?P<bold>\*\*)")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a sentence in one style: text, or LaTeX."""

    text: str
    bold: bool = False
    tex: bool = False


def parse_markup(markup: str) -> tuple[Run, ...]:
    """The runs of a sentence. A `$` or `**` without its partner stands for itself."""
    runs: list[Run] = []
    bold, place = False, 0
    last_mark = _last_paired_bold(markup)
    for match in _MARK.finditer(markup):
        runs.append(Run(markup[place : match.start()], bold))
        place = match.end()
        if match["tex"]:
            runs.append(Run(match["tex"], bold, tex=True))
        elif match["bold"] and match.start() <= last_mark:
            bold = not bold
        else:
            runs.append(Run(match["literal"] or match["bold"], bold))
    runs.append(Run(markup[place:], bold))
    return _joined(runs)


def escaped(text: str) -> str:
    """Text from outside, such as a column's name, so that none of it is taken for a mark."""
    return re.sub(r"([\\$*])", r"\\\1", text)


def _last_paired_bold(markup: str) -> int:
    marks = [match.start() for match in _MARK.finditer(markup) if match["bold"]]
    return marks[len(marks) // 2 * 2 - 1] if len(marks) > 1 else -1


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and not run.tex and not last.tex and run.bold == last.bold:
            joined[-1] = Run(last.text + run.text, last.bold)
        elif run.text:
            joined.append(run)
    return tuple(joined)
