"""bpstudio train: a run of mini-batches, told epoch by epoch and recorded as it goes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any

import click

from bpstudio.cli import INTERRUPTED, progress, types
from bpstudio.cli.options import DATA, MODEL, add_options, require_not_read
from bpstudio.cli.setup import Setup, described, prepare, said_of
from bpstudio.cli.types import Typed
from bpstudio.core.generated import is_generated
from bpstudio.core.notation import format_number
from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings, find_optimiser
from bpstudio.core.training import Training, TrainingSettings, prepared, train_lines
from bpstudio.debugger.experiment import Experiment
from bpstudio.files.atomic import require_writable
from bpstudio.files.run_file import require_run_suffix, save_run
from bpstudio.files.run_values import DataSource
from bpstudio.files.trace_records import written
from bpstudio.sessions.interrupt import stopped_by_interrupt
from bpstudio.sessions.recorded import source_of
from bpstudio.sessions.recorder import Recorder

STOPPED = 1  # by a condition, or a number that is not finite
_DEFAULT = Experiment()
_LINES = 20  # epochs told in a pipe, about

TRAIN = (
    click.option(
        "--optimizer",
        type=Typed(types.name(find_optimiser), "name"),
        metavar="NAME",
        help=f"{', '.join(OPTIMISERS)}.  [{_DEFAULT.optimizer}]",
    ),
    click.option(
        "--lr",
        type=Typed(types.positive, "X"),
        metavar="X",
        help=f"Learning rate.  [{_DEFAULT.lr:g}; 0.05 for a regression and with momentum or "
        "nesterov; 0.01 with rmsprop, adam, adamw]",
    ),
    click.option(
        "--batch-size",
        type=Typed(types.natural, "N"),
        metavar="N",
        help=f"Rows of each update.  [{_DEFAULT.batch_size}]",
    ),
    click.option(
        "--epochs",
        type=Typed(types.natural, "N"),
        metavar="N",
        help=f"Rounds over all rows.  [{_DEFAULT.epochs}]",
    ),
    click.option(
        "--l1",
        type=Typed(types.not_negative, "X"),
        metavar="X",
        help="λ₁ of the penalty λ₁ Σ |w|, no part of the loss reported.  [0]",
    ),
    click.option(
        "--l2",
        type=Typed(types.not_negative, "X"),
        metavar="X",
        help="λ₂ of the penalty ½ λ₂ Σ w², no part of the loss reported.  [0]",
    ),
    click.option(
        "--validation",
        type=Typed(types.fraction, "X"),
        metavar="X",
        help=f"Share of the rows that training does not see.  [{_DEFAULT.validation:g}]",
    ),
    click.option(
        "--group", metavar="COL", help="Rows of equal value in it are on one side of the split."
    ),
    click.option(
        "--split-by",
        metavar="COL",
        help="The column whose words (train, val, test) say which rows are for validation.",
    ),
    click.option(
        "--shuffle/--no-shuffle", default=True, help="Whether each epoch has an order of its own."
    ),
)


@click.command("train")
@add_options(*DATA, *MODEL, *TRAIN)
@click.option(
    "--stop-when",
    metavar="EXPR",
    help="End before the first update at which this holds: loss < 0.05, loss > 2 * loss[-10], "
    "grad_norm(2) < 1e-6, accuracy(validation) > 0.95, dead(2) > 0.3.",
)
@click.option(
    "--out",
    metavar="RUN.bps",
    help="Record the run: bpstudio trace RUN.bps --at e3/b4 goes back to any of its updates.",
)
@click.option("--json", "as_json", is_flag=True, help="One object a line, for each epoch.")
def command(
    data: str,
    target: tuple[str, ...],
    as_json: bool,
    stop_when: str | None,
    out: str | None,
    shuffle: bool,
    **options: Any,
) -> int:
    """Train a network with mini-batches and report each epoch.

    Ends with 0 when all epochs are done; with 1, and the place, the condition and its numbers,
    before the update at which --stop-when holds or a number is not finite. Ctrl+C ends it after
    the batch at work; --out has what was done until then.
    """
    _require_output(out, data, options["weights"])
    setup = prepare(data, target, options)
    training = _training(setup, shuffle)
    source = None if out is None else _source(data, target, options, setup)
    with stopped_by_interrupt() as stop:
        with types.naming("--stop-when"):
            recorder = Recorder(training, setup.dataset, stop_when, record=out is not None)
        progress.say(said_of(setup.dataset))
        training = recorder.begin(prepared(training, lambda: bool(stop[0])))
        lines = train_lines(training, setup.experiment.epochs, perf_counter, stop, recorder)
        end = _tell_json(lines) if as_json else _tell(lines, setup, training)
        if out is not None:
            save_run(recorder.run(setup.experiment, source, end["why"]), out)
            _say_recorded(end["steps"], out, as_json)
    if stop[0]:
        return INTERRUPTED
    complete = end["steps"] == setup.experiment.epochs * training.batches_per_epoch
    return 0 if complete and not recorder.hit else STOPPED


def _require_output(out: str | None, *inputs: str | None) -> None:
    """Asked before the work."""
    if out is not None:
        require_not_read(out, "--out", *inputs)
        with types.naming("--out"):
            require_writable(out)
            require_run_suffix(out)


def _source(
    data: str, target: Sequence[str], options: Mapping[str, Any], setup: Setup
) -> DataSource | None:
    """The data file; data that were made have none, and are in the run itself."""
    if is_generated(data):
        return None
    experiment = setup.experiment
    how = {"scale": options["scale"], "validation": experiment.validation, "seed": experiment.seed}
    how |= {"group": options["group"], "split": options["split_by"]}
    return source_of(data, target, options["task"], **how)


def _say_recorded(steps: int, out: str, as_json: bool) -> None:
    if not as_json:
        click.echo(f"{steps:,} updates recorded in {out}")


def _training(setup: Setup, shuffle: bool) -> Training:
    experiment = setup.experiment
    settings = TrainingSettings(
        loss=experiment.loss,
        batch_size=experiment.batch_size,
        seed=experiment.seed,
        shuffle=shuffle,
        update=experiment.update,
    )
    return Training.of(setup.network, setup.dataset, settings)


# Telling -----------------------------------------------------------------------------------


def _tell_json(lines: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """An object a line; numbers that are not finite as words, as in a trace."""
    line: Mapping[str, Any] = {}
    for line in lines:
        found = {key: written(x) if isinstance(x, float) else x for key, x in line.items()}
        click.echo(json.dumps(found))
        sys.stdout.flush()
    return line


def _tell(
    lines: Iterable[Mapping[str, Any]], setup: Setup, training: Training
) -> Mapping[str, Any]:
    """A bar on a terminal, some lines in a pipe, then a summary."""
    epochs = setup.experiment.epochs
    click.echo(_headline(setup, training))
    told: list[Mapping[str, Any]] = []  # the first and the latest epoch
    with progress.bar("Training", epochs) as advance:
        for line in lines:
            if "done" in line:
                break
            told = [*told[:1], line]
            advance(1)
            if not progress.is_shown() and line["epoch"] % -(-epochs // _LINES) == 0:
                click.echo(_numbers(line))
    for text in _summary(told, line):
        click.echo(text)
    return line


def _headline(setup: Setup, training: Training) -> str:
    s, n_validation = training.settings, training.samples.n_validation
    others = f", {n_validation} others for validation" if n_validation else ""
    return (
        f"{described(setup.network)}, loss {s.loss}, {_rule(s.update)}, "
        f"batches of {s.batch_size} from {training.samples.n} rows{others}"
    )


def _rule(update: UpdateSettings) -> str:
    """How updates are made; plain gradient descent goes without saying."""
    optimizer = "" if update.optimizer == _DEFAULT.optimizer else f"{update.optimizer}, "
    penalties = (("l1", update.l1), ("l2", update.l2))
    terms = "".join(f", {name} {value:g}" for name, value in penalties if value > 0)
    return f"{optimizer}learning rate {update.lr:g}{terms}"


def _summary(told: Sequence[Mapping[str, Any]], end: Mapping[str, Any]) -> Iterator[str]:
    """From where to where, and how fast."""
    if len(told) > 1:
        yield f"from {_numbers(told[0])}"
        yield f"to   {_numbers(told[-1])}"
    rate = f" ({end['steps'] / end['seconds']:,.0f} a second)" if end["seconds"] > 0 else ""
    yield f"{end['steps']:,} updates in {end['seconds']:.3g} s{rate}: {end['why']}"


def _numbers(line: Mapping[str, Any]) -> str:
    """One epoch, as people read it."""
    parts = [f"loss {format_number(line['loss'])}"]
    if "validation_loss" in line:
        parts.append(f"validation loss {format_number(line['validation_loss'])}")
    if "accuracy" in line:
        parts.append(f"right {line['accuracy']:.1%}")
    if "validation_accuracy" in line:
        parts.append(f"right in validation {line['validation_accuracy']:.1%}")
    return f"epoch {line['epoch']}: {', '.join(parts)}"
