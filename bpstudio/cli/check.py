"""bpstudio check: every derivative against an independent one."""

from __future__ import annotations

from typing import Any

import click

from bpstudio.cli import progress, types
from bpstudio.cli.options import DATA, MODEL, ROWS, add_options, require_alone
from bpstudio.cli.setup import Setup, batch_of, described, prepare, said_of
from bpstudio.cli.types import Typed, naming
from bpstudio.core.address import parse_address
from bpstudio.core.errors import InputError
from bpstudio.core.gradient_check import CheckResult, Finding, checking
from bpstudio.core.verifying import verify
from bpstudio.files.captures import read_capture
from bpstudio.files.own_numbers import read_numbers

DISAGREES = 1


@click.command("check")
@add_options(*DATA, ROWS, *MODEL)
@click.option(
    "--numbers",
    metavar="FILE",
    help='Numbers of your own to compare instead: JSON Lines, {"address": …, "value": …} each.',
)
@click.option(
    "--previous-rows",
    type=Typed(types.rows, "A:B"),
    metavar="A:B",
    help="With --numbers: the batch before, to tell a gradient that was not zeroed after it.",
)
def command(
    data: str,
    target: tuple[str, ...],
    rows: tuple[int, int] | None,
    numbers: str | None,
    previous_rows: tuple[int, int] | None,
    **options: Any,
) -> int:
    """Compare every derivative of a pass with an independent one and name the first wrong factor.

    All rows, unless --rows says which. With --numbers, compare numbers of your own on the rows
    that they name. DATA may be a JSON trace, such as one captured from PyTorch: every number in
    it is computed again. Ends with 1 where something disagrees.
    """
    if data.lower().endswith(".json"):
        return _check_trace(data)
    if previous_rows is not None and numbers is None:
        raise InputError("--previous-rows goes with --numbers only; give both, or leave it out")
    setup = prepare(data, target, options)
    progress.say(said_of(setup.dataset))
    if numbers is not None:
        return _check_numbers(setup, numbers, rows, previous_rows)
    return _check_derivatives(setup, rows)


def _check_trace(path: str) -> int:
    """Every number of a JSON trace against ours; it brings its network, samples and loss."""
    require_alone(path, "a trace", ("data",))
    capture = read_capture(path)
    verdict = capture.compared()
    origin = capture.origin
    click.echo(f"{described(capture.network)}, loss {capture.loss}, by {origin.by}, {origin.dtype}")
    click.echo(str(verdict))
    return 0 if verdict.passed else DISAGREES


def _check_numbers(
    setup: Setup,
    path: str,
    rows: tuple[int, int] | None,
    previous_rows: tuple[int, int] | None,
) -> int:
    with naming("--previous-rows"):
        before = None if previous_rows is None else setup.dataset.batch_range(*previous_rows).rows
    with naming("--numbers"):
        own = read_numbers(path)
        named = [row for row in map(_row, own) if row is not None]
        chosen = batch_of(setup.dataset, rows).rows if rows or not named else dict.fromkeys(named)
        compared = (own, setup.network, setup.dataset, chosen, setup.experiment.loss)
        verdict = verify(*compared, previous_rows=before)
    click.echo(f"{described(setup.network)}, loss {setup.experiment.loss}")
    click.echo(str(verdict))
    return 0 if verdict.passed else DISAGREES


def _row(address: str) -> int | None:
    return parse_address(address).row


def _check_derivatives(setup: Setup, rows: tuple[int, int] | None) -> int:
    batch = batch_of(setup.dataset, rows)
    steps = checking(setup.network, batch, setup.experiment.loss)
    rows_text = "1 row" if len(batch.rows) == 1 else f"{len(batch.rows):,} rows"
    click.echo(f"{described(setup.network)}, loss {setup.experiment.loss}, {rows_text}")
    n_parameters = setup.network.n_weights + setup.network.n_biases
    with progress.bar("Checking", n_parameters * len(batch.rows)) as advance:
        result, done = None, 0
        while result is None:
            try:
                now = next(steps).done
                advance(now - done)
                done = now
            except StopIteration as end:
                result = end.value
    for line in report(result):
        click.echo(line)
    return 0 if result.passed else DISAGREES


def report(result: CheckResult) -> list[str]:
    """The result in lines."""
    means = "central differences and complex steps" if result.differences else "complex steps"
    lines = [
        f"{result.compared:,} derivatives compared with {means}, "
        f"{result.parameters:,} parameters each moved by itself"
    ]
    if result.kinks:
        lines.append(_kinks(result))
    if result.unchecked:
        count = _terms(result.unchecked, "was", "were")
        lines.append(f"{count} not compared: every difference step crosses a kink")
    if result.not_finite is not None:
        lines.append(_not_finite(result.not_finite, result.n_not_finite))
    lines.append(_wrong(result.wrong, result.n_wrong) if result.wrong else _agreement(result))
    return lines


def _agreement(result: CheckResult) -> str:
    if result.largest is None:
        return "nothing could be compared"
    words = "all agree" if result.not_finite is None else "all others agree"
    found = result.largest
    return f"{words}; the largest difference is {found.difference:.2g}, at {found.address}"


def _wrong(found: Finding, count: int) -> str:
    others = f"; {_terms(count - 1, 'is', 'are')} wrong after it" if count > 1 else ""
    return (
        f"wrong: {found.address} is {found.value!r}, independently {found.independent!r} "
        f"(difference {found.difference:.3g}, tolerance {found.tolerance:.3g}){others}"
    )


def _not_finite(found: Finding, count: int) -> str:
    others = f", the first of {count:,}" if count > 1 else ""
    return f"not finite: {found.address} is {found.value!r}{others}"


def _kinks(result: CheckResult) -> str:
    first = result.kinks[0]
    low, high = first.independent - first.tolerance, first.independent + first.tolerance
    return (
        f"kink: {_terms(result.n_kinks, 'lies', 'lie')} where a function bends, the first "
        f"{first.address}: any slope from {low:g} to {high:g} is right there, it is {first.value:g}"
    )


def _terms(count: int, one: str, many: str) -> str:
    return f"1 term {one}" if count == 1 else f"{count:,} terms {many}"
