"""bpstudio script: one pass, and its update, as a Python script that runs by itself."""

from __future__ import annotations

from typing import Any

import click

from bpstudio.cli import progress, types
from bpstudio.cli.options import DATA, MODEL, ROWS, add_options, require_not_read
from bpstudio.cli.setup import batch_of, prepare, said_of
from bpstudio.cli.types import Typed, naming
from bpstudio.core.errors import InputError
from bpstudio.core.trace import compute_trace
from bpstudio.files.atomic import require_writable
from bpstudio.files.scripts import SCRIPTS, find_library, write_script


@click.command("script")
@add_options(*DATA)
@click.option(
    "--row", type=Typed(types.whole, "N"), metavar="N", help="One row of the file.  [the first]"
)
@ROWS
@click.option(
    "--lr",
    type=Typed(types.positive, "X"),
    metavar="X",
    help="Learning rate: the script ends with the update.",
)
@add_options(*MODEL)
@click.option(
    "--library",
    type=Typed(types.name(find_library), "name"),
    default="numpy",
    metavar="NAME",
    help=f"{' or '.join(SCRIPTS)}.  [numpy]",
)
@click.option("--out", metavar="FILE", help="Where to: a name that ends in .py.")
def command(
    data: str,
    target: tuple[str, ...],
    row: int | None,
    rows: tuple[int, int] | None,
    lr: float | None,
    library: str,
    out: str | None,
    **options: Any,
) -> int:
    """Write one pass as a script for numpy or PyTorch that runs by itself.

    It has the weights and the samples, prints C, the gradients and the new weights, and fails
    where a number is not the one that bpstudio has.
    """
    if out is None:
        raise InputError("--out is missing: name the script to write, such as pass.py")
    if row is not None and rows is not None:
        raise InputError("--row and --rows are both given; choose one")
    with naming("--out"):
        require_writable(out)
    require_not_read(out, "--out", data, options["weights"])
    setup = prepare(data, target, options)
    if rows is not None:
        batch = batch_of(setup.dataset, rows)
    else:
        with naming("--row"):
            batch = setup.dataset.batch([int(setup.dataset.rows[0]) if row is None else row])
    trace = compute_trace(setup.network, batch, setup.experiment.loss, lr)
    with naming("--out"):
        write_script(trace, out, library)
    progress.say(said_of(setup.dataset))
    click.echo(f"the pass was written to {out}")
    return 0
