"""The part of bpstudio trace that writes derivations: its options, and what they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from bpstudio.cli import types
from bpstudio.cli.types import Typed
from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.selection import Selection
from bpstudio.core.trace import Trace
from bpstudio.core.variation import vary, with_note
from bpstudio.core.worked import DIGITS, FORMS, require_digits, require_form, work_out
from bpstudio.files.derivations import FORMATS, is_derivation, require_places, write_derivation

OPTIONS = (
    click.option(
        "--digits",
        type=Typed(lambda text: require_digits(types.whole(text)), "N"),
        metavar="N",
        help=f"Decimals of a derivation, {DIGITS[0]} to {DIGITS[-1]}.  [4]",
    ),
    click.option(
        "--notation",
        type=Typed(types.name(require_form), "name"),
        metavar="NAME",
        help=f"Of a derivation: {', '.join(FORMS)}.  [d]",
    ),
    click.option(
        "--decimal-comma",
        is_flag=True,
        default=None,
        help="A derivation with 0,5 in place of 0.5.",
    ),
    click.option(
        "--fractions",
        is_flag=True,
        default=None,
        help="A derivation with 1/2 in place of 0.5, where a number is a fraction.",
    ),
    click.option(
        "--blanks",
        is_flag=True,
        default=None,
        help="A derivation to fill in; its key comes behind it.",
    ),
    click.option("--key", metavar="FILE", help="The key of --blanks goes into a file of its own."),
    click.option(
        "--vary",
        type=Typed(types.whole, "seed"),
        metavar="SEED",
        help="A derivation with other numbers of two decimals, to be done by hand.",
    ),
)
NAMES = ("digits", "notation", "decimal_comma", "fractions", "blanks", "key", "vary")


def require_fitting(out: str, options: Mapping[str, Any]) -> None:
    """Refuse options of a derivation for other files, and files that cannot be written."""
    if is_derivation(out):
        with types.naming("--key" if options["key"] is not None else "--out"):
            require_places(out, bool(options["blanks"]), options["key"])
        return
    for name in NAMES:
        if options[name] is not None:
            option = f"--{name.replace('_', '-')}"
            raise InputError(
                f"{option} goes with a derivation only; {out} is none, name a file that ends in "
                f"{', '.join(FORMATS)}"
            )


def varied(network: Network, batch: Batch, options: Mapping[str, Any]) -> tuple[Network, Batch]:
    """Network and batch with other numbers, where they are asked for."""
    if options["vary"] is None:
        return network, batch
    return vary(network, batch, options["vary"])


def write(
    trace: Trace, path: str, selection: Selection, options: Mapping[str, Any], prefix: str = ""
) -> None:
    """Work out what is selected, write it and say so."""
    form, digits = options["notation"] or "d", options["digits"] or 4
    with types.naming("--only"):
        worked = work_out(trace, selection, form, digits, prefix, bool(options["fractions"]))
    if options["vary"] is not None:
        worked = with_note(worked, options["vary"])
    comma, blanks = bool(options["decimal_comma"]), bool(options["blanks"])
    write_derivation(worked, path, comma, blanks, options["key"])
    steps = "step" if worked.n_steps == 1 else "steps"
    click.echo(f"a derivation of {worked.n_steps:,} {steps} written to {path}")
    if options["key"] is not None:
        click.echo(f"its key written to {options['key']}")
