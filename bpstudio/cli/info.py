"""bpstudio info: what is understood of data files."""

from __future__ import annotations

import click

from bpstudio.cli import WRONG_INPUT
from bpstudio.files.info import info, info_json, info_text


@click.command("info")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
def command(files: tuple[str, ...], as_json: bool) -> int:
    """Say what is understood of data files: columns, types, missing values, dialect."""
    code = 0
    for file in files:
        found = info(file)
        if found.error is not None:
            code = WRONG_INPUT
        if as_json:
            click.echo(info_json(found))
        elif found.error is not None:
            click.echo(f"bpstudio: {found.error}", err=True)
        else:
            click.echo(info_text(found))
    return code
