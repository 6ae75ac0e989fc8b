"""bpstudio trace: every step of one pass, or of an update of a recorded run, as a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from bpstudio.cli import derivation, progress, types
from bpstudio.cli.options import (
    DATA,
    MODEL,
    ROWS,
    add_options,
    is_recorded_run,
    require_alone,
    require_not_read,
)
from bpstudio.cli.setup import Setup, batch_of, prepare, said_of
from bpstudio.cli.types import Typed
from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.limits import size_text
from bpstudio.core.selection import Selection, selected
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.variation import vary_row
from bpstudio.debugger.passes import Passes
from bpstudio.files.atomic import require_writable
from bpstudio.files.derivations import FORMATS as DERIVATIONS
from bpstudio.files.derivations import is_derivation
from bpstudio.files.traces import FORMATS, require_room, write_trace
from bpstudio.sessions.recorded import extent, open_run

# what goes with one
_OF_A_RUN = ("data", "at", "steps", "only", "out", *derivation.NAMES[:-1])
_SUFFIXES = (*FORMATS, *DERIVATIONS)
_LARGE = 100_000_000  # bytes of weights in a file that are worth a word


@click.command("trace")
@add_options(*DATA)
@click.option(
    "--row", type=Typed(types.whole, "N"), metavar="N", help="One row of the file.  [the first]"
)
@ROWS
@click.option(
    "--steps",
    type=Typed(Selection().numbered, "A:B"),
    metavar="A:B",
    help="Steps A ≤ n < B only; either may be left out.",
)
@click.option(
    "--only",
    metavar="l=3,j=2,k=2",
    help="Steps that have these indices only: s (row), l, j, k, i, m; also phase= and kind=, "
    "several as kind=dz_dw+dC_dw.",
)
@click.option(
    "--lr",
    type=Typed(types.positive, "X"),
    metavar="X",
    help="Learning rate: the trace ends with the updates.",
)
@add_options(*MODEL)
@click.option(
    "--at",
    metavar="e3/b4",
    help="Where DATA is a recorded run or a session, RUN.bps: the iteration of the current run, by "
    "epoch and batch from 0; its trace ends with the update.",
)
@click.option("--out", metavar="FILE", help=f"Where to: {', '.join(_SUFFIXES)}.")
@add_options(*derivation.OPTIONS)
def command(
    data: str,
    target: tuple[str, ...],
    row: int | None,
    rows: tuple[int, int] | None,
    steps: Selection | None,
    only: str | None,
    out: str | None,
    at: str | None,
    **options: Any,
) -> int:
    """Write every step of one forward and backward pass to a file, in order.

    A .tex, .md or .html is a worked derivation: the steps chosen and all they are made of.

    DATA may be a recorded run or a session, RUN.bps, with --at e3/b4: it brings its data, network
    and settings.
    """
    path = _require_output(out)
    derivation.require_fitting(path, options)
    for option, written in (("--out", path), ("--key", options["key"])):
        require_not_read(written, option, data, options["weights"])
    selection = _selection(steps, only)
    if is_recorded_run(data):
        require_alone(data, "a recorded run", _OF_A_RUN)
        _write(*_of_run(data, at), path, selection, options)
        return 0
    if at is not None:
        raise InputError(f"--at {at}: {data} is no recorded run; give a RUN.bps, or leave it out")
    if row is not None and rows is not None:
        raise InputError("--row and --rows are both given; choose one")
    setup = prepare(data, target, options)
    batch = _batch(setup, row, rows, options["vary"])
    network, batch = derivation.varied(setup.network, batch, options)
    trace = compute_trace(network, batch, setup.experiment.loss, options["lr"])
    _write(trace, "", said_of(setup.dataset), path, selection, options)
    return 0


def _of_run(data: str, at: str | None) -> tuple[Trace, str, list[str]]:
    """The trace of an iteration, what its addresses begin with, and what there is to say."""
    recording, replay = open_run(data)
    if at is None:
        raise InputError(f"--at is missing: name the iteration to trace, e/b; {extent(recording)}")
    with types.naming("--at"):
        made = Passes(recording).at(recording.number(*_iteration(at)))
    differs = f"{data}: replayed on this machine it comes out differently; {replay.difference}"
    return made.trace, made.prefix, [differs] if replay.difference else []


def _iteration(at: str) -> tuple[int, int]:
    """e and b. InputError where it is something else."""
    match = re.fullmatch(r"\s*e(0|[1-9]\d{0,14})/b(0|[1-9]\d{0,14})/?\s*", at, re.ASCII)
    if match is None:
        raise InputError(f"{at!r} is no iteration; write e3/b4: epoch and batch, counted from 0")
    return int(match[1]), int(match[2])


def _write(
    trace: Trace,
    prefix: str,
    notes: list[str],
    path: str,
    selection: Selection,
    options: Mapping[str, Any],
) -> None:
    n_steps = _count(trace, selection)
    if is_derivation(path):
        derivation.write(trace, path, selection, options, prefix)
        progress.say(notes)
        return
    notes = [*notes, *_said_of_weights(trace, path)]
    progress.say(notes)  # once nothing can be refused any more: a refusal is one line
    with progress.bar("Writing", n_steps) as advance:
        count = write_trace(trace, path, selection, advance, prefix)
    click.echo(f"{count:,} of {len(trace):,} steps written to {path}")


def _require_output(out: str | None) -> str:
    if out is None:
        raise InputError(
            f"--out is missing: name the file to write; its suffix picks the format "
            f"({', '.join(_SUFFIXES)})"
        )
    with types.naming("--out"):
        require_writable(out)
        if not is_derivation(out):
            _require_known(out)
    return out


def _require_known(out: str) -> None:
    suffix = Path(out).suffix
    if suffix.lower() not in FORMATS:
        given = f"ends in {suffix}" if suffix else "has no suffix"
        known = ", ".join(_SUFFIXES)
        raise InputError(f"{out!r} {given}, which picks the format; use {known}")


def _selection(steps: Selection | None, only: str | None) -> Selection:
    selection = steps or Selection()
    if only is None:
        return selection
    with types.naming("--only"):
        return selection.only(only)


def _batch(setup: Setup, row: int | None, rows: tuple[int, int] | None, seed: int | None) -> Batch:
    """The rows given; else the first one, or one drawn from a seed."""
    if rows is not None:
        return batch_of(setup.dataset, rows)
    if row is None and seed is not None:
        row = vary_row(setup.dataset, seed)
    with types.naming("--row"):
        return setup.dataset.batch([int(setup.dataset.rows[0]) if row is None else row])


def _said_of_weights(trace: Trace, path: str) -> list[str]:
    """JSON holds the network with every weight: for a large one that is most of the file."""
    n_bytes = require_room(trace.network, path)
    if n_bytes <= _LARGE:
        return []
    weights = f"the {trace.network.n_weights:,} weights of the network"
    size = f"about {size_text(n_bytes)}"
    return [f"{path} will hold {weights}, {size}; other formats hold the steps alone"]


def _count(trace: Trace, selection: Selection) -> int:
    """How many steps are chosen, where a bar is to show it. InputError names the option."""
    with types.naming("--steps"):
        selected(trace.sequence, Selection(selection.start, selection.stop))
    with types.naming("--only"):
        ranges = selected(trace.sequence, selection)
    return sum(len(steps) for steps in ranges) if progress.is_shown() else 0
