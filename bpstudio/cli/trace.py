"""bpstudio trace: every step of one pass, as a file."""

from __future__ import annotations

from typing import Any

import click

from bpstudio.cli import progress, types
from bpstudio.cli.options import DATA, MODEL, ROWS, add_options
from bpstudio.cli.setup import Setup, batch_of, prepare, said_of
from bpstudio.cli.types import Typed
from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.limits import size_text
from bpstudio.core.selection import Selection, selected
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.files.atomic import require_writable
from bpstudio.files.traces import FORMATS, require_room, trace_suffix, write_trace

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
    help="Steps that have these indices only: s (row), l, j, k, i, m; also kind=, phase=.",
)
@click.option(
    "--lr",
    type=Typed(types.positive, "X"),
    metavar="X",
    help="Learning rate: the trace ends with the updates.",
)
@add_options(*MODEL)
@click.option("--at", metavar="e3/b4", help="Of a recorded run; not in this version.")
@click.option("--out", metavar="FILE", help=f"Where to: {', '.join(FORMATS)}.")
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
    """Write every step of one forward and backward pass to a file, in order."""
    path = _require_output(out, at)
    selection = _selection(steps, only)
    if row is not None and rows is not None:
        raise InputError("--row and --rows are both given; choose one")
    setup = prepare(data, target, options)
    batch = _batch(setup, row, rows)
    notes = [*said_of(setup.dataset), *_said_of_weights(setup, path)]
    trace = compute_trace(setup.network, batch, setup.experiment.loss, options["lr"])
    n_steps = _count(trace, selection)
    progress.say(notes)  # once nothing can be refused any more: a refusal is one line
    with progress.bar("Writing", n_steps) as advance:
        count = write_trace(trace, path, selection, advance)
    click.echo(f"{count:,} of {len(trace):,} steps written to {path}")
    return 0


def _require_output(out: str | None, at: str | None) -> str:
    if at is not None:
        raise InputError(
            f"--at {at}: this version of bpstudio has no recorded runs yet; "
            f"leave it out for a pass with the first weights"
        )
    if out is None:
        raise InputError(
            f"--out is missing: name the file to write; its suffix picks the format "
            f"({', '.join(FORMATS)})"
        )
    with types.naming("--out"):
        require_writable(out)
        trace_suffix(out)
    return out


def _selection(steps: Selection | None, only: str | None) -> Selection:
    selection = steps or Selection()
    if only is None:
        return selection
    with types.naming("--only"):
        return selection.only(only)


def _batch(setup: Setup, row: int | None, rows: tuple[int, int] | None) -> Batch:
    if rows is not None:
        return batch_of(setup.dataset, rows)
    with types.naming("--row"):
        return setup.dataset.batch([int(setup.dataset.rows[0]) if row is None else row])


def _said_of_weights(setup: Setup, path: str) -> list[str]:
    """JSON holds the network with every weight: for a large one that is most of the file."""
    n_bytes = require_room(setup.network, path)
    if n_bytes <= _LARGE:
        return []
    weights = f"the {setup.network.n_weights:,} weights of the network"
    size = f"about {size_text(n_bytes)}"
    return [f"{path} will hold {weights}, {size}; .jsonl and .csv hold the steps alone"]


def _count(trace: Trace, selection: Selection) -> int:
    """How many steps are chosen, where a bar is to show it. InputError names the option."""
    with types.naming("--steps"):
        selected(trace.sequence, Selection(selection.start, selection.stop))
    with types.naming("--only"):
        ranges = selected(trace.sequence, selection)
    return sum(len(steps) for steps in ranges) if progress.is_shown() else 0
