"""bpstudio open, and bpstudio without a command: the desktop application."""

from __future__ import annotations

import os
from importlib import import_module

import click

from bpstudio.core.errors import InputError
from bpstudio.core.generated import generated, is_generated
from bpstudio.ui.system import window_problem


@click.command("open")
@click.argument("file", metavar="FILE")
def command(file: str) -> int:
    """Open the application on a data file, a session or recorded run (.bps), or a JSON trace."""
    if is_generated(file):
        generated(file)  # refused here, where no window hides the reason
    elif not os.path.exists(file):
        raise InputError(
            f"{file}: there is no such file; give a CSV, TSV or Parquet file, a .bps or a trace"
        )
    return open_window(file)


def open_window(path: str | None, fresh: bool = False) -> int:
    """Show the window until it is closed. InputError where none can be shown.

    ``fresh``: without a file, not on the last session.
    """
    problem = window_problem()
    if problem is not None:
        raise InputError(problem)
    code: int = import_module("bpstudio.ui.app").run(path, fresh)  # Qt is loaded here
    return code
