"""bpstudio open, and bpstudio without a command: the desktop application."""

from __future__ import annotations

import os
from importlib import import_module

import click

from bpstudio.cli.options import is_recorded_run
from bpstudio.core.errors import InputError
from bpstudio.ui.system import window_problem


@click.command("open")
@click.argument("file", metavar="FILE")
def command(file: str) -> int:
    """Open the application on a data file, or on a JSON trace such as one captured from PyTorch."""
    if is_recorded_run(file):
        raise InputError(
            f"{file}: this version of bpstudio opens no recorded runs (.bps) in the window yet; "
            f"bpstudio trace {file} --at e3/b4 reads it, or give a CSV, TSV or Parquet file"
        )
    if not os.path.exists(file):
        raise InputError(f"{file}: there is no such file; give a CSV, TSV or Parquet file")
    return open_window(file)


def open_window(path: str | None) -> int:
    """Show the window until it is closed. InputError where none can be shown."""
    problem = window_problem()
    if problem is not None:
        raise InputError(problem)
    code: int = import_module("bpstudio.ui.app").run(path)  # Qt is loaded here
    return code
