"""What is said while a command works: on standard error, a bar on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module

import click

Advance = Callable[[int], None]


def say(lines: Iterable[str]) -> None:
    """Notes that are no result."""
    for line in lines:
        click.echo(f"bpstudio: {line}", err=True)


def is_shown() -> bool:
    """Whether there is a bar: on a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def bar(what: str, total: int) -> Iterator[Advance]:
    """A bar on a terminal, nothing in a pipe; yields how to say that so much more is done."""
    if not is_shown():
        yield lambda more: None
        return
    with import_module("bpstudio.cli.progress_bar").drawn(what, total) as advance:  # loads rich
        yield advance
