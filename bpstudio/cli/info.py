"""bpstudio info: what is understood of data files."""

from __future__ import annotations

import json
from functools import partial
from importlib import import_module

import click

from bpstudio.cli import WRONG_INPUT
from bpstudio.cli.options import SAMPLE, add_options, is_recorded_run
from bpstudio.cli.reading import watched
from bpstudio.core.errors import InputError
from bpstudio.files.extent import Sampling
from bpstudio.files.info import info, info_json, info_text


@click.command("info")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@add_options(*SAMPLE)
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
def command(
    files: tuple[str, ...], as_json: bool, sample: int | None, sample_seed: int | None
) -> int:
    """Say what is understood of data files: columns, types, missing values, dialect.

    Of a session or a recorded run (.bps): its data, its network, and its runs.
    """
    code, sampling = 0, Sampling(sample, sample_seed or 0)
    for file in files:
        is_run = is_recorded_run(file)
        text, error = _session(file, as_json) if is_run else _data(file, as_json, sampling)
        if error is not None:
            code = WRONG_INPUT
        if error is not None and not as_json:
            click.echo(f"bpstudio: {error}", err=True)
        else:
            click.echo(text)
    return code


def _data(file: str, as_json: bool, sampling: Sampling) -> tuple[str, str | None]:
    """What is said of a data file, and what is wrong with it."""
    found = watched(file, partial(info, file, sampling))
    return info_json(found) if as_json else info_text(found), found.error


def _session(file: str, as_json: bool) -> tuple[str, str | None]:
    """The same of a session."""
    sessions = import_module("bpstudio.files.session_info")  # most files are none
    try:
        found = sessions.summary(file)
    except InputError as error:
        return json.dumps({"file": file, "error": str(error)}), str(error)
    if as_json:
        return json.dumps(sessions.summary_object(found)), None
    return sessions.summary_text(found), None
