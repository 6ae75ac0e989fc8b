"""The numbers beside the plot of the loss, in the colours and dashes of the curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.session import Session
from bpstudio.ui.loss_points import Curve, RunCurves
from bpstudio.ui.palette import Theme
from bpstudio.ui.run_looks import run_look

_SIGNS = {"": "━", "o": "○", "s": "□", "t1": "△", "d": "◇", "p": "⬠", "star": "☆"}
_DIGITS = 5
_LETTERS = 14  # of a run's name


def readout(
    session: Session, runs: Sequence[tuple[Recording, RunCurves]], x: float, theme: Theme
) -> str:
    """The values at update x, of one run by name and of several side by side.

    What is said of epochs is of the last whole one before it: no number of later.
    """
    if len(runs) == 1:
        return _of_one(runs[0][1], x, theme)
    rows = [_row(session, run, curves, x, theme) for run, curves in runs]
    head = f"<tr><td colspan=2></td>{_head('valid.', theme)}{_head('train', theme)}</tr>"
    return f"<table cellspacing=4>{head}{''.join(rows)}</table>" if rows else "<p></p>"


def _of_one(curves: RunCurves, x: float, theme: Theme) -> str:
    lines = [_line("━━", theme.training, "training", curves.mean_at(x))]
    batch = curves.batches.at(x)
    if not math.isnan(batch) and curves.smooth is not curves.batches:
        lines.append(_line("", theme.text3, _batch_words(curves.batches, x), batch))
    validation, accuracy = curves.validation.known_at(x), curves.accuracy.known_at(x)
    if not math.isnan(validation):
        lines.append(_line("╍╍", theme.text1, "validation", validation))
    if not math.isnan(accuracy):
        share = f"<td align=right><b>{100 * accuracy:.1f}\u2009%</b></td>"
        lines.append(f"<tr><td></td><td>accuracy</td>{share}</tr>")
    return f"<table cellspacing=4>{''.join(lines)}</table>"


def _batch_words(batches: Curve, x: float) -> str:
    """Which batch the value nearest to update x is of; of a long run it is a mean of several."""
    if len(batches.x) > 1 and (together := round(batches.x[1] - batches.x[0])) > 1:
        return f"{format_count(together)} batches"
    return "last batch" if x > batches.x[-1] else "this batch"


def _line(sign: str, color: str, name: str, value: float) -> str:
    number = "–" if math.isnan(value) else format_number(value, _DIGITS)
    return (
        f"<tr><td><span style='color:{color}'>{sign}</span></td><td>{name}</td>"
        f"<td align=right><b>{number}</b></td></tr>"
    )


def _row(session: Session, run: Recording, curves: RunCurves, x: float, theme: Theme) -> str:
    look = run_look(session, run, theme)
    sign = f"<td><span style='color:{look.color}'>{_SIGNS[look.symbol]}</span></td>"
    name = f"<td>{escape(_short(run.name))}</td>"
    if x > session.length_of(run):
        return f"<tr>{sign}{name}<td align=right>–</td><td align=right>–</td></tr>"
    validation, training = curves.validation.known_at(x), curves.mean_at(x)
    return f"<tr>{sign}{name}{_cell(validation, True)}{_cell(training)}</tr>"


def _short(name: str) -> str:
    """A name that leaves the curves their room."""
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1].rstrip()}…"


def _cell(value: float, strong: bool = False) -> str:
    text = "–" if math.isnan(value) else format_number(value)
    return f"<td align=right>{f'<b>{text}</b>' if strong else text}</td>"


def _head(text: str, theme: Theme) -> str:
    return f"<td align=right><span style='color:{theme.text3}'>{text}</span></td>"
