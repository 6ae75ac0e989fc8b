"""Options that several commands share: the data, the model, the rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from bpstudio.cli import types
from bpstudio.cli.types import Typed
from bpstudio.core.activations import ACTIVATIONS, find_activation
from bpstudio.core.dataset import find_task
from bpstudio.core.errors import InputError
from bpstudio.core.losses import LOSSES, find_loss
from bpstudio.core.network import INITS, find_init
from bpstudio.core.scaling import SCALINGS, scaling_kind
from bpstudio.debugger.experiment import Experiment

Command = TypeVar("Command", bound=Callable[..., Any])
_DEFAULT = Experiment()


SAMPLE = (
    click.option(
        "--sample",
        type=Typed(types.sample, "integer"),
        metavar="N",
        help="Read N rows, any as likely as another, or all.  "
        "[all, unless they are too large; then 500000, or what fits]",
    ),
    click.option(
        "--sample-seed",
        type=Typed(types.whole, "integer"),
        metavar="S",
        help="What these rows are drawn from.  [0]",
    ),
)

DATA = (
    click.argument("data", metavar="DATA"),
    click.option(
        "--target",
        multiple=True,
        metavar="COL",
        help="Column to learn; several for regression. None for generated DATA.",
    ),
    click.option(
        "--task",
        type=Typed(types.name(find_task), "task"),
        metavar="NAME",
        help="classification or regression; by default text makes classes, numbers a regression.",
    ),
    *SAMPLE,
)

MODEL = (
    click.option(
        "--hidden",
        type=Typed(types.sizes, "sizes"),
        metavar="N,N",
        help="Nodes of each hidden layer, or none.  [5,6]",
    ),
    click.option(
        "--activation",
        type=Typed(types.names(find_activation), "names"),
        metavar="NAME[,NAME]",
        help=f"Of the hidden layers, one for all or one each: {', '.join(ACTIVATIONS)}.  [sigmoid]",
    ),
    click.option(
        "--output-activation",
        type=Typed(types.name(find_activation), "name"),
        metavar="NAME",
        help="[sigmoid for classes, softmax with cross_entropy, linear for a regression]",
    ),
    click.option(
        "--loss",
        type=Typed(types.name(find_loss), "name"),
        metavar="NAME",
        help=f"{', '.join(LOSSES)}.  [{_DEFAULT.loss}]",
    ),
    click.option(
        "--init",
        type=Typed(types.name(find_init), "name"),
        metavar="NAME",
        help=f"How weights are drawn: {', '.join(INITS)}.  [{_DEFAULT.init}]",
    ),
    click.option("--bias/--no-bias", default=None, help="Whether layers have biases.  [bias]"),
    click.option(
        "--scale",
        type=Typed(types.name(scaling_kind), "name"),
        default=_DEFAULT.scale,
        metavar="NAME",
        help=f"Of the inputs: {', '.join(SCALINGS)}.  [{_DEFAULT.scale}]",
    ),
    click.option(
        "--seed",
        type=Typed(types.whole, "integer"),
        default=_DEFAULT.seed,
        metavar="N",
        help=f"Of weights, split and order.  [{_DEFAULT.seed}]",
    ),
    click.option(
        "--weights",
        metavar="FILE",
        help="The network in a .json, .npz, .safetensors or .onnx, in place of what shapes one.",
    ),
)

ROWS = click.option(
    "--rows",
    type=Typed(types.rows, "A:B"),
    metavar="A:B",
    help="Rows A ≤ row < B of the file, counted from 0, as one batch.",
)


def add_options(*options: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """The options on a command, in this order."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def is_recorded_run(data: str) -> bool:
    """Whether a file is a recorded run, by its name."""
    return data.lower().endswith(".bps")


def refuse_recorded_run(data: str) -> None:
    """Recorded runs are no data files."""
    if is_recorded_run(data):
        raise InputError(
            f"{data} is a recorded run, which bpstudio trace {data} --at e3/b4 reads; "
            f"give a CSV, TSV or Parquet file here"
        )


def require_not_read(out: str | None, option: str, *inputs: str | None) -> None:
    """Refuse to write over a file that the command reads, by whatever name or link."""
    for path in inputs:
        if out is not None and path is not None and _is_same(out, path):
            raise InputError(
                f"{option}: {out} is {path}, which is read here; name another file to write"
            )


def _is_same(out: str, path: str) -> bool:
    with suppress(OSError, ValueError):  # one of them is none yet
        return os.path.samefile(out, path)
    return False


def require_alone(data: str, what: str, allowed: Sequence[str]) -> None:
    """Options that say what such a file says itself are refused."""
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if given and name not in allowed:
            option = parameter.opts[0]
            raise InputError(
                f"{option} does not go with {what}: {data} brings its data, network and "
                f"settings; leave out {option}"
            )
